"""What we say to buyers, and to officers about them. A draft is edited by an officer and stored as it was sent.

No draft says more than the decision and its chosen reason: never a list, a hit, or what officers think.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buyers.models import AdverseReport, Buyer, CaseLetter, CaseQuestion, OfficerAbsence, VettingCase
from buyers.states import CaseKind, LetterKind, RefusalReason
from consortia.states import ComponentLetter
from core import countries
from core.models import Receipt
from core.notifications import Letter
from organizations.models import Document


@dataclass(frozen=True)
class Draft:
    """Subject and body (plain text, blank lines between paragraphs) of a letter to the buyer."""

    subject: str
    body: str


# --- drafts of decisions --------------------------------------------------------------------------------------------


def draft(kind: str, case: VettingCase, *, reason: str = "") -> Draft:
    """The draft of a letter of this kind; `reason` is the refusal's."""
    subject, paragraphs = {
        LetterKind.TRUSTED: _trusted,
        LetterKind.REFUSED: lambda case: _refused(case, reason),
        LetterKind.SUSPENDED: _suspended,
        LetterKind.RESTORED: _restored,
        LetterKind.REVOKED: _revoked,
    }[LetterKind(kind)](case)
    return Draft(subject, _body(case, paragraphs))


def _body(case: VettingCase, paragraphs: list[str]) -> str:
    opening = _("To %(organization)s:") % {"organization": case.buyer}
    return "\n\n".join([opening, *paragraphs, _("International Trade Administration\nAmerican AI Exports Program")])


def _trusted(case: VettingCase) -> tuple[str, list[str]]:
    names = {
        "until": _day(case.trusted_until),
        "countries": ", ".join(countries.name(code) for code in case.scope_countries),
        "components": "; ".join(f"{code} – {ComponentLetter(code).label}" for code in case.scope_components),
    }
    return _("Your organization is a trusted buyer"), [
        _("Your organization is a trusted buyer of the American AI Exports Program until %(until)s.") % names,
        _("This covers deliveries to: %(countries)s. It covers these components: %(components)s.") % names,
        _(
            "Your posted needs are now matched with packages, and you can ask to be introduced to their consortia. "
            "Keep your profile up to date: a change of name, owners or end users is looked at again."
        ),
        _(
            "Being a trusted buyer is not an export license, not an approval of financing, and creates no right or "
            "benefit. A license may still be needed."
        ),
    ]


def _refused(case: VettingCase, reason: str) -> tuple[str, list[str]]:
    because = {
        RefusalReason.UNRESOLVED: _(
            "We could not settle the questions that we had about your organization from what we have."
        ),
        RefusalReason.OWNERSHIP: _(
            "We could not establish who owns or controls your organization. A shareholder register or an ownership "
            "chart up to the last owner would help."
        ),
        RefusalReason.END_USE: _("The end use or the end users that you named do not fit the program."),
        RefusalReason.POLICY: _("The program cannot support this transaction."),
    }[RefusalReason(reason)]
    return _("Decision on your registration as a buyer"), [
        _("We looked at your registration. We cannot list your organization as a trusted buyer at this time."),
        because,
        _(
            "You can correct or complete your profile and submit it again. Your needs stay in your account; they are "
            "not matched meanwhile."
        ),
    ]


def _suspended(case: VettingCase) -> tuple[str, list[str]]:
    return _("Your status as a trusted buyer is suspended"), [
        _("Your status as a trusted buyer is suspended while we review our records."),
        _("Meanwhile your needs are not matched, and you cannot ask for introductions."),
        _("We write to you when the review is done, or if we need something from you."),
    ]


def _restored(case: VettingCase) -> tuple[str, list[str]]:
    until = {"until": _day(case.trusted_until)}
    return _("Your status as a trusted buyer is restored"), [
        _("The review is done. Your organization is a trusted buyer again, until %(until)s as before.") % until,
        _("Your posted needs are matched with packages from now on."),
    ]


def _revoked(case: VettingCase) -> tuple[str, list[str]]:
    return _("Your status as a trusted buyer is revoked"), [
        _("Your organization is no longer a trusted buyer of the American AI Exports Program."),
        _("Your needs are not matched, and you cannot ask for introductions."),
        _("If the facts have changed, you can submit your profile again."),
    ]


def _day(moment: date | None) -> str:
    return formats.date_format(moment, "DATE_FORMAT") if moment else ""


# --- to the buyer's people ------------------------------------------------------------------------------------------


def _for_buyer() -> str:
    return _("You get this because you belong to an organization that is registered as a buyer.")


def decision(letter: CaseLetter) -> Letter:
    """A stored letter, word for word."""
    return Letter(
        kind=f"buyers.{letter.kind.lower()}",
        subject=letter.subject,
        body=letter.body,
        path=reverse("buyer_detail", args=[letter.case.buyer_id]),
        reason=_for_buyer(),
    )


