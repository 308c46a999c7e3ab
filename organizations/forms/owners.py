"""Input about who owns and controls an organization, by its own people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import countries
from core.forms import DateInput
from organizations import selectors
from organizations.forms.entity import ShareField
from organizations.models import AssociatedParty, Control, Organization, Stake
from organizations.states import PartyKind, PartyRole, SourceKind

HOLDER_FIELDS = ["holder", "registered", "kind", "name", "country", "birth_date"]


class HolderForm(forms.ModelForm):
    """Who holds it: somebody who is named already, an organization of the person's own, or somebody new."""

    holder = forms.ModelChoiceField(
        AssociatedParty.objects.none(), label=_("Who is it?"), required=False, empty_label=_("Somebody not named yet")
    )
    registered = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("One of your own organizations on this portal?"),
        required=False,
        empty_label=_("No"),
        help_text=_("Its owners are then taken from its own page, and stay up to date."),
    )
    kind = forms.ChoiceField(label=_("Person or entity"), choices=PartyKind.choices, required=False)
    name = forms.CharField(label=_("Full name"), max_length=255, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=DateInput,
        help_text=_("For a person. It prevents being mistaken for somebody of the same name."),
    )

    def __init__(
        self, *args: Any, organization: Organization, owned: AssociatedParty | None, user: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owned = owned
        named = organization.parties.filter(role=PartyRole.OWNER).order_by("id")
        self.fields["holder"].queryset = named.exclude(pk=owned.pk if owned else 0)
        self.fields["registered"].queryset = self.linkable(user).exclude(pk=organization.pk)
        self.fields["country"].choices = [("", "---------"), *countries.choices()]
        for name in ("holder", "registered"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]
        if "source" in self.fields:
            _ask_for_source(self, organization)
        self.order_fields([*HOLDER_FIELDS, *self._meta.fields])

    def linkable(self, user: Any) -> Any:
        """Registered organizations that may be named as the holder."""
        return selectors.organizations_for(user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_source(self, cleaned)
        if cleaned.get("holder") or cleaned.get("registered"):
            return cleaned
        if not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Enter the name, or choose somebody who is named already."))
        if cleaned.get("birth_date") and cleaned.get("kind") != PartyKind.PERSON:
            self.add_error("birth_date", _("Only a person has a date of birth. Leave this empty."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What `add_stake` and `add_control` take."""
        cleaned = self.cleaned_data
        holder = cleaned.get("holder") or self._new_holder()
        return {"holder": holder, "owned": self.owned, **{name: cleaned[name] for name in self._meta.fields}}

    def _new_holder(self) -> dict[str, Any]:
        if registered := self.cleaned_data.get("registered"):
            own = {"name": registered.legal_name, "country": registered.country, "registered": registered}
            return {"kind": PartyKind.ENTITY, **own}
        asked = {name: self.cleaned_data[name] for name in ("kind", "name", "country", "birth_date")}
        return asked | {"kind": asked["kind"] or PartyKind.PERSON}

    def validate_constraints(self) -> None:
        """The database's constraints are said field by field, here and in the actions."""


SOURCE_FIELDS = ["source", "source_note", "document"]
SOURCE_HELP = {
    "source_note": _("For a register: which one, and the number or day of the extract."),
    "document": _("One of the documents on the organization's page."),
}


def _ask_for_source(form: forms.ModelForm, organization: Organization) -> None:
    """An officer's finding is recorded in the workbench, and only there."""
    form.fields["source"].choices = [row for row in SourceKind.choices if row[0] != SourceKind.FINDING]
    form.fields["document"].queryset = selectors.documents_of(organization)
    form.fields["document"].empty_label = _("None")


def _check_source(form: forms.ModelForm, cleaned: dict[str, Any]) -> None:
    if cleaned.get("source") == SourceKind.REGISTRY and not cleaned.get("source_note"):
        form.add_error("source_note", _("Say which register, and the number or day of the extract."))
    if cleaned.get("source") == SourceKind.DOCUMENT and not cleaned.get("document"):
        form.add_error("document", _("Choose the document, or add it on the organization's page first."))
    began, ended = cleaned.get("held_from"), cleaned.get("held_to")
    if began and ended and ended <= began:
        form.add_error("held_to", _("It ends after it began. Choose a later day, or leave it empty."))


class StakeForm(HolderForm):
    share_percent = ShareField()

    class Meta:
        model = Stake
        fields = ["share_percent", "held_from", *SOURCE_FIELDS]
        widgets = {"held_from": DateInput}
        help_texts = SOURCE_HELP | {"held_from": _("Leave it empty if it is not known.")}


class StakeChangeForm(forms.ModelForm):
    """To correct a stake: who holds it stays."""

    share_percent = ShareField()

    class Meta:
        model = Stake
        fields = ["share_percent", "held_from", "held_to", *SOURCE_FIELDS]
        widgets = {"held_from": DateInput, "held_to": DateInput}
        help_texts = SOURCE_HELP | {"held_to": _("The first day on which it is no longer held; empty while it is.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_source(self, self.instance.organization)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_source(self, cleaned)
        return cleaned

    def validate_constraints(self) -> None:
        """The database's constraints are said field by field, here and in the actions."""


class ControlForm(HolderForm):
    control_kind = forms.ChoiceField(label=_("Kind of control"))

    class Meta:
        model = Control
        fields = ["note", "held_from", *SOURCE_FIELDS]
        widgets = {"held_from": DateInput}
        help_texts = SOURCE_HELP | {
            "note": _("For example: names three of five directors, by the shareholders' agreement of 2024."),
            "held_from": _("Leave it empty if it is not known."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["control_kind"].choices = Control._meta.get_field("kind").choices
        self.order_fields([*HOLDER_FIELDS, "control_kind", *self._meta.fields])

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"kind": self.cleaned_data["control_kind"]}


class EndForm(forms.Form):
    held_to = forms.DateField(
        label=_("First day on which it is no longer held"),
        widget=DateInput,
        help_text=_("What was before stays on record."),
    )
