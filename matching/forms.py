from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from buyers.models import Need
from matching.states import DeclineReason


class IntroductionForm(forms.Form):
    need = forms.ModelChoiceField(
        label=_("Your need"),
        queryset=Need.objects.none(),
        help_text=_("The consortium can read this need. Your contact details stay closed until it accepts."),
    )
    message = forms.CharField(
        label=_("Message to the consortium"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what you want to talk about first. Do not write contact details here."),
    )

    def __init__(self, *args: Any, needs: QuerySet[Need], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["need"]).queryset = needs


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note to the buyer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The buyer reads the reason and this note."),
    )


class MessageForm(forms.Form):
    body = forms.CharField(label=_("Message"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}))
