"""The `srbot` command: the only door to everything, and the place where everything is put together."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

import click

from bot.settings import Settings, SettingsError, slack_tokens
from bot.settings.model import PasswordEnv
from deploy.audit.command import audit
from deploy.codes.command import code
from deploy.console import FILE, UNREADABLE, config_option, explained, fail, load_settings, note, say
from deploy.embedded import choose
from deploy.ledger import looked_at, required
from deploy.processes import CONFIG, bot_process, worker_process
from deploy.requests.command import request
from deploy.sandbox.pool.flavours import FLAVOURS
from deploy.supervision import Supervisor


def _delays(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value not in {"real", "none"} and not re.fullmatch(r"\d+(\.\d+)?", value):
        message = "it must be real, none, or a factor such as 0.5"
        raise click.BadParameter(message)
    return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="srbot")
def main() -> None:
    """Storage repositories for XenServer and XCP-ng pools, asked for and approved in Slack."""


@main.command()
@config_option
def bot(config: Path) -> None:
    """Run the bot: it talks to Slack and never to a pool."""
    from bot.slack.app import run  # noqa: PLC0415 - a worker must not load what talks to Slack

    settings = load_settings(config)
    with explained():
        _refuse_passwords(settings)
        tokens = slack_tokens(os.environ)
        run(settings, tokens, _ledger(), _stop_event(), _say_ready)


@main.command()
@click.argument("pool")
@config_option
def worker(pool: str, config: Path) -> None:
    """Run a worker for one pool: it talks to XenServer and never to Slack."""
    from workers.process import main as work  # noqa: PLC0415 - the bot must not load what talks to XenServer

    settings = load_settings(config)
    if pool not in settings.pools:
        fail(f"there is no pool {pool!r} in {config}; there are: {', '.join(settings.pools)}")
    os.environ[CONFIG] = str(config.absolute())
    with explained():
        _ledger()
    sys.exit(work(pool, os.environ, _say_ready))


@main.command()
@config_option
@click.option(
    "--state",
    default="srbot-state",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the embedded server keeps the ledger, and the logs.",
)
def run(config: Path, state: Path) -> None:
    """Run the bot and a worker for each pool on this machine, with an embedded server unless SRBOT_REDIS_URL is set."""
    settings = load_settings(config)
    with explained(), choose(os.environ, state / "ledger") as server, Supervisor(state, echo=note) as supervisor:
        config = config.absolute()
        for pool in settings.pools:
            supervisor.start(worker_process(pool, settings, config, server.url, os.environ))
        supervisor.start(bot_process(config, server.url, os.environ))
        click.echo(f"srbot runs for {', '.join(settings.pools)}; its logs are in {state / 'logs'}. Ctrl-C ends it.")
        sys.exit(supervisor.wait().code)


@main.command()
@click.option(
    "--state",
    default=".sandbox",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the sandbox remembers everything.",
)
@click.option("--fresh", is_flag=True, help="Forget what was there.")
@click.option("--port", default=0, help="The page's port (default: the last one, or any that is free).")
@click.option("--flavour", default="8", type=click.Choice(list(FLAVOURS)), help="The XenServer that the pool plays.")
@click.option(
    "--delays",
    default="real",
    show_default=True,
    callback=_delays,
    help="How slow the pool is: real, none, or a factor.",
)
@click.option(
    "--scenario",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file that describes the pool, instead of the one that is built in; its storage may be real.",
)
@click.option("--tour", is_flag=True, help="Play the main job unattended and end; 0 only when the SR exists.")
@click.option(
    "--array",
    default="equallogic",
    type=click.Choice(["equallogic", "netapp", "large", "attach"]),
    help="For --tour; attach: an SR that is found on a LUN of netapp.",
)
def sandbox(  # noqa: PLR0913 - click gives each option as an argument
    state: Path,
    *,
    fresh: bool,
    port: int,
    flavour: str,
    delays: str,
    scenario: Path | None,
    tour: bool,
    array: str,
) -> None:
    """Run the whole of srbot on this machine: a local Slack with a page, a simulated pool, the bot and a worker."""
    from deploy.sandbox.opening import Options  # noqa: PLC0415 - the sandbox is an extra
    from deploy.sandbox.showing import show, tour_through  # noqa: PLC0415 - the sandbox is an extra

    if tour and scenario is not None:
        fail("--tour plays on the pool that is built in, not on a --scenario", UNREADABLE)
    with explained():
        if not tour:
            sys.exit(show(Options(state, fresh, port, flavour, delays, scenario), os.environ, click.echo))
        with tempfile.TemporaryDirectory(prefix="srbot-tour-") as folder:
            options = Options(Path(folder) / "state", port=port, flavour=flavour, delays=delays)
            sys.exit(tour_through(options, array, os.environ, click.echo))


@main.command()
@config_option
def doctor(config: Path) -> None:
    """Check the configuration, the tokens, the passwords and the ledger's server, and say what to mend."""
    from deploy.doctor import examine  # noqa: PLC0415 - loads both sides, which no running process does

    findings = examine(load_settings(config), os.environ)
    for finding in findings:
        click.echo(finding.line)
    sys.exit(1 if any(finding.bad for finding in findings) else 0)


