"""The editor's steps, one form a page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from consortia.models import Consortium, Member
from core import countries
from core.forms import DateInput
from packages.facts import Fact, Kind, facts_of
from packages.models import Component, ComponentItem, Package, PackageVersion
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
    """An item of one component: the facts that `packages.facts` asks of it."""

    class Meta:
        model = ComponentItem
        fields = ["name", "supplier"]

    def __init__(self, *args: Any, suppliers: Any, letter: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].queryset = suppliers
        self.fields["supplier"].label_from_instance = _company_name
        self.fields["supplier"].empty_label = None
        for fact in facts_of(letter):
            self.fields[fact.name] = field_of(fact)
            self.initial.setdefault(fact.name, self.instance.fact(fact.name))
        public = [fact for fact in facts_of(letter) if fact.is_public]
        self.fields["confidential_fields"] = several(
            _("Business confidential"),
            [(fact.name, capfirst(str(fact.label))) for fact in public],
            _("These are left out of the public version. Values, quantities and ECCNs are never public."),
        )
        self.initial.setdefault("confidential_fields", self.instance.confidential_fields)

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


LARGEST_COUNT = 2_147_483_647  # what a column of PostgreSQL's integer holds


def field_of(fact: Fact) -> forms.Field:
    """The form field of a fact; none is required, so that unfinished work is saved."""
    common: dict[str, Any] = {"label": capfirst(str(fact.label)), "help_text": fact.hint, "required": False}
    match fact.kind:
        case Kind.TEXT:
            return forms.CharField(max_length=12 if fact.name == "eccn" else 200, **common)
        case Kind.COUNT:
            return forms.IntegerField(min_value=0, max_value=LARGEST_COUNT, **common)
        case Kind.NUMBER:
            return forms.DecimalField(min_value=0, max_digits=10, decimal_places=2, **common)
        case Kind.DOLLARS:
            return forms.DecimalField(max_digits=14, decimal_places=2, **common)
        case Kind.COUNTRY:
            return forms.ChoiceField(choices=_or_nothing(countries.choices()), **common)
        case Kind.COUNTRIES:
            return forms.MultipleChoiceField(choices=countries.choices, widget=forms.CheckboxSelectMultiple, **common)
        case Kind.YES_NO:
            return forms.TypedChoiceField(
                choices=_or_nothing([("True", _("Yes")), ("False", _("No"))]),
                coerce=lambda value: value == "True",
                empty_value=None,
                **common,
            )
        case Kind.CHOICE:
            return forms.ChoiceField(choices=_or_nothing(fact.choices.choices if fact.choices else []), **common)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(
                choices=fact.choices.choices if fact.choices else [], widget=forms.CheckboxSelectMultiple, **common
            )
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **common)


def _or_nothing(choices: list[Any]) -> list[Any]:
    return [("", "---------"), *choices]


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


class DesignateForm(forms.Form):
    designated_version = forms.ModelChoiceField(
        PackageVersion.objects.none(),
        label=_("Version"),
        empty_label=None,
        help_text=_(
            "On which the determination was made. Of a later one it speaks only while no change since matters."
        ),
    )
    determined_date = forms.DateField(label=_("Date of the determination"), widget=DateInput)
    reference = forms.CharField(
        label=_("Where the determination is written"),
        max_length=300,
        help_text=_("The document's number or its citation. It is public."),
    )

    def __init__(self, *args: Any, package: Package, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["designated_version"].queryset = package.versions.order_by("-number")


class EndDesignationForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("For the record.")
    )


class LookForm(forms.Form):
    note = forms.CharField(
        label=_("What you looked at"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For officers: which facts, and why nothing stands against offering them."),
    )
