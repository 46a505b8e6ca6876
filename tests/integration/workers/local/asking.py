"""Somebody asks for storage of one host, or with the keys of a driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.ledger.findings import Findings
from bot.request import placing
from bot.request.found import Place
from bot.request.model import Kind, Request
from bot.request.plan import Purpose
from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.scenario.shape import HostSpec, Scenario
from deploy.sandbox.pool.scenario.storage import disks
from deploy.sandbox.pool.serving import running_pool
from deploy.sandbox.pool.storage.arrays import Content
from tests.integration.workers.world import REQUESTER, World, make_world
from tests.pool_passwords import with_known_root
from workers import jobs
from workers.discovery import places

BY_ID = "/dev/disk/by-id/scsi-"
BLANK = f"{BY_ID}35000c500a1b2c3d1"
"""A disk of xenct-xen1 alone, with nothing on it."""
ELSEWHERE = f"{BY_ID}35000c500a1b2c3d2"
"""One of xenct-xen2 alone."""
HELD = f"{BY_ID}35000c500a1b2c3d3"
HELD_SR = "9f4ed825-b096-4d43-81c2-7da0526b9e14"
LARGE = f"{BY_ID}35000c500a1b2c3d9"
"""Its sectors have 4 KiB."""
ROOT = f"{BY_ID}36c81f660e8d0fd001d0c2d2f0a2f3b4c"
FIBRE = f"{BY_ID}360060e8007c3a0000030c3a000001000"
ONE, OTHER = "xenct-xen1", "xenct-xen2"
FOLDER = "/srv/isos"


@contextmanager
def one_host(folder: Path) -> Iterator[World]:
    """A pool of one host, as its wizard leaves it."""

    def alone() -> Scenario:
        return Scenario("alone", (HostSpec(ONE, "127.0.0.1", "iqn.2026-01.com.example:one"),), (), (), disks=disks())

    folder.mkdir(exist_ok=True)
    with running_pool(with_known_root(folder / "pool"), flavour="xcpng-8.3", scenario=alone) as pool:
        world = make_world(folder, pool)
        try:
            yield world
        finally:
            world.ledger.redis.close()


def put_on_disk(world: World, device: str, *content: Any) -> None:  # noqa: ANN401 - what a disk's Content is made of
    """Somebody writes to a disk; an SR without a UUID makes what is on it unreadable."""

    def write(model: Model) -> None:
        model.overwrite(model.disks[device.removeprefix(BY_ID)], Content(*content), "control", "")

    world.pool.do(write)


def put_in_folder(world: World, where: str, *uuids: str) -> None:
    """Somebody makes folders on a server."""
    world.pool.do(lambda model: model.put_folders(where, uuids))


def asks(world: World, kind: Kind = Kind.LOCAL, **more: object) -> str:
    given = {"sr_type": "ext", **more} if kind is Kind.LOCAL else more
    return world.ask(None, None, kind=kind, **given)


def with_keys(world: World, sr_type: str, host: str = "", **given: str) -> Request:
    """A worker looks at what the keys lead to."""
    pairs = tuple((key.replace("_", "-"), value) for key, value in given.items())
    return world.inspect(asks(world, Kind.OTHER, sr_type=sr_type, given=pairs, host=host))


def on_device(world: World, device: str = BLANK, host: str = ONE, **more: Any) -> Request:  # noqa: ANN401 - as World.ask
    """A worker looks at a device that was typed."""
    return world.inspect(asks(world, Kind.LOCAL, host=host, device=device, **more))


def of_folder(world: World, folder: str = FOLDER, host: str = ONE, **more: object) -> Request:
    return world.inspect(asks(world, Kind.ISO, host=host, device=folder, **more))


def looked_for(world: World, request_id: str) -> Request:
    """A worker looks for the places that can be picked."""
    step = world.look(request_id).work.step
    jobs.looking(world.workplace, request_id, step, jobs.FINDING_PLACES, places.discover_places)
    return world.look(request_id)


def offered(world: World, request: Request) -> tuple[Place, ...]:
    assert request.places is not None, request.trouble
    return Findings(world.ledger.redis).rows(request.places.id, Place) or ()


def picks(world: World, request: Request, text: str) -> Request:
    """The requester takes the place of that name."""
    place = next(place for place in offered(world, request) if place.text == text)
    assert request.places is not None
    events = placing.pick_place(request, REQUESTER, request.places.id, place, world.clock())
    return world.happens(request.id, *events)


def approved(world: World, request: Request) -> str:
    assert request.plan is not None, request.trouble
    return world.approve(request.id)


def holding(world: World, device: str = HELD, host: str = ONE, **more: Any) -> Request:  # noqa: ANN401 - as World.ask
    """A worker looks for the SR that is on a device, to attach it."""
    return on_device(world, device, host, **{"sr_type": "", "purpose": Purpose.ATTACH, **more})


def library(world: World, uuid: str, folder: str = FOLDER, host: str = ONE) -> Request:
    """A worker looks whether a folder can be attached as the library of that UUID."""
    return of_folder(world, folder, host, purpose=Purpose.ATTACH, wanted=uuid)


def keep_a_record(world: World, sr_type: str = "ext", uuid: str = HELD_SR, *, shared: bool = False) -> None:
    """The pool has a record of an SR, which no host has attached."""

    def add(model: Model) -> None:
        texts = {"uuid": uuid, "name_label": "kept", "name_description": "ours since 2019"}
        kind = {"type": sr_type, "content_type": "user", "shared": shared}
        sizes = {"physical_size": -1, "physical_utilisation": -1, "virtual_allocation": 0}
        model.objects.add("SR", {**texts, **kind, **sizes, "other_config": {}, "sm_config": {}})

    world.pool.do(add)


def keep_a_pbd(
    world: World, host: str, config: Mapping[str, str], uuid: str = HELD_SR, *, attached: bool = False
) -> None:
    """That record has a PBD."""

    def add(model: Model) -> None:
        pbd = {"host": model.host_named(host), "SR": model.objects.find("SR", uuid), "device_config": dict(config)}
        model.objects.add("PBD", {**pbd, "other_config": {"by": "hand"}, "currently_attached": attached})

    world.pool.do(add)
