"""An organization's own pages: the entity, its parties, people and documents."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import doors, files, idempotency
from core.http import PortalRequest
from core.permissions import require
from organizations import actions, rules, selectors
from organizations.forms import DocumentForm, InviteForm, OrganizationForm, PartyForm, RoleForm
from organizations.models import Document, Invitation, Organization
from organizations.picture import view
from organizations.states import PartyRole

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _organization(request: PortalRequest, pk: int) -> Organization:
    return get_object_or_404(selectors.organizations_for(request.user), pk=pk)


def _editable(request: PortalRequest, pk: int) -> Organization:
    organization = _organization(request, pk)
    require(rules.can_edit_organization(request.user, organization))
    return organization


@login_required
@require_safe
def organization_detail(request: PortalRequest, pk: int) -> HttpResponse:
    organization = _organization(request, pk)
    day = request.now.date()
    owners = selectors.owners_of(organization, day, follow=False)
    context = {
        "organization": organization,
        "names": organization.names.order_by("id"),
        "identifiers": organization.identifiers.order_by("kind"),
        "parties": selectors.other_parties(organization),
        "view": view(owners, selectors.decisive_percent(day)),
        "documents": selectors.documents_of(organization),
        "can_edit": rules.can_edit_organization(request.user, organization),
        "party_roles": PartyRole.choices,
    }
    return render(request, "organizations/organization_detail.html", context)


@login_required
@form_page
def organization_edit(request: PortalRequest, pk: int) -> HttpResponse:
    organization = _editable(request, pk)
    form = OrganizationForm(doors.sent(request), instance=organization)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _save_organization(request, organization.pk, form))
    context = {"form": form, "organization": organization}
    return render(request, "organizations/organization_edit.html", context, status=doors.status_of(form))


def _save_organization(request: PortalRequest, pk: int, form: OrganizationForm) -> str:
    organization = _organization(request, pk)  # read anew: the form's validation changed its own instance
    by, now = request.user, request.now
    actions.edit_organization(organization, by=by, now=now, **form.organization_fields())
    actions.set_names(organization, by=by, now=now, names=form.names())
    kept = {row.kind: row.value for row in organization.identifiers.all()} | {"REGISTRATION": ""}
    wanted = kept | {row["kind"]: row["value"] for row in form.identifiers()}
    actions.set_identifiers(organization, by=by, now=now, identifiers=wanted)
    messages.success(request, _("Saved."))
    return _home(organization)


def _home(organization: Organization) -> str:
    return reverse("organization_detail", args=[organization.pk])


@login_required
@form_page
def party_add(request: PortalRequest, pk: int, role: str) -> HttpResponse:
    organization = _editable(request, pk)
    if role not in PartyRole.values:
        raise Http404
    form = PartyForm(doors.sent(request), role=role)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _add_party(request, organization, form))
    context = {"form": form, "organization": organization, "role": PartyRole(role)}
    return render(request, "organizations/party_form.html", context, status=doors.status_of(form))


def _add_party(request: PortalRequest, organization: Organization, form: PartyForm) -> str:
    party = actions.add_party(organization, by=request.user, now=request.now, **form.party_fields())
    messages.success(request, _("%(name)s was added.") % {"name": party.name})
    return _home(organization)


@login_required
@form_page
def party_edit(request: PortalRequest, pk: int, party: int) -> HttpResponse:
    organization = _editable(request, pk)
    row = get_object_or_404(organization.parties, pk=party)
    stake = selectors.direct_stake(row, request.now.date())
    form = PartyForm(doors.sent(request), instance=row, role=row.role, stake=stake)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            actions.change_party(organization, by=request.user, now=request.now, party=row, **form.cleaned_data)
            return HttpResponseRedirect(_home(organization))
    context = {"form": form, "organization": organization, "role": PartyRole(row.role), "party": row}
    return render(request, "organizations/party_form.html", context, status=doors.status_of(form))


@login_required
@require_POST
def party_remove(request: PortalRequest, pk: int, party: int) -> HttpResponse:
    organization = _organization(request, pk)
    with doors.told(request):
        return idempotency.once(request, lambda: _remove_party(request, organization, party))
    return HttpResponseRedirect(_home(organization))


def _remove_party(request: PortalRequest, organization: Organization, party: int) -> str:
    row = get_object_or_404(organization.parties, pk=party)
    actions.remove_party(organization, by=request.user, now=request.now, party=row)
    messages.success(request, _("%(name)s was removed.") % {"name": row.name})
    return _home(organization)


@login_required
@form_page
def organization_people(request: PortalRequest, pk: int) -> HttpResponse:
    organization = _organization(request, pk)
    require(request.method != "POST" or rules.can_manage_people(request.user, organization))
    form = InviteForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _invite(request, organization, form))
    context = {
        "form": form,
        "organization": organization,
        "memberships": selectors.memberships_of(organization),
        "invitations": selectors.invitations_of(organization),
        "can_manage": rules.can_manage_people(request.user, organization),
        "role_form": RoleForm(),
    }
    return render(request, "organizations/organization_people.html", context, status=doors.status_of(form))


def _invite(request: PortalRequest, organization: Organization, form: InviteForm) -> str:
    actions.invite_colleague(organization, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
    return _people(organization)


def _people(organization: Organization) -> str:
    return reverse("organization_people", args=[organization.pk])


@login_required
@require_POST
def membership_change(request: PortalRequest, pk: int, membership: int) -> HttpResponse:
    """Give a member another role, or with `end` end the membership."""
    organization = _organization(request, pk)
    with doors.told(request):
        return idempotency.once(request, lambda: _change_membership(request, organization, membership))
    return HttpResponseRedirect(_people(organization))


def _change_membership(request: PortalRequest, organization: Organization, pk: int) -> str:
    row = get_object_or_404(selectors.memberships_of(organization), pk=pk)
    form = RoleForm(request.POST)
    if "end" in request.POST:
        actions.end_membership(organization, by=request.user, now=request.now, membership=row)
        return reverse("dashboard") if row.user == request.user else _people(organization)
    if form.is_valid():
        role = form.cleaned_data["role"]
        actions.change_role(organization, by=request.user, now=request.now, membership=row, role=role)
    return _people(organization)


@login_required
@require_POST
def invitation_withdraw(request: PortalRequest, pk: int, invitation: int) -> HttpResponse:
    organization = _organization(request, pk)
    with doors.told(request):
        return idempotency.once(request, lambda: _withdraw_invitation(request, organization, invitation))
    return HttpResponseRedirect(_people(organization))


def _withdraw_invitation(request: PortalRequest, organization: Organization, pk: int) -> str:
    row = get_object_or_404(selectors.invitations_of(organization), pk=pk)
    actions.withdraw_invitation(row, by=request.user, now=request.now)
    return _people(organization)


@login_required
@form_page
def organization_invitation(request: PortalRequest, token: str) -> HttpResponse:
    """Accept or decline; the link of the mail leads here."""
    try:
        invitation = selectors.invitation_by_token(token)
    except Invitation.DoesNotExist:
        raise Http404 from None
    if not rules.can_answer_invitation(request.user, invitation):
        return render(request, "organizations/invitation_other_person.html", status=403)
    if request.method == "POST":
        with doors.told(request):
            return idempotency.once(request, lambda: _answer(request, invitation))
    refusal = invitation.machine.refusal(invitation, "accept_invitation", request.now)
    context = {"invitation": invitation, "refusal": refusal}
    return render(request, "organizations/organization_invitation.html", context)


def _answer(request: PortalRequest, invitation: Invitation) -> str:
    if "decline" in request.POST:
        actions.decline_invitation(invitation, by=request.user, now=request.now)
        return reverse("dashboard")
    actions.accept_invitation(invitation, by=request.user, now=request.now)
    return _home(invitation.organization)


@login_required
@form_page
def document_add(request: PortalRequest, pk: int) -> HttpResponse:
    organization = _editable(request, pk)
    form = DocumentForm(doors.sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _add_document(request, organization, form))
    context = {"form": form, "organization": organization}
    return render(request, "organizations/document_add.html", context, status=doors.status_of(form))


def _add_document(request: PortalRequest, organization: Organization, form: DocumentForm) -> str:
    actions.add_document(organization, by=request.user, now=request.now, **form.cleaned_data)
    messages.success(request, _("The file is stored. It can be opened once it is scanned."))
    return _home(organization)


@login_required
@require_safe
def document_download(request: PortalRequest, file: str) -> HttpResponseBase:
    try:
        stored = selectors.file_for(request.user, file)
    except Document.DoesNotExist:
        raise Http404 from None
    return files.download(stored)
