"""What officers enter on a hit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What you compared, and what speaks for and against. Only officers and managers read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class NothingToSayForm(forms.Form):
    """A step that only has to be confirmed."""


class DayForm(forms.Form):
    day = forms.DateField(label=_("In force on"), required=False, widget=DateInput)
