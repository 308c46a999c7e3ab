"""What officers enter on a case."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import people_with_role
from accounts.states import Role
from buyers import letters, selectors
from buyers.letters import Draft
from buyers.models import CaseQuestion, VettingCase
from buyers.selectors import facts
from buyers.states import (
    CaseKind,
    ChecklistItem,
    Finding,
    LetterKind,
    RefusalReason,
    ReportKind,
    RestorationReason,
    SuspensionReason,
)
from consortia.forms import component_choice
from core import countries, dated
from organizations.states import PartyRole


def long_text(label: Any, help_text: Any, *, max_length: int = 4000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 6})
    return forms.CharField(label=label, help_text=help_text, max_length=max_length, widget=widget)


class CaseForm(forms.Form):
    """A form about one case at one moment."""

    def __init__(self, *args: Any, case: VettingCase, now: datetime, **kwargs: Any) -> None:
        self.case, self.now = case, now
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Choices and starting values that depend on the case."""


class SeenForm(CaseForm):
    """A form that gives trust: it holds the stamp of the case and profile that the officer read."""

    seen = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def prepare(self) -> None:
        super().prepare()
        self.initial["seen"] = self.initial.get("seen") or selectors.stamp_of(self.case)


class FindingsForm(CaseForm):
    """The checklist: a finding and a note on each item. What is left empty is not recorded."""

    def prepare(self) -> None:
        self.current = facts.standing_findings(self.case, self.now)
        for item in ChecklistItem:
            row = self.current.get(item.value)
            self.fields[f"finding_{item.value}"] = forms.ChoiceField(
                label=item.label,
                choices=Finding.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=row.finding if row else "",
            )
            self.fields[f"note_{item.value}"] = forms.CharField(
                label=_("Note on “%(item)s”") % {"item": item.label},
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=row.note if row else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in ChecklistItem:
            finding, note = cleaned.get(f"finding_{item.value}"), cleaned.get(f"note_{item.value}")
            if note and not finding:
                self.add_error(f"finding_{item.value}", _("Choose a finding for your note."))
            if finding and finding != Finding.YES and not note:
                self.add_error(f"note_{item.value}", _("Say what you found, or why you cannot tell."))
        return cleaned

    def findings(self) -> dict[str, tuple[str, str]]:
        """What `record_findings` takes."""
        return {
            item.value: (finding, self.cleaned_data[f"note_{item.value}"])
            for item in ChecklistItem
            if (finding := self.cleaned_data[f"finding_{item.value}"])
        }


class QuestionForm(CaseForm):
    text = long_text(
        _("Your question to the buyer"),
        _("The buyer reads it after signing in. Do not name a list, a hit, or what you think."),
    )

    def clean_text(self) -> str:
        return refuse_disclosure(self.case, self.cleaned_data["text"], asks=True)

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class TakeBackForm(CaseForm):
    question = forms.ModelChoiceField(
        label=_("Question"), queryset=CaseQuestion.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def prepare(self) -> None:
        waiting = selectors.open_questions(self.case)
        self.fields["question"].queryset = waiting  # type: ignore[attr-defined]
        self.initial["question"] = waiting.first()

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class EscalateForm(CaseForm):
    note = long_text(_("What you ask the manager, and why"), _("The buyer never sees it."))

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class AnswerEscalationForm(CaseForm):
    note = long_text(_("Your answer"), _("For the officer of the case. The buyer never sees it."))

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class ReportForm(CaseForm):
    kind = forms.ChoiceField(label=_("What you report"), choices=ReportKind.choices, widget=forms.RadioSelect)
    text = long_text(
        _("What was seen, by whom and when"), _("For officers only. The buyer never learns of the report.")
    )

    def prepare(self) -> None:
        try:
            at_once = dated.rule_at("adverse_report_suspends", self.now.date()).value
        except dated.NoRule:
            at_once = ReportKind.values
        names = "; ".join(str(kind.label) for kind in ReportKind if kind in at_once)
        self.fields["kind"].help_text = _("These suspend a given trust at once: %(kinds)s.") % {"kinds": names}

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class SettleForm(CaseForm):
    is_upheld = forms.TypedChoiceField(
        label=_("The report"),
        choices=[("yes", _("stands")), ("no", _("is without ground"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = long_text(_("Why"), _("For your colleagues. The buyer never sees it."))


class AssignForm(CaseForm):
    officer = forms.ModelChoiceField(label=_("Officer"), queryset=User.objects.none())

    note = long_text(_("Why"), _("For your colleagues. Needed when the case is somebody's already."))

    def prepare(self) -> None:
        self.fields["note"].required = self.case.assigned_to_id is not None
        field = self.fields["officer"]
        field.queryset = people_with_role(Role.OFFICER).order_by("name", "pk")  # type: ignore[attr-defined]
        field.label_from_instance = lambda person: person.name  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class HandOverForm(AssignForm):
    def prepare(self) -> None:
        super().prepare()
        field = self.fields["officer"]
        field.queryset = field.queryset.exclude(pk=self.case.assigned_to_id)  # type: ignore[attr-defined]


class ConflictForm(CaseForm):
    is_certain = forms.BooleanField(
        label=_("I have a conflict of interest on this case, and must not work on it."),
        help_text=_("You will not see the case again, and cannot take this back. A recommendation of yours falls."),
    )

    def arguments(self) -> dict[str, Any]:
        return {}


class RecommendForm(SeenForm):
    opinion = long_text(
        _("Your opinion"),
        _("Why this is a suitable partner. For the second officer and the record; the buyer never sees it."),
        max_length=8000,
    )
    until = forms.DateField(
        label=_("Trusted through"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries of delivery"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    components = component_choice(_("Components that trust covers"))

    def prepare(self) -> None:
        super().prepare()
        needs = list(self.case.buyer.needs.values_list("destination", "components"))
        covered = self.covered
        organization = self.case.buyer.organization
        served = (
            organization.parties.filter(role=PartyRole.END_USER).exclude(country="").values_list("country", flat=True)
        )
        wanted = {organization.headquarters_country, *(country for country, _ in needs), *served}
        suggested = sorted(set(covered.scope_countries) if covered else wanted)
        rest = [choice for choice in countries.choices() if choice[0] not in suggested]
        field = self.fields["countries"]
        field.choices = [(code, countries.name(code)) for code in suggested] + rest  # type: ignore[attr-defined]
        field.initial = suggested
        needed = sorted({letter for _, letters_ in needs for letter in letters_})
        self.fields["components"].initial = covered.scope_components if covered else needed
        latest = self._latest_end()
        keeps_end = covered is not None and self.case.kind != CaseKind.RENEWAL
        self.fields["until"].initial = covered.trusted_until if covered and keeps_end else latest

    @property
    def covered(self) -> VettingCase | None:
        """The trust whose terms are suggested."""
        return self.case.basis

    def _latest_end(self) -> date | None:
        try:
            days = dated.rule_at("trust_max_days", self.now.date()).value
        except dated.NoRule:
            return None
        self.fields["until"].help_text = _("At most %(days)s days from today.") % {"days": days}
        return self.now.date() + timedelta(days=days)

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class AmendForm(RecommendForm):
    def prepare(self) -> None:
        super().prepare()
        self.fields["opinion"].help_text = _(
            "Why the terms change. Trust pauses until a second officer signs them, and the buyer is told so."
        )

    @property
    def covered(self) -> VettingCase | None:
        return self.case


class ReturnForm(CaseForm):
    note = long_text(_("Why it goes back"), _("For the first officer. The buyer never sees it."))

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class LetterForm(CaseForm):
    """The letter that goes with a decision: drafted, edited here, previewed, stored as sent."""

    kind: ClassVar[LetterKind]

    subject = forms.CharField(label=_("Subject of the letter"), max_length=255)
    body = forms.CharField(
        label=_("Letter to the buyer"),
        help_text=_("Must not name a list or a hit, nor say what officers wrote for each other."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    def prepare(self) -> None:
        super().prepare()
        if not self.is_bound:
            draft = self.draft()
            self.initial["subject"], self.initial["body"] = draft.subject, draft.body

    def draft(self) -> Draft:
        return letters.draft(self.kind, self.case)

    def clean_subject(self) -> str:
        return refuse_disclosure(self.case, self.cleaned_data["subject"])

    def clean_body(self) -> str:
        return refuse_disclosure(self.case, self.cleaned_data["body"].replace("\r\n", "\n"))

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        rest = {name: value for name, value in self.cleaned_data.items() if name not in ("subject", "body")}
        return rest | {"letter": Draft(self.cleaned_data["subject"], self.cleaned_data["body"])}


class CountersignForm(LetterForm, SeenForm):
    kind = LetterKind.TRUSTED


class RestoreForm(LetterForm):
    kind = LetterKind.RESTORED

    reason = forms.ChoiceField(label=_("Reason"), choices=RestorationReason.choices)

    field_order = ("reason", "subject", "body")


class ReasonForm(CaseForm):
    """The first step of a refusal: the letter is drafted from the reason."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RefusalReason.choices, widget=forms.RadioSelect)


class RefuseForm(LetterForm):
    kind = LetterKind.REFUSED

    reason = forms.ChoiceField(choices=RefusalReason.choices, widget=forms.HiddenInput)

    def draft(self) -> Draft:
        return letters.draft(self.kind, self.case, reason=self.initial["reason"])


class NoteAndLetterForm(LetterForm):
    note = long_text(_("Note for your colleagues"), _("Why. The buyer never sees it."))

    field_order = ("note", "subject", "body")


class SuspendForm(NoteAndLetterForm):
    kind = LetterKind.SUSPENDED

    reason = forms.ChoiceField(label=_("Reason"), choices=SuspensionReason.of_officers)

    field_order = ("reason", "note", "subject", "body")


class RevokeForm(NoteAndLetterForm):
    kind = LetterKind.REVOKED


def refuse_disclosure(case: VettingCase, text: str, *, asks: bool = False) -> str:
    """Raises ValidationError naming what must not be said to the buyer."""
    if found := selectors.disclosed(case, text, asks=asks):
        raise forms.ValidationError(_("Reword this, the buyer must not read it: %(what)s") % {"what": "; ".join(found)})
    return text
