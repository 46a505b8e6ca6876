from __future__ import annotations

from dataclasses import replace

import pytest

from bot.policy import Action, Danger, subject_of
from bot.policy.subject import POSSIBLE
from bot.request.lifecycle import begin
from bot.request.model import Kind, Request
from bot.request.plan import Plan, Purpose
from tests.stories import (
    HELD,
    LUN,
    SR,
    START,
    adapter_plan,
    asked,
    attach_plan,
    confirming,
    format_plan,
    formatting,
    managing,
    managing_plan,
    nfs_plan,
    plan,
    share_plan,
)

ERASES, REMOVES, OVERRIDES = Danger.ERASES, Danger.REMOVES, Danger.OVERRIDES


def with_plan(planned: Plan, kind: Kind = Kind.ISCSI) -> Request:
    return replace(confirming().request, kind=kind, plan=planned)


@pytest.mark.parametrize(
    ("planned", "kind", "action", "dangers"),
    [
        (plan(), Kind.ISCSI, Action.ADD_ISCSI, {ERASES}),
        (adapter_plan(), Kind.HBA, Action.ADD_HBA, {ERASES}),
        (nfs_plan(), Kind.NFS, Action.ADD_NFS, set()),
        (replace(nfs_plan(), sr_type="smb"), Kind.SMB, Action.ADD_SMB, set()),
        (share_plan(), Kind.ISO, Action.ADD_ISO, set()),
        (replace(share_plan(), sr_type="ext"), Kind.LOCAL, Action.ADD_LOCAL, {ERASES}),
        (replace(share_plan(), sr_type="zfs"), Kind.OTHER, Action.ADD_OTHER, set()),
        (replace(share_plan(), sr_type="never-heard-of"), Kind.OTHER, Action.ADD_OTHER, {ERASES}),
        (attach_plan(), Kind.ISCSI, Action.ATTACH, set()),
        (format_plan(), Kind.ISCSI, Action.FORMAT, {ERASES, OVERRIDES}),
        (replace(nfs_plan(), not_asked=("prod",)), Kind.NFS, Action.ADD_NFS, {OVERRIDES}),
        (replace(attach_plan(), not_asked=("prod",)), Kind.ISCSI, Action.ATTACH, {OVERRIDES}),
        (managing_plan(Purpose.SCAN), Kind.ISCSI, Action.SCAN, set()),
        (managing_plan(Purpose.REPAIR), Kind.ISCSI, Action.REPAIR, set()),
        (managing_plan(Purpose.RENAME), Kind.ISCSI, Action.RENAME, set()),
        (managing_plan(Purpose.DEFAULT), Kind.ISCSI, Action.DEFAULT, set()),
        (managing_plan(Purpose.DETACH), Kind.ISCSI, Action.DETACH, {REMOVES}),
        (managing_plan(Purpose.FORGET), Kind.ISCSI, Action.FORGET, {REMOVES}),
        (managing_plan(Purpose.DESTROY), Kind.ISCSI, Action.DESTROY, {ERASES, REMOVES}),
        (replace(managing_plan(Purpose.DESTROY), held=None), Kind.ISCSI, Action.DESTROY, {ERASES, REMOVES}),
    ],
)
def test_a_plan_is_the_action_and_the_dangers_that_it_has(
    planned: Plan, kind: Kind, action: Action, dangers: set[Danger]
) -> None:
    subject = subject_of(with_plan(planned, kind))
    assert (subject.action, subject.dangers) == (action, frozenset(dangers))


def test_each_purpose_and_each_kind_is_an_action() -> None:
    added = {subject_of(with_plan(plan(), kind)).action for kind in Kind}
    done = {subject_of(with_plan(managing_plan(it))).action for it in Purpose if it is not Purpose.CREATE}
    assert added | done == set(Action)


def test_the_rest_is_what_the_request_says() -> None:
    subject = subject_of(with_plan(plan()), START + 50)
    assert (subject.pool, subject.channel, subject.requester) == ("xenct", "C1", "UREQUESTER")
    assert (subject.reason, subject.id, subject.asked_at) == ("more room for builds", "abc234xyz", START + 50)
    assert subject_of(with_plan(plan())).asked_at == START
    assert subject_of(replace(with_plan(plan()), reason=None)).reason == ""


@pytest.mark.parametrize(
    ("request_", "size"),
    [
        (with_plan(plan()), LUN.size),
        (with_plan(attach_plan()), LUN.size),
        (replace(with_plan(managing_plan(Purpose.DESTROY)), lun=None), SR.size),
        (replace(with_plan(nfs_plan()), lun=None), None),
        (replace(with_plan(replace(attach_plan(), held=replace(HELD, size=2**60)))), 2**60),
        (begin(asked()), None),
        (replace(begin(asked()), lun=LUN), LUN.size),
        (replace(begin(asked()), lun=replace(LUN, size=None)), None),
    ],
)
def test_its_size_is_the_largest_that_is_known(request_: Request, size: int | None) -> None:
    assert subject_of(request_).size == size


def test_before_there_is_a_plan_all_is_feared_that_its_action_may_do() -> None:
    stories = [formatting(), managing(Purpose.FORGET), managing(Purpose.SCAN)]
    for request in (begin(asked()), *(story.request for story in stories)):
        subject = subject_of(request)
        assert subject.dangers == POSSIBLE.get(subject.action, frozenset())
