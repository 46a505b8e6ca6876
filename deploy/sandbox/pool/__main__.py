"""python -m deploy.sandbox.pool: the simulated pool as a process of its own.

Prints one JSON line when it is ready; SIGTERM and SIGINT end it with status 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

from deploy.sandbox.pool.flavours import FLAVOURS
from deploy.sandbox.pool.network.settings import NetworkSettingsError
from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.scenario.xenct import xenct
from deploy.sandbox.pool.serving import Settings, start

_NAMED_DELAYS = {"real": 1.0, "none": 0.0}


def main(arguments: list[str] | None = None) -> int:
    try:
        asyncio.run(_serve(read_settings(arguments)))
    except NetworkSettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def read_settings(arguments: list[str] | None) -> Settings:
    given = _parser().parse_args(arguments)
    if (given.tls_cert is None) != (given.tls_key is None):
        _parser().error("--tls-cert and --tls-key go together")
    return Settings(
        data=given.data,
        flavour=given.flavour,
        delay_factor=given.delays,
        port=given.port,
        control_port=given.control_port,
        root_file=given.password_file,
        tls=(given.tls_cert, given.tls_key) if given.tls_cert else None,
        scenario=partial(read_scenario, given.scenario) if given.scenario else xenct,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.pool", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the state and the passwords")
    parser.add_argument("--port", type=int, default=0, help="of XenAPI; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="of the control API; 0 takes a free one")
    parser.add_argument("--flavour", choices=sorted(FLAVOURS), default="8")
    parser.add_argument("--delays", type=_delays, default=1.0, help="real, none, or a factor")
    parser.add_argument("--password-file", type=Path, help="root's password, instead of a generated one")
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--scenario", type=Path, help="a TOML file, instead of the pool xenct")
    return parser


def _delays(text: str) -> float:
    return _NAMED_DELAYS[text] if text in _NAMED_DELAYS else float(text)


async def _serve(settings: Settings) -> None:
    ends, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ends.set)
    server = await start(settings)
    line = json.dumps({"ready": True, **asdict(server.addresses)})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    await ends.wait()
    await server.close()


if __name__ == "__main__":
    sys.exit(main())
