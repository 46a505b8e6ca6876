"""What the tests of shares play with: the simulated servers, and a request up to where its test begins."""

from __future__ import annotations

from bot.ledger.findings import Findings
from bot.request import events as e
from bot.request import placing
from bot.request.found import Place, Protocol, Share
from bot.request.model import Kind, Request, State
from tests.integration.workers.world import REQUESTER, World
from workers import jobs
from workers.discovery.places import discover_places

NAS = Share(Protocol.NFS, "nas.example", "")
EMPTY = Share(Protocol.NFS, "nas.example", "/export/vms")
OLD = Share(Protocol.NFS, "nas.example", "/export/old")
OLD_SR = "5b0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a10"
"""The SR on that export, which no pool knows."""
NFS_4_ONLY = Share(Protocol.NFS, "nfs4.example", "/vms")
SMB = Share(Protocol.SMB, "files.example", "vms")
OLD_SMB = Share(Protocol.SMB, "files.example", "old")
OLD_SMB_SR = "6c1ba5f2-8d63-4a10-9e9f-4a7d2f3e6b11"
OTHER_SR = "0f0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a99"


def kind_of(share: Share) -> Kind:
    return Kind.NFS if share.protocol is Protocol.NFS else Kind.SMB


def asked(world: World, share: Share, credential: str | None = None, **more: object) -> str:
    return world.ask(None, credential, **{"kind": kind_of(share), "share": share, **more})


def looked_at(world: World, share: Share, credential: str | None = None, **more: object) -> Request:
    """Somebody asks, and a worker looks at the share."""
    return world.inspect(asked(world, share, credential, **more))


def places(world: World, request_id: str) -> Request:
    """A worker looks for the places that can be picked."""
    step = world.look(request_id).work.step
    jobs.looking(world.workplace, request_id, step, jobs.FINDING_PLACES, discover_places)
    return world.look(request_id)


def offered(world: World, request: Request) -> tuple[Place, ...]:
    assert request.places is not None
    return Findings(world.ledger.redis).rows(request.places.id, Place) or ()


def approved(world: World, share: Share, credential: str | None = None, **more: object) -> str:
    """As far as the approval; a new SR where others were found."""
    request = looked_at(world, share, credential, **more)
    if request.state is State.FOUND_SR:
        request = world.happens(request.id, *placing.make_new(request, REQUESTER, request.plan_number, world.clock()))
    assert request.state is State.CONFIRMING, request.trouble
    return world.approve(request.id)


def attaching(world: World, share: Share, sr: str, credential: str | None = None) -> str:
    """As far as the approval to attach an SR that was found."""
    request = looked_at(world, share, credential)
    assert request.state is State.FOUND_SR, request.trouble
    picked = placing.attach_one(request, REQUESTER, request.plan_number, sr, world.clock())
    world.happens(request.id, *picked)
    request = world.inspect(request.id)
    assert request.state is State.CONFIRMING, request.trouble
    return world.approve(request.id)


def picked(world: World, request_id: str, path: str) -> Request:
    event = e.PlacePicked(at=world.clock(), actor=REQUESTER, place=Place(path, path))
    world.happens(request_id, event)
    return world.inspect(request_id)


def put_on(world: World, where: str, *uuids: str) -> None:
    """Have these SRs, and no others, lie on a share of the simulated servers."""
    world.pool.do(lambda model: model.put_folders(where, uuids))


def on(world: World, where: str) -> tuple[str, ...]:
    return world.pool.do(lambda model: tuple(model.folders.get(where, ())))
