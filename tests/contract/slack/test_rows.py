from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.contract.slack.desk import Desk, Json, play, section
from tests.contract.slack.group_rows import GROUPS
from tests.contract.slack.home_rows import HOME_LIMITS, HOMES
from tests.contract.slack.limit_rows import LIMITS, VIEW_LIMITS, Limit
from tests.contract.slack.manifests import manifest, options
from tests.contract.slack.membership_rows import MEMBERSHIP
from tests.contract.slack.rows import ROWS, Row


def _named(desk: Desk, value: object) -> object:
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        name = value[1:-1]
        return desk.server.channels.get(name) or desk.user(name)
    return value


@pytest.mark.parametrize("style", ["json", "form", "query"])
@pytest.mark.parametrize("row", [*ROWS, *GROUPS, *HOMES, *MEMBERSHIP], ids=lambda row: row.name)
def test_slack_answers_as_the_row_says_in_every_wire_style(tmp_path: Path, row: Row, style: str) -> None:
    if style == "query" and len(json.dumps(row.args)) > 5000:
        style = "form"

    async def scenario(desk: Desk) -> None:
        for path, body in row.before:
            await desk.post(f"/{path}", body)
        args = {key: _named(desk, value) for key, value in row.args.items()}
        reply = await desk.call(row.method, args, row.token, style)
        assert reply.status == 200
        assert reply.body | row.expected == reply.body
        assert row.says in json.dumps(reply.body)
        assert not [word for word in row.omits if word in json.dumps(reply.body)]

    if style != "json" and row.name == "post-text-type":
        return
    app = None if row.home is None else options(tmp_path, manifest(home=row.home))
    asyncio.run(play(tmp_path, scenario, app))


def test_blocks_at_a_limit_pass_and_one_over_it_is_rejected_with_a_pointer(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        for limit in LIMITS:
            await desk.turn_clock(60)
            _check_limit(limit, await desk.api("chat.postMessage", channel="C0STORAGE1", text="x", blocks=limit.blocks))

    asyncio.run(play(tmp_path, scenario))


def _check_limit(limit: Limit, body: Json) -> None:
    if limit.says is None:
        assert body["ok"], (limit.name, body)
    else:
        assert (limit.name, body["error"]) == (limit.name, "invalid_blocks")
        assert limit.says in body["errors"], (limit.name, body["errors"])
        assert f"[ERROR] {limit.says}" in body["response_metadata"]["messages"]


def test_a_text_that_is_too_long_names_the_text_object_too(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        body = await desk.api("chat.postMessage", channel="C0STORAGE1", blocks=[section("x" * 3001)])
        assert body["response_metadata"]["messages"] == [
            "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ]

    asyncio.run(play(tmp_path, scenario))


@pytest.mark.parametrize(("name", "view", "says"), VIEW_LIMITS, ids=[name for name, _, _ in VIEW_LIMITS])
def test_a_view_that_slack_rejects_spends_no_trigger(tmp_path: Path, name: str, view: Json, says: str) -> None:
    async def scenario(desk: Desk) -> None:
        trigger = desk.server.slack.triggers.issue(desk.user("requester"))
        body = await desk.api("views.open", trigger_id=trigger, view=view)
        assert body["error"] == "invalid_arguments", name
        assert f"[ERROR] {says}" in body["response_metadata"]["messages"]
        assert not desk.server.slack.triggers.issued[trigger].spent

    asyncio.run(play(tmp_path, scenario))


def test_a_home_at_a_limit_passes_and_one_over_it_is_rejected(tmp_path: Path) -> None:
    async def scenario(desk: Desk) -> None:
        for limit in HOME_LIMITS:
            body = await desk.api("views.publish", user_id="U0REQUEST1", view=limit.view)
            if limit.says is None:
                assert body["ok"], (limit.name, body)
            else:
                assert (limit.name, body["error"]) == (limit.name, "invalid_arguments")
                assert f"[ERROR] {limit.says}" in body["response_metadata"]["messages"], (limit.name, body)

    asyncio.run(play(tmp_path, scenario, options(tmp_path, manifest())))
