"""Input about owners by officers: what they found in a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput
from organizations import selectors
from organizations.forms.entity import ShareField
from organizations.forms.owners import ControlForm, HolderForm, StakeForm
from organizations.models import Organization, OwnershipFinding
from organizations.states import FindingKind, PartyRole, SourceKind

FOUND_HELP = {
    "held_from": _("Leave it empty if it is not known."),
    "held_to": _("The first day on which it is no longer held; empty while it is."),
    "source_note": _(
        "The register and the number of the extract, the annual report, the page. The organization reads it."
    ),
}
FOUND_FIELDS = ["held_from", "held_to", "source_note"]


class FoundForm(HolderForm):
    """What an officer saw in a source; the holder may be any organization on the portal, by its number."""

    registered = forms.ModelChoiceField(
        Organization.objects.none(),
        label=_("Registered on this portal? Its number"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("It stands in the address of its page in this workbench. Its own owners then count too."),
        error_messages={"invalid_choice": _("No other organization has this number.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source_note"].required = True
        self.fields["source_note"].label = _("What you saw, and where")

    def linkable(self, user: Any) -> Any:
        return selectors.vetted_organizations(user)

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"source": SourceKind.FINDING}


class FoundStakeForm(FoundForm, StakeForm):
    class Meta(StakeForm.Meta):
        fields = ["share_percent", *FOUND_FIELDS]
        widgets = {"held_from": DateInput, "held_to": DateInput}
        help_texts = FOUND_HELP


class FoundControlForm(FoundForm, ControlForm):
    class Meta(ControlForm.Meta):
        fields = ["note", *FOUND_FIELDS]
        widgets = {"held_from": DateInput, "held_to": DateInput}
        help_texts = ControlForm.Meta.help_texts | FOUND_HELP


class FindingForm(forms.ModelForm):
    """An officer's finding; without `party` it is about the organization itself."""

    share_percent = ShareField(
        label=_("How much, in percent"), help_text=_("Leave it empty for everything that is in nobody's stake.")
    )

    class Meta:
        model = OwnershipFinding
        fields = ["kind", "party", "share_percent", "source", "source_date", "valid_until", "reason"]
        labels = {"party": _("About")}
        widgets = {
            "source_date": DateInput,
            "valid_until": DateInput,
            "source": forms.Textarea(attrs={"rows": 2}),
            "reason": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "source": _("What you saw and where: the exchange's list of holders, the founding act, the register."),
            "valid_until": _("Leave it empty if it holds until it is withdrawn."),
            "reason": _("How the source settles it. Only officers and managers read it."),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = organization.parties.filter(role=PartyRole.OWNER).order_by("id")
        self.fields["party"].empty_label = str(organization)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == FindingKind.LISTED_CONSIDERED and cleaned.get("share_percent"):
            self.add_error("share_percent", _("This finding settles no share. Leave it empty."))
        if cleaned.get("kind") == FindingKind.LISTED_CONSIDERED and not cleaned.get("party"):
            self.add_error("party", _("Choose the listed owner or controller that you considered."))
        written, end = cleaned.get("source_date"), cleaned.get("valid_until")
        if written and end and end < written:
            self.add_error("valid_until", _("It ends after its source was written. Choose a later day."))
        return cleaned

    def validate_constraints(self) -> None:
        """The database's constraints are said field by field, here and in the actions."""