main.add_command(audit)
main.add_command(code)
main.add_command(request)


@main.group()
def policy() -> None:
    """Who may ask and who decides: a file that is checked, tried out and put in force."""


file_option = click.option("--policy", "file", type=FILE, help="A policy file, instead of the one that is in force.")


@policy.command("check")
@click.argument("file", type=FILE)
@config_option
def policy_check(file: Path, config: Path) -> None:
    """Say what is wrong with a policy; with Slack's tokens in the environment its groups are looked at too."""
    from deploy.policies.command import check_file  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: check_file(file, settings), config)


@policy.command("apply")
@click.argument("file", type=FILE)
@config_option
@click.option("--by", help="Who puts it in force, for the record (default: this account and machine).")
def policy_apply(file: Path, config: Path, by: str | None) -> None:
    """Put a policy in force, if there are people who can meet it; otherwise the one before stays."""
    from deploy.policies.command import apply_file  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: apply_file(file, settings, by), config)


@policy.command("show")
@config_option
@click.option("--history", is_flag=True, help="Who put which policy in force when, instead.")
def policy_show(config: Path, *, history: bool) -> None:
    """Print the policy in force as it was written."""
    from deploy.policies.command import show_in_force  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: show_in_force(settings, history=history), config)


@policy.command("test")
@click.argument("cases", type=FILE)
@file_option
@config_option
def policy_test(cases: Path, file: Path | None, config: Path) -> None:
    """Try a file of cases, with the answers that are expected."""
    from deploy.policies.command import try_file  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: try_file(cases, settings, file), config)


@policy.command("explain")
@click.argument("what")
@click.option("--cases", type=FILE, help="WHAT is the name of a case in this file, instead of a request's id.")
@file_option
@config_option
def policy_explain(what: str, cases: Path | None, file: Path | None, config: Path) -> None:
    """Say rule by rule what the policy answers about a request, or about a hypothetical."""
    from deploy.policies import command  # noqa: PLC0415 - a running bot or worker has no use for it

    if cases is None:
        return say(lambda settings: command.explain_request(what, settings, file), config)
    return say(lambda settings: command.explain_case(cases, what, settings, file), config)


@policy.command("simulate")
@click.argument("count", type=click.IntRange(1, 10_000), default=100)
@file_option
@config_option
def policy_simulate(count: int, file: Path | None, config: Path) -> None:
    """Say what a policy would have answered to the last COUNT requests."""
    from deploy.policies.command import simulate_last  # noqa: PLC0415 - a running bot or worker has no use for it

    say(lambda settings: simulate_last(count, settings, file), config)


@main.command()
@click.argument("file", default="-")
@click.option("--json", "as_object", is_flag=True, help="One JSON object, for programs.")
def explain(file: str, *, as_object: bool) -> None:
    """Say what a text from XenServer means: a probe's output, a line of its log, a failure (- or nothing: stdin)."""
    from deploy.explaining import explained  # noqa: PLC0415 - a running bot or worker has no use for it

    try:
        said = explained(file, as_object=as_object)
    except OSError as error:
        fail(f"{file}: can't be read ({error.strerror or type(error).__name__})", UNREADABLE)
    click.echo(said.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))


def _refuse_passwords(settings: Settings) -> None:
    """Raise SettingsError where the bot's environment holds what only a worker may have."""
    places = [pool.password for pool in settings.pools.values()]
    places += [password for credential in settings.credentials.values() for password in credential.passwords]
    found = {place.name for place in places if isinstance(place, PasswordEnv) and place.name in os.environ}
    if found:
        raise SettingsError(tuple(f"{name}: belongs to the workers, not here" for name in sorted(found)))


def _ledger() -> str:
    """Give the URL of the ledger's server, after a look at it."""
    url = required(os.environ)
    for warning in looked_at(url):
        note(warning)
    return url.url.reveal()


def _stop_event() -> threading.Event:
    """Set by the first Ctrl-C or SIGTERM."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    return stop


def _say_ready() -> None:
    """Tell a supervisor, by one line of JSON."""
    click.echo(json.dumps({"ready": True}))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
