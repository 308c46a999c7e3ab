"""Input about the legal entity. Companies' and buyers' registration forms build on `OrganizationForm`."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from organizations.models import AssociatedParty, Document, Invitation, Organization, Stake
from organizations.states import DocumentKind, IdentifierKind, MemberRole, NameKind, PartyKind, PartyRole


class OrganizationForm(forms.ModelForm):
    """The entity's own fields, and its aliases one a line."""

    other_names = forms.CharField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Trade names, former names, the name in its own script. One a line."),
    )
    registration_number = forms.CharField(
        label=_("Registration number"),
        required=False,
        max_length=64,
        help_text=_("As the company register of the country of incorporation writes it."),
    )

    class Meta:
        model = Organization
        fields = ["legal_name", "country", "headquarters_country", "address", "website"]
        help_texts = {
            "legal_name": _("Exactly as in the company register or the founding act."),
            "country": _("Where the organization is registered as a legal entity."),
            "headquarters_country": _("From where the organization is managed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].assume_scheme = "https"
        if self.instance.pk:
            self.initial["other_names"] = "\n".join(name.name for name in self.instance.names.order_by("id"))
            registration = self.instance.identifiers.filter(kind=IdentifierKind.REGISTRATION).first()
            self.initial["registration_number"] = registration.value if registration else ""

    def clean_other_names(self) -> list[str]:
        """Distinct names in the order given. Each is screened, so none may be too long to store."""
        names = list(dict.fromkeys(line.strip() for line in self.cleaned_data["other_names"].splitlines()))
        names = [name for name in names if name]
        if len(names) > 50:
            raise forms.ValidationError(_("Enter at most 50 names."))
        if too_long := next((name for name in names if len(name) > 255), None):
            raise forms.ValidationError(
                _("This name is longer than 255 characters: %(name)s…") % {"name": too_long[:40]}
            )
        return names

    def organization_fields(self) -> dict[str, Any]:
        """What `edit_organization` takes."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def names(self) -> list[dict[str, str]]:
        return [{"name": name, "kind": _kind_of(name)} for name in self.cleaned_data["other_names"]]

    def identifiers(self) -> list[dict[str, str]]:
        number = self.cleaned_data["registration_number"]
        return [{"kind": IdentifierKind.REGISTRATION, "value": number}] if number else []


def _kind_of(name: str) -> str:
    return NameKind.TRADE if name.isascii() else NameKind.ORIGINAL_SCRIPT


class ShareField(forms.DecimalField):
    """A share in percent; empty is unknown, which is not the same as none."""

    def __init__(self, **kwargs: Any) -> None:
        words = {
            "label": _("Share in percent"),
            "help_text": _("Leave it empty if it is not known. Unknown is not the same as none."),
        }
        super().__init__(required=False, max_digits=7, decimal_places=4, **words | kwargs)

    def clean(self, value: Any) -> Decimal | None:
        share = super().clean(value)
        if share is not None and not 0 < share <= 100:
            raise forms.ValidationError(
                _("A share is more than 0 and at most 100 percent. Leave it empty if it is not known.")
            )
        return share


class PartyForm(forms.ModelForm):
    """An owner, signer, contact or end user; only the fields of its role are asked for. An owner's share is the one that
    it holds directly: `stake` is what it is now; an owner that is named already and has none is not asked for it."""

    share_percent = ShareField()

    FIELDS = {
        PartyRole.OWNER: ["kind", "name", "country", "birth_date", "share_percent"],
        PartyRole.SIGNER: ["name", "country", "birth_date", "position"],
        PartyRole.CONTACT: ["name", "country", "position", "email", "phone"],
        PartyRole.END_USER: ["kind", "name", "country"],
    }

    class Meta:
        model = AssociatedParty
        fields = ["kind", "name", "country", "birth_date", "position", "email", "phone"]
        widgets = {"birth_date": forms.DateInput(attrs={"type": "date"})}
        help_texts = {
            "birth_date": _("For a person. It prevents being mistaken for somebody of the same name."),
        }

    def __init__(self, *args: Any, role: str, stake: Stake | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        self.initial["share_percent"] = stake and stake.share_percent
        for name in set(self.fields) - set(self.FIELDS[PartyRole(role)]):
            del self.fields[name]
        if role == PartyRole.OWNER and self.instance.pk and stake is None:
            del self.fields["share_percent"]
        if role == PartyRole.CONTACT:
            self.fields["email"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("birth_date") and cleaned.get("kind", PartyKind.PERSON) != PartyKind.PERSON:
            self.add_error("birth_date", _("Only a person has a date of birth. Leave this empty."))
        return cleaned

    def party_fields(self) -> dict[str, Any]:
        """What `add_party` takes; a role that does not ask is a person."""
        return {"role": self.role, "kind": PartyKind.PERSON, **self.cleaned_data}

    def validate_constraints(self) -> None:
        """The database's constraints are said field by field, here and in `clean`."""


class InviteForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["email", "role"]
        widgets = {"role": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = MemberRole.choices
        self.fields["role"].initial = MemberRole.EDITOR


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices)


class DocumentForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("File"), help_text=_("PDF, Word, Excel, PowerPoint, PNG, JPEG, CSV or text; at most 25 MB.")
    )

    class Meta:
        model = Document
        fields = ["kind", "valid_until"]
        widgets = {"valid_until": DateInput}
        help_texts = {"valid_until": _("If the document ends on a day. We remind you before that.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = DocumentKind.choices
