"""What a report is of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from buyers.selectors.reports import PERIODS


class PeriodForm(forms.Form):
    days = forms.TypedChoiceField(label=_("Period"), coerce=int, choices=[], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [ngettext("Last %(days)s day", "Last %(days)s days", days) % {"days": days} for days in PERIODS]
        self.fields["days"].choices = list(zip(PERIODS, words, strict=True))
