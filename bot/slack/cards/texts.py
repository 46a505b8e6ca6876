"""Texts on their way into Slack's mrkdwn: data never becomes markup, and never grows beyond what Slack takes.

docs.slack.dev: "Formatting message text".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from bot.request.grammar.slack_text import unprintable

NOTHING: Final = "-"
MOST_DATA: Final = 256
"""Longer values of people, hosts and arrays are cut; an IQN has up to 223 characters (RFC 3720)."""

_MOST_LINE: Final = 300
_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]+")
_LINK: Final = re.compile(r"https?://[^\s<>|]+")
_GAP: Final = re.compile(r"\{(\w+)\}")
_WHOLE: Final = re.compile(r"&[a-z]{0,3}\Z")
_MINUTE: Final = 60
_HOUR: Final = 3600


def one_line(text: str, most: int = MOST_DATA) -> str:
    """Give data as one line of at most `most` characters, without controls and direction marks."""
    plain = "".join(" " if c.isspace() else "\ufffd" if unprintable(c) else c for c in text[: most * 2]).strip()
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def escape(text: str, most: int = MOST_DATA) -> str:
    """Give data for mrkdwn, where only `&`, `<` and `>` can ping, link or mention."""
    return _entities(one_line(text, most))


def code(text: str, most: int = MOST_DATA) -> str:
    """Give data as inline code: nothing in it is formatted. A backtick would end it, so it becomes a look-alike."""
    inside = escape(text.replace("`", "\u02cb"), most)
    return f"`{inside}`" if inside else NOTHING


def code_block(text: str) -> str:
    """Give several lines of data as a block of code."""
    clean = ("".join("\ufffd" if unprintable(c) else c for c in line) for line in text.splitlines())
    lines = (_entities(line if len(line) <= _MOST_LINE else line[: _MOST_LINE - 1] + "…") for line in clean)
    return "```\n" + "\n".join(lines).replace("`", "\u02cb").rstrip() + "\n```"


def raw_block(text: str, most: int) -> str:
    """Give a text as a block of code as it stands, its long lines too, in at most `most` characters."""
    clean = "\n".join("".join("\ufffd" if unprintable(c) else c for c in line) for line in text.splitlines())
    inside = _entities(clean.replace("`", "\u02cb")).strip()
    room = most - len("```\n\n```")
    return "```\n" + (inside if len(inside) <= room else _WHOLE.sub("", inside[: room - 1]) + "…") + "\n```"


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fill(sentence: str, value: Callable[[str], str]) -> str:
    """Fill the {gaps} of a sentence of ours, once each: braces in the values stay what they are."""
    return _GAP.sub(lambda gap: value(gap[1]), sentence)


def mention(user_id: str | None) -> str:
    """Name a person by id, as Slack shows it; None is srbot itself."""
    if user_id is None:
        return "srbot"
    return f"<@{user_id}>" if _PERSON.fullmatch(user_id) else code(user_id)


def in_channel(channel_id: str) -> str:
    """Name a channel by id, as Slack shows it to those who may see it."""
    return f"<#{channel_id}>" if _CHANNEL.fullmatch(channel_id) else code(channel_id)


def linked(url: str, words: str) -> str:
    """Let words of ours lead somewhere; empty where there is no link."""
    return f"<{url}|{words}>" if _LINK.fullmatch(url) else ""


def moment(at: float, form: str = "{date_short_pretty}, {time}") -> str:
    """Give a time in the reader's own time zone; `at` is seconds since the epoch."""
    fallback = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"<!date^{int(at)}^{form}|{fallback}>"


def clock_time(at: float) -> str:
    """Give the time of day, with seconds."""
    return moment(at, "{time_secs}")


def lasting(seconds: float) -> str:
    """Give a length of time in words: 45 s, 3 min, 2 h 5 min."""
    whole = max(int(seconds), 0)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    hours, rest = divmod(whole, _HOUR)
    return f"{hours} h {rest // _MINUTE} min"


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: 1 target, 2 targets."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
