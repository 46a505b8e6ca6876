"""Socket Mode (docs.slack.dev: using Socket Mode): tickets, sockets, envelopes and their acks."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from deploy.sandbox.slack.answers import Json
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.feed import Feed
from deploy.sandbox.slack.journal import Journal
from deploy.sandbox.slack.workspace.model import APP

ACK_SECONDS = 3.0
MOST_SOCKETS = 10
CONNECTION_SECONDS = 3600
# The server's own pings, so that a dead peer is noticed; Slack sends them at random.
PING_SECONDS = 20
# A first try and three more: at once, after a minute, after five (docs.slack.dev: Events API).
EVENT_WAITS = (0, 0, 60, 300)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a payload: `outcome` is "acked", "operation_timeout" or "dispatch_failed"."""

    outcome: str
    ack: Json | None = None
    after: float = 0.0

    @property
    def error(self) -> str | None:
        return None if self.outcome == "acked" else self.outcome

    @property
    def payload(self) -> object:
        return (self.ack or {}).get("payload")


@dataclass(slots=True, eq=False)
class Socket:
    request: web.Request
    ws: web.WebSocketResponse
    retiring: bool = False


@dataclass(slots=True)
class Hub:
    clock: Clock
    journal: Journal
    feed: Feed
    tickets: set[str] = field(default_factory=set)
    sockets: list[Socket] = field(default_factory=list)
    pending: dict[str, asyncio.Future[object]] = field(default_factory=dict)
    retries: set[asyncio.Task[None]] = field(default_factory=set)

    def ticket(self) -> str:
        ticket = str(uuid.uuid4())
        self.tickets.add(ticket)
        return ticket

    async def connected(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it closes; a ticket opens one."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=401)
        self.tickets.discard(ticket)
        socket = Socket(request, web.WebSocketResponse(heartbeat=PING_SECONDS))
        await socket.ws.prepare(request)
        if len(self.sockets) >= MOST_SOCKETS:
            await self._dismiss(socket, "too_many_websockets")
        else:
            await self._serve(socket)
        return socket.ws

    async def _serve(self, socket: Socket) -> None:
        self.sockets.append(socket)
        self._count_changed()
        try:
            await self._send(socket, "hello", self._hello())
            async for frame in socket.ws:
                if frame.type is WSMsgType.TEXT:
                    self._received(frame.data)
        except ConnectionError:
            pass  # The other side went away while we were sending.
        finally:
            self.sockets.remove(socket)
            self._count_changed()

    def _count_changed(self) -> None:
        self.journal.note("in", "connections", len(self.sockets), {})
        self.feed.tell_all({"type": "connections", "count": len(self.sockets)})

    def _hello(self) -> Json:
        debug = {
            "host": "applink-sandbox",
            "build_number": 1,
            "approximate_connection_time": CONNECTION_SECONDS,
        }
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": {"app_id": APP},
            "debug_info": debug,
        }

    def _received(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or "envelope_id" not in frame:
            self.journal.note("in", "junk", "ignored", {"text": text})
            return
        waiting = self.pending.get(str(frame["envelope_id"]))
        self.journal.note("in", "ack", "taken" if waiting else "late", frame)
        if waiting and not waiting.done():
            waiting.set_result(frame)

    async def _send(self, socket: Socket, what: str, frame: Json) -> None:
        self.journal.note("out", what, "sent", frame)
        await socket.ws.send_json(frame)

    async def deliver(self, kind: str, payload: Json, retry: int = 0) -> Delivery:
        """Send a payload to one of the open sockets and wait for its ack, which may come on any of them."""
        began = self.clock.now()
        envelope = _envelope(kind, payload, retry)
        waiting: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.pending[envelope["envelope_id"]] = waiting
        try:
            if not await self._handed_over(kind, envelope):
                return Delivery("dispatch_failed")
            acked = await self.clock.within(ACK_SECONDS, waiting)
        finally:
            del self.pending[envelope["envelope_id"]]
        after = self.clock.now() - began
        if not acked:
            self.journal.note("out", kind, "operation_timeout", {"envelope_id": envelope["envelope_id"]})
            return Delivery("operation_timeout", None, after)
        ack = waiting.result()
        return Delivery("acked", ack if isinstance(ack, dict) else {}, after)

    async def _handed_over(self, kind: str, envelope: Json) -> bool:
        socket = self._one()
        if socket is None:
            self.journal.note("out", kind, "dispatch_failed", envelope)
            return False
        try:
            await self._send(socket, kind, envelope)
        except ConnectionError:
            return False
        return True

    def _one(self) -> Socket | None:
        """Pick any open socket, one that isn't about to be closed where there is one."""
        open_ones = [each for each in self.sockets if not each.ws.closed]
        fresh = [each for each in open_ones if not each.retiring]
        return secrets.choice(fresh or open_ones) if open_ones else None

    def announce(self, payload: Json) -> None:
        """Deliver an event in the background, again and again until it is acked."""
        task = asyncio.create_task(self._retried(payload))
        self.retries.add(task)
        task.add_done_callback(self.retries.discard)

    async def _retried(self, payload: Json) -> None:
        for attempt, seconds in enumerate(EVENT_WAITS):
            await self.clock.sleep(seconds)
            if (await self.deliver("events_api", payload, attempt)).error is None:
                return

    async def disconnect(self, reason: str) -> None:
        """Tell every socket that it will be closed. A link that was disabled is closed at once."""
        for socket in list(self.sockets):
            socket.retiring = True
            frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "wss-sandbox"}}
            await self._send(socket, "disconnect", frame)
            if reason in {"link_disabled", "too_many_websockets"}:
                await socket.ws.close()

    async def _dismiss(self, socket: Socket, reason: str) -> None:
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "wss-sandbox"}}
        await self._send(socket, "disconnect", frame)
        await socket.ws.close()

    def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self.sockets):
            if socket.request.transport is not None:
                socket.request.transport.abort()

    async def close(self) -> None:
        for task in self.retries:
            task.cancel()
        for waiting in self.pending.values():
            waiting.cancel()
        await asyncio.gather(*(socket.ws.close(drain=False) for socket in list(self.sockets)))


def _envelope(kind: str, payload: Json, retry: int) -> Json:
    is_event = kind == "events_api"
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": kind,
        "accepts_response_payload": not is_event,
        "payload": payload,
    }
    if is_event:
        envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
    return envelope
