from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from deploy.sandbox.slack import manifest
from deploy.sandbox.slack.serving import PAGE, Options, serving


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox.slack", description="A local Slack.")
    parser.add_argument("--data", type=Path, required=True, help="folder of tokens and state")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--manifest", type=Path, default=manifest.DEFAULT)
    parser.add_argument("--page", type=Path, default=PAGE, help="folder of the browser page")
    parser.add_argument("--optional-scopes", action="store_true", help="grant the manifest's bot_optional scopes too")
    return parser.parse_args()


async def _run(chosen: argparse.Namespace) -> None:
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    options = Options(
        manifest=chosen.manifest, page=chosen.page, port=chosen.port, optional_scopes=chosen.optional_scopes
    )
    async with serving(chosen.data, options) as running:
        ready = {"ready": True, "url": running.url, "api_url": running.api_url}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
