from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from tests.contract.slack.desk import Desk, play, sandboxed
from tests.contract.slack.manifests import manifest, options


async def _one_of_two(desk: Desk) -> None:
    async with desk.app() as first, desk.app() as second:
        tasks = [desk.command(f"/sr {number}") for number in range(6)]
        receivers = [asyncio.create_task(_answer_all(app)) for app in (first, second)]
        assert [(await task)["ok"] for task in tasks] == [True] * 6
        for receiver in receivers:
            receiver.cancel()
        entries = [each for each in await desk.get("/control/log") if each["what"] == "slash_commands"]
        assert sorted(each["summary"]["payload"]["text"] for each in entries) == [f"{n}" for n in range(6)]


async def _answer_all(app: object) -> None:
    while True:
        await app.answer()  # type: ignore[attr-defined] # an AppSocket


test_each_payload_goes_to_exactly_one_of_the_open_sockets = sandboxed(_one_of_two)


async def _ticket_once(desk: Desk) -> None:
    url = (await desk.api("apps.connections.open", token="app"))["url"]
    async with desk.session.ws_connect(url):
        with pytest.raises(WSServerHandshakeError, match="401"):
            await desk.session.ws_connect(url)
    with pytest.raises(WSServerHandshakeError, match="401"):
        await desk.session.ws_connect(f"{desk.server.url}/socket")


test_a_ticket_opens_one_socket = sandboxed(_ticket_once)


async def _eleven(desk: Desk) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(desk.app())
        url = (await desk.api("apps.connections.open", token="app"))["url"]
        ws = await stack.enter_async_context(desk.session.ws_connect(url))
        assert (await ws.receive_json())["reason"] == "too_many_websockets"
        assert (await ws.receive()).type is WSMsgType.CLOSE
        assert (await desk.get("/page/state"))["connections"] == 10


test_the_eleventh_socket_is_one_too_many = sandboxed(_eleven)


async def _ping(desk: Desk) -> None:
    url = (await desk.api("apps.connections.open", token="app"))["url"]
    async with desk.session.ws_connect(url, autoping=False) as ws:
        hello = await ws.receive_json()
        assert (hello["num_connections"], hello["connection_info"]) == (1, {"app_id": "A0SRBOT001"})
        await ws.ping(b"session:1")
        pong = await ws.receive()
        assert (pong.type, bytes(pong.data)) == (WSMsgType.PONG, b"session:1")


test_a_pong_echoes_the_pings_payload = sandboxed(_ping)


async def _swap(desk: Desk) -> None:
    async with desk.app() as old:
        await desk.control("disconnect", reason="warning")
        assert (await old.next())["reason"] == "warning"
        typed = desk.command("/sr during")
        envelope = await old.next()
        async with desk.app() as new:
            await new.ack(envelope)
            assert (await typed)["ok"]
            await desk.control("disconnect", reason="refresh_requested")
            assert (await new.next())["type"] == "disconnect"
            async with desk.app() as newest:
                typed = desk.command("/sr after")
                assert (await newest.answer())["text"] == "after"
                assert (await typed)["ok"]


test_a_command_during_a_swap_is_not_lost_and_may_be_acked_on_the_new_socket = sandboxed(_swap)


async def _link_disabled(desk: Desk) -> None:
    async with desk.app() as app:
        await desk.control("disconnect", reason="link_disabled")
        assert (await app.next())["reason"] == "link_disabled"
        assert (await app.ws.receive()).type is WSMsgType.CLOSE
    async with desk.app() as app:
        await desk.control("disconnect", drop=True)
        assert (await app.ws.receive()).type in {WSMsgType.CLOSED, WSMsgType.ERROR, WSMsgType.CLOSE}


test_a_disabled_link_is_closed_and_a_dropped_one_is_cut = sandboxed(_link_disabled)


async def _junk(desk: Desk) -> None:
    async with desk.app() as app:
        await app.ws.send_str("{")
        await app.ws.send_str("[]")
        await app.ws.send_json({"envelope_id": "unknown"})
        typed = desk.command()
        await app.answer()
        assert (await typed)["ok"]
        log = await desk.get("/control/log?since=1")
        assert [each["what"] for each in log if each["direction"] == "in"].count("junk") == 2


test_junk_from_an_app_is_logged_and_ignored = sandboxed(_junk)


async def _deliver(desk: Desk) -> None:
    nobody = await desk.control("deliver", type="interactive", payload={})
    assert nobody["delivered"] is False
    async with desk.app() as app:
        foreign = {"type": "block_actions", "team": {"id": "T0ELSEWHER"}}
        task = asyncio.create_task(desk.control("deliver", type="interactive", payload=foreign))
        assert await app.answer({"text": "no"}) == foreign
        done = await task
        assert done["delivered"]
        assert done["ack"]["payload"] == {"text": "no"}
        assert 0 <= done["after"] < 3


test_any_payload_can_be_delivered_as_it_is = sandboxed(_deliver)


def test_an_event_that_is_not_acked_comes_again_three_times(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        async with desk.app() as app:
            assert (await desk.page("home"))["view"] is None
            first = await app.next()
            assert (first["accepts_response_payload"], first["retry_attempt"]) == (False, 0)
            assert first["payload"]["event"]["user"] == desk.user("requester")
            for attempt, wait in enumerate((3.1, 63.1, 303.1), 1):
                again = asyncio.create_task(app.next())
                while not again.done():
                    await desk.turn_clock(wait)
                assert (await again)["retry_attempt"] == attempt
                assert (await again)["payload"]["event_id"] == first["payload"]["event_id"]
            await app.ack(await again)

    asyncio.run(play(tmp_path / "data", scenario, options(tmp_path, manifest())))


def test_an_event_that_the_manifest_does_not_ask_for_is_not_sent(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        async with desk.app():
            assert (await desk.page("home"))["ok"]
            log = json.dumps(await desk.get("/control/log"))
            assert "app_home_opened" not in log

    asyncio.run(play(tmp_path / "data", scenario, options(tmp_path, manifest(events=()))))


async def _dropped_in_flight(desk: Desk) -> None:
    async with desk.app() as app:
        typed = desk.command()
        await app.next()
        await desk.control("disconnect", drop=True)
        await desk.turn_clock(3.1)
        assert await typed == {"ok": False, "error": "operation_timeout"}
        assert await desk.command() == {"ok": False, "error": "dispatch_failed"}


test_a_command_whose_socket_dies_before_the_ack_times_out = sandboxed(_dropped_in_flight)


async def _stopped_in_flight(desk: Desk) -> None:
    async with desk.app() as app:
        desk.command().add_done_callback(lambda task: task.exception())
        await app.next()
        async with asyncio.timeout(1):
            await desk.server.slack.hub.close()


test_the_server_stops_while_an_ack_is_awaited = sandboxed(_stopped_in_flight)
