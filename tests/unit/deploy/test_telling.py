from __future__ import annotations

import pytest

from deploy.sandbox.tour.telling import changed, tell

NAMES = {"U1": "Requester", "UBOT": "srbot", "C1": "storage"}


def told(blocks: list[dict[str, object]], **more: object) -> list[str]:
    message = {"ts": "1800000000.000100", "user": "UBOT", "blocks": blocks, **more}
    return tell(message, lambda key: NAMES.get(key, key)).splitlines()[1:]


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def test_a_message_without_blocks_is_its_text() -> None:
    assert tell({"ts": "1800000000.0", "user": "U1", "text": "hello"}, NAMES.__getitem__).endswith("\n  | hello")


def test_a_private_answer_is_marked() -> None:
    message = {"ts": "1800000000.0", "user": "UBOT", "text": "no", "ephemeral": True}
    assert "(only visible to you)" in tell(message, NAMES.__getitem__).splitlines()[0]


def test_people_channels_dates_and_links_are_told_by_name() -> None:
    text = mrkdwn("<@U1> in <#C1> at <!date^1800000000^{time_secs}|08:00:00>: <http://x.example|docs> &lt;!channel&gt;")
    assert told([{"type": "section", "text": text}]) == ["  | @Requester in #storage at 08:00:00: docs <!channel>"]


def test_a_link_without_a_label_is_its_address() -> None:
    assert told([{"type": "section", "text": mrkdwn("<http://x.example>")}]) == ["  | http://x.example"]


def test_fields_context_and_dividers_are_lines() -> None:
    blocks: list[dict[str, object]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "New SR"}},
        {"type": "section", "fields": [mrkdwn("*Pool*\nxenct"), mrkdwn("*LUN*\n0")]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("step 1"), mrkdwn("of 4")]},
    ]
    assert told(blocks) == [
        "  | New SR",
        "  | *Pool* xenct",
        "  | *LUN* 0",
        "  | " + "-" * 20,
        "  | step 1  of 4",
    ]


@pytest.mark.parametrize("kind", ["static_select", "external_select"])
def test_what_can_be_pressed_is_told(kind: str) -> None:
    select = {"type": kind, "action_id": "a", "placeholder": {"type": "plain_text", "text": "Choose"}}
    button = {"type": "button", "action_id": "b", "text": {"type": "plain_text", "text": "Cancel"}}
    blocks: list[dict[str, object]] = [
        {"type": "actions", "elements": [select, button, {"type": "image"}]},
        {"type": "section", "text": mrkdwn("with a button"), "accessory": button},
    ]
    assert told(blocks) == ["  | [ Choose v ]  [ Cancel ]", "  | with a button", "  | [ Cancel ]"]


def test_long_lines_are_wrapped_and_empty_ones_kept() -> None:
    lines = told([{"type": "section", "text": mrkdwn("word " * 60 + "\n\nend")}])
    assert all(len(line) <= 120 for line in lines)
    assert lines[-2:] == ["  | ", "  | end"]


def test_of_a_changed_message_only_what_is_new_is_told() -> None:
    assert changed("srbot\n  | Looking\n  | [ Cancel ]", "srbot\n  | Found\n  | [ Cancel ]") == [
        "srbot  (the same message, changed)",
        "  | Found",
    ]
    assert changed("srbot\n  | a\n  | b", "srbot\n  | b") == ["srbot  (the same message, changed)", "  | b"]
