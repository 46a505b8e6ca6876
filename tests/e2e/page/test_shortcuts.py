from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.sandbox.slack.serving import Running, start
from tests.contract.slack.manifests import ADD, manifest, options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

DEAF = ADD | {"name": "Never heard", "callback_id": "deaf"}
MESSAGE = ADD | {"name": "About a message", "kind": "message", "callback_id": "message"}


@pytest.fixture
def text() -> str:
    """Give the manifest of an app with shortcuts."""
    return manifest(shortcuts=(ADD, DEAF, MESSAGE))


@pytest.fixture
def slack(tmp_path: Path, text: str) -> Iterator[Running]:
    with start(tmp_path / "data", manifest=options(tmp_path, text).manifest) as running:
        yield running


def menu(page: Page) -> Locator:
    return page.get_by_test_id("composer").get_by_test_id("shortcuts")


@pytest.mark.usefixtures("app")
def test_the_menu_lists_global_shortcuts_and_opens_a_form_by_keyboard(page: Page) -> None:
    expect(menu(page)).to_be_visible()
    menu(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("option").first).to_contain_text("Asks for storage by a form")
    page.keyboard.press("Enter")
    modal = page.get_by_test_id("modal")
    expect(modal).to_have_attribute("data-callback-id", "form")
    page.keyboard.press("Escape")
    expect(modal).to_be_hidden()
    expect(menu(page)).to_be_focused()


@pytest.mark.usefixtures("app")
def test_a_shortcut_that_nobody_acknowledges_says_so_beside_the_composer(page: Page) -> None:
    menu(page).click()
    page.get_by_role("option", name="Never heard").click()
    expect(menu(page)).to_have_attribute("aria-busy", "true")
    expect(page.get_by_test_id("composer").get_by_role("alert")).to_contain_text("answer within 3 seconds")


@pytest.mark.usefixtures("app")
def test_the_next_shortcut_takes_the_complaint_away(page: Page) -> None:
    trouble = page.get_by_test_id("composer").get_by_role("alert")
    menu(page).click()
    page.get_by_role("option", name="Never heard").click()
    expect(trouble).to_be_visible()
    menu(page).click()
    page.get_by_role("option", name="Add storage").click()
    expect(page.get_by_test_id("modal")).to_be_visible()
    expect(trouble).to_be_hidden()


@pytest.mark.usefixtures("app")
def test_a_thread_has_the_same_menu(page: Page) -> None:
    page.get_by_test_id("composer").locator("textarea").fill("a question")
    page.keyboard.press("Enter")
    page.get_by_test_id("message-list").locator("[data-ts]").hover()
    page.get_by_test_id("reply-in-thread").click()
    page.get_by_test_id("thread-composer").get_by_test_id("shortcuts").click()
    page.get_by_role("option", name="Add storage").click()
    expect(page.get_by_test_id("modal")).to_be_visible()


def test_a_shortcut_without_an_app_says_that_nobody_listens(page: Page) -> None:
    menu(page).click()
    page.get_by_role("option", name="Add storage").click()
    expect(page.get_by_test_id("composer").get_by_role("alert")).to_contain_text("Nobody is listening")


@pytest.mark.parametrize("text", [manifest(shortcuts=[MESSAGE])], ids=["none"])
def test_an_app_without_global_shortcuts_has_no_menu(page: Page) -> None:
    expect(page.get_by_test_id("composer").locator("textarea")).to_be_enabled()
    expect(menu(page)).to_be_hidden()
