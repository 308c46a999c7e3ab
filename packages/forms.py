"""The editor's steps, one form a page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium, Member
from core import countries
from packages.freeze import CONFIDENTIAL_CHOICES
from packages.models import Component, ComponentItem, Package
from packages.states import Bloc, Deployment, Language, Sector, Standard


def several(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class StepForm(forms.ModelForm):
    """A step of the draft: nothing is required yet, so that work is never lost for being unfinished."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name == "title"


class SummaryForm(StepForm):
    class Meta:
        model = Package
        fields = ["title", "summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"summary": _("What a buyer gets, in plain words. It is public.")}


class MarketForm(StepForm):
    target_countries = several(_("Target countries"), countries.choices)
    target_blocs = several(_("Target regional blocs"), Bloc.choices, _("At least one country or bloc is needed."))
    sectors = several(_("Sectors"), Sector.choices)
    languages = several(_("Languages"), Language.choices, _("In which it can be used and supported."))

    class Meta:
        model = Package
        fields = ["target_countries", "target_blocs", "sectors", "languages"]


class DeliveryForm(StepForm):
    deployments = several(_("Deployment models"), Deployment.choices)
    standards = several(_("Standards met"), Standard.choices)

    class Meta:
        model = Package
        fields = ["deployments", "capacity_mw", "price_band", "delivery_weeks", "standards"]
        help_texts = {"capacity_mw": _("Of the data centers, if there are any. Leave it empty otherwise.")}

    def clean_capacity_mw(self) -> Decimal | None:
        capacity = self.cleaned_data["capacity_mw"]
        if capacity is not None and capacity <= 0:
            raise forms.ValidationError(_("A capacity is more than zero. Leave it empty if there are no data centers."))
        return capacity


class OperationForm(StepForm):
    class Meta:
        model = Package
        fields = ["built_by", "owned_by", "operated_by", "operating_model"]
        widgets = {"operating_model": forms.Textarea(attrs={"rows": 8})}
        help_texts = {"operating_model": _("Which entities build, own and operate data centers and infrastructure.")}


STEPS: dict[str, tuple[Any, type[StepForm]]] = {
    "summary": (_("Summary"), SummaryForm),
    "market": (_("Market"), MarketForm),
    "delivery": (_("Delivery"), DeliveryForm),
    "operation": (_("Build, own, operate"), OperationForm),
}


class CreateForm(forms.Form):
    consortium = forms.ModelChoiceField(label=_("Consortium"), queryset=Consortium.objects.none(), empty_label=None)
    title = forms.CharField(label=_("Title of the package"), max_length=200)

    def __init__(self, *args: Any, consortia: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consortium"].queryset = consortia


class ComponentForm(forms.ModelForm):
    class Meta:
        model = Component
        fields = ["summary"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 6})}


class ItemForm(forms.ModelForm):
    """An item of one component; only the facts that the component asks for."""

    ONLY_FOR = {
        "A": ["quantity", "us_manufacture"],
        "C": ["model_origin", "has_open_weights"],
    }

    confidential_fields = several(
        _("Business confidential"),
        [(name, capfirst(ComponentItem._meta.get_field(name).verbose_name)) for name in CONFIDENTIAL_CHOICES],
        _("These are left out of the public version. Values, quantities and ECCNs are never public."),
    )

    class Meta:
        model = ComponentItem
        fields = [
            "name",
            "supplier",
            "description",
            "maker",
            "quantity",
            "value_usd",
            "us_origin_value_usd",
            "made_in",
            "us_manufacture",
            "model_origin",
            "has_open_weights",
            "eccn",
            "confidential_fields",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "us_manufacture": forms.Textarea(attrs={"rows": 3}),
            "has_open_weights": forms.Select(choices=[("", "---------"), (True, _("Yes")), (False, _("No"))]),
        }
        help_texts = {
            "us_origin_value_usd": _("Including the costs of manufacture in the United States."),
            "eccn": _("Export Control Classification Number, such as 4A090. Leave it empty if it is not known."),
        }

    def __init__(self, *args: Any, suppliers: Any, letter: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].queryset = suppliers
        self.fields["supplier"].label_from_instance = _company_name
        self.fields["supplier"].empty_label = None
        for owner, names in self.ONLY_FOR.items():
            for name in names if owner != letter else ():
                del self.fields[name]
        confidential = self.fields["confidential_fields"]
        confidential.choices = [choice for choice in confidential.choices if choice[0] in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        value, us_value = cleaned.get("value_usd"), cleaned.get("us_origin_value_usd")
        if value is not None and value < 0:
            self.add_error("value_usd", _("A value is zero or more."))
        is_within = value is not None and us_value is not None and 0 <= us_value <= value
        if us_value is not None and not is_within and "value_usd" not in self.errors:
            self.add_error("us_origin_value_usd", _("The U.S.-origin value is between zero and the value."))
        return cleaned

    def clean_eccn(self) -> str:
        return self.cleaned_data["eccn"].strip().upper()

    def validate_constraints(self) -> None:
        """The database's constraints are said field by field in `clean`."""


def _company_name(member: Member) -> str:
    return str(member.company)


class ConfirmForm(forms.Form):
    """A button with its errors."""


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The members of the consortium read it."),
    )
