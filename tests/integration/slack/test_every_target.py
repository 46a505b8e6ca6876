"""`target=*` as the bot hears it, what stands on the card, and what is told where it may not be."""

from __future__ import annotations

import pytest

from tests.integration.slack.stage import Stage


def test_it_is_kept_with_the_request_and_never_guessed(stage: Stage) -> None:
    assert stage.asked("/sr add iscsi 10.0.0.5 target=*").all_targets
    assert stage.asked("/sr attach iscsi 10.0.0.5 target=*").all_targets
    assert not stage.asked("/sr add iscsi 10.0.0.5").all_targets


@pytest.mark.parametrize(
    ("reason", "facts", "said"),
    [
        ("all_targets_not_allowed", {"count": "2"}, ("every host would log in at `2` portals", "without target=*")),
        ("too_many_targets", {"count": "10,000"}, ("The array offers `10,000` targets", "pick one target")),
        ("targets_differ", {"what": "xen2 is offered iqn.x"}, ("`xen2 is offered iqn.x`", "Look for the targets anew")),
        ("all_targets_refused", {}, ("None of the array's targets let the host in.", "Check the credential")),
    ],
)
def test_what_stands_against_it_is_told_with_the_next_step(
    stage: Stage, reason: str, facts: dict[str, str], said: tuple[str, ...]
) -> None:
    name = stage.asked("/sr add iscsi 10.0.0.5 target=*").id
    stage.step_fails(name, reason, **facts)
    stage.card(*said, name)


def test_a_switch_for_portals_has_nothing_to_say_beside_it(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5 target=* multihomed=no")
    stage.private("requester", "multihomed= has nothing to say", "/sr add iscsi 10.0.0.5 target=*")
