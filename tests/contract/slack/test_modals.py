from __future__ import annotations

from tests.contract.slack.desk import (
    AppSocket,
    Desk,
    Json,
    actions,
    button,
    modal,
    option,
    plain,
    sandboxed,
    section,
    select,
    text_input,
)


async def _opened(app: AppSocket, desk: Desk, view: Json) -> Json:
    typed = desk.command()
    trigger = (await app.answer())["trigger_id"]
    await typed
    opened = await desk.api("views.open", trigger_id=trigger, view=view)
    assert opened["ok"], opened
    return dict(opened["view"])


async def _stack(desk: Desk) -> list[Json]:
    return list((await desk.get("/page/state"))["views"])


async def _triggers(desk: Desk) -> None:
    async with desk.app() as app:
        typed = desk.command()
        trigger = (await app.answer())["trigger_id"]
        await typed
        pushed = await desk.api("views.push", trigger_id=trigger, view=modal(section()))
        assert pushed["error"] == "invalid_trigger_id"
        again = await desk.api("views.open", trigger_id=trigger, view=modal(section()))
        assert again["error"] == "exchanged_trigger_id"
        typed = desk.command()
        trigger = (await app.answer())["trigger_id"]
        await typed
        await desk.turn_clock(3.1)
        late = await desk.api("views.open", trigger_id=trigger, view=modal(section()))
        assert late["error"] == "expired_trigger_id"


test_a_trigger_opens_one_view_within_three_seconds = sandboxed(_triggers)


async def _submitted(desk: Desk) -> None:
    async with desk.app() as app:
        view = await _opened(app, desk, modal(text_input(min_length=2, max_length=4), private_metadata="id"))
        empty = await desk.page("submit", view_id=view["id"])
        assert empty == {
            "ok": True,
            "response_action": "errors",
            "errors": {"name": "Please complete this required field."},
        }
        for text, complaint in (("a", "lengthen"), ("abcde", "shorten")):
            refused = await desk.page("submit", view_id=view["id"], state=_typed(text))
            assert complaint in refused["errors"]["name"]
        task = desk.doing("submit", view_id=view["id"], state=_typed("abc"))
        payload = await app.answer()
        assert payload["type"] == "view_submission"
        assert payload["view"]["private_metadata"] == "id"
        assert payload["view"]["state"]["values"]["name"]["value"]["value"] == "abc"
        assert await task == {"ok": True, "response_action": None}
        assert await _stack(desk) == []
        assert (await desk.page("submit", view_id=view["id"]))["error"] == "not_found"


def _typed(text: str) -> Json:
    return {"values": {"name": {"value": {"type": "plain_text_input", "value": text}}}}


test_slack_checks_inputs_itself_and_then_submits_them = sandboxed(_submitted)


async def _forged(desk: Desk) -> None:
    async with desk.app() as app:
        menu = {"type": "external_select", "action_id": "find", "min_query_length": 0, "initial_option": option(5)}
        inputs = [_input("size", select(2)), _input("target", menu), _input("hosts", _boxes())]
        view = await _opened(app, desk, modal(*inputs))
        for state, error in (
            ({"size": {"pick": {"selected_option": option(7)}}}, "not_offered"),
            ({"target": {"find": {"selected_option": option(7)}}}, "not_offered"),
            ({"hosts": {"boxes": {"selected_options": [option(1), option(7)]}}}, "not_offered"),
            ({"size": {"other": {"selected_option": option(1)}}}, "no_such_element"),
            ({"other": {"pick": {"selected_option": option(1)}}}, "no_such_element"),
        ):
            assert (await desk.page("submit", view_id=view["id"], state={"values": state}))["error"] == error
            ((block_id, actions_),) = state.items()
            ((action_id, value),) = actions_.items()
            where = {"view_id": view["id"], "block_id": block_id, "action_id": action_id}
            assert (await desk.page("input", **where, value=value))["error"] == error
        values = {
            "size": {"pick": {"selected_option": option(1)}},
            "target": {"find": {"selected_option": option(5)}},
            "hosts": {"boxes": {"selected_options": [option(2), option(1)]}},
        }
        task = desk.doing("submit", view_id=view["id"], state={"values": values})
        submitted = (await app.answer())["view"]["state"]["values"]
        assert (await task)["ok"]
        assert submitted["size"]["pick"]["type"] == "static_select"
        assert submitted["size"]["pick"]["selected_option"]["value"] == "v1"
        assert submitted["target"]["find"]["selected_option"]["value"] == "v5"
        assert [each["value"] for each in submitted["hosts"]["boxes"]["selected_options"]] == ["v2", "v1"]


