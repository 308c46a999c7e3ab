"""Organizations in the workbench: who owns them, and what officers found of that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import doors, idempotency
from core.admin import RecordAdmin
from core.http import PortalRequest
from core.permissions import require
from organizations import actions, rules, selectors
from organizations.forms import FindingForm, FoundControlForm, FoundForm, FoundStakeForm
from organizations.models import Organization
from organizations.picture import view
from organizations.states import SourceKind


@dataclass(frozen=True)
class Holding:
    """What an officer enters from a source, and takes back."""

    title: Any
    form: type[FoundForm]
    add: Callable[..., Any]
    on_record: Callable[[Organization], QuerySet[Any]]
    remove: Callable[..., None]


HOLDINGS = {
    "stake": Holding(
        gettext_lazy("Enter an owner"), FoundStakeForm, actions.add_stake, selectors.stakes_of, actions.remove_stake
    ),
    "control": Holding(
        gettext_lazy("Enter control without a share"),
        FoundControlForm,
        actions.add_control,
        selectors.controls_of,
        actions.remove_control,
    ),
}


@admin.register(Organization)
class OrganizationAdmin(RecordAdmin):
    list_display = ["legal_name", "country", "headquarters_country", "updated_at"]
    list_filter = ["country"]
    search_fields = ["legal_name", "names__name"]

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view
        return [
            path("<int:pk>/finding/", door(self.finding), name="organizations_organization_finding"),
            path(
                "<int:pk>/finding/<int:finding>/withdraw/",
                door(require_POST(self.withdraw)),
                name="organizations_organization_withdraw",
            ),
            path("<int:pk>/enter/<str:kind>/<int:owned>/", door(self.enter), name="organizations_organization_enter"),
            path(
                "<int:pk>/remove/<str:kind>/<int:holding>/",
                door(require_POST(self.remove)),
                name="organizations_organization_remove",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return selectors.vetted_organizations(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_view_ownership(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_view_ownership(request.user)

    def _organization(self, request: PortalRequest, pk: int) -> Organization:
        return get_object_or_404(selectors.vetted_organizations(request.user), pk=pk)

    def _render(
        self, request: PortalRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return render(request, f"admin/organizations/{template}.html", shared | context, status=status)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Owners at any distance, those of registered owners too, and every finding."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        organization = self._organization(request, int(object_id))
        day = request.now.date()
        on_record = {kind: list(holding.on_record(organization)) for kind, holding in HOLDINGS.items()}
        context = {
            "title": str(organization),
            "organization": organization,
            "view": view(selectors.owners_of(organization, day), selectors.decisive_percent(day)),
            "stakes": on_record["stake"],
            "controls": on_record["control"],
            "entered": [(k, row) for k, rows in on_record.items() for row in rows if row.source == SourceKind.FINDING],
            "entities": selectors.entities_of(organization),
            "findings": selectors.findings_of(organization),
            "can_record": rules.can_record_finding(request.user, organization),
        }
        return self._render(request, "ownership", context)

    def finding(self, request: PortalRequest, pk: int) -> HttpResponse:
        organization = self._organization(request, pk)
        require(rules.can_record_finding(request.user, organization))
        form = FindingForm(doors.sent(request), organization=organization, initial={"source_date": request.now.date()})
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._record(request, organization, form))
        title = _("Record a finding on owners")
        context = {"title": title, "organization": organization, "about": organization, "form": form}
        return self._render(request, "finding", context, doors.status_of(form))

    def _record(self, request: PortalRequest, organization: Organization, form: FindingForm) -> str:
        actions.record_finding(organization, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The finding is recorded. What the rules say is worked out anew."))
        return _page_of(organization)

    def enter(self, request: PortalRequest, pk: int, kind: str, owned: int) -> HttpResponse:
        """`owned` is the owner in which it is; 0 for the organization itself."""
        organization = self._organization(request, pk)
        require(rules.can_record_finding(request.user, organization))
        holding = _holding(kind)
        party = get_object_or_404(selectors.entities_of(organization), pk=owned) if owned else None
        form = holding.form(doors.sent(request), organization=organization, owned=party, user=request.user)
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._enter(request, organization, holding, form))
        context = {"title": holding.title, "organization": organization, "about": party or organization, "form": form}
        return self._render(request, "finding", context, doors.status_of(form))

    def _enter(self, request: PortalRequest, organization: Organization, holding: Holding, form: FoundForm) -> str:
        made = holding.add(organization, by=request.user, now=request.now, **form.arguments())
        messages.success(
            request, _("%(name)s is entered. What the rules say is worked out anew.") % {"name": made.holder}
        )
        return _page_of(organization)

    def remove(self, request: PortalRequest, pk: int, kind: str, holding: int) -> HttpResponse:
        organization = self._organization(request, pk)
        kind_of = _holding(kind)
        row = get_object_or_404(kind_of.on_record(organization), pk=holding)
        with doors.told(request):
            kind_of.remove(organization, by=request.user, now=request.now, **{kind: row})
            messages.success(request, _("It is taken back. What the rules say is worked out anew."))
        return HttpResponseRedirect(_page_of(organization))

    def withdraw(self, request: PortalRequest, pk: int, finding: int) -> HttpResponse:
        organization = self._organization(request, pk)
        row = get_object_or_404(selectors.findings_of(organization), pk=finding)
        with doors.told(request):
            actions.withdraw_finding(row, by=request.user, now=request.now)
            messages.success(request, _("The finding is withdrawn. What the rules say is worked out anew."))
        return HttpResponseRedirect(_page_of(organization))


def _holding(kind: str) -> Holding:
    if kind not in HOLDINGS:
        raise Http404
    return HOLDINGS[kind]


def _page_of(organization: Organization) -> str:
    return reverse("admin:organizations_organization_change", args=[organization.pk])
