"""users.*, usergroups.* and bots.info (docs.slack.dev)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.limits import TIER_2, TIER_3, TIER_4
from deploy.sandbox.slack.methods.calls import Call, Method
from deploy.sandbox.slack.workspace.model import APP, BOT, BOT_USER, SLACKBOT, TEAM, User, Usergroup

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack


def _user(slack: Slack, user: User) -> Json:
    profile: Json = {"display_name": user.name, "real_name": user.real_name}
    if "users:read.email" in slack.scopes and not user.is_bot:
        profile["email"] = f"{user.name}@sandbox.example"
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": "Etc/UTC",
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": user.is_stranger,
        "updated": 0,
    }


def info(slack: Slack, call: Call) -> Json:
    return {"user": _user(slack, slack.workspace.user(call.text("user")))}


def everybody(slack: Slack, call: Call) -> Json:
    members = [_user(slack, user) for user in slack.workspace.users.values() if not user.is_stranger]
    return call.page(members, "members", default=1000)


def _group(group: Usergroup, call: Call) -> Json:
    """Show a group; who disabled it and when is all that tells a disabled one, which keeps its users."""
    shown: Json = {
        "id": group.id,
        "team_id": TEAM,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 1,
        "date_update": 1,
        "date_delete": 1 if group.disabled else 0,
        "auto_type": None,
        "created_by": SLACKBOT,
        "updated_by": SLACKBOT,
        "deleted_by": SLACKBOT if group.disabled else None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.flag("include_users"):
        shown["users"] = list(group.users)
    return shown | ({"user_count": len(group.users)} if call.flag("include_count") else {})


def groups(slack: Slack, call: Call) -> Json:
    wanted = [
        each for each in slack.workspace.usergroups.values() if not each.disabled or call.flag("include_disabled")
    ]
    return {"usergroups": [_group(each, call) for each in wanted]}


def group_members(slack: Slack, call: Call) -> Json:
    group = slack.workspace.usergroups.get(call.text("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


def bot(slack: Slack, call: Call) -> Json:
    if call.optional("bot") not in {None, BOT}:
        raise ApiError("bot_not_found")
    name = slack.manifest.name
    shown = {
        "id": BOT,
        "deleted": False,
        "name": name,
        "updated": 0,
        "app_id": APP,
        "user_id": BOT_USER,
        "icons": {},
    }
    return {"bot": shown}


METHODS = {
    "users.info": Method(info, TIER_4, scopes=("users:read",)),
    "users.list": Method(everybody, TIER_2, scopes=("users:read",)),
    "usergroups.list": Method(groups, TIER_2, scopes=("usergroups:read",)),
    "usergroups.users.list": Method(group_members, TIER_2, scopes=("usergroups:read",)),
    "bots.info": Method(bot, TIER_3, scopes=("users:read",)),
}
