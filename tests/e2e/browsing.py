"""The page in Chromium, in a thread of its own.

Playwright runs an event loop in the thread that starts it and allows one there; the tests of the page alone have
theirs in the main thread, and all of them may run in one process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Playwright, ViewportSize, expect, sync_playwright

from tests.e2e.sandboxes import Sandbox

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SIZE = (1400, 1000)
PATIENCE_MS = 30_000
SCENE_WITHIN = 100.0


@dataclass(frozen=True)
class Theatre:
    """Where scenes are played: each gets a page of its own, on which the requester sees #storage."""

    thread: ThreadPoolExecutor
    browser: Browser
    sandbox: Sandbox

    def play(self, scene: Callable[[Visit], None]) -> None:
        self.thread.submit(self._play, scene).result(SCENE_WITHIN)

    def _play(self, scene: Callable[[Visit], None]) -> None:
        complaints: list[str] = []
        size: ViewportSize = {"width": SIZE[0], "height": SIZE[1]}
        with self.browser.new_context(viewport=size, reduced_motion="reduce") as context:
            page = context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{self.sandbox.page_url}/#user={self.sandbox.id_of('requester')}&channel={self.sandbox.storage}")
            page.get_by_test_id("composer").wait_for()
            scene(Visit(page, self.sandbox))
        assert complaints == []


@contextmanager
def theatre(program: Path, sandbox: Sandbox) -> Iterator[Theatre]:
    expect.set_options(timeout=PATIENCE_MS)
    with ThreadPoolExecutor(1, "browser") as thread:
        playwright: Playwright = thread.submit(sync_playwright().start).result()
        try:
            launch = playwright.chromium.launch
            browser = thread.submit(launch, executable_path=program, args=ARGUMENTS).result()
            yield Theatre(thread, browser, sandbox)
            thread.submit(browser.close).result()
        finally:
            thread.submit(playwright.stop).result()


@dataclass(frozen=True)
class Visit:
    """What a person does at the page."""

    page: Page
    sandbox: Sandbox

    def types(self, text: str) -> None:
        field = self.page.get_by_test_id("composer").locator("textarea")
        field.fill(text)
        field.press("Enter")

    def becomes(self, role: str) -> None:
        self.page.get_by_test_id("switcher").click()
        user = self.sandbox.id_of(role)
        self.page.get_by_test_id("listbox").locator(f"[data-value={user}]").click()
        expect(self.page.get_by_test_id("switcher")).to_have_attribute("data-user", user)

    def message(self, *texts: str) -> Locator:
        """Give the newest message of the channel that says all this."""
        found = self.page.get_by_test_id("message-list").locator("[data-ts]")
        for text in texts:
            found = found.filter(has_text=text)
        return found.last

    def private(self, text: str) -> Locator:
        return self.page.get_by_test_id("message-list").locator("[data-ephemeral=true]", has_text=text).last

    def presses(self, card: Locator, label: str) -> None:
        card.get_by_role("button", name=label, exact=True).click()

    def answers(self, answer: str) -> None:
        """Answer the question of a button: confirm or deny."""
        self.page.locator(f"[data-answer={answer}]").click()

    def opens_menu(self, card: Locator, action: str) -> Locator:
        card.locator(f"[data-action-id={action}]").click()
        menu = self.page.get_by_test_id("listbox")
        expect(menu).to_be_visible()
        return menu

    def searches(self, text: str) -> None:
        self.page.get_by_test_id("listbox-search").fill(text)