def submitted(case: VettingCase, receipt: Receipt) -> Letter:
    return Letter(
        kind="buyers.submitted",
        subject=_("Receipt %(number)s: your profile was submitted for vetting") % {"number": receipt.number},
        body="\n\n".join([receipt.summary, receipt.next_step]),
        path=receipt.path,
        reason=_for_buyer(),
    )


def question_asked(case: VettingCase) -> Letter:
    """Without the question's text: it may be about what is not for a mailbox."""
    return Letter(
        kind="buyers.question_asked",
        subject=_("An officer has a question about %(buyer)s") % {"buyer": case.buyer},
        body=_("Sign in to read and answer it. The review of your profile goes on after your answer."),
        path=reverse("question_answer", args=[case.buyer_id]),
        reason=_for_buyer(),
    )


def _to_buyer(kind: str, subject: str, body: str, case: VettingCase) -> Letter:
    path = reverse("buyer_detail", args=[case.buyer_id])
    return Letter(kind=f"buyers.{kind}", subject=subject, body=body, path=path, reason=_for_buyer())


def question_waits(case: VettingCase, question: CaseQuestion) -> Letter:
    subject = _("Reminder: our question about %(buyer)s waits for your answer") % {"buyer": case.buyer}
    body = _(
        "We asked you on %(day)s. Sign in to read and answer it. The review of your profile goes on after your answer."
    ) % {"day": _day(question.asked_at)}
    return _to_buyer("question_waits", subject, body, case)


def question_taken_back(case: VettingCase) -> Letter:
    subject = _("A question about %(buyer)s needs no answer any more") % {"buyer": case.buyer}
    return _to_buyer("question_taken_back", subject, _("Your page shows what is still open, if anything is."), case)


def renewal_opened(trust: VettingCase) -> Letter:
    subject = _("We look at your status as a trusted buyer, which ends on %(day)s") % {"day": _day(trust.trusted_until)}
    body = _(
        "The review for a new term has begun. Check your profile, and correct what has changed. You need not submit it "
        "again; we ask you if we need something."
    )
    return _to_buyer("renewal_opened", subject, body, trust)


def change_opened(case: VettingCase) -> Letter:
    subject = _("We look at what you changed in your profile")
    body = _(
        "You changed your legal name, country or owners. We look at what changed, and at nothing else. Your page shows "
        "where this stands; you need not submit your profile again."
    )
    return _to_buyer("change_opened", subject, body, case)


def document_ends(document: Document, buyer: Buyer) -> Letter:
    names = {"document": document, "day": _day(document.valid_until)}
    subject = _("A document of %(buyer)s ends on %(day)s") % {"buyer": buyer, "day": names["day"]}
    body = _("“%(document)s” is valid through %(day)s. Add a newer one, so that a review does not have to ask for it.")
    return Letter(
        kind="buyers.document_ends",
        subject=subject,
        body=body % names,
        path=reverse("organization_detail", args=[buyer.organization_id]),
        reason=_for_buyer(),
    )


def trust_ends_soon(case: VettingCase, is_renewed: bool) -> Letter:
    subject = _("Your status as a trusted buyer ends on %(day)s") % {"day": _day(case.trusted_until)}
    body = (
        _("The review for a new term is under way. Answer our questions, if there are any.")
        if is_renewed
        else _("Submit your profile for vetting again now, so that your needs stay matched without a gap.")
    )
    return _to_buyer("trust_ends_soon", subject, body, case)


def trust_ended(case: VettingCase) -> Letter:
    return Letter(
        kind="buyers.trust_ended",
        subject=_("Your status as a trusted buyer has ended"),
        body=_("Your needs are no longer matched. Submit your profile for vetting again to go on."),
        path=reverse("buyer_detail", args=[case.buyer_id]),
        reason=_for_buyer(),
    )


# --- to the officers ------------------------------------------------------------------------------------------------


def _for_officer(kind: str, subject: str, body: str, case: VettingCase) -> Letter:
    return Letter(
        kind=f"buyers.{kind}",
        subject=subject,
        body=body,
        path=reverse("admin:buyers_vettingcase_change", args=[case.pk]),
        reason=_("You get this because you are an officer for the buyer's country."),
    )


def case_opened(case: VettingCase) -> Letter:
    names = {"buyer": case.buyer, "country": countries.name(case.buyer.organization.headquarters_country)}
    subject = {
        CaseKind.FIRST: _("New buyer to vet: %(buyer)s (%(country)s)"),
        CaseKind.RENEWAL: _("Trust to renew: %(buyer)s (%(country)s)"),
        CaseKind.CHANGE: _("Changed facts to vet: %(buyer)s (%(country)s)"),
    }[CaseKind(case.kind)] % names
    return _for_officer("case_opened", subject, _("The case is in your queue."), case)


def question_answered(case: VettingCase, waiting: int) -> Letter:
    """`waiting` is how many questions of the case are still open."""
    subject = _("%(buyer)s answered your question") % {"buyer": case.buyer}
    body = (
        ngettext("%(count)s question is still open.", "%(count)s questions are still open.", waiting)
        % {"count": waiting}
        if waiting
        else _("The case is open again; the next move is yours.")
    )
    return _for_officer("question_answered", subject, body, case)


