"""Every way companies and consortia change."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from consortia import letters, rules, selectors
from consortia.eligibility import Answer
from consortia.models import Clearance, Company, Consortium, Invitation, Member
from consortia.states import ClearanceStatus, ConsortiumStatus, MemberPart, MemberStatus
from core import notifications, outbox
from core.actions import action, begin, lock, move, record
from core.actors import Actor
from core.errors import UnableTo
from core.notifications import Letter
from core.tokens import hash_token, new_token
from organizations.actions import register_organization
from organizations.models import Organization
from organizations.rules import SIGNING, can_sign_for
from organizations.selectors import people_of
from screening.selectors import screening_state

INVITATION_TERM = timedelta(days=30)


@action(rules.can_register_company)
def register_company(
    *,
    by: Any,
    now: datetime,
    summary: str,
    capabilities: Sequence[str] = (),
    organization: Organization | None = None,
    **organization_fields: Any,
) -> Company:
    """Register an organization as a supplier; a new one from its fields, or one that the person signs for already."""
    if organization is None:
        organization = register_organization(by=by, now=now, **organization_fields)
    elif not can_sign_for(by, organization):
        raise UnableTo(_("Only a signer of the organization can register it as a company."))
    company = Company(organization=organization, summary=summary, capabilities=list(capabilities))
    return begin(company, by=by, now=now, action="register_company", detail={"organization": organization.pk})


@action(rules.can_edit_company)
def edit_company(company: Company, *, by: Actor, now: datetime, summary: str, capabilities: Sequence[str]) -> Company:
    lock(company)
    company.summary, company.capabilities, company.updated_at = summary, list(capabilities), now
    company.save(update_fields=["summary", "capabilities", "updated_at"])
    record(company, "edit_company", by=by, now=now)
    return company


@action(rules.can_suspend_company)
def suspend_company(company: Company, *, by: Actor, now: datetime) -> Company:
    """Nothing that the company supplies is offered from this moment on."""
    return move(company, "suspend_company", by=by, now=now)


@action(rules.can_suspend_company)
def reinstate_company(company: Company, *, by: Actor, now: datetime) -> Company:
    return move(company, "reinstate_company", by=by, now=now)


@action(rules.can_form_consortium)
def form_consortium(
    company: Company,
    *,
    by: Any,
    now: datetime,
    name: str,
    kind: str,
    opportunity: str = "",
    summary: str = "",
    components: Sequence[str] = (),
) -> Consortium:
    """Form a consortium with `company` as its anchor member.

    Raises UnableTo when the dated rule does not call it a U.S. company, dated.NoRule when no rule holds.
    """
    if not selectors.is_us_company(company, now):
        raise UnableTo(
            _("The anchor member must be a U.S. company. Ask a U.S. company to form it and to invite yours.")
        )
    consortium = Consortium(name=name, slug=_free_slug(name), kind=kind, opportunity=opportunity, summary=summary)
    begin(consortium, by=by, now=now, action="form_consortium")
    anchor = Member(
        consortium=consortium, company=company, part=MemberPart.ANCHOR, components=list(components), accepted_by=by
    )
    begin(anchor, by=by, now=now, action="become_anchor", detail={"consortium": consortium.pk})
    return consortium


def _free_slug(name: str) -> str:
    slug = slugify(name)[:60] or "consortium"
    return f"{slug}-{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz23456789')}"


@action(rules.can_lead_consortium)
def invite_company(
    consortium: Consortium, *, by: Any, now: datetime, email: str, components: Sequence[str] = (), message: str = ""
) -> tuple[Invitation, str]:
    """Mail a link to a company's person; returns the invitation and the token that only the mail holds."""
    lock(consortium)
    if consortium.status != ConsortiumStatus.ACTIVE:
        raise UnableTo(_("This consortium is dissolved."))
    if selectors.open_invitations(consortium).filter(email__iexact=email, expires_at__gt=now).exists():
        raise UnableTo(_("This address already has an open invitation. Withdraw it to send a new one."))
    token = new_token()
    invitation = Invitation(
        consortium=consortium,
        email=email,
        components=list(components),
        message=message,
        token_hash=hash_token(token),
        invited_by=by,
        expires_at=now + INVITATION_TERM,
    )
    begin(invitation, by=by, now=now, action="invite_company", detail={"consortium": consortium.pk})
    notifications.mail_address(
        email,
        lambda _nobody: letters.company_invited(invitation, by, token),
        key=f"company-invitation:{invitation.pk}",
        now=now,
    )
    return invitation, token


@action(rules.can_answer_invitation)
def accept_invitation(
    invitation: Invitation, *, by: Any, now: datetime, company: Company, components: Sequence[str]
) -> Member:
    """Join with the components that the company will supply; each company accepts for itself.

    Raises UnableTo when the person does not sign for the company, the company is a member already, or no component was
    chosen.
    """
    if not can_sign_for(by, company.organization):
        raise UnableTo(_("Only an administrator or signer of the company can accept for it."))
    if not components:
        raise UnableTo(_("Choose at least one component that your company will supply."))
    lock(invitation.consortium)  # before the invitation, as dissolving does
    if invitation.consortium.status != ConsortiumStatus.ACTIVE:
        raise UnableTo(_("This consortium is dissolved."))
    move(invitation, "accept_invitation", by=by, now=now, detail={"company": company.pk})
    if selectors.members_of(invitation.consortium).filter(company=company).exists():
        raise UnableTo(_("This company is already a member of the consortium."))
    member = Member(
        consortium=invitation.consortium,
        company=company,
        part=MemberPart.MEMBER,
        components=list(components),
        accepted_by=by,
    )
    begin(member, by=by, now=now, action="join_consortium", detail={"consortium": invitation.consortium_id})
    _tell_anchor_of_answer(invitation, str(company), accepted=True, now=now)
    return member


