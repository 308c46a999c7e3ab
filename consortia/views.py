"""The supply side's workplace: companies and the consortia that they form."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consortia import actions, rules, selectors
from consortia.forms import (
    AcceptForm,
    CompanyForm,
    CompanyProfileForm,
    ComponentsForm,
    ConsortiumForm,
    InvitationForm,
)
from consortia.models import Company, Consortium, Invitation
from core import doors, idempotency
from core.http import PortalRequest
from core.permissions import require
from organizations.models import Organization
from organizations.selectors import similar_names

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _consortium(request: PortalRequest, slug: str) -> Consortium:
    return get_object_or_404(selectors.consortia_for(request.user), slug=slug)


def _path_of(consortium: Consortium) -> str:
    return reverse("consortium_detail", args=[consortium.slug])


@login_required
@require_safe
def company_list(request: PortalRequest) -> HttpResponse:
    context = {
        "companies": selectors.companies_for(request.user).order_by("organization__legal_name"),
        "consortia": selectors.consortia_with_counts(request.user),
        "invitations": selectors.invitations_to(request.user, request.now),
    }
    return render(request, "consortia/company_list.html", context)


@login_required
@form_page
def company_register(request: PortalRequest) -> HttpResponse:
    require(rules.can_register_company(request.user))
    form = CompanyForm(doors.sent(request))
    similar: list[Organization] = []
    if request.method == "POST" and form.is_valid():
        try:
            with doors.shown_on(form):
                return idempotency.once(request, lambda: _register(request, form))
        except NamesakesFound as found:
            similar = found.organizations
    context = {"form": form, "similar": similar}
    return render(request, "consortia/company_register.html", context, status=doors.status_of(form))


class NamesakesFound(Exception):
    """Organizations of nearly the same name are registered. Asked inside of `once`, so that a double click is not."""

    def __init__(self, organizations: list[Organization]) -> None:
        self.organizations = organizations


def _register(request: PortalRequest, form: CompanyForm) -> str:
    similar = list(similar_names(form.cleaned_data["legal_name"]))
    if similar and "confirmed" not in request.POST:
        raise NamesakesFound(similar)
    company = actions.register_company(
        by=request.user,
        now=request.now,
        names=form.names(),
        identifiers=form.identifiers(),
        **form.company_fields(),
        **form.organization_fields(),
    )
    messages.success(request, _("%(company)s is registered. You are its administrator.") % {"company": company})
    return reverse("company_detail", args=[company.pk])


@login_required
@require_safe
def company_detail(request: PortalRequest, pk: int) -> HttpResponse:
    companies = selectors.with_clearance(selectors.companies_for(request.user), request.now)
    company = get_object_or_404(companies, pk=pk)
    context = {
        "company": company,
        "memberships": company.memberships.filter(status="ACCEPTED").select_related("consortium"),
        "can_edit": rules.can_edit_company(request.user, company),
        "can_form": rules.can_form_consortium(request.user, company),
        "is_us": selectors.is_us_company(company, request.now),
        "parties": company.organization.parties.order_by("role", "id"),
    }
    return render(request, "consortia/company_detail.html", context)


@login_required
@form_page
def company_edit(request: PortalRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(selectors.companies_for(request.user), pk=pk)
    require(rules.can_edit_company(request.user, company))
    form = CompanyProfileForm(doors.sent(request), instance=company)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            fresh = selectors.companies_for(request.user).get(pk=company.pk)
            actions.edit_company(fresh, by=request.user, now=request.now, **form.cleaned_data)
            return HttpResponseRedirect(reverse("company_detail", args=[company.pk]))
    context = {"form": form, "company": company}
    return render(request, "consortia/company_edit.html", context, status=doors.status_of(form))


@login_required
@form_page
def consortium_form(request: PortalRequest, pk: int) -> HttpResponse:
    """Form a consortium with this company as its anchor."""
    company = get_object_or_404(selectors.companies_for(request.user), pk=pk)
    require(rules.can_form_consortium(request.user, company))
    form = ConsortiumForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _form(request, company, form))
    context = {"form": form, "company": company}
    return render(request, "consortia/consortium_form.html", context, status=doors.status_of(form))


def _form(request: PortalRequest, company: Company, form: ConsortiumForm) -> str:
    consortium = actions.form_consortium(company, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("The consortium is formed. Invite the companies that complete its stack."))
    return _path_of(consortium)


@login_required
@require_safe
def consortium_detail(request: PortalRequest, slug: str) -> HttpResponse:
    consortium = _consortium(request, slug)
    members = list(selectors.members_of(consortium))
    own = set(selectors.companies_for(request.user).values_list("pk", flat=True))
    context = {
        "consortium": consortium,
        "members": members,
        "eligibility": selectors.eligibility_of(members, request.now),
        "fit": set(selectors.fit_members(request.now).filter(consortium=consortium).values_list("pk", flat=True)),
        "own_members": [member for member in members if member.company_id in own],
        "coverage": selectors.coverage(consortium),
        "invitations": selectors.open_invitations(consortium),
        "can_lead": rules.can_lead_consortium(request.user, consortium),
        "packages": consortium.packages.order_by("-updated_at"),
    }
    return render(request, "consortia/consortium_detail.html", context)


@login_required
@form_page
def company_invite(request: PortalRequest, slug: str) -> HttpResponse:
    consortium = _consortium(request, slug)
    require(rules.can_lead_consortium(request.user, consortium))
    form = InvitationForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _invite(request, consortium, form))
    context = {"form": form, "consortium": consortium}
    return render(request, "consortia/company_invite.html", context, status=doors.status_of(form))


def _invite(request: PortalRequest, consortium: Consortium, form: InvitationForm) -> str:
    actions.invite_company(consortium, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
    return _path_of(consortium)


@login_required
@require_POST
def company_invitation_withdraw(request: PortalRequest, slug: str, invitation: int) -> HttpResponse:
    consortium = _consortium(request, slug)
    with doors.told(request):
        return idempotency.once(request, lambda: _withdraw_invitation(request, consortium, invitation))
    return HttpResponseRedirect(_path_of(consortium))


def _withdraw_invitation(request: PortalRequest, consortium: Consortium, pk: int) -> str:
    row = get_object_or_404(selectors.open_invitations(consortium), pk=pk)
    actions.withdraw_invitation(row, by=request.user, now=request.now)
    return _path_of(consortium)


@login_required
@form_page
def consortium_invitation(request: PortalRequest, token: str) -> HttpResponse:
    """Accept or decline for a company; the link of the mail leads here."""
    try:
        invitation = selectors.invitation_by_token(token)
    except Invitation.DoesNotExist:
        raise Http404 from None
    if not rules.can_answer_invitation(request.user, invitation):
        return render(request, "organizations/invitation_other_person.html", status=403)
    companies = selectors.companies_for(request.user)
    form = AcceptForm(doors.sent(request), companies=companies, initial={"components": invitation.components})
    if request.method == "POST" and "decline" in request.POST:
        with doors.told(request):
            return idempotency.once(request, lambda: _decline(request, invitation))
        return HttpResponseRedirect(reverse("dashboard"))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _accept(request, invitation, form))
    refusal = invitation.machine.refusal(invitation, "accept_invitation", request.now)
    context = {"form": form, "invitation": invitation, "companies": companies, "refusal": refusal}
    return render(request, "consortia/consortium_invitation.html", context, status=doors.status_of(form))


def _decline(request: PortalRequest, invitation: Invitation) -> str:
    actions.decline_invitation(invitation, by=request.user, now=request.now)
    return reverse("dashboard")


def _accept(request: PortalRequest, invitation: Invitation, form: AcceptForm) -> str:
    member = actions.accept_invitation(invitation, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("%(company)s is now a member.") % {"company": member.company})
    return _path_of(invitation.consortium)


@login_required
@form_page
def member_components(request: PortalRequest, slug: str, member: int) -> HttpResponse:
    consortium = _consortium(request, slug)
    row = get_object_or_404(selectors.members_of(consortium), pk=member)
    require(rules.can_change_components(request.user, row))
    form = ComponentsForm(doors.sent(request), initial={"components": row.components})
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            actions.change_components(row, by=request.user, now=request.now, **form.cleaned_data)
            return HttpResponseRedirect(_path_of(consortium))
    context = {"form": form, "consortium": consortium, "member": row}
    return render(request, "consortia/member_components.html", context, status=doors.status_of(form))


@login_required
@require_POST
def member_end(request: PortalRequest, slug: str, member: int) -> HttpResponse:
    """Leave (the company's own people) or remove (the anchor's)."""
    with doors.told(request):
        return idempotency.once(request, lambda: _end_membership(request, slug, member))
    return HttpResponseRedirect(reverse("consortium_detail", args=[slug]))


def _end_membership(request: PortalRequest, slug: str, pk: int) -> str:
    consortium = _consortium(request, slug)  # not there any more for whoever has left
    member = get_object_or_404(selectors.members_of(consortium), pk=pk)
    if rules.can_leave_consortium(request.user, member):
        actions.leave_consortium(member, by=request.user, now=request.now)
        return reverse("company_list")
    actions.remove_member(member, by=request.user, now=request.now)
    return _path_of(consortium)


@login_required
@require_POST
def consortium_dissolve(request: PortalRequest, slug: str) -> HttpResponse:
    consortium = _consortium(request, slug)
    with doors.told(request):
        return idempotency.once(request, lambda: _dissolve(request, consortium))
    return HttpResponseRedirect(_path_of(consortium))


def _dissolve(request: PortalRequest, consortium: Consortium) -> str:
    actions.dissolve_consortium(consortium, by=request.user, now=request.now)
    return _path_of(consortium)
