"""The one field template: every widget is labeled, described and marked, in each state."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.utils import translation

from core.forms import DateInput, PlainSelect, UnitInput
from tests.gallery import EveryWidget, Lines, filled, wrong

NAMES = [name for name, field in EveryWidget.base_fields.items() if not field.widget.is_hidden]
GROUPS = ["radio", "boxes", "countries", "parts"]
CONTROLS = {"input", "select", "textarea", "fieldset"}


class Elements(HTMLParser):
    """What a piece of HTML holds: each start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, *tags):
        return [attrs for tag, attrs in self.found if tag in tags]

    def ids(self):
        return {attrs["id"] for _, attrs in self.found if "id" in attrs}


def shown(form, name):
    return form[name].as_field_group()


@pytest.mark.parametrize("form", [EveryWidget(), filled(), wrong()], ids=["empty", "filled", "wrong"])
@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_label(form, name):
    elements = Elements(shown(form, name))
    labeled = {label["for"] for label in elements.all("label")}
    if name == "parts":  # its inputs are named by the legend of their fieldset
        assert elements.all("legend") != []
        return
    controls = elements.all("input", "select", "textarea")
    assert controls != []
    assert {control["id"] for control in controls} == labeled


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_of_controls_has_a_legend(name):
    elements = Elements(shown(EveryWidget(), name))
    assert len(elements.all("legend")) == 1
    assert elements.all("fieldset")[0]["id"] == f"id_{name}"  # where the error summary leads


@pytest.mark.parametrize("form", [EveryWidget(), wrong()], ids=["empty", "wrong"])
@pytest.mark.parametrize("name", NAMES)
def test_what_describes_a_control_exists(form, name):
    elements = Elements(shown(form, name))
    described = [attrs for tag, attrs in elements.found if tag in CONTROLS and attrs.get("aria-describedby")]
    expected = [f"id_{name}_helptext"] if form.fields[name].help_text else []
    if form[name].errors:
        expected.append(f"id_{name}_error")
    assert {control["aria-describedby"] for control in described} == ({" ".join(expected)} if expected else set())
    assert set(expected) <= elements.ids()


@pytest.mark.parametrize("name", [name for name in NAMES if wrong()[name].errors])
def test_a_wrong_field_shows_its_error_and_marks_the_control(name):
    html = shown(wrong(), name)
    assert "usa-form-group--error" in html
    assert wrong().errors[name][0] in html
    marked = [attrs for attrs in Elements(html).all("input", "select", "textarea") if attrs.get("aria-invalid")]
    assert (marked != []) is (name not in GROUPS or name == "parts")  # a list's error is told by its fieldset


@pytest.mark.parametrize("name", NAMES)
def test_what_must_be_filled_in_is_marked_in_words(name):
    is_required = EveryWidget.base_fields[name].required
    assert ("(required)" in shown(EveryWidget(), name)) is is_required


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", "usa-input"),
        ("longer", "usa-textarea"),
        ("choice", "usa-select"),
        ("several", "portal-select-multiple"),
        ("file", "portal-file"),
        ("agree", "usa-checkbox__input"),
    ],
)
def test_a_widget_looks_like_its_kind(name, expected):
    assert f'class="{expected}"' in shown(EveryWidget(), name)


def test_a_widgets_own_class_and_autocomplete_stay_and_its_placeholder_goes():
    class Form(forms.Form):
        code = forms.CharField(
            widget=forms.TextInput(attrs={"class": "own", "autocomplete": "one-time-code", "placeholder": "Code"})
        )

    control = Elements(shown(Form(), "code")).all("input")[0]
    assert (control["class"], control["autocomplete"]) == ("own usa-input", "one-time-code")
    assert "placeholder" not in control


def test_nothing_that_was_typed_is_lost_but_the_password():
    form = filled(text="x" * 21)
    assert form.is_valid() is False
    assert 'value="nora@example.com"' in shown(form, "email")
    assert "seven herons" not in shown(form, "password")
    chosen = [attrs["value"] for attrs in Elements(shown(form, "boxes")).all("input") if "checked" in attrs]
    assert chosen == ["a", "b"]


def test_the_chosen_come_first_in_a_long_list():
    values = [attrs["value"] for attrs in Elements(shown(filled(), "countries")).all("input")]
    assert values[:3] == ["30", "0", "1"]
    assert "portal-choices--long" in shown(filled(), "countries")
    assert "portal-choices--long" not in shown(filled(), "boxes")


def test_a_disabled_choice_cannot_be_chosen():
    class Form(forms.Form):
        one = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, disabled=True)

    assert "disabled" in Elements(shown(Form(), "one")).all("input")[0]


@pytest.mark.parametrize("language", ["en-us", "fr", "ar"])
def test_a_date_is_written_for_the_browser_in_every_language(language):
    class Form(forms.Form):
        day = forms.DateField(widget=DateInput)

    with translation.override(language):
        control = Elements(shown(Form(initial={"day": date(2026, 11, 24)}), "day")).all("input")[0]
    assert (control["type"], control["value"]) == ("date", "2026-11-24")


CHOICES = [("", "Any"), ("CI", "Côte d’Ivoire"), ("X&Y", '<b>"X" & Y</b>')]


@pytest.mark.parametrize("value", ["", "CI", "X&Y", "unknown"])
def test_a_plain_list_of_choices_is_the_one_that_django_writes(value):
    plain, usual = (
        Elements(widget(choices=CHOICES).render("country", value, {"id": "id_country", "aria-describedby": "hint"}))
        for widget in (PlainSelect, forms.Select)
    )
    assert plain.found == usual.found


def test_a_plain_list_of_choices_escapes_its_labels():
    assert "&lt;b&gt;&quot;X&quot; &amp; Y&lt;/b&gt;" in PlainSelect(choices=CHOICES).render("country", "")


@pytest.mark.parametrize(("widget", "text"), [(UnitInput(after="MW"), r"<input[^>]*>\s*<span aria-hidden=\"true\">MW")])
def test_a_unit_stands_on_its_side_of_the_number(widget, text):
    class Form(forms.Form):
        power = forms.DecimalField(widget=widget)

    assert re.search(text, shown(Form(), "power"))


def test_a_unit_may_stand_before_the_number():
    assert re.search(r'<span aria-hidden="true">\$</span>\s*<input', shown(EveryWidget(), "money"))


def test_a_form_shows_its_visible_fields_then_the_hidden_ones():
    html = str(EveryWidget())
    assert [html.count(f'name="{name}') for name in ("text", "radio", "secret")] == [1, 2, 1]
    assert html.rindex('name="closed"') < html.index('name="secret"')


def test_each_form_of_a_formset_is_a_group():
    html = str(Lines())
    assert re.findall(r"<legend[^>]*>(Entry \d)", html) == ["Entry 1", "Entry 2", "Entry 3"]
    assert 'name="form-TOTAL_FORMS"' in html
