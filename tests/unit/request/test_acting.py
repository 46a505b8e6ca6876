from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.request import acting
from bot.request import events as e
from bot.request.found import Lun, OfferedLun, Protocol, Share, Usage
from bot.request.model import Address, State
from bot.request.refused import Refused
from tests import stories
from tests.stories import FREE, LUN, OUTSIDER, REQUESTER, TARGET, Story


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason_code


def test_only_the_requester_picks() -> None:
    story = stories.choosing_target()
    code = refusal(lambda: acting.pick_target(story.request, OUTSIDER, "targets1", TARGET, story.now))
    assert code == "not_the_requester"


def test_a_pick_from_an_older_discovery_is_refused() -> None:
    story = stories.choosing_target()
    assert refusal(lambda: acting.pick_target(story.request, REQUESTER, "older", TARGET, story.now)) == "picker_is_old"
    story = stories.choosing_lun()
    assert refusal(lambda: acting.pick_lun(story.request, REQUESTER, "older", FREE, story.now)) == "picker_is_old"
    assert (
        refusal(lambda: acting.pick_target(story.request, REQUESTER, "targets1", TARGET, story.now)) == "picker_is_old"
    )


def test_a_lun_in_use_changes_nothing_and_names_the_sr() -> None:
    story = stories.choosing_lun()
    used = OfferedLun(LUN, Usage("xenct", "0b2f", "Builds"))
    with pytest.raises(Refused) as refused:
        acting.pick_lun(story.request, REQUESTER, "luns1", used, story.now)
    assert refused.value.reason_code == "lun_in_use"
    assert refused.value.facts["sr_name"] == "Builds"


@pytest.mark.parametrize(
    ("lun", "code"),
    [(replace(LUN, lun_id=256), "lun_unsupported"), (replace(LUN, scsi_id=None), "lun_without_scsi_id")],
)
def test_a_lun_that_cannot_be_used_is_refused(lun: Lun, code: str) -> None:
    story = stories.choosing_lun()
    assert refusal(lambda: acting.pick_lun(story.request, REQUESTER, "luns1", OfferedLun(lun), story.now)) == code


def test_lun_255_and_a_lun_without_an_id_are_supported() -> None:
    assert not acting.unsupported(OfferedLun(replace(LUN, lun_id=255)))
    assert not acting.unsupported(OfferedLun(replace(LUN, lun_id=None)))


def test_the_requester_can_go_back_to_the_targets_and_to_the_luns() -> None:
    story = stories.confirming()
    assert isinstance(acting.change_target(story.request, REQUESTER, story.now)[0], e.TargetReopened)
    assert isinstance(acting.change_lun(story.request, REQUESTER, story.now)[0], e.LunReopened)


def test_there_is_no_way_back_where_nothing_was_found() -> None:
    story = Story().pauses()
    assert refusal(lambda: acting.change_target(story.request, REQUESTER, story.now)) == "not_now"
    assert refusal(lambda: acting.change_lun(story.request, REQUESTER, story.now)) == "not_now"


def test_trying_again_repeats_the_step_that_failed() -> None:
    at_targets = Story().pauses()
    at_luns = stories.choosing_target().target_is_picked().pauses()
    at_inspection = stories.choosing_lun().lun_is_picked().pauses()
    kinds = [
        type(acting.try_again(s.request, REQUESTER, s.now)[0]).__name__ for s in (at_targets, at_luns, at_inspection)
    ]
    assert kinds == ["TargetsWanted", "LunsWanted", "InspectionWanted"]


def test_only_a_share_that_knows_passwords_is_looked_at_with_another_credential() -> None:
    paused = stories.sharing().pauses("storage_unreadable").request
    smb = replace(paused, share=Share(Protocol.SMB, "files", "srs"))
    (event,) = acting.change_credential(smb, REQUESTER, "lab", smb.changed_at + 1)
    assert event == e.CredentialPicked(at=smb.changed_at + 1, actor=REQUESTER, credential="lab")
    nfs, nowhere = (replace(paused, share=share) for share in (Share(Protocol.NFS, "files", "/srs"), None))
    for other in (nfs, nowhere, replace(smb, state=State.CONFIRMING)):
        with pytest.raises(Refused, match="not_now"):
            acting.change_credential(other, REQUESTER, None, paused.changed_at)


def test_only_a_paused_request_is_tried_again() -> None:
    story = stories.choosing_target()
    assert refusal(lambda: acting.try_again(story.request, REQUESTER, story.now)) == "not_now"


def test_another_address_resumes_a_paused_request() -> None:
    story = Story().pauses()
    moved = story.happens(
        acting.change_address(story.request, REQUESTER, Address("10.0.0.9", 3261), "other", story.now)
    )
    assert moved.request.state is State.DISCOVERING_TARGETS
    assert (moved.request.address, moved.request.credential) == (Address("10.0.0.9", 3261), "other")


def test_an_ended_or_changing_request_does_not_expire() -> None:
    assert acting.expire(stories.succeeded().request, 9e12) == ()
    assert acting.expire(stories.running().changes_the_pool().request, 9e12) == ()


def test_the_requester_cancels_until_the_pool_is_changed() -> None:
    story = stories.running()
    assert isinstance(acting.cancel(story.request, REQUESTER, story.now)[0], e.Cancelled)
    story.changes_the_pool()
    assert refusal(lambda: acting.cancel(story.request, REQUESTER, story.now)) == "already_changing"
