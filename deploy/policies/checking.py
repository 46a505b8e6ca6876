"""Whether a policy can be put in force: it is right, it names what there is, and there are people who can meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.policy import Members, Policy, PolicyError, parse, slack_groups, unknown_places, unsatisfiable
from bot.settings import Settings, SettingsError, slack_tokens
from bot.slack.errors import name_of
from bot.slack.groups import read_members
from deploy.policies.refused import PolicyRefusedError

READ_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """A policy that is right. `notes` say what could not be looked at."""

    policy: Policy
    notes: tuple[str, ...] = ()


def read(file: Path) -> Policy:
    """Read a policy file; raises PolicyRefusedError with every mistake at once."""
    try:
        return parse(text_of(file))
    except PolicyError as error:
        message = "\n".join(f"{file}: {mistake}" for mistake in error.mistakes)
    raise PolicyRefusedError(message)


def text_of(file: Path) -> str:
    """Read a text; raises PolicyRefusedError."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        message = f"{file}: can't be read: {error.strerror}"
    except ValueError:
        message = f"{file}: is not UTF-8 text"
    raise PolicyRefusedError(message)


def check(policy: Policy, settings: Settings, environ: Mapping[str, str]) -> Checked:
    """Look whether the policy can be met, by the people whom Slack's groups hold now. Raises PolicyRefusedError.

    Without Slack's tokens in the environment the groups can't be read; the rules that need one are then not looked at.
    """
    mistakes = list(unknown_places(policy, settings.pools, settings.channels))
    named = slack_groups(policy)
    members, unread = (Members(), "") if not named else members_now(settings, environ)
    if unread:
        looked_at = [line for line in unsatisfiable(policy, members) if "could not be read" not in line]
        return _concluded(policy, [*mistakes, *looked_at], (not_looked_at(named, unread),))
    return _concluded(policy, [*mistakes, *unsatisfiable(policy, members)], ())


def _concluded(policy: Policy, mistakes: list[str], notes: tuple[str, ...]) -> Checked:
    if mistakes:
        raise PolicyRefusedError("\n".join(mistakes))
    return Checked(policy, notes)


def not_looked_at(named: Mapping[str, str], why: str) -> str:
    """Say that the members of some groups, by their names, are not known."""
    return f"nobody looked at who is in {', '.join(sorted(named))}: {why}"


def members_now(settings: Settings, environ: Mapping[str, str], seconds: int = READ_SECONDS) -> tuple[Members, str]:
    """Give the members of all groups of the workspace, or why there are none within so many seconds."""
    try:
        token = slack_tokens(environ).bot.reveal()
    except SettingsError as error:
        return Members(), str(error)
    client = WebClient(token=token, base_url=settings.slack.api_url, timeout=seconds, retry_handlers=[])
    try:
        return read_members(client), ""
    except SlackApiError as error:
        return Members(), f"Slack says {name_of(error)}"
    except (OSError, HTTPException) as error:
        return Members(), f"Slack can't be reached ({type(error).__name__})"
