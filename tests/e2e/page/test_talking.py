from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from deploy.sandbox.slack.serving import Running

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=alert(1)> &lt;!channel&gt; *bold* `code` <javascript:alert(1)|press> iqn.2001-05.com:a_b_c"
)


def say(page: Page, text: str) -> None:
    field = page.get_by_test_id("composer").locator("textarea")
    field.fill(text)
    field.press("Enter")


def test_what_others_wrote_is_never_parsed_as_html(page: Page, slack: Running, client: WebClient) -> None:
    client.chat_postMessage(channel=slack.channels["storage"], text=HOSTILE)
    text = page.get_by_test_id("message-list").locator(".text").last
    expect(text).to_contain_text("<!channel> bold code <javascript:alert(1)|press> iqn.2001-05.com:a_b_c")
    expect(text.locator("img, a, em, .mention")).to_have_count(0)


def test_a_command_that_nobody_hears_is_answered_as_slack_does(page: Page) -> None:
    say(page, "/sr add")
    expect(page.locator("[data-ephemeral=true]")).to_contain_text("dispatch_failed")


@pytest.mark.usefixtures("app")
def test_a_private_answer_is_marked_and_only_its_person_sees_it(page: Page, slack: Running) -> None:
    say(page, "/sr ad")
    expect(page.locator("[data-ephemeral=true]")).to_contain_text("Only visible to you")
    page.keyboard.press("Alt+2")
    expect(page.get_by_test_id("switcher")).to_have_attribute("data-user", slack.users["approver-1"])
    expect(page.locator("[data-ephemeral=true]")).to_have_count(0)


@pytest.mark.usefixtures("app")
def test_the_composer_completes_commands_and_remembers_what_was_sent(page: Page) -> None:
    field = page.get_by_test_id("composer").locator("textarea")
    field.press_sequentially("/s")
    expect(page.get_by_test_id("commands").first.get_by_role("option")).to_contain_text("/sr")
    field.press("Tab")
    field.press_sequentially("help")
    field.press("Enter")
    expect(page.locator("[data-ephemeral=true]")).to_contain_text("Did you mean")
    field.press("ArrowUp")
    expect(field).to_have_value("/sr help")


def test_replies_stand_in_the_thread_and_are_counted_on_their_parent(page: Page) -> None:
    say(page, "a question")
    page.get_by_test_id("message-list").locator("[data-ts]").hover()
    page.get_by_test_id("reply-in-thread").click()
    field = page.get_by_test_id("thread-composer").locator("textarea")
    for text in ("first", "second"):
        field.fill(text)
        field.press("Enter")
        expect(page.get_by_test_id("thread-pane").locator(".text", has_text=text)).to_be_visible()
    expect(page.get_by_test_id("thread-summary")).to_contain_text("2 replies")


def test_another_person_is_chosen_from_the_switcher(page: Page, slack: Running) -> None:
    page.get_by_test_id("switcher").click()
    page.get_by_test_id("listbox").locator(f"[data-value={slack.users['guest']}]").click()
    expect(page.get_by_test_id("switcher")).to_have_attribute("data-user", slack.users["guest"])
    assert f"user={slack.users['guest']}" in page.url


def test_a_menu_without_a_search_field_is_used_by_keyboard(page: Page, slack: Running) -> None:
    switcher = page.get_by_test_id("switcher")
    expect(switcher).to_have_attribute("data-user", slack.users["requester"])
    switcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="Act as")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(switcher).to_have_attribute("data-user", slack.users["approver-1"])
