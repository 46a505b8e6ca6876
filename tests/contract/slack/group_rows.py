"""User groups (docs.slack.dev: usergroups.list, usergroups.users.list)."""

from __future__ import annotations

from tests.contract.slack.rows import OK, Row, refused

LIST = "usergroups.list"
USERS = "usergroups.users.list"
_DISABLED = (("control/usergroup", {"usergroup": "S0STORADM1", "disabled": True}),)
_MOVED = (("control/usergroup", {"usergroup": "S0SECURITY", "users": ["U0OUTSIDE1"]}),)
_LEFT = (("control/user", {"user": "U0APPROVE2", "deleted": True}),)

GROUPS = (
    Row("groups", LIST, {}, OK, LIST, says="S0SECURITY", omits=('"users"', '"user_count"')),
    Row("groups-users", LIST, {"include_users": True}, OK, LIST, says='"users": ["U0APPROVE1", "U0APPROVE2"]'),
    # The samples show the count as a text here and as a number there.
    Row("groups-count", LIST, {"include_count": True}, OK, LIST, says='"user_count": 2', guess=True),
    Row(
        "groups-security",
        LIST,
        {"include_users": True},
        OK,
        LIST,
        says='"users": ["U0OUTSIDE1"]',
        omits=("U0SECURE01",),
        before=_MOVED,
    ),
    Row(
        "groups-disabled", LIST, {"include_users": True}, OK, LIST, omits=("S0STORADM1", "U0APPROVE1"), before=_DISABLED
    ),
    Row(
        "groups-disabled-too",
        LIST,
        {"include_users": True, "include_disabled": True},
        OK,
        LIST,
        says='"date_delete": 1',
        omits=('"users": []',),
        before=_DISABLED,
    ),
    # Whether a deactivated person leaves their groups at once is nowhere said: nobody should rely on it.
    Row("groups-deactivated", LIST, {"include_users": True}, OK, LIST, says="U0APPROVE2", before=_LEFT, guess=True),
    Row("groups-app-token", LIST, {}, refused("not_allowed_token_type"), "tokens", token="app"),
    Row(
        "group",
        USERS,
        {"usergroup": "S0STORADM1"},
        {"ok": True, "users": ["U0APPROVE1", "U0APPROVE2"]},
        USERS,
    ),
    Row("group-unknown", USERS, {"usergroup": "S0NOBODY01"}, refused("no_such_subteam"), USERS),
    Row("group-disabled", USERS, {"usergroup": "S0STORADM1"}, refused("no_such_subteam"), USERS, before=_DISABLED),
    Row(
        "group-disabled-too",
        USERS,
        {"usergroup": "S0STORADM1", "include_disabled": True},
        {"ok": True, "users": ["U0APPROVE1", "U0APPROVE2"]},
        USERS,
        before=_DISABLED,
    ),
)
