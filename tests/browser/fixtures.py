"""A real browser on a live server. Any violation of the content security policy fails the test that saw it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium

if TYPE_CHECKING:  # the whole suite reads this file
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
  console.error(`Content Security Policy: ${event.effectiveDirective} ${event.blockedURI} on ${location.pathname}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m "not browser"` leaves out everything that drives one."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import sync_playwright

    program = chromium.find()
    if program is None:
        (pytest.fail if chromium.must_be_found() else pytest.skip)(chromium.HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.arguments(program))
        yield started
        started.close()


@pytest.fixture
def violations() -> list[str]:
    """What the pages of this test were refused by the policy. A test that provokes one empties the list itself."""
    return []


@pytest.fixture
def new_context(browser, live_server, settings, violations) -> Iterator:
    """A visitor with cookies of their own: `new_context(java_script_enabled=False, viewport=…)`."""
    settings.SITE_URL = live_server.url
    opened: list[BrowserContext] = []

    def note(message: "ConsoleMessage") -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    def open_context(**options) -> "BrowserContext":
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", note)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    assert violations == []


@pytest.fixture
def page(new_context) -> "Page":
    """One visitor's tab."""
    return new_context().new_page()
