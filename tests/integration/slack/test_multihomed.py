"""`multihomed=` as the bot hears it, and what is told where it may not be."""

from __future__ import annotations

import pytest

from tests.integration.slack.stage import Stage


@pytest.mark.parametrize(("typed", "kept"), [("multihomed=yes", True), ("multihomed=no", False), ("", None)])
def test_it_is_kept_with_the_request(stage: Stage, typed: str, kept: bool | None) -> None:  # noqa: FBT001 - a row
    assert stage.asked(f"/sr add iscsi 10.0.0.5 {typed}").multihomed is kept
    assert stage.asked(f"/sr attach iscsi 10.0.0.5 {typed}").multihomed is kept


def test_portals_that_are_not_allowed_are_told(stage: Stage) -> None:
    name = stage.asked("/sr add iscsi 10.0.0.5 multihomed=yes").id
    stage.step_fails(name, "multihomed_not_allowed", count="3")
    stage.card("every host would log in to `3` portals of the target that are not allowed", "multihomed=no", name)


def test_anything_but_yes_or_no_is_told(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5 multihomed=maybe")
    stage.private("requester", "multihomed is yes or no")
