from __future__ import annotations

import asyncio

from tests.contract.slack.desk import AppSocket, Desk, Json, actions, button, option, sandboxed, section, select


async def _post(desk: Desk, *elements: Json, **more: object) -> Json:
    args: Json = {"channel": "C0STORAGE1", "text": "card", "blocks": [actions(*elements)], **more}
    await desk.api("chat.postMessage", **args)
    return (await desk.transcript())[-1]


async def _clicked(app: AppSocket, desk: Desk, message: Json, action_id: str, **chosen: object) -> Json:
    where = desk.pointing(message, action_id)
    task = asyncio.create_task(desk.page("action", **where | chosen))
    payload = await app.answer()
    assert await task == {"ok": True}
    return payload


async def _button(desk: Desk) -> None:
    async with desk.app() as app:
        message = await _post(desk, button(style="danger"), select(3, initial_option=option(2)))
        payload = await _clicked(app, desk, message, "go")
        assert payload["type"] == "block_actions"
        assert payload["container"]["message_ts"] == message["ts"]
        assert payload["message"]["text"] == "card"
        assert payload["channel"] == {"id": "C0STORAGE1", "name": "storage"}
        (action,) = payload["actions"]
        assert (action["action_id"], action["value"], action["style"]) == ("go", "1", "danger")
        (values,) = payload["state"]["values"].values()
        assert values["pick"]["selected_option"]["value"] == "v2"


test_a_click_carries_the_stored_value_the_message_and_its_state = sandboxed(_button)


async def _forged(desk: Desk) -> None:
    async with desk.app() as app:
        message = await _post(desk, select(3), button())
        where = desk.pointing(message, "pick")
        forged = await desk.post(
            "/page/action", {"user": desk.user("requester"), **where, "selected_option": option(9)}
        )
        assert (forged.status, forged.body["error"]) == (400, "not_offered")
        renamed = await desk.page("action", **where, selected_option=option(1, "another text"))
        assert renamed["error"] == "not_offered"
        absent = await desk.post("/page/action", {"user": desk.user("requester"), **where, "action_id": "x"})
        assert (absent.status, absent.body["error"]) == (404, "no_such_element")
        payload = await _clicked(app, desk, message, "pick", selected_option=option(1))
        assert payload["actions"][0]["selected_option"]["value"] == "v1"
        later = await _clicked(app, desk, message, "go")
        (values,) = later["state"]["values"].values()
        assert values["pick"]["selected_option"]["value"] == "v1"


test_only_what_was_offered_can_be_chosen = sandboxed(_forged)


async def _many(desk: Desk) -> None:
    async with desk.app() as app:
        boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option(1), option(2)]}
        more = {"type": "overflow", "action_id": "more", "options": [option(3)]}
        message = await _post(desk, boxes, more)
        assert (await desk.click(message, "boxes", selected_options="x"))["error"] == "not_offered"
        payload = await _clicked(app, desk, message, "boxes", selected_options=[option(2)])
        assert [each["value"] for each in payload["actions"][0]["selected_options"]] == ["v2"]
        payload = await _clicked(app, desk, message, "more", selected_option=option(3))
        assert payload["actions"][0]["selected_option"]["value"] == "v3"


test_checkboxes_and_overflow_menus_carry_their_options = sandboxed(_many)


async def _failures(desk: Desk) -> None:
    message = await _post(desk, button())
    assert (await desk.click(message, "go"))["error"] == "dispatch_failed"
    assert (await desk.click(message, "go", "stranger"))["error"] == "not_in_channel"
    async with desk.app() as app:
        task = desk.click(message, "go")
        await app.next()
        await desk.turn_clock(3.1)
        assert (await task)["error"] == "operation_timeout"


test_a_click_fails_as_a_command_does = sandboxed(_failures)


async def _replaced(desk: Desk) -> None:
    async with desk.app() as app:
        card = await _post(desk, button())
        url = (await _clicked(app, desk, card, "go"))["response_url"]
        assert (await desk.post(url, {"text": "for you"})).body == {"ok": True}
        assert (await desk.post(url, {"text": "<!here> done", "replace_original": True})).body == {"ok": True}
        shown, private = await desk.transcript()
        assert (shown["ts"], shown["text"], shown["blocks"]) == (card["ts"], "<!here> done", [])
        assert (private["text"], private["to"]) == ("for you", desk.user("requester"))
        assert (await desk.post(url, {"delete_original": True})).body == {"ok": True}
        assert [each["text"] for each in await desk.transcript()] == ["for you"]


