"""`srbot request`, as it is typed."""

from __future__ import annotations

from pathlib import Path

import click

from deploy.console import config_option, say

_VERBS = ("add", "attach", "scan", "repair", "rename", "default", "detach", "forget", "destroy")
"""What makes a request, typed as behind `/sr`."""

_STEPS = {
    "confirm": "Show the plan of your request, and have those asked to decide who may.",
    "claim": "Say in the thread of a request that you are looking at its plan, so that others needn't.",
    "withdraw": "Take your approval of a request back, before the pool is changed.",
    "cancel": "End a request of yours, as long as nothing was changed for it.",
}
"""What is done to a request by its name alone, and what it says of itself."""

channel_option = click.option("--channel", help="The Slack channel that it is for, C… (default: the only one).")


@click.group()
def request() -> None:
    """Requests for storage, made and decided without Slack; a one-time code says that it is you."""


@request.command("list")
@click.argument("whose", type=click.Choice(["mine", "waiting", "all"]), default="mine")
@channel_option
@config_option
def list_requests(whose: str, channel: str | None, config: Path) -> None:
    """List your requests, those that wait for you to decide, or all open ones."""
    from bot.request.grammar import Whose  # noqa: PLC0415 - as below
    from deploy.requests import doing  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: doing.listed(settings, Whose(whose), channel), config)


@request.command()
@click.argument("name", metavar="ID")
@config_option
def show(name: str, config: Path) -> None:
    """Show where a request stands, and its plan."""
    from deploy.requests import doing  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: doing.shown(settings, name), config)


@request.command()
@click.argument("name", metavar="ID")
@config_option
def pick(name: str, config: Path) -> None:
    """Show what was found for your request and the other ways on, as its card does, and take one."""
    from deploy.requests import picking  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: picking.picked(settings, name), config)


@request.command()
@click.argument("name", metavar="ID")
@config_option
def approve(name: str, config: Path) -> None:
    """Show the plan of a request, and approve it."""
    from deploy.requests import doing  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: doing.approved(settings, name), config)


@request.command()
@click.argument("name", metavar="ID")
@click.option("--because", required=True, help="Why: it stands in the thread.")
@config_option
def reject(name: str, because: str, config: Path) -> None:
    """Show the plan of a request, and reject it: that ends it."""
    from deploy.requests import saying  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: saying.rejected(settings, name, because), config)


@request.command()
@click.argument("name", metavar="ID")
@click.argument("question")
@config_option
def ask(name: str, question: str, config: Path) -> None:
    """Ask who made a request, in its thread, before you decide."""
    from deploy.requests import saying  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: saying.questioned(settings, name, question), config)


def _asking(verb: str) -> click.Command:
    @click.command(verb, help=f"Ask for what `/sr {verb} WORDS` asks for.", short_help=f"As `/sr {verb}`.")
    @click.argument("words", nargs=-1, required=True)
    @channel_option
    @config_option
    def asks(words: tuple[str, ...], channel: str | None, config: Path) -> None:
        from deploy.requests import doing  # noqa: PLC0415 - a running bot or worker has no use for it

        say(lambda settings: doing.asked(settings, (verb, *words), channel), config)

    return asks


def _stepping(verb: str, told: str) -> click.Command:
    @click.command(verb, help=told)
    @click.argument("name", metavar="ID")
    @config_option
    def steps(name: str, config: Path) -> None:
        from deploy.requests import doing  # noqa: PLC0415 - a running bot or worker has no use for it

        say(lambda settings: doing.stepped(settings, name, verb), config)

    return steps


for _verb in _VERBS:
    request.add_command(_asking(_verb))
for _verb, _told in _STEPS.items():
    request.add_command(_stepping(_verb, _told))
