"""The fixtures themselves: the right browser is found, and a violation of the policy cannot go unseen."""

from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.browser import chromium

MARKED = "<!doctype html><title>Marked</title><body>{}<script nonce=right>document.title = 'ran'</script></body>"


def answer(request: HttpRequest, body: str) -> HttpResponse:
    policy = "default-src 'none'; script-src 'nonce-right'; style-src 'none'"
    return HttpResponse(MARKED.format(body), headers={"Content-Security-Policy": policy})


urlpatterns = [
    path("kept/", lambda request: answer(request, "<p>plain</p>")),
    path("broken/", lambda request: answer(request, "<script>document.title = 'intruder'</script>")),
    path("styled/", lambda request: answer(request, "<p style='color: red'>styled</p>")),
]


@pytest.mark.urls(__name__)
def test_a_page_that_keeps_to_the_policy_passes(page, violations):
    page.goto("/kept/")
    assert page.title() == "ran"
    assert violations == []


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "directive"), [("/broken/", "script-src"), ("/styled/", "style-src")])
def test_a_violation_is_seen(page, violations, address, directive):
    page.goto(address)
    page.wait_for_timeout(100)
    assert any(directive in violation for violation in violations)
    violations.clear()


def test_the_named_browser_comes_first(monkeypatch, tmp_path):
    named = tmp_path / "browser"
    named.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(named))
    assert chromium.find() == named
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert chromium.find() is None


def test_the_unpacked_browser_runs_without_its_sandbox(monkeypatch):
    assert "--no-sandbox" in chromium.arguments(chromium.PROJECT / ".browser" / "chromium")
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in chromium.arguments(Path("/usr/bin/chromium"))


@pytest.mark.parametrize(("value", "needed"), [("true", True), ("", False)])
def test_only_continuous_integration_insists_on_a_browser(monkeypatch, value, needed):
    monkeypatch.setenv("CI", value)
    assert chromium.must_be_found() is needed
