"""Every component in the states that it can be in: empty, filled, wrong, long, and in a script from right to left."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from aiexports.context import NavigationLink
from buyers.released import Step
from core.forms import DateInput, UnitInput
from core.models import DatedRule
from core.paging import Page
from organizations.picture import Line, View, boxes_of
from packages.us_content import Line as Hardware
from packages.us_content import us_content

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ARABIC = "مراكز بيانات للذكاء الاصطناعي في الرياض"
LONG = "Unbreakable" * 12 + " and a name that goes on for as long as a ministry’s name can go on"
HOSTILE = '<script>alert("x")</script>'
LETTERS = [SimpleNamespace(letter=letter, label=f"Component {letter}", summary="", items=[]) for letter in "ABCDE"]


class EveryWidget(forms.Form):
    """One field of each shape that templates/forms/field.html knows."""

    text = forms.CharField(label="Text", help_text="A hint, <em>with markup</em>.", max_length=20)
    optional = forms.CharField(label="Optional text", required=False)
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    longer = forms.CharField(label="Longer text", widget=forms.Textarea(attrs={"rows": 4}))
    number = forms.IntegerField(label="Number")
    power = forms.DecimalField(label="Capacity in megawatts", widget=UnitInput(after="MW"))
    money = forms.DecimalField(label="Value in U.S. dollars", widget=UnitInput(before="$"))
    date = forms.DateField(label="Date", widget=DateInput, help_text="The day on which it has to work.")
    choice = forms.ChoiceField(label="Choice", choices=[("", "Choose"), ("a", "A"), ("b", "B")])
    several = forms.MultipleChoiceField(label="Several in a box", choices=[("a", "A"), ("b", "B")])
    radio = forms.ChoiceField(label="One of these", choices=[("a", "A"), ("b", LONG)], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(
        label="Some of these",
        choices=[("a", "A"), ("b", ARABIC)],
        widget=forms.CheckboxSelectMultiple,
        help_text="As many as apply.",
    )
    countries = forms.MultipleChoiceField(
        label="A long list",
        choices=[(str(number), f"Country {number}") for number in range(40)],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label="I agree", help_text="Read it first.")
    file = forms.FileField(label="Document")
    parts = forms.SplitDateTimeField(label="Date and time")
    secret = forms.CharField(widget=forms.HiddenInput)
    closed = forms.CharField(label="Not to be changed", disabled=True, required=False, initial="fixed")


FILLED = {
    "text": "typed",
    "email": "nora@example.com",
    "password": "seven herons",
    "longer": f"{LONG}\n{ARABIC}",
    "number": "3",
    "power": "4.50",
    "money": "1000000",
    "date": "2026-11-24",
    "choice": "a",
    "several": ["a"],
    "radio": "b",
    "boxes": ["a", "b"],
    "countries": ["30"],
    "agree": "on",
    "parts_0": "2026-11-24",
    "parts_1": "12:00",
    "secret": "s",
}


def filled(**changes: Any) -> EveryWidget:
    return EveryWidget(FILLED | changes, {"file": SimpleUploadedFile("a.pdf", b"%PDF-")})


def wrong() -> EveryWidget:
    """Every field has an error, and the form as a whole."""
    form = EveryWidget({"text": "x" * 21, "radio": "z"}, {})
    form.add_error(None, "The two parts do not fit.")
    return form


class NameForm(forms.Form):
    name = forms.CharField(label="Name")


Lines = forms.formset_factory(NameForm, extra=2, validate_min=True, min_num=1)


def wrong_lines() -> Any:
    return Lines({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": ""})


TIMELINE = [
    Step("Submitted", NOW - timedelta(days=2), "done"),
    Step("Under review", None, "now"),
    Step("Decision", None, "next"),
]
LINKS = [NavigationLink("Catalogue", "/catalogue/", "page"), NavigationLink(ARABIC, "/notices/", "")]
RECEIPT = SimpleNamespace(
    number="R-2026-000123",
    issued_at=NOW,
    summary=f"{ARABIC} was submitted.",
    next_step="An officer reads it.",
    path="/",
)


PRESUMPTION = DatedRule(
    code="us_content_presumption_percent", version=1, value=51, effective_from=NOW.date(), authority=LONG, certainty="S"
)


def page(*, next_query: str = "", is_first: bool = True) -> Page[Any]:
    return Page([], next_query, is_first)


def owners(*lines: Line, threshold: Decimal | None = Decimal(50), upper: int = 0, **more: Any) -> dict[str, Any]:
    """Who owns "Meridian", as lines of a tree; `more` of what the component takes."""
    root = Line("ROOT", 0, "Meridian", "", None)
    controls = [
        SimpleNamespace(
            holder=ARABIC,
            owned=None,
            get_kind_display="Votes",
            note=HOSTILE,
            get_source_display=LONG,
            source_note="p. 3",
        )
    ]
    known = SimpleNamespace(organization="Meridian", day=NOW.date(), controls=controls if lines else [])
    boxes = boxes_of([root, *lines])
    view = View(known, [root, *lines], boxes, 34 * len(boxes), threshold, Decimal(upper), bool(lines))
    return {"view": view, "table": "portal-table"} | more


def stake(name: str, share: Decimal | None, *, depth: int = 1, **more: Any) -> Line:
    row = SimpleNamespace(get_source_display="Register", source_note=HOSTILE, held_from=NOW.date())
    return Line("STAKE", depth, name, "Meridian", share, node=name, counted=share, stake=row, **more)


# Component: the contexts that it is shown with. tests/core/test_components.py holds that none is missing.
EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "alert": [
        {"kind": "success", "text": "Saved."},
        {"kind": "error", "text": HOSTILE, "heading": "That did not work"},
        {"kind": "debug", "text": LONG},
    ],
    "demonstration_banner": [{}],
    "empty": [{"text": "Nothing here yet."}, {"text": LONG, "path": "/", "action": "Start"}],
    "error_links": [{"form": wrong()}],
    "error_summary": [{"form": EveryWidget()}, {"form": wrong()}, {"formset": wrong_lines()}],
    "federal_banner": [{}],
    "form_page": [
        {"form": EveryWidget(), "submit": "Save", "cancel": "/"},
        {"form": filled(), "submit": "Save", "cancel": ""},
        {"form": wrong(), "submit": "Save"},
    ],
    "identifier": [{}],
    "messages": [{}, {"messages": [SimpleNamespace(level_tag="success")]}],
    "navigation_links": [{"links": LINKS}],
    "ownership": [
        owners(threshold=None),
        owners(upper=100),
        owners(
            stake(LONG, Decimal(60), is_decisive=True, is_listed=True),
            stake(ARABIC, None, depth=2),
            Line("UNKNOWN", 2, HOSTILE, LONG, Decimal("66.6667"), node="u", is_decisive=True),
            Line("SETTLED", 1, "Settled", "Meridian", None, finding=SimpleNamespace(source_date=NOW.date())),
            upper=85,
            is_officers=True,
        ),
    ],
    "pagination": [{"page": page()}, {"page": page(next_query="q=a&after=7")}, {"page": page(is_first=False)}],
    "post_button": [
        {"path": "/x/", "words": "Withdraw"},
        {"path": "/x/", "words": LONG, "style": "outline", "name": "n"},
    ],
    "receipt": [{"receipt": RECEIPT}],
    "similar_names": [
        {"similar": []},
        {"similar": [SimpleNamespace(country="KE")], "heading": LONG},
    ],
    "stack": [
        {"components": LETTERS},
        {"components": [SimpleNamespace(letter="A", label=LONG, summary=ARABIC, items=[1]), *LETTERS[1:]]},
    ],
    "tag": [{"tone": tone, "text": tone} for tone in ("good", "wait", "bad", "info")],
    "timeline": [{"steps": []}, {"steps": TIMELINE}],
    "us_content": [
        {"us_content": us_content([], 51), "presumption": PRESUMPTION},
        {"us_content": us_content([Hardware(LONG, Decimal(100), None)], 51), "presumption": PRESUMPTION},
        {"us_content": us_content([Hardware(ARABIC, Decimal(100), Decimal(51))], 51), "presumption": PRESUMPTION},
        {"us_content": us_content([Hardware(HOSTILE, Decimal(10**12), Decimal(1))], 51), "presumption": PRESUMPTION},
    ],
}
