"""The Home tab (docs.slack.dev: views.publish, home tab views)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.contract.slack.desk import Json, actions, button, mrkdwn, plain, section, text_input
from tests.contract.slack.rows import OK, Row, refused

PUBLISH = "views.publish"
SHARED = "bolt-js issue 1948"
WRONG_TYPE = "node-slack-sdk issue 925"


def home(*blocks: Json, **more: object) -> Json:
    return {"type": "home", "blocks": list(blocks)} | more


MINE: Json = {"user_id": "{requester}", "view": home(section("home"))}


def _row(name: str, more: Json, expected: Json, *, source: str = PUBLISH, says: str = "", guess: bool = False) -> Row:
    return Row(name, PUBLISH, MINE | more, expected, source, says=says, guess=guess, home=True)


HOMES = (
    _row("publish", {}, OK, says='"root_view_id": "V0'),
    Row("publish-without-home", PUBLISH, MINE, refused("not_enabled"), PUBLISH, home=False),
    Row("publish-app-token", PUBLISH, MINE, refused("not_allowed_token_type"), "tokens", token="app", home=True),
    _row("publish-to-a-guest", {"user_id": "{guest}"}, OK),
    # The answer is ok, and yet that person is shown nothing.
    _row("publish-to-a-stranger", {"user_id": "{stranger}"}, OK, source=SHARED),
    _row("publish-to-nobody", {"user_id": "U0NOBODY01"}, refused("user_not_found"), guess=True),
    _row("publish-to-no-user", {"user_id": ""}, refused("invalid_arguments"), says="missing required field: user_id"),
    _row("publish-nothing", {"view": ""}, refused("invalid_arguments")),
    _row(
        "publish-a-modal",
        {"view": {"type": "modal", "title": plain("x"), "blocks": []}},
        refused("invalid_arguments"),
        source=WRONG_TYPE,
        says="must be a valid enum value [json-pointer:/view/type]",
    ),
    _row("publish-too-much", {"view": home(*[section("x" * 2999)] * 90)}, refused("view_too_large")),
    # What a hash means where nothing was published yet is nowhere said.
    _row("publish-hash-of-nothing", {"hash": "1.x"}, refused("hash_conflict"), guess=True),
)


@dataclass(frozen=True, slots=True)
class HomeLimit:
    """A Home and what is wrong with it, if anything."""

    name: str
    view: Json
    says: str | None


HOME_LIMITS = (
    HomeLimit("no blocks", home(), None),
    HomeLimit("100 blocks", home(*[{"type": "divider"}] * 100), None),
    HomeLimit(
        "101 blocks",
        home(*[{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    HomeLimit("blocks that are missing", {"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
    HomeLimit("an input, which needs no submit here", home(text_input()), None),
    HomeLimit("a title", home(title=plain("x")), "invalid additional property: title [json-pointer:/view]"),
    HomeLimit("a submit", home(submit=plain("x")), "invalid additional property: submit [json-pointer:/view]"),
    # java-slack-sdk pull request 277.
    HomeLimit(
        "a flag of modals",
        home(notify_on_close=True),
        "invalid additional property: notify_on_close [json-pointer:/view]",
    ),
    HomeLimit(
        "a table",
        home({"type": "table", "rows": []}),
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
    HomeLimit(
        "markdown",
        home({"type": "markdown", "text": "x"}),
        "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
    ),
    HomeLimit(
        "a text of 3001",
        home(section("x" * 3001)),
        "must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]",
    ),
    HomeLimit(
        "a header in mrkdwn",
        home({"type": "header", "text": mrkdwn("x")}),
        "must be a valid enum value [json-pointer:/view/blocks/0/text/type]",
    ),
    HomeLimit(
        "26 buttons",
        home(actions(*[button(f"b{n}") for n in range(26)])),
        "no more than 25 items allowed [json-pointer:/view/blocks/0/elements]",
    ),
    HomeLimit(
        "the same block_id",
        home(section(block_id="a"), section(block_id="a")),
        '`block_id` "a" already exists [json-pointer:/view/blocks/1/block_id]',
    ),
    HomeLimit("private_metadata of 3000", home(private_metadata="x" * 3000), None),
    HomeLimit(
        "private_metadata of 3001",
        home(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    HomeLimit(
        "callback_id of 256",
        home(callback_id="x" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
)
