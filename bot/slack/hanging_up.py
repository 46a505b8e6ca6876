"""Closing the connection to Slack, whatever it is at in that moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.builtin import SocketModeClient

_LOOK_SECONDS: Final = 0.05


def hang_up(handler: SocketModeHandler) -> None:
    """Close the connection for good, and wait for what reads from it."""
    try:
        _close(handler)
    except AttributeError:
        # Slack hung up in that moment: the SDK looks at its socket before it takes the lock, then finds none.
        _close(handler)


def _close(handler: SocketModeHandler) -> None:
    with _kept_ending(handler.client):
        handler.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    # A reconnect that was under way has opened another one; left open, Slack would go on to deliver to it.
    handler.client.disconnect()


@contextmanager
def _kept_ending(client: object) -> Iterator[None]:
    """Say again and again that the session is over: one that just begins to run takes that back, and runs for ever."""
    closed = Event()
    thread = Thread(target=_keep_ending, args=(client, closed), name="srbot-hanging-up", daemon=True)
    thread.start()
    try:
        yield
    finally:
        closed.set()
        thread.join()


def _keep_ending(client: object, closed: Event) -> None:
    while isinstance(client, SocketModeClient) and not closed.wait(_LOOK_SECONDS):
        client.current_session_state.terminated = True
