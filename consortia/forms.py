from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from consortia.models import Company, Consortium, Invitation
from consortia.states import ComponentLetter, ConsortiumKind
from organizations.forms import OrganizationForm


def component_choice(label: Any, *, required: bool = True, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=[(letter.value, f"{letter.value} – {letter.label}") for letter in ComponentLetter],
        widget=forms.CheckboxSelectMultiple,
        required=required,
        help_text=help_text,
    )


class CompanyForm(OrganizationForm):
    """The legal entity and its profile as a supplier, on one page."""

    summary = forms.CharField(
        label=_("What the company does"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    capabilities = component_choice(
        _("Components that the company can supply"),
        required=False,
        help_text=_("The five components of a full-stack package."),
    )

    def company_fields(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("summary", "capabilities")}


class CompanyProfileForm(forms.ModelForm):
    capabilities = component_choice(_("Components that the company can supply"), required=False)

    class Meta:
        model = Company
        fields = ["summary", "capabilities"]


class ConsortiumForm(forms.ModelForm):
    components = component_choice(
        _("Components that your company will supply itself"),
        required=False,
        help_text=_("The members that you invite choose theirs."),
    )

    class Meta:
        model = Consortium
        fields = ["name", "kind", "opportunity", "summary"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "kind": _("The program has opened pre-set consortia so far; on-demand ones form around one opportunity."),
            "opportunity": _("For an on-demand consortium only: the opportunity it was formed for."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = ConsortiumKind.choices
        self.fields["kind"].initial = ConsortiumKind.PRE_SET

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, opportunity = cleaned.get("kind"), cleaned.get("opportunity")
        if kind == ConsortiumKind.ON_DEMAND and not opportunity:
            self.add_error("opportunity", _("Name the export opportunity that the consortium is formed for."))
        if kind == ConsortiumKind.PRE_SET and opportunity:
            self.add_error(
                "opportunity", _("A pre-set consortium has no single opportunity. Empty this, or choose on-demand.")
            )
        return cleaned

    def validate_constraints(self) -> None:
        """The database's constraint is said field by field in `clean`."""


class InvitationForm(forms.ModelForm):
    components = component_choice(_("Components that you would like it to supply"), required=False)

    class Meta:
        model = Invitation
        fields = ["email", "components", "message"]
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"email": _("Of a person who can sign for the company. Only that address can accept.")}


class AcceptForm(forms.Form):
    company = forms.ModelChoiceField(label=_("Your company"), queryset=Company.objects.none(), empty_label=None)
    components = component_choice(_("Components that your company will supply"))

    def __init__(self, *args: Any, companies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = companies


class ComponentsForm(forms.Form):
    components = component_choice(_("Components that your company will supply"), required=False)


class ClearForm(forms.Form):
    representative = forms.ModelChoiceField(
        label=_("Representative"), queryset=get_user_model().objects.none(), empty_label=None
    )
    identity_basis = forms.CharField(
        label=_("How its identity was established"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The register, extract or document that you saw, and when."),
    )
    authority_basis = forms.CharField(
        label=_("How the representative's authority was established"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What says that this person may sign for the company."),
    )

    def __init__(self, *args: Any, signers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["representative"].queryset = signers


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For officers. The company is not told of it."),
    )
