from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.gate import channel_refusal, person_refusal
from bot.slack.payload import Surface, block_id, button_value, picked_value, read_caller, typed

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "command",
    "type",
    "team",
    "team_id",
    "user",
    "user_id",
    "container",
    "channel",
    "api_app_id",
    "view",
    "actions",
)


@given(st.dictionaries(st.sampled_from(KEYS), junk))
def test_no_payload_makes_the_edge_raise(body: dict[str, object]) -> None:
    caller = read_caller(body)
    assert all(isinstance(each, str) for each in (caller.team, caller.user, caller.channel, caller.response_url))
    assert isinstance(button_value(body) + picked_value(body) + block_id(body) + typed(body, "a", "b"), str)


def test_a_response_url_is_not_in_a_repr() -> None:
    assert "hooks" not in repr(read_caller({"command": "/sr", "response_url": "https://hooks.example/x"}))
    assert read_caller({"type": "block_actions"}).surface is Surface.CLICK


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"team_id": "T1"}, None),
        ({}, None),
        ({"team_id": "T2"}, "stranger"),
        ({"is_stranger": True}, "stranger"),
        ({"deleted": True}, "deactivated"),
        ({"is_bot": True}, "bot"),
        ({"is_workflow_bot": True}, "bot"),
        ({"is_restricted": True}, "guest"),
        ({"is_ultra_restricted": True}, "guest"),
    ],
)
def test_who_may_not_speak(record: dict[str, object], reason: str | None) -> None:
    assert person_refusal(record, "T1") == reason


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"is_member": True}, None),
        ({}, "bot_not_in_channel"),
        ({"is_im": True, "is_member": True}, "direct_message"),
        ({"is_mpim": True, "is_member": True}, "direct_message"),
        ({"is_ext_shared": True, "is_member": True}, "channel_shared"),
        ({"is_pending_ext_shared": True, "is_member": True}, "channel_shared"),
    ],
)
def test_where_srbot_does_nothing(record: dict[str, object], reason: str | None) -> None:
    assert channel_refusal(record) == reason
