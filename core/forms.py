"""How every form of the portal looks, and the widgets that Django lacks."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class PortalRenderer(TemplatesSetting):
    """Renders forms, formsets and fields through templates/forms/: one field template for every widget."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"


class DateInput(forms.DateInput):
    """The browser's own date field, which takes and gives ISO dates whatever the reader's language is."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PlainSelect(forms.Select):
    """Looks the same, and is written without a template for each option: of 250 countries that is most of a page's time."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                ("" if code is None else code, mark_safe(" selected") if str(code) in chosen else "", label)
                for code, label in self.choices
            ),
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, attrs) | {"name": name}), options
        )


class UnitInput(forms.NumberInput):
    """A number with its unit beside it: `UnitInput(after="MW")`, `UnitInput(before="$")`.

    The unit is for the eye; the label or the hint has to name it too.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, before: str = "", after: str = "") -> None:
        super().__init__(attrs)
        self.before = before
        self.after = after
