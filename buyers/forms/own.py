"""Input of a buyer's own people."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from buyers.models import Buyer, Need
from buyers.states import BuyerKind
from consortia.forms import component_choice
from organizations.forms import OrganizationForm
from organizations.states import DocumentKind
from packages.forms import several
from packages.states import Deployment, Language, Sector, Standard

PROFILE_HELP = {
    "activity": _("Your business or mandate, in a few sentences."),
    "intended_end_use": _("What the technology will do, for whom, and where it will run."),
}


class RegisterForm(OrganizationForm):
    """The legal entity and its profile as a buyer, on one page."""

    kind = forms.ChoiceField(label=_("Kind of buyer"), choices=BuyerKind.choices, widget=forms.RadioSelect)
    activity = forms.CharField(
        label=_("What the organization does"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=PROFILE_HELP["activity"],
    )
    intended_end_use = forms.CharField(
        label=_("Intended end use"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=PROFILE_HELP["intended_end_use"],
    )

    def buyer_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "activity", "intended_end_use")}


class BuyerForm(forms.ModelForm):
    class Meta:
        model = Buyer
        fields = ["kind", "activity", "intended_end_use"]
        widgets = {
            "kind": forms.RadioSelect,
            "activity": forms.Textarea(attrs={"rows": 4}),
            "intended_end_use": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = PROFILE_HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = BuyerKind.choices  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """A button with its errors."""


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, or none."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(upload, initial) for upload in data or []]


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Your answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 8}))
    uploads = FilesField(
        label=_("Documents"),
        required=False,
        help_text=_(
            "If they answer it better. PDF, Word, Excel, PowerPoint, PNG, JPEG, CSV or text; at most 25 MB each."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind of the documents"), choices=DocumentKind.choices, initial=DocumentKind.OTHER, required=False
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or DocumentKind.OTHER


class NeedForm(forms.ModelForm):
    """A need; `version` is the one that the person read, so that nobody overwrites a colleague."""

    buyer = forms.ModelChoiceField(label=_("Buyer"), queryset=Buyer.objects.none(), empty_label=None)
    components = component_choice(_("Components needed"), help_text=_("All five make a full-stack package."))
    sectors = several(_("Sectors"), Sector.choices)
    deployments = several(_("Acceptable deployment models"), Deployment.choices, _("Choose all that you can accept."))
    languages = several(_("Languages"), Language.choices, _("In which people will use it."))
    standards = several(_("Standards that must be met"), Standard.choices, _("Packages without them are left out."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    class Meta:
        model = Need
        fields = [
            "buyer",
            "title",
            "text",
            "components",
            "sectors",
            "destination",
            "deployments",
            "residency",
            "languages",
            "standards",
            "capacity_mw",
            "budget_usd",
            "needed_by",
            "wants_financing",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "needed_by": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "title": _("One line that a consortium understands."),
            "text": _("The problem to solve, for whom, and what is there already."),
            "destination": _("Where the technology will be used."),
            "capacity_mw": _("Of data centers, if you need any. Consortia see a range, never the number."),
            "budget_usd": _("Whole dollars, if you can say. Consortia see a range, never the number."),
            "needed_by": _("When it has to work. Leave it empty if that is open."),
        }

    def __init__(self, *args: Any, buyers: Any = None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if buyers is None:
            del self.fields["buyer"]
        else:
            self.fields["buyer"].queryset = buyers  # type: ignore[attr-defined]
            if len(buyers) == 1:
                self.fields["buyer"].initial = buyers[0]
                self.fields["buyer"].widget = forms.HiddenInput()
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    def clean_needed_by(self) -> date | None:
        needed_by: date | None = self.cleaned_data["needed_by"]
        if needed_by is not None and needed_by <= self.today and "needed_by" in self.changed_data:
            raise forms.ValidationError(_("Choose a day after today."))
        return needed_by

    def clean_capacity_mw(self) -> Any:
        capacity = self.cleaned_data["capacity_mw"]
        if capacity is not None and capacity <= 0:
            raise forms.ValidationError(_("Enter a capacity above zero, or leave it empty."))
        return capacity

    def clean_budget_usd(self) -> Any:
        budget = self.cleaned_data["budget_usd"]
        if budget is not None and budget <= 0:
            raise forms.ValidationError(_("Enter a budget above zero, or leave it empty."))
        return budget

    def need_fields(self) -> dict[str, Any]:
        """What `create_need` and `edit_need` take."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "buyer"}

    @property
    def version_read(self) -> int | None:
        version: int | None = self.cleaned_data.get("version")
        return version