@action(rules.can_answer_invitation)
def decline_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> Invitation:
    move(invitation, "decline_invitation", by=by, now=now)
    _tell_anchor_of_answer(invitation, "", accepted=False, now=now)
    return invitation


@action(rules.can_withdraw_invitation)
def withdraw_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> Invitation:
    return move(invitation, "withdraw_invitation", by=by, now=now)


def _tell_anchor_of_answer(invitation: Invitation, company: str, *, accepted: bool, now: datetime) -> None:
    notifications.notify(
        selectors.people_of_anchor(invitation.consortium),
        lambda _user: letters.invitation_answered(invitation, company, accepted=accepted),
        key=f"company-invitation-answered:{invitation.pk}",
        now=now,
    )


@action(rules.can_change_components)
def change_components(member: Member, *, by: Actor, now: datetime, components: Sequence[str]) -> Member:
    """Raises UnableTo for a company that left, or for a member without any component (the anchor may have none)."""
    lock(member)
    if member.status != MemberStatus.ACCEPTED:
        raise UnableTo(_("This company is no longer a member."))
    if not components and member.part != MemberPart.ANCHOR:
        raise UnableTo(_("Choose at least one component that your company will supply."))
    member.components, member.updated_at = list(components), now
    member.save(update_fields=["components", "updated_at"])
    record(member, "change_components", by=by, now=now, detail={"components": sorted(components)})
    return member


@action(rules.can_leave_consortium)
def leave_consortium(member: Member, *, by: Actor, now: datetime) -> Member:
    move(member, "leave_consortium", by=by, now=now)
    _tell_member_gone(member, now)
    return member


@action(rules.can_remove_member)
def remove_member(member: Member, *, by: Actor, now: datetime) -> Member:
    move(member, "remove_member", by=by, now=now)
    _tell_member_gone(member, now)
    return member


def _tell_member_gone(member: Member, now: datetime) -> None:
    outbox.publish("consortia.member_gone", key=f"member:{member.pk}", payload={"member": member.pk}, now=now)
    key = f"member-gone:{member.pk}"
    members = selectors.people_of_members(member.consortium)
    notifications.notify(members, lambda _user: letters.member_gone(member), key=key, now=now)
    gone = people_of(member.company.organization)
    notifications.notify(gone, lambda _user: letters.membership_ended(member), key=key, now=now)


@action(rules.can_lead_consortium)
def dissolve_consortium(consortium: Consortium, *, by: Actor, now: datetime) -> Consortium:
    """Open invitations end with it; what it offered is offered no more (packages read the consortium's status)."""
    move(consortium, "dissolve_consortium", by=by, now=now)
    for invitation in selectors.open_invitations(consortium):
        move(invitation, "withdraw_invitation", by=by, now=now)
    return consortium


# --- clearance ------------------------------------------------------------------------------------------------------------


@action(rules.can_clear_company)
def clear_company(
    company: Company, *, by: Any, now: datetime, representative: Any, identity_basis: str, authority_basis: str
) -> Clearance:
    """Accept who a company is and who speaks for it; what it supplies may be offered from then on.

    Raises UnableTo with what stands against it: screening, a rule that does not say yes, a person who may not sign.
    """
    lock(company)
    organization = lock(company.organization)
    if not people_of(organization, *SIGNING).filter(pk=representative.pk).exists():
        raise UnableTo(_("The representative must be an administrator or signer of the company."))
    screened = screening_state(organization, now)
    if not screened.is_clear:
        raise UnableTo(_("The company cannot be cleared: %(reason)s") % {"reason": screened.reason})
    members = list(selectors.memberships_of(company))
    if not members:
        raise UnableTo(_("The company is in no standing consortium. There is nothing yet that it supplies."))
    _refuse_ineligible(members, now)
    for held in company.clearances.filter(status=ClearanceStatus.HOLDS):
        move(held, "replace_clearance", by=by, now=now)
    clearance = Clearance(
        company=company,
        representative=representative,
        identity_basis=identity_basis,
        authority_basis=authority_basis,
        given_by=by,
        **selectors.seen_for_clearance(members[0], now),
    )
    begin(clearance, by=by, now=now, action="clear_company", detail={"company": company.pk})
    _tell_of_clearance(clearance, letters.company_cleared, "cleared", now)
    return clearance


def _refuse_ineligible(members: Sequence[Member], now: datetime) -> None:
    for member, found in selectors.eligibility_of(members, now):
        for finding in found:
            if finding.answer != Answer.YES:
                names = {"consortium": member.consortium, "question": finding.question, "reason": finding.reason}
                raise UnableTo(_("The company cannot be cleared in “%(consortium)s”. %(question)s %(reason)s") % names)


@action(rules.can_withdraw_clearance)
def withdraw_clearance(clearance: Clearance, *, by: Actor, now: datetime, reason: str) -> Clearance:
    """Nothing that the company supplies is offered from this moment on. The reason stays with the officers."""
    move(clearance, "withdraw_clearance", by=by, now=now, changes={"withdrawal_reason": reason})
    _tell_of_clearance(clearance, letters.clearance_withdrawn, "withdrawn", now)
    return clearance


def _tell_of_clearance(clearance: Clearance, letter: Callable[[Company], Letter], change: str, now: datetime) -> None:
    organization = clearance.company.organization
    key = f"clearance:{clearance.pk}:{change}"
    outbox.publish("consortia.clearance_changed", key=key, payload={"organization": organization.pk}, now=now)
    notifications.notify(people_of(organization), lambda _user: letter(clearance.company), key=key, now=now)
