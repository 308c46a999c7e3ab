"""The look in a real browser: accessible and in place, wide, narrow and from right to left; light; helped by scripts."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path
from django.utils import translation
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from aiexports import urls
from tests.browser.looking import problems
from tests.gallery import EXAMPLES, EveryWidget, Lines

WIDTHS = [320, pytest.param(1280, marks=pytest.mark.long)]
FRAME = {"demonstration_banner", "federal_banner", "identifier"}  # around the page, not on it
LIST_ITEMS = {"navigation_links", "error_links"}
PAGE = """{% extends "base.html" %}{% block title %}Gallery{% endblock %}{% block content %}<h1>Gallery</h1>
<h2>Example</h2>"""
SELF_SAVING = f"""{PAGE}
<form method="post" data-autosave="Saved" data-autosave-failed="Not saved">{{% csrf_token %}}
<input type="hidden" name="version" value="{{{{ version }}}}"><label>Text <input name="text"></label>
<p role="status" data-saved></p><button class="usa-button" type="submit">Send</button></form>
<code id="secret">abc</code><button type="button" data-copy="secret" data-copied="Copied" hidden>Copy</button>
<div role="alert" data-key-failure="Not accepted"></div>{{% endblock %}}"""
posted: list[tuple[str, str, bool]] = []


def page_of(request: HttpRequest, content: str, context: dict[str, object]) -> HttpResponse:
    with translation.override(request.GET.get("language", "en-us")):
        return HttpResponse(engines["django"].from_string(content).render(context, request))


def gallery(request: HttpRequest, name: str, number: int) -> HttpResponse:
    included = f"{{% include 'components/{name}.html' %}}"
    content = f"<ul>{included}</ul>" if name in LIST_ITEMS else included
    return page_of(request, f"{PAGE}{content}{{% endblock %}}", EXAMPLES[name][number])


def formset(request: HttpRequest) -> HttpResponse:
    return page_of(request, f"{PAGE}<form>{{{{ formset }}}}</form>{{% endblock %}}", {"formset": Lines()})


def many(request: HttpRequest) -> HttpResponse:
    return page_of(request, f"{PAGE}<form>{{{{ form }}}}</form>{{% endblock %}}", {"form": EveryWidget()})


def self_saving(request: HttpRequest) -> HttpResponse:
    """Remembers what is posted; the version goes up with each post that is taken."""
    if request.method == "POST":
        posted.append((request.POST["version"], request.POST["text"], "stay" in request.POST))
        if request.POST["text"] == "wrong":
            return HttpResponse("refused", status=422)
    return page_of(request, SELF_SAVING, {"version": f"v{len(posted)}"})


urlpatterns = [
    *urls.urlpatterns,
    path("gallery/<str:name>/<int:number>/", gallery),
    path("formset/", formset),
    path("many/", many),
    path("self-saving/", self_saving),
    path("failing/400/", lambda request: bad_request(request, ValueError())),
    path("failing/403/", lambda request: permission_denied(request, ValueError())),
    path("failing/404/", lambda request: page_not_found(request, ValueError())),
    path("failing/429/", lambda request: render(request, "429.html")),
    path("failing/500/", server_error),
    path("failing/csrf/", lambda request: render(request, "403_csrf.html")),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.uncovered]
COMPONENTS = [
    f"/gallery/{name}/{number}/"
    for name, contexts in EXAMPLES.items()
    for number in range(len(contexts))
    if name not in FRAME
] + ["/formset/"]
FAILURES = [f"/failing/{name}/" for name in ("400", "403", "404", "429", "500", "csrf")]


@pytest.fixture(autouse=True)
def nothing_posted():
    posted.clear()


def problems_of(page, address):
    page.goto(address)
    return problems(page)


def problems_at(new_context, width, addresses):
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    return {address: found for address in addresses if (found := problems_of(page, address))}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_is_accessible_and_fits(new_context, width):
    assert problems_at(new_context, width, COMPONENTS) == {}


def test_every_component_is_mirrored_without_harm(new_context):
    assert problems_at(new_context, 320, [f"{address}?language=ar" for address in COMPONENTS]) == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_of_failures_are_accessible_and_fit(new_context, width):
    assert problems_at(new_context, width, FAILURES) == {}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("is_official", [True, False])
def test_the_frame_is_accessible_and_says_whose_site_it_is(new_context, settings, width, is_official):
    settings.OFFICIAL_SITE = is_official
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    assert problems_of(page, "/status/") == []
    assert page.get_by_text("This is a demonstration.").count() == (0 if is_official else 1)
    assert page.locator(".usa-identifier").count() == (1 if is_official else 0)
    assert page.get_by_text("Official websites use .gov").is_visible() is False


def test_the_check_itself_finds_what_is_wrong(page):
    """Without this, a broken check would find nothing and pass."""
    page.goto("/status/")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x><div id=wide></div>'")
    page.evaluate("document.getElementById('wide').style.width = '5000px'")
    assert "image-alt" in {rule["id"] for rule in Axe().run(page).response["violations"]}


def test_the_first_view_is_light_and_does_not_shift(new_context):
    """At most 100 kB compressed in at most 10 requests, all of them ours; cumulative layout shift at most 0.05."""
    page = new_context(viewport={"width": 320, "height": 800}).new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
        " window.shift += entry.value; }).observe({type: 'layout-shift', buffered: true});"
    )
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/", wait_until="networkidle")
    weights = {answer.url: min(len(gzip.compress(answer.body(), 6)), len(answer.body())) for answer in answers}
    assert sum(weights.values()) <= 100_000, weights
    assert len(weights) <= 10, list(weights)
    assert {url.split("/")[2] for url in weights} == {page.url.split("/")[2]}
    assert page.evaluate("window.shift") <= 0.05


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page):
    page.goto("/gallery/error_summary/1/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')") is True
    page.goto("/gallery/form_page/2/")
    page.locator("[data-error-summary]").get_by_role("link", name="Text", exact=True).click()
    assert page.evaluate("document.activeElement.id") == "id_text"
    page.locator("[data-error-summary]").get_by_role("link", name="One of these").click()
    assert page.evaluate("document.activeElement.id") == "id_radio"


def test_a_form_is_sent_once_however_often_one_clicks(page):
    page.goto("/self-saving/")
    page.evaluate(
        "() => { const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit(); }"
    )
    page.wait_for_load_state("networkidle")
    assert posted == [("v0", "", False)]


def test_a_form_saves_itself_and_goes_on_from_the_version_that_it_made(page):
    page.goto("/self-saving/")
    for number, text in enumerate(["one", "two"], start=1):
        page.get_by_label("Text").fill(text)
        page.get_by_label("Text").blur()
        page.wait_for_function(
            "version => document.querySelector('[name=version]').value === version", arg=f"v{number}"
        )
    assert page.get_by_role("status").last.inner_text().startswith("Saved ")
    page.get_by_role("button", name="Send").click()
    page.wait_for_load_state("networkidle")
    assert posted == [("v0", "one", True), ("v1", "two", True), ("v2", "two", False)]


def test_a_form_that_could_not_save_itself_says_so(page):
    page.goto("/self-saving/")
    page.get_by_label("Text").fill("wrong")
    page.get_by_label("Text").blur()
    page.get_by_text("Not saved").wait_for()
    assert page.locator("[name=version]").input_value() == "v0"


def test_what_is_to_be_copied_is_copied(new_context):
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/self-saving/")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "abc"


def test_a_long_list_is_narrowed_by_typing(page):
    page.goto("/many/")
    page.get_by_label("Narrow the list").fill("country 39")
    assert page.locator("[data-narrow] > :visible").all_inner_texts() == ["Country 39"]
    page.get_by_label("Narrow the list").press("Enter")
    assert page.url.endswith("/many/")


def test_a_key_that_is_refused_is_told_on_the_page(page):
    page.goto("/self-saving/")
    page.evaluate("document.dispatchEvent(new CustomEvent('allauth.error'))")
    assert page.locator("[data-key-failure]").inner_text() == "Not accepted"


def test_everything_is_there_without_scripts(new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/many/")
    assert page.locator("[data-narrow] > div").count() == 40
    page.goto("/gallery/error_summary/1/")
    assert page.get_by_role("alert").is_visible() is True
