"""The three things that can become of a LUN, on every release that is supported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import to_type
from deploy.sandbox.pool.flavours import FLAVOURS
from tests.integration.workers.world import CLEAN, DETACHED, OVERRIDER, SCSI_ID, World, a_world

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""


@pytest.fixture(params=sorted(FLAVOURS))
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def test_an_sr_is_made_with_chap(world: World) -> None:
    request = world.create(world.approved())
    assert request.state is State.SUCCEEDED, request.trouble
    assert world.overwritten() == [SCSI_ID]
    assert world.leftovers() == CLEAN


def test_an_sr_is_attached(world: World) -> None:
    request = world.create(world.attaching())
    assert request.state is State.SUCCEEDED, request.trouble
    assert [sr["pbds_attached"] for sr in world.srs(DETACHED)] == [2]
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


def test_an_sr_is_formatted_over(world: World) -> None:
    request_id = world.formatting(world.found())
    lun = world.inspect(request_id).lun
    assert lun is not None
    request = world.create(world.approve(request_id, OVERRIDER, to_type(lun)))
    assert request.state is State.SUCCEEDED, request.trouble
    assert world.overwritten() == [lun.scsi_id]
    assert world.leftovers() == CLEAN
