"""What officers enter on a hit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import countries
from core.forms import DateInput
from screening.casework import Asked


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What you compared, and what speaks for and against. Only officers and managers read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class NothingToSayForm(forms.Form):
    """A step that only has to be confirmed."""


class SearchForm(forms.Form):
    """Of the list: a name in any script, or a number, telephone, domain or address."""

    text = forms.CharField(
        label=_("Name or number"),
        help_text=_("A name in any script; or a registration number, telephone, website or address."),
        max_length=200,
    )
    kind = forms.ChoiceField(
        label=_("Person or organization"),
        choices=[("", _("Not known")), ("person", _("Person")), ("organization", _("Organization"))],
        required=False,
    )
    born = forms.DateField(
        label=_("Date of birth"),
        help_text=_("Of a person, as 1962-11-23."),
        required=False,
        input_formats=["%Y-%m-%d"],
    )
    country = forms.ChoiceField(label=_("Country"), choices=[], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not known")), *countries.choices()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("born") and cleaned.get("kind") == "organization":
            self.add_error("born", _("Only a person has a date of birth. Leave it empty, or choose a person."))
        return cleaned

    @property
    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)


class DayForm(forms.Form):
    day = forms.DateField(label=_("In force on"), required=False, widget=DateInput)
