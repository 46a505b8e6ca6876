"""`srbot audit`, as it is typed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from deploy.console import config_option, say

_SINCE = click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Only what was recorded from this moment on, in UTC.",
)


@click.group()
def audit() -> None:
    """The audit trail: whether it is whole, and what stands in it."""


@audit.command()
@config_option
def verify(config: Path) -> None:
    """Look for records that were changed, taken out, put in or moved, and name the first of each chain."""
    from deploy.audit.verifying import verified  # noqa: PLC0415 - a running bot or worker has no use for it

    say(verified, config)


@audit.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@_SINCE
@click.option("--request", "name", metavar="ID", help="Only what is about this request.")
@click.option("--person", metavar="U…", help="Only what this person did.")
@config_option
def export(form: str, since: datetime | None, name: str | None, person: str | None, config: Path) -> None:
    """Print the records, the oldest first: as JSON lines with their hashes, or as a table."""
    from deploy.audit.exporting import Wanted, exported  # noqa: PLC0415 - as above

    moment = None if since is None else since.replace(tzinfo=UTC).timestamp()
    say(lambda settings: exported(settings, form, Wanted(moment, name, person)), config)
