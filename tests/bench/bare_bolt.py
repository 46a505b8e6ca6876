"""The baseline: a Bolt listener that acks and does nothing else, on the same local Slack."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def main() -> None:
    """Serve until SIGTERM. The address and the tokens come by the environment; the channel is the argument."""
    client = WebClient(token=os.environ["BARE_BOT_TOKEN"], base_url=os.environ["BARE_API_URL"])
    app = App(client=client, listener_executor=ThreadPoolExecutor(32))
    app.command("/sr")(acknowledge)
    app.action("bare")(acknowledge)
    handler = SocketModeHandler(app, os.environ["BARE_APP_TOKEN"])
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    client.chat_postMessage(channel=sys.argv[1], text="bare", blocks=[_button()])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    stop.wait()
    os._exit(0)


def acknowledge(ack: Ack) -> None:
    """Ack, and nothing else."""
    ack()


def _button() -> dict[str, Any]:
    button = {"type": "button", "action_id": "bare", "value": "1", "text": {"type": "plain_text", "text": "Press"}}
    return {"type": "actions", "block_id": "bare", "elements": [button]}


if __name__ == "__main__":
    main()
