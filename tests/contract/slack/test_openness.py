"""Whatever comes in, the server answers and doesn't break."""

from __future__ import annotations

import asyncio
import html
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deploy.sandbox.slack.blocks.layout import message_problems, options_problems, view_problems
from deploy.sandbox.slack.workspace import texts
from tests.contract.slack.desk import Desk, altered, play, sandboxed

_NAMES = st.sampled_from(
    [
        "type",
        "text",
        "blocks",
        "elements",
        "element",
        "accessory",
        "options",
        "option_groups",
        "block_id",
        "action_id",
        "initial_option",
        "initial_options",
        "fields",
        "rows",
        "label",
        "title",
        "focus_on_load",
        "submit",
    ]
)
_KINDS = st.sampled_from(
    [
        "section",
        "actions",
        "input",
        "context",
        "header",
        "table",
        "markdown",
        "rich_text",
        "modal",
        "home",
        "button",
        "static_select",
        "checkboxes",
        "plain_text",
        "mrkdwn",
        "plain_text_input",
        "image",
    ]
)
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 4000), st.text(max_size=5), _KINDS)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=5)),
    max_leaves=25,
)


@given(_JSON)
def test_no_json_breaks_the_judge_of_blocks(value: object) -> None:
    for rejection in (message_problems(value), message_problems([value]), view_problems(value, "modal", "home")):
        assert rejection is None or all("[json-pointer:" in line for line in rejection.messages)
    options_problems(value)


@given(st.text(alphabet="<>&!@#|;:/ahtpmchnelU0 \n", max_size=60))
def test_stored_text_holds_no_markup_but_known_entities(text: str) -> None:
    stored = texts.stored(text)
    bare = texts._ENTITY.sub("", stored)
    assert "<" not in bare
    assert ">" not in bare
    assert texts.stored(stored) == stored


@given(st.text(max_size=60))
def test_what_was_escaped_reads_as_it_was_written(text: str) -> None:
    escaped = html.escape(text, quote=False)
    assert texts.pings(texts.stored(escaped), []) == ()


async def _odd_orders(desk: Desk) -> None:
    for name in ("command", "message", "action", "options", "input", "submit", "close", "shortcut", "home"):
        assert (await desk.page(name, "srbot"))["error"] == "user_not_found"
    for name in ("action", "options"):
        assert (await desk.page(name))["error"] == "no_such_element"
    for name in ("input", "submit", "close"):
        assert (await desk.page(name))["error"] == "not_found"
    assert (await desk.page("command", channel="C0NOWHERE1", text="/sr"))["error"] == "channel_not_found"


test_orders_that_point_nowhere_are_refused = sandboxed(_odd_orders)


def test_further_scopes_show_more(tmp_path: Path) -> None:
    scopes = "".join(f"      - {scope}\n" for scope in ("team:read", "users:read.email", "im:read", "im:history"))
    options = altered(tmp_path, "      - groups:read\n", f"      - groups:read\n{scopes}")

    async def scenario(desk: Desk) -> None:
        assert (await desk.api("team.info"))["team"]["id"] == "T0SANDBOX1"
        guest = (await desk.api("users.info", user="U0GUEST001"))["user"]
        assert guest["profile"]["email"] == "guest@sandbox.example"
        direct = (await desk.api("conversations.info", channel="D0GUEST001"))["channel"]
        assert (direct["user"], direct["is_im"]) == ("U0GUEST001", True)
        sent = [await desk.api("chat.postMessage", channel="D0GUEST001", text=f"{n}") for n in range(3)]
        await desk.api("chat.postMessage", channel="D0GUEST001", text="r", thread_ts=sent[0]["ts"])
        page = await desk.api("conversations.history", channel="D0GUEST001", limit=2)
        assert ([each["text"] for each in page["messages"]], page["has_more"]) == (["2", "1"], True)
        cursor = page["response_metadata"]["next_cursor"]
        last = await desk.api("conversations.history", channel="D0GUEST001", cursor=cursor)
        assert (last["messages"][0]["reply_count"], last["has_more"]) == (1, False)
        between = {"oldest": sent[0]["ts"], "latest": sent[2]["ts"]}
        some = await desk.api("conversations.history", channel="D0GUEST001", **between)
        assert [each["text"] for each in some["messages"]] == ["1"]
        every = await desk.api("conversations.history", channel="D0GUEST001", inclusive=True, **between)
        assert len(every["messages"]) == 3

    asyncio.run(play(tmp_path / "data", scenario, options))
