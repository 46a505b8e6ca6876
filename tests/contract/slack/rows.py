"""What Slack answers, row by row: a request, what is expected of the answer, and where that is from.

`says` is in the answer, and nothing of `omits`. `{name}` in an argument stands for the id of the channel or person
of that name. `guess` marks what Slack's documentation leaves open; `home` wants an app with or without a Home tab.
Appendices of limits: docs.slack.dev, Block Kit reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.contract.slack.desk import (
    Json,
    modal,
    section,
)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    method: str
    args: Json
    expected: Json
    source: str
    token: str | None = "bot"
    says: str = ""
    omits: tuple[str, ...] = ()
    before: tuple[tuple[str, Json], ...] = field(default=())
    guess: bool = False
    home: bool | None = None


def refused(error: str, **more: object) -> Json:
    return {"ok": False, "error": error, **more}


POST = "chat.postMessage"
OK: Json = {"ok": True}
STORAGE: Json = {"channel": "{storage}", "text": "hello"}

AUTH = (
    Row("api-test", "api.test", {"a": "b"}, {"ok": True, "args": {"a": "b"}}, "api.test", token=None),
    Row("api-test-error", "api.test", {"error": "boom"}, refused("boom"), "api.test", token=None),
    Row("auth-test", "auth.test", {}, {"ok": True, "user_id": "U0SRBOT001", "team_id": "T0SANDBOX1"}, "auth.test"),
    Row("unknown-method", "chat.postMessages", {}, refused("unknown_method"), "web API"),
    Row("not-authed", "auth.test", {}, refused("not_authed"), "web API", token=None),
    Row("invalid-auth", "auth.test", {}, refused("invalid_auth"), "web API", token="xoxb-1-2"),
    Row("app-token-on-chat", POST, STORAGE, refused("not_allowed_token_type"), "tokens", token="app"),
    Row("bot-token-on-sockets", "apps.connections.open", {}, refused("not_allowed_token_type"), "Socket Mode"),
    Row("team-info-scope", "team.info", {}, refused("missing_scope", needed="team:read"), "team.info"),
    Row(
        "open-needs-im-write",
        "conversations.open",
        {"users": "{requester}"},
        refused("missing_scope", needed="im:write"),
        "conversations.open",
    ),
    Row(
        "history-scope",
        "conversations.history",
        {"channel": "{storage}", "include_all_metadata": True},
        refused("missing_scope", needed="channels:history"),
        "conversations.history",
    ),
    Row(
        "info-of-a-dm",
        "conversations.info",
        {"channel": "D0REQUEST1"},
        refused("missing_scope", needed="im:read"),
        "conversations.info",
    ),
    Row(
        "list-of-dms",
        "conversations.list",
        {"types": "public_channel,im"},
        refused("missing_scope", needed="im:read"),
        "conversations.list",
    ),
    Row(
        "custom-name",
        POST,
        {**STORAGE, "username": "x"},
        refused("missing_scope", needed="chat:write.customize"),
        POST,
        guess=True,
    ),
)

PLACES = (
    Row("post", POST, STORAGE, {"ok": True, "channel": "C0STORAGE1"}, POST),
    Row("post-to-a-person", POST, {"channel": "{requester}", "text": "x"}, {"ok": True, "channel": "D0REQUEST1"}, POST),
    Row("post-not-in-channel", POST, {"channel": "{random}", "text": "x"}, refused("not_in_channel"), POST),
    Row("post-private", POST, {"channel": "{secrets-team}", "text": "x"}, refused("channel_not_found"), POST),
    Row("post-unknown", POST, {"channel": "C0NOWHERE1", "text": "x"}, refused("channel_not_found"), POST),
    Row("post-archived", POST, {"channel": "{archive}", "text": "x"}, refused("is_archived"), POST),
    Row("post-nothing", POST, {"channel": "{storage}"}, refused("no_text"), POST),
    Row(
        "post-no-channel",
        POST,
        {"text": "x"},
        refused("invalid_arguments"),
        POST,
        says="missing required field: channel",
    ),
    Row(
        "post-blocks-no-array", POST, {**STORAGE, "blocks": {"type": "divider"}}, refused("invalid_blocks_format"), POST
    ),
    Row("post-blocks-no-json", POST, {**STORAGE, "blocks": "[{"}, refused("invalid_blocks_format"), POST),
    Row(
        "post-metadata-shape",
        POST,
        {**STORAGE, "metadata": {"event_type": 1}},
        refused("invalid_metadata_format"),
        "message metadata",
    ),
    Row(
        "post-metadata-size",
        POST,
        {**STORAGE, "metadata": {"event_type": "x", "event_payload": {"a": "x" * 17000}}},
        refused("metadata_too_large"),
        "message metadata",
        guess=True,
    ),
    Row("post-attachments", POST, {**STORAGE, "attachments": [{}] * 101}, refused("too_many_attachments"), POST),
    Row("post-attachments-shape", POST, {**STORAGE, "attachments": {}}, refused("invalid_attachments"), POST),
    Row("post-markdown", POST, {"channel": "{storage}", "markdown_text": "*x*"}, OK, POST),
    Row("post-markdown-and-text", POST, {**STORAGE, "markdown_text": "*x*"}, refused("markdown_text_conflict"), POST),
    Row(
        "post-markdown-long",
        POST,
        {"channel": "{storage}", "markdown_text": "x" * 12001},
        refused("msg_too_long"),
        POST,
    ),
    Row(
        "post-no-such-thread",
        POST,
        {**STORAGE, "thread_ts": "1.000001"},
        refused("cannot_reply_to_message"),
        POST,
        guess=True,
    ),
    Row("post-text-type", POST, {"channel": "{storage}", "text": []}, refused("invalid_arguments"), POST, guess=True),
    Row("update-unknown", "chat.update", {**STORAGE, "ts": "1.000001"}, refused("message_not_found"), "chat.update"),
    Row(
        "update-user-id",
        "chat.update",
        {"channel": "{requester}", "text": "x", "ts": "1.000001"},
        refused("channel_not_found"),
        "chat.update",
    ),
    Row(
        "delete-unknown",
        "chat.delete",
        {"channel": "{storage}", "ts": "1.000001"},
        refused("message_not_found"),
        "chat.delete",
    ),
    Row("ephemeral", "chat.postEphemeral", {**STORAGE, "user": "{requester}"}, OK, "chat.postEphemeral"),
    Row(
        "ephemeral-stranger",
        "chat.postEphemeral",
        {**STORAGE, "user": "{stranger}"},
        refused("user_not_in_channel"),
        "chat.postEphemeral",
    ),
    Row(
        "ephemeral-nobody",
        "chat.postEphemeral",
        {**STORAGE, "user": "U0NOBODY01"},
        refused("user_not_found"),
        "chat.postEphemeral",
        guess=True,
    ),
    Row(
        "permalink-unknown",
        "chat.getPermalink",
        {"channel": "{storage}", "message_ts": "1.000001"},
        refused("message_not_found"),
        "chat.getPermalink",
    ),
)

LOOKUPS = (
    Row("user", "users.info", {"user": "{guest}"}, OK, "users.info", says='"is_restricted": true'),
    Row("user-stranger", "users.info", {"user": "{stranger}"}, OK, "users.info", says='"is_stranger": true'),
    Row("user-unknown", "users.info", {"user": "U0NOBODY01"}, refused("user_not_found"), "users.info"),
    Row("users", "users.list", {}, OK, "users.list", says="U0APPROVE1"),
    Row("users-bad-cursor", "users.list", {"cursor": "x"}, refused("invalid_cursor"), "pagination"),
    Row("users-bad-limit", "users.list", {"limit": "many"}, refused("invalid_limit"), "pagination"),
    Row("bot", "bots.info", {"bot": "B0SRBOT001"}, OK, "bots.info", says="U0SRBOT001"),
    Row("bot-unknown", "bots.info", {"bot": "B0NOBODY01"}, refused("bot_not_found"), "bots.info"),
    Row("channel", "conversations.info", {"channel": "{random}"}, OK, "conversations.info", says='"is_member": false'),
    Row(
        "channel-shared",
        "conversations.info",
        {"channel": "{partners}"},
        OK,
        "conversations.info",
        says='"is_ext_shared": true',
    ),
    Row(
        "channel-private",
        "conversations.info",
        {"channel": "{secrets-team}"},
        refused("channel_not_found"),
        "conversations.info",
    ),
    Row("channels", "conversations.list", {"exclude_archived": True}, OK, "conversations.list", says="C0RANDOM01"),
    Row("channels-type", "conversations.list", {"types": "secret"}, refused("invalid_types"), "conversations.list"),
    Row("members", "conversations.members", {"channel": "{partners}"}, OK, "conversations.members", says="U0STRANGE1"),
    Row(
        "view-not-open",
        "views.update",
        {"view_id": "V0NOWHERE1", "view": modal(section())},
        refused("not_found"),
        "views.update",
    ),
    Row(
        "trigger-invented",
        "views.open",
        {"trigger_id": "1.2.3", "view": modal(section())},
        refused("invalid_trigger_id"),
        "views.open",
    ),
)

ROWS = (*AUTH, *PLACES, *LOOKUPS)
