from __future__ import annotations

import pytest

from bot.slack.publishing.posting import Author

OURS = Author("A0SRBOT", "B0SRBOT")


@pytest.mark.parametrize(
    ("message", "ours"),
    [
        ({"app_id": "A0SRBOT", "bot_id": "B0SRBOT"}, True),
        ({"bot_id": "B0SRBOT"}, True),
        ({"app_id": "A0OTHER", "bot_id": "B0OTHER"}, False),
        ({"bot_id": "B0OTHER"}, False),
        ({"user": "U0PERSON"}, False),
    ],
)
def test_a_message_is_ours_by_its_app_or_its_bot(message: dict[str, str], ours: bool) -> None:  # noqa: FBT001 - a row
    assert OURS.wrote(message) is ours


def test_a_bot_without_an_id_is_not_taken_for_a_person() -> None:
    assert not Author("A0SRBOT").wrote({"user": "U0PERSON", "bot_id": ""})
