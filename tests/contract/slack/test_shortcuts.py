"""Global shortcuts (docs.slack.dev: shortcuts interaction payloads, responding to shortcuts, app manifests)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from deploy.sandbox.slack import manifest as manifests
from deploy.sandbox.slack.manifest import ManifestError
from tests.contract.slack.desk import Desk, modal, play, section, text_input
from tests.contract.slack.manifests import ADD, manifest, options


def _with_shortcuts(scenario: Callable[[Desk], Awaitable[None]]) -> Callable[[Path], None]:
    def test(tmp_path: Path) -> None:
        message = ADD | {"kind": "message", "callback_id": "message"}
        asyncio.run(play(tmp_path / "data", scenario, options(tmp_path, manifest(shortcuts=(ADD, message)))))

    return test


async def _used(desk: Desk) -> None:
    async with desk.app() as app:
        task = desk.doing("shortcut", "guest", callback_id="add")
        envelope = await app.next()
        await app.ack(envelope)
        assert await task == {"ok": True}
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
        payload = envelope["payload"]
        opened = await desk.api("views.open", trigger_id=payload["trigger_id"], view=modal(text_input()))
        assert opened["ok"]
        assert [each["id"] for each in (await desk.get("/page/state?user=U0GUEST001"))["views"]] == [
            opened["view"]["id"]
        ]
        shown = {key: payload[key] for key in ("type", "callback_id", "team", "user")}
        assert shown == {
            "type": "shortcut",
            "callback_id": "add",
            "team": {"id": "T0SANDBOX1", "domain": "storage-sandbox"},
            "user": {"id": "U0GUEST001", "username": "guest", "team_id": "T0SANDBOX1"},
        }


test_a_shortcut_carries_a_trigger_that_opens_a_view = _with_shortcuts(_used)


async def _bare(desk: Desk) -> None:
    async with desk.app() as app:
        task = desk.doing("shortcut", callback_id="add")
        payload = await app.answer({"text": "not shown anywhere"})
        await task
        absent = {"channel", "channel_id", "response_url", "message", "container", "api_app_id", "actions"}
        assert not absent & payload.keys()
        assert await desk.transcript() == []


test_a_shortcut_names_no_channel_no_response_url_and_no_app = _with_shortcuts(_bare)


async def _failures(desk: Desk) -> None:
    assert (await desk.page("shortcut", callback_id="add"))["error"] == "dispatch_failed"
    async with desk.app() as app:
        task = desk.doing("shortcut", callback_id="add")
        trigger = (await app.next())["payload"]["trigger_id"]
        await desk.turn_clock(3.1)
        assert (await task)["error"] == "operation_timeout"
        late = await desk.api("views.open", trigger_id=trigger, view=modal(section()))
        assert late["error"] == "expired_trigger_id"


test_a_shortcut_is_acked_and_its_trigger_used_within_three_seconds = _with_shortcuts(_failures)


async def _offered(desk: Desk) -> None:
    mine = await desk.get("/page/state")
    assert mine["shortcuts"] == [{"name": "Add storage", "callback_id": "add", "description": ADD["description"]}]
    assert (await desk.get("/page/state?user=U0STRANGE1"))["shortcuts"] == []
    async with desk.app():
        for user, callback_id in (("requester", "message"), ("requester", "other"), ("stranger", "add")):
            refused = await desk.page("shortcut", user, callback_id=callback_id)
            assert refused == {"ok": False, "error": "unknown_shortcut"}


test_only_global_shortcuts_of_the_manifest_are_offered_and_not_to_strangers = _with_shortcuts(_offered)


async def _pushed(desk: Desk) -> None:
    async with desk.app() as app:
        task = desk.doing("shortcut", callback_id="add")
        trigger = (await app.answer())["trigger_id"]
        await task
        refused = await desk.api("views.push", trigger_id=trigger, view=modal(section()))
        assert refused["error"] == "invalid_trigger_id"


test_the_trigger_of_a_shortcut_pushes_nothing = _with_shortcuts(_pushed)


WRONG = (
    (manifest(shortcuts=[ADD] * 11), "more than 10 entries"),
    (manifest(interactive=False), "needs settings.interactivity.is_enabled"),
    (manifest().replace("      - commands\n", ""), "needs the scope commands"),
    (manifest(shortcuts=[ADD | {"name": "x" * 25}]), "name of a shortcut must have 1 to 24 characters"),
    (manifest(shortcuts=[ADD | {"callback_id": "x" * 256}]), "callback_id of a shortcut must have 1 to 255"),
    (manifest(shortcuts=[ADD | {"description": "x" * 151}]), "description of a shortcut must have 1 to 150"),
    (manifest(shortcuts=[ADD | {"kind": "local"}]), "must be global or message, not local"),
    (manifest().replace("      callback_id: add\n", ""), "callback_id is missing"),
)


@pytest.mark.parametrize(("text", "complaint"), WRONG, ids=[complaint for _, complaint in WRONG])
def test_a_manifest_whose_shortcuts_slack_would_not_take_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ManifestError, match=complaint):
        manifests.parse(text)


def test_ten_shortcuts_of_the_longest_words_are_taken() -> None:
    longest = {"name": "x" * 24, "kind": "global", "callback_id": "x" * 255, "description": "x" * 150}
    assert len(manifests.parse(manifest(shortcuts=[longest] * 10)).global_shortcuts()) == 10
