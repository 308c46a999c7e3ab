"""What we say to companies about their consortia."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consortia.models import Company, Invitation, Member
from core.notifications import Letter


def company_invited(invitation: Invitation, inviter: Any, token: str) -> Letter:
    names = {"consortium": invitation.consortium, "inviter": inviter.name, "message": invitation.message}
    body = _("%(inviter)s invites your company to join the consortium “%(consortium)s”.") % names
    if invitation.message:
        body += "\n\n" + invitation.message
    body += "\n\n" + _(
        "Sign in or sign up with this e-mail address, register your company if it is not yet registered, and choose the "
        "components that it will supply. The link works for 30 days."
    )
    return Letter(
        kind="consortia.company_invited",
        subject=_("Invitation to the consortium “%(consortium)s”") % names,
        body=body,
        path=reverse("consortium_invitation", args=[token]),
        reason=_("You get this because the consortium's anchor member entered your e-mail address."),
    )


def invitation_answered(invitation: Invitation, company: str, *, accepted: bool) -> Letter:
    names = {"company": company or invitation.email, "consortium": invitation.consortium}
    subject = (
        _("%(company)s joined “%(consortium)s”") if accepted else _("%(company)s declined to join “%(consortium)s”")
    )
    return Letter(
        kind="consortia.invitation_answered",
        subject=subject % names,
        body=_("You can see the members and the components that they supply on the consortium's page."),
        path=reverse("consortium_detail", args=[invitation.consortium.slug]),
        reason=_("You get this because you act for the consortium's anchor member."),
    )


def member_gone(member: Member) -> Letter:
    names = {"company": member.company, "consortium": member.consortium}
    return Letter(
        kind="consortia.member_gone",
        subject=_("%(company)s is no longer a member of “%(consortium)s”") % names,
        body=_("Packages that it supplied are not offered until they are published again without it."),
        path=reverse("consortium_detail", args=[member.consortium.slug]),
        reason=_("You get this because your company is a member of the consortium."),
    )


def membership_ended(member: Member) -> Letter:
    """To the company that is gone, which sees the consortium's page no more."""
    names = {"company": member.company, "consortium": member.consortium}
    return Letter(
        kind="consortia.membership_ended",
        subject=_("%(company)s is no longer a member of “%(consortium)s”") % names,
        body=_("Packages that it supplied are not offered until they are published again without it."),
        path=reverse("company_detail", args=[member.company_id]),
        reason=_("You get this because your company was a member of the consortium."),
    )


def company_cleared(company: Company) -> Letter:
    return _to_company(
        company,
        "company_cleared",
        _("%(company)s is cleared to supply packages"),
        _(
            "An officer of the program has accepted your company's identity and its representative. Packages that it "
            "supplies can be published. A new owner or another country is looked at again."
        ),
    )


def clearance_withdrawn(company: Company) -> Letter:
    return _to_company(
        company,
        "clearance_withdrawn",
        _("%(company)s is not cleared to supply packages any more"),
        _(
            "Packages that your company supplies are not offered until an officer of the program clears it again. Check "
            "that what you entered of the company and its owners is complete and true."
        ),
    )


def _to_company(company: Company, kind: str, subject: str, body: str) -> Letter:
    return Letter(
        kind=f"consortia.{kind}",
        subject=subject % {"company": company},
        body=body,
        path=reverse("company_detail", args=[company.pk]),
        reason=_("You get this because you belong to the company."),
    )