test_a_clicks_response_url_answers_replaces_and_deletes = sandboxed(_replaced)


async def _ephemeral(desk: Desk) -> None:
    async with desk.app() as app:
        sent = await desk.api(
            "chat.postEphemeral",
            channel="C0STORAGE1",
            user=desk.user("requester"),
            text="page 1",
            blocks=[section("page 1", accessory=button("next"))],
        )
        (message,) = await desk.transcript()
        assert (await desk.click(message, "next", "outsider"))["error"] == "no_such_element"
        payload = await _clicked(app, desk, message, "next")
        assert payload["container"]["is_ephemeral"]
        assert "message" not in payload
        await desk.post(payload["response_url"], {"text": "page 2", "replace_original": True})
        (shown,) = await desk.transcript()
        assert (shown["ts"], shown["text"], shown["to"]) == (sent["message_ts"], "page 2", desk.user("requester"))
        gone = await desk.api("chat.update", channel="C0STORAGE1", ts=sent["message_ts"], text="x")
        assert gone["error"] == "message_not_found"


test_an_ephemeral_is_replaced_by_its_click_only = sandboxed(_ephemeral)


def _search(least: int = 2) -> Json:
    return {"type": "external_select", "action_id": "find", "min_query_length": least}


async def _options(desk: Desk) -> None:
    async with desk.app() as app:
        message = await _post(desk, _search(), button())
        where = desk.pointing(message, "find")
        assert await desk.page("options", **where, value="i") == {"ok": True, "options": []}
        task = desk.doing("options", **where, value="iq")
        asked = await app.answer({"option_groups": [{"label": option()["text"], "options": [option(7)]}]})
        assert (asked["type"], asked["value"], asked["action_id"]) == ("block_suggestion", "iq", "find")
        assert (await task)["option_groups"][0]["options"] == [option(7)]
        assert (await desk.page("action", **where, selected_option=option(8)))["error"] == "not_offered"
        payload = await _clicked(app, desk, message, "find", selected_option=option(7))
        assert payload["actions"][0]["selected_option"] == option(7)


test_an_external_menu_asks_the_app_and_takes_only_what_it_offered = sandboxed(_options)


async def _bad_options(desk: Desk) -> None:
    message = await _post(desk, _search(0))
    where = desk.pointing(message, "find")
    assert (await desk.page("options", **where, value=""))["error"] == "dispatch_failed"
    async with desk.app() as app:
        too_many: Json = {"options": [option(n) for n in range(101)]}
        answers: tuple[Json, ...] = (too_many, {}, {"options": [], "option_groups": []})
        for answer in answers:
            task = desk.doing("options", **where, value="")
            await app.answer(answer)
            assert await task == {"ok": False, "error": "invalid_options"}


test_options_that_slack_would_not_show_are_an_error = sandboxed(_bad_options)


async def _threads(desk: Desk) -> None:
    async with desk.app() as app:
        card = await _post(desk, button("parent"))
        reply = await _post(desk, button("reply"), thread_ts=card["ts"])
        payload = await _clicked(app, desk, reply, "reply")
        assert payload["container"]["thread_ts"] == card["ts"]
        thread = await desk.get(f"/page/history?user={desk.user('guest')}&channel=C0STORAGE1&thread_ts={card['ts']}")
        assert [each["ts"] for each in thread["messages"]] == [card["ts"], reply["ts"]]
        (parent,) = (await desk.get(f"/page/history?user={desk.user('guest')}&channel=C0STORAGE1"))["messages"]
        assert (parent["reply_count"], parent["latest_reply"]) == (1, reply["ts"])
        nested = await desk.api("chat.postMessage", channel="C0STORAGE1", text="x", thread_ts=reply["ts"])
        assert nested["error"] == "cannot_reply_to_message"


test_replies_stand_in_the_thread_and_are_counted_on_its_parent = sandboxed(_threads)