def buyer_is_silent(case: VettingCase, question: CaseQuestion) -> Letter:
    names = {"buyer": case.buyer, "day": _day(question.asked_at)}
    subject = _("%(buyer)s has not answered since %(day)s") % names
    body = _("It was reminded. Ask in another way, take the question back, or decide on what there is.")
    return _for_officer("buyer_is_silent", subject, body, case)


def case_escalated(case: VettingCase, officer: Any) -> Letter:
    names = {"buyer": case.buyer, "officer": officer.name}
    subject = _("%(officer)s asks you about the case of %(buyer)s") % names
    return _for_officer("case_escalated", subject, _("The note on the case says why. Answer it there."), case)


def escalation_answered(case: VettingCase, manager: Any) -> Letter:
    names = {"buyer": case.buyer, "manager": manager.name}
    subject = _("%(manager)s answered on the case of %(buyer)s") % names
    return _for_officer("escalation_answered", subject, _("The note on the case says what. The move is yours."), case)


def report_filed(report: AdverseReport, *, was_suspended: bool) -> Letter:
    case = report.case
    subject = _("The post %(post)s reports on %(buyer)s") % {"post": report.post, "buyer": case.buyer}
    state = _("Trust was suspended at once.") if was_suspended else _("Trust was not suspended by it.")
    return _for_officer("report_filed", subject, f"{state} {_('Read the report on the case, and settle it.')}", case)


def report_settled(report: AdverseReport) -> Letter:
    names = {"buyer": report.case.buyer, "outcome": report.get_status_display()}
    subject = _("Your report on %(buyer)s was settled: %(outcome)s") % names
    return _for_officer("report_settled", subject, _("The case says how."), report.case)


def countersignature_wanted(case: VettingCase, officer: Any) -> Letter:
    names = {"buyer": case.buyer, "officer": officer.name}
    subject = _("Trust in %(buyer)s waits for a second officer") % names
    body = _("%(officer)s recommends trust. Look at the case, then countersign it or return it.") % names
    return _for_officer("countersignature_wanted", subject, body, case)


def case_returned(case: VettingCase, officer: Any) -> Letter:
    subject = _("Your recommendation on %(buyer)s came back") % {"buyer": case.buyer}
    body = _("%(officer)s returned the case. The note on the case says why.") % {"officer": officer.name}
    return _for_officer("case_returned", subject, body, case)


def recommendation_void(case: VettingCase) -> Letter:
    subject = _("Your recommendation on %(buyer)s no longer stands") % {"buyer": case.buyer}
    body = _("What it was made on changed afterwards. The case is open again; look at it and recommend anew.")
    return _for_officer("recommendation_void", subject, body, case)


def cover_wanted(absence: OfficerAbsence) -> Letter:
    names = {"officer": absence.officer.name, "first": _day(absence.first_day), "last": _day(absence.last_day)}
    return Letter(
        kind="buyers.cover_wanted",
        subject=_("You cover for %(officer)s from %(first)s through %(last)s") % names,
        body=_("On these days the cases of your colleague are among yours in the vetting queue."),
        path=reverse("admin:buyers_vettingcase_changelist") + "?officer=mine",
        reason=_("You get this because you are named as cover."),
    )


def case_assigned(case: VettingCase, officer: Any) -> Letter:
    names = {"buyer": case.buyer, "officer": officer.name}
    subject = _("%(officer)s now has the case of %(buyer)s") % names
    return _for_officer("case_assigned", subject, _("A note on the case may say why."), case)


def case_withdrawn(case: VettingCase) -> Letter:
    subject = _("%(buyer)s withdrew its submission") % {"buyer": case.buyer}
    return _for_officer("case_withdrawn", subject, _("The case is closed. There is nothing to do."), case)


def hits_opened(case: VettingCase, *, was_suspended: bool) -> Letter:
    subject = _("Screening hits on %(buyer)s wait for you") % {"buyer": case.buyer}
    suspended = _("The buyer's trust was suspended.") if was_suspended else _("Nobody trusts this buyer at present.")
    return _for_officer("hits_opened", subject, f"{suspended} {_('Open the case to decide on the hits.')}", case)


def profile_changed(case: VettingCase, buyer: Buyer) -> Letter:
    subject = _("%(buyer)s changed its profile") % {"buyer": buyer}
    body = _("Names, owners, contacts or end users changed, and are screened again. Look whether trust still fits.")
    return _for_officer("profile_changed", subject, body, case)


def trust_ending(case: VettingCase, is_renewed: bool) -> Letter:
    names = {"buyer": case.buyer, "day": _day(case.trusted_until)}
    subject = _("Trust in %(buyer)s ends on %(day)s") % names
    body = _("Its renewal is in the queue.") if is_renewed else _("The buyer was reminded to submit its profile again.")
    return _for_officer("trust_ending", subject, body, case)
