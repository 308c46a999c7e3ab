"""Each component renders in every state, says what it takes, and lets nothing through unescaped."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.gallery import EXAMPLES, HOSTILE, NOW

FOLDER = settings.BASE_DIR / "templates" / "components"
CASES = [(name, number) for name, contexts in EXAMPLES.items() for number in range(len(contexts))]
VOID = {"br", "hr", "img", "input", "link", "meta", "rect"}


class Balance(HTMLParser):
    """Fails on an end tag that closes another element than the one that is open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def request_(rf):
    request = rf.get("/catalogue/", {"q": "energy", "after": "9"})
    request.now = NOW
    return request


def shown(name, number, request):
    return render_to_string(f"components/{name}.html", EXAMPLES[name][number], request)


def test_the_gallery_has_every_component():
    assert sorted(EXAMPLES) == sorted(path.stem for path in FOLDER.glob("*.html"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.stem)
def test_a_component_says_on_top_what_it_takes(path):
    assert path.read_text().startswith(("{# ", "{% comment %}\n"))


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_component_is_well_formed(name, number, request_):
    parser = Balance()
    parser.feed(shown(name, number, request_))
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def test_text_is_escaped(request_):
    html = shown("alert", 1, request_)
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(("kind", "shown_as"), [("success", "success"), ("warning", "warning"), ("debug", "info")])
def test_an_alert_of_an_unknown_kind_is_information(kind, shown_as):
    html = render_to_string("components/alert.html", {"kind": kind, "text": "x"})
    assert f'class="usa-alert usa-alert--{shown_as} usa-alert--slim"' in html


def test_the_error_summary_is_absent_without_errors(request_):
    assert shown("error_summary", 0, request_).strip() == ""


def test_the_error_summary_links_to_each_field_that_can_be_seen(request_):
    html = shown("error_summary", 1, request_)
    assert '<a class="usa-link" href="#id_text">Text</a>' in html
    assert "#id_secret" not in html  # nobody can go to a hidden field; its error is told all the same
    assert html.index("The two parts do not fit.") < html.index("#id_text")


def test_the_error_summary_of_a_formset_names_its_forms_errors(request_):
    assert '<a class="usa-link" href="#id_form-0-name">Name</a>' in shown("error_summary", 2, request_)


def test_pages_keep_the_filters(request_):
    assert 'href="?q=energy"' in shown("pagination", 2, request_)
    assert 'rel="next" href="?q=a&amp;after=7"' in shown("pagination", 1, request_)
    assert shown("pagination", 0, request_).strip() == ""


def test_a_timeline_tells_what_is_done_what_is_now_and_what_comes(request_):
    items = shown("timeline", 1, request_).split("<li")[1:]
    assert [item.split(">")[0].strip() for item in items] == [
        'class="is-done"',
        'class="is-now" aria-current="step"',
        'class="is-next"',
    ]


def test_a_stack_says_where_nothing_is_yet(request_):
    assert shown("stack", 0, request_).count("Nothing here yet") == 5
    assert shown("stack", 1, request_).count("Nothing here yet") == 4


def test_the_place_where_we_are_is_marked(request_):
    assert '<a href="/catalogue/" aria-current="page">' in shown("navigation_links", 0, request_)
    assert shown("navigation_links", 0, request_).count("aria-current") == 1
