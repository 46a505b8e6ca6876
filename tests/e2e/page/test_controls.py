from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.page import sample_app

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from deploy.sandbox.slack.serving import Running

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("app")]


@pytest.fixture
def card(page: Page) -> Locator:
    return asked_for(page, "/sr add")


@pytest.fixture
def large_card(page: Page) -> Locator:
    """Its menu has ten thousand entries."""
    return asked_for(page, "/sr add large")


def asked_for(page: Page, command: str) -> Locator:
    field = page.get_by_test_id("composer").locator("textarea")
    field.fill(command)
    field.press("Enter")
    shown = page.get_by_test_id("message-list").locator("[data-ts]", has_text="Add storage")
    shown.wait_for()
    return shown


def open_form(page: Page, card: Locator) -> Locator:
    card.locator("[data-action-id=form]").click()
    modal = page.get_by_test_id("modal")
    expect(modal).to_be_visible()
    return modal


def test_a_menu_of_ten_thousand_entries_is_searched_and_picked_by_keyboard(page: Page, large_card: Locator) -> None:
    large_card.locator("[data-action-id=lun]").click()
    expect(page.get_by_role("option")).to_have_count(10_000)
    page.get_by_test_id("listbox-search").fill("LUN 7777")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(large_card).to_contain_text("picked 7777")
    expect(large_card.locator("[data-action-id=lun]")).to_contain_text("LUN 7777")


def test_an_open_menu_survives_a_change_elsewhere_in_its_card(
    page: Page, card: Locator, slack: Running, client: WebClient
) -> None:
    card.locator("[data-action-id=lun]").click()
    ts = card.get_attribute("data-ts") or ""
    client.chat_update(channel=slack.channels["storage"], ts=ts, text="card", blocks=sample_app.card("later"))
    client.chat_postMessage(channel=slack.channels["storage"], thread_ts=ts, text="a line in the thread")
    expect(card).to_contain_text("later")
    expect(card.get_by_test_id("thread-summary")).to_contain_text("1 reply")
    expect(page.get_by_test_id("listbox")).to_be_visible()


def test_entries_from_the_app_are_asked_for_from_the_first_character_on(page: Page, card: Locator) -> None:
    card.locator("[data-action-id=target]").click()
    expect(page.get_by_test_id("listbox")).to_contain_text("Type at least 1 character")
    page.get_by_test_id("listbox-search").fill("77")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(card).to_contain_text("target 77")


def test_a_button_with_a_question_acts_only_after_yes(page: Page, card: Locator) -> None:
    button = card.locator("[data-action-id=approve]")
    button.click()
    page.locator("[data-answer=deny]").click()
    expect(page.get_by_test_id("confirm")).to_have_count(0)
    expect(card).to_contain_text("asked")
    button.click()
    page.locator("[data-answer=confirm]").click()
    expect(card).to_contain_text("approved")


def test_a_click_that_nobody_acknowledges_says_so_beside_the_button(card: Locator) -> None:
    button = card.locator("[data-action-id=deaf]")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(card.get_by_role("alert")).to_contain_text("answer within 3 seconds")


def test_a_form_shows_errors_at_the_field_and_closes_when_accepted(page: Page, card: Locator) -> None:
    modal = open_form(page, card)
    modal.locator("[data-action-id=text]").fill("taken")
    modal.get_by_test_id("modal-submit").click()
    expect(modal.locator(".block-input[data-block-id=name]")).to_contain_text("This name is taken.")
    modal.locator("[data-action-id=text]").fill("builds")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_be_hidden()


def test_what_was_typed_lives_as_long_as_its_block_id(page: Page, card: Locator) -> None:
    modal = open_form(page, card)
    modal.locator("[data-action-id=text]").fill("builds")
    modal.locator("[data-action-id=why]").fill("gone with its block")
    modal.locator("[data-action-id=refresh]").click()
    expect(modal.get_by_role("heading")).to_contain_text("Form again")
    expect(modal.locator("[data-action-id=text]")).to_have_value("builds")
    expect(modal.locator("[data-action-id=why]")).to_have_value("")


def test_tab_stays_inside_a_modal_and_escape_closes_it(page: Page, card: Locator) -> None:
    modal = open_form(page, card)
    for _ in range(12):
        page.keyboard.press("Tab")
        expect(modal.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(modal).to_be_hidden()
    expect(card.locator("[data-action-id=form]")).to_be_focused()
