from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.sandbox.slack.serving import Running, start
from tests.contract.slack.manifests import manifest, options
from tests.e2e.page import sample_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slack_sdk import WebClient

pytestmark = pytest.mark.browser


@pytest.fixture
def text() -> str:
    """Give the manifest of an app with a Home tab."""
    return manifest()


@pytest.fixture
def slack(tmp_path: Path, text: str) -> Iterator[Running]:
    with start(tmp_path / "data", manifest=options(tmp_path, text).manifest) as running:
        yield running


@pytest.fixture
def home(page: Page) -> Locator:
    page.get_by_test_id("sidebar").get_by_role("button", name="srbot").click()
    page.get_by_test_id("tab-home").click()
    return page.get_by_test_id("home")


def test_a_home_that_was_never_published_says_so(home: Locator) -> None:
    expect(home).to_contain_text("published a Home for you.")


@pytest.mark.usefixtures("app")
def test_a_home_is_published_when_it_is_opened_and_its_buttons_work(home: Locator) -> None:
    expect(home).to_contain_text("Home of @requester: welcome")
    home.locator("[data-action-id=touch]").click()
    expect(home).to_contain_text("Home of @requester: touched")
    expect(home.locator("[data-action-id=touch]")).to_be_focused()


@pytest.mark.usefixtures("app")
def test_a_choice_in_a_home_reaches_the_app_and_stays(page: Page, home: Locator) -> None:
    home.locator("[data-action-id=colour]").click()
    page.get_by_role("option", name="blue").click()
    expect(home).to_contain_text("likes blue")
    expect(home.locator("[data-action-id=colour]")).to_contain_text("blue")
    page.reload()
    expect(home).to_contain_text("likes blue")
    expect(home.locator("[data-action-id=colour]")).to_contain_text("blue")


@pytest.mark.usefixtures("app")
def test_each_person_sees_a_home_of_their_own(page: Page, home: Locator, slack: Running) -> None:
    home.locator("[data-action-id=touch]").click()
    expect(home).to_contain_text("Home of @requester: touched")
    page.keyboard.press("Alt+2")
    expect(page.get_by_test_id("switcher")).to_have_attribute("data-user", slack.users["approver-1"])
    expect(home).to_contain_text("Home of @approver-1: welcome")
    page.keyboard.press("Alt+1")
    expect(home).to_contain_text("Home of @requester: touched")


@pytest.mark.usefixtures("app")
def test_a_home_that_is_published_meanwhile_appears_by_itself(home: Locator, slack: Running, client: WebClient) -> None:
    expect(home).to_contain_text("welcome")
    sample_app.publish(client, slack.users["guest"], "not yours")
    sample_app.publish(client, slack.users["requester"], "approved")
    expect(home).to_contain_text("Home of @requester: approved")


@pytest.mark.usefixtures("app")
def test_a_form_is_opened_from_a_home(page: Page, home: Locator) -> None:
    home.locator("[data-action-id=form]").click()
    modal = page.get_by_test_id("modal")
    modal.locator("[data-action-id=text]").fill("builds")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_be_hidden()
    expect(home).to_be_visible()


@pytest.mark.usefixtures("app")
def test_a_press_in_a_home_that_nobody_acknowledges_says_so(home: Locator) -> None:
    home.locator("[data-action-id=deaf]").click()
    expect(home.get_by_role("alert")).to_contain_text("answer within 3 seconds")


@pytest.mark.parametrize("text", [manifest(home=False)], ids=["messages only"])
def test_an_app_without_a_home_tab_shows_none(page: Page) -> None:
    page.get_by_test_id("sidebar").get_by_role("button", name="srbot").click()
    expect(page.get_by_test_id("tab-messages")).to_be_visible()
    expect(page.get_by_test_id("tab-home")).to_have_count(0)