def _input(block_id: str, element: Json) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Pick"), "element": element}


def _boxes() -> Json:
    return {"type": "checkboxes", "action_id": "boxes", "options": [option(1), option(2)]}


test_a_form_is_submitted_with_what_it_offered_and_nothing_else = sandboxed(_forged)


async def _searched(desk: Desk) -> None:
    async with desk.app() as app:
        menu = {"type": "external_select", "action_id": "find", "min_query_length": 2}
        view = await _opened(app, desk, modal(_input("target", menu)))
        where: Json = {"container": {"type": "view", "view_id": view["id"]}, "block_id": "target", "action_id": "find"}
        assert await desk.page("options", **where, value="i") == {"ok": True, "options": []}
        task = desk.doing("options", **where, value="iq")
        asked = await app.answer({"options": [option(3)]})
        assert (asked["view"]["id"], asked["container"]["type"]) == (view["id"], "view")
        assert (await task)["options"] == [option(3)]
        values = {"target": {"find": {"selected_option": option(3)}}}
        task = desk.doing("submit", view_id=view["id"], state={"values": values})
        submitted = (await app.answer())["view"]["state"]["values"]
        assert (await task)["ok"]
        assert submitted["target"]["find"]["selected_option"] == option(3)


test_a_menu_of_a_form_asks_the_app_and_submits_what_it_offered = sandboxed(_searched)


async def _answers(desk: Desk) -> None:
    async with desk.app() as app:
        view = await _opened(app, desk, modal(text_input() | {"optional": True}))
        for answer, error in (
            ({"response_action": "errors", "errors": {"other": "x"}}, "invalid_errors"),
            ({"response_action": "dance"}, "invalid_response_action"),
            ({"response_action": "update", "view": {"type": "modal"}}, "invalid_arguments"),
        ):
            assert (await _submit(app, desk, view, answer))["error"] == error
        refused = await _submit(app, desk, view, {"response_action": "errors", "errors": {"name": "taken"}})
        assert refused == {"ok": True, "response_action": "errors", "errors": {"name": "taken"}}
        updated = {"response_action": "update", "view": modal(section("two"))}
        assert (await _submit(app, desk, view, updated))["response_action"] == "update"
        (now,) = await _stack(desk)
        assert now["id"] == view["id"]
        assert now["hash"] != view["hash"]
        for _ in range(2):
            await _submit(app, desk, (await _stack(desk))[-1], {"response_action": "push", "view": modal(section())})
        full = await _submit(app, desk, view, {"response_action": "push", "view": modal(section())})
        assert full["error"] == "push_limit_reached"
        root, second, third = await _stack(desk)
        assert (third["previous_view_id"], third["root_view_id"]) == (second["id"], root["id"])
        await _submit(app, desk, third, {"response_action": "clear"})
        assert await _stack(desk) == []


async def _submit(app: AppSocket, desk: Desk, view: Json, answer: Json) -> Json:
    task = desk.doing("submit", view_id=view["id"])
    await app.answer(answer)
    return await task


test_a_submission_is_answered_by_errors_update_push_or_clear = sandboxed(_answers)


