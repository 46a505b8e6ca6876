"""auth.test, api.test, apps.connections.open and team.info (docs.slack.dev)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.limits import CONNECTIONS, GENEROUS, TIER_3
from deploy.sandbox.slack.methods.calls import Call, Method
from deploy.sandbox.slack.workspace.model import APP, BOT, BOT_USER, DOMAIN, TEAM, TEAM_NAME

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack


def auth_test(slack: Slack, _call: Call) -> Json:
    return {
        "url": f"https://{DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": slack.workspace.users[BOT_USER].name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
        "app_id": APP,
        "app_name": slack.manifest.name,
    }


def api_test(_slack: Slack, call: Call) -> Json:
    if error := call.optional("error"):
        raise ApiError(error, args=call.args)
    return {"args": call.args}


def connections_open(slack: Slack, _call: Call) -> Json:
    address = slack.url.replace("http", "ws", 1)
    return {"url": f"{address}/socket?ticket={slack.hub.ticket()}&app_id={APP}"}


def team_info(_slack: Slack, _call: Call) -> Json:
    team = {"id": TEAM, "name": TEAM_NAME, "domain": DOMAIN, "email_domain": "", "icon": {}}
    return {"team": team | {"url": f"https://{DOMAIN}.slack.com/"}}


METHODS = {
    "api.test": Method(api_test, GENEROUS, token=None),
    "auth.test": Method(auth_test, GENEROUS),
    "apps.connections.open": Method(connections_open, CONNECTIONS, token="app"),  # noqa: S106 - a kind of token
    "team.info": Method(team_info, TIER_3, scopes=("team:read",)),
}
