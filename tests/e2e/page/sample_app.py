"""A Bolt app whose card has one of everything that the page must handle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slack_bolt import Ack, App
    from slack_sdk import WebClient

Json = dict[str, Any]
FEW, MANY, PER_GROUP = 1, 100, 100
"""How many groups a menu has: to draw ten thousand entries takes a browser seconds."""


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(number: int) -> Json:
    return {"text": plain(f"LUN {number}"), "value": str(number)}


def lun_menu(count: int) -> Json:
    groups = [
        {"label": plain(f"Array {group}"), "options": [option(group * PER_GROUP + n) for n in range(PER_GROUP)]}
        for group in range(count)
    ]
    return {"type": "static_select", "action_id": "lun", "placeholder": plain("Choose a LUN"), "option_groups": groups}


def approve_button() -> Json:
    question = {
        "title": plain("Approve it?"),
        "text": plain("A LUN is erased."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    return {"type": "button", "action_id": "approve", "style": "primary", "text": plain("Approve"), "confirm": question}


def card(news: str, groups: int = FEW) -> list[Json]:
    target = {
        "type": "external_select",
        "action_id": "target",
        "placeholder": plain("Choose a target"),
        "min_query_length": 1,
    }
    buttons = [{"type": "button", "action_id": name, "text": plain(name)} for name in ("form", "deaf")]
    return [
        {"type": "header", "block_id": "title", "text": plain("Add storage")},
        {"type": "actions", "block_id": "controls", "elements": [lun_menu(groups), target, approve_button(), *buttons]},
        {"type": "context", "block_id": "news", "elements": [{"type": "mrkdwn", "text": news}]},
    ]


def form(reason_block: str, title: str) -> Json:
    refresh = {"type": "button", "action_id": "refresh", "text": plain("Refresh")}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": plain("Name"),
                "element": {"type": "plain_text_input", "action_id": "text"},
            },
            {
                "type": "input",
                "block_id": reason_block,
                "label": plain("Reason"),
                "optional": True,
                "element": {"type": "plain_text_input", "action_id": "why"},
            },
            {"type": "actions", "block_id": "more", "elements": [refresh]},
        ],
    }


def home(user: str, news: str) -> Json:
    buttons = [{"type": "button", "action_id": name, "text": plain(name)} for name in ("touch", "form", "deaf")]
    colours = [{"text": plain(name), "value": name} for name in ("red", "blue")]
    menu = {"type": "static_select", "action_id": "colour", "placeholder": plain("Colour"), "options": colours}
    return {
        "type": "home",
        "blocks": [
            {"type": "section", "block_id": "whose", "text": {"type": "mrkdwn", "text": f"Home of <@{user}>: {news}"}},
            {"type": "actions", "block_id": "controls", "elements": [*buttons, menu]},
        ],
    }


def publish(client: WebClient, user: str, news: str) -> None:
    client.views_publish(user_id=user, view=home(user, news))


def edit(client: WebClient, body: Json, news: str) -> None:
    _, controls, _ = body["message"]["blocks"]
    blocks = card(news, len(controls["elements"][0]["option_groups"]))
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=news, blocks=blocks)


def listen(app: App) -> None:
    app.command("/sr")(on_command)
    app.action("lun")(on_lun)
    app.action("target")(on_target)
    app.options("target")(on_options)
    app.action("approve")(on_approve)
    app.action("form")(on_form)
    app.action("refresh")(on_refresh)
    app.view("form")(on_submit)
    app.event("app_home_opened")(on_home)
    app.shortcut("add")(on_form)
    app.action("touch")(on_touch)
    app.action("colour")(on_colour)


def on_command(ack: Ack, command: Json, client: WebClient) -> None:
    groups = {"add": FEW, "add large": MANY}.get(command["text"])
    if groups is None:
        ack("I don't know that. Did you mean `/sr add`?")
        return
    ack()
    client.chat_postMessage(channel=command["channel_id"], text="card", blocks=card("asked", groups))


def on_lun(ack: Ack, body: Json, client: WebClient, action: Json) -> None:
    ack()
    edit(client, body, f"picked {action['selected_option']['value']}")


def on_target(ack: Ack, body: Json, client: WebClient, action: Json) -> None:
    ack()
    edit(client, body, f"target {action['selected_option']['value']}")


def on_options(ack: Ack, payload: Json) -> None:
    ack(options=[option(number) for number in range(100) if payload["value"] in str(number)])


def on_approve(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    edit(client, body, "approved")


def on_form(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=form("reason", "Form"))


def on_refresh(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    client.views_update(view_id=body["view"]["id"], view=form("reason-2", "Form again"))


def on_submit(ack: Ack, view: Json) -> None:
    if view["state"]["values"]["name"]["text"]["value"] == "taken":
        ack(response_action="errors", errors={"name": "This name is taken."})
    else:
        ack()


def on_home(event: Json, client: WebClient) -> None:
    if event["tab"] == "home" and "view" not in event:
        publish(client, event["user"], "welcome")


def on_touch(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    publish(client, body["user"]["id"], "touched")


def on_colour(ack: Ack, body: Json, client: WebClient, action: Json) -> None:
    ack()
    publish(client, body["user"]["id"], f"likes {action['selected_option']['value']}")