async def _timeout(desk: Desk) -> None:
    async with desk.app() as app:
        view = await _opened(app, desk, modal(section()))
        task = desk.doing("submit", view_id=view["id"])
        await app.next()
        await desk.turn_clock(3.1)
        assert (await task)["error"] == "operation_timeout"
        assert len(await _stack(desk)) == 1


test_a_submission_without_an_ack_leaves_the_view_open = sandboxed(_timeout)


async def _updates(desk: Desk) -> None:
    async with desk.app() as app:
        view = await _opened(app, desk, modal(text_input(), text_input("other"), external_id="form"))
        await desk.page(
            "input",
            view_id=view["id"],
            block_id="name",
            action_id="value",
            value={"type": "plain_text_input", "value": "typed"},
        )
        wrong = await desk.api("views.update", view_id=view["id"], hash="1.x", view=modal())
        assert wrong["error"] == "hash_conflict"
        new = modal(text_input(), text_input("third", initial_value="fresh"))
        updated = await desk.api("views.update", external_id="form", hash=view["hash"], view=new)
        values = updated["view"]["state"]["values"]
        assert values["name"]["value"]["value"] == "typed"
        assert values["third"]["value"]["value"] == "fresh"
        assert "other" not in values
        assert (await desk.api("views.update", view_id=view["id"], view=modal(section("x" * 3001))))["ok"] is False


test_an_update_keeps_what_was_typed_where_the_ids_are_the_same = sandboxed(_updates)


async def _external_id(desk: Desk) -> None:
    async with desk.app() as app:
        await _opened(app, desk, modal(section(), external_id="one"))
        trigger = desk.server.slack.triggers.issue(desk.user("outsider"))
        twice = await desk.api("views.open", trigger_id=trigger, view=modal(external_id="one"))
        assert twice["error"] == "duplicate_external_id"
        large = modal(*[section("x" * 2999) for _ in range(90)])
        assert (await desk.api("views.open", trigger_id="x", view=large))["error"] == "view_too_large"


test_an_external_id_is_unique_and_a_view_has_a_size = sandboxed(_external_id)


async def _pushed(desk: Desk) -> None:
    async with desk.app() as app:
        root = await _opened(app, desk, modal(actions(button("deeper")), notify_on_close=True))
        click = desk.doing(
            "action",
            container={"type": "view", "view_id": root["id"]},
            block_id=root["blocks"][0]["block_id"],
            action_id="deeper",
        )
        payload = await app.answer()
        await click
        assert payload["container"] == {"type": "view", "view_id": root["id"]}
        assert not {"message", "channel", "response_url"} & payload.keys()
        above = modal(section(), notify_on_close=True)
        pushed = await desk.api("views.push", trigger_id=payload["trigger_id"], view=above)
        closing = desk.doing("close", view_id=pushed["view"]["id"], cleared=False)
        closed = await app.answer()
        await closing
        assert (closed["type"], closed["view"]["id"], closed["is_cleared"]) == (
            "view_closed",
            pushed["view"]["id"],
            False,
        )
        closing = desk.doing("close", view_id=root["id"], cleared=True)
        assert (await app.answer())["is_cleared"] is True
        await closing
        assert await _stack(desk) == []


test_a_view_is_pushed_from_a_click_and_cancel_differs_from_x = sandboxed(_pushed)


async def _clear_on_close(desk: Desk) -> None:
    async with desk.app() as app:
        view = await _opened(app, desk, modal(section(), clear_on_close=True, close=plain("No")))
        assert await desk.page("close", view_id=view["id"], cleared=False) == {"ok": True}
        assert await _stack(desk) == []
        nowhere = await desk.page(
            "action", container={"type": "view", "view_id": view["id"]}, block_id="b", action_id="a"
        )
        assert nowhere["error"] == "no_such_element"


test_a_view_that_nobody_asked_to_hear_of_closes_silently = sandboxed(_clear_on_close)
