"""Companies in the workbench: what is known of one on one page, and the officer's clearance of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consortia import actions, rules, selectors
from consortia.forms import ClearForm, WithdrawForm
from consortia.models import Clearance, Company
from core import doors, idempotency
from core.admin import StatefulAdmin
from core.http import PortalRequest
from core.permissions import require
from organizations.rules import SIGNING
from organizations.selectors import documents_of, memberships_of, people_of
from screening.selectors import screening_state


class ClearanceFilter(admin.SimpleListFilter):
    title = gettext_lazy("clearance")
    parameter_name = "clearance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("waits", _("Waits for an officer")), ("cleared", _("Cleared"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("waits", "cleared"):
            return queryset
        return queryset.filter(supplies=True, is_fit=self.value() == "cleared")


@admin.register(Company)
class CompanyAdmin(StatefulAdmin):
    list_display = ["name", "country", "state", "clearance"]
    list_filter = [ClearanceFilter]
    search_fields = ["organization__legal_name"]
    ordering = ["pk"]

    @admin.display(description=gettext_lazy("company"), ordering="organization__legal_name")
    def name(self, company: Company) -> str:
        return str(company)

    @admin.display(description=gettext_lazy("country"), ordering="organization__country")
    def country(self, company: Company) -> str:
        return company.organization.get_country_display()

    @admin.display(description=gettext_lazy("clearance"))
    def clearance(self, company: Any) -> str:
        if not company.supplies:
            return _("In no consortium")
        return _("Cleared") if company.is_fit else _("Waits for an officer")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/clear/", view(self.clear), name="consortia_company_clear"),
            path("<int:pk>/withdraw/", view(self.withdraw), name="consortia_company_withdraw"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: Any) -> Any:
        return selectors.with_clearance(selectors.companies_for_officer(request.user), request.now)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_view_companies(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_view_companies(request.user)

    def _company(self, request: PortalRequest, pk: int) -> Any:
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _render(self, request: PortalRequest, template: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
        status = doors.status_of(form) if form is not None else 200
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return render(request, f"admin/consortia/{template}.html", shared | context, status=status)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Everything that a clearance rests on, and the two steps."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        company = self._company(request, int(object_id))
        organization = company.organization
        holding = next((row for row in selectors.clearances_of(company) if row.status == "HOLDS"), None)
        context = {
            "title": str(company),
            "company": company,
            "organization": organization,
            "identifiers": organization.identifiers.order_by("kind"),
            "people": memberships_of(organization),
            "documents": documents_of(organization),
            "eligibility": selectors.eligibility_of(selectors.memberships_of(company), request.now)
            if company.supplies
            else [],
            "screening": screening_state(organization, request.now),
            "clearances": selectors.clearances_of(company),
            "can_clear": rules.can_clear_company(request.user, company),
            "can_withdraw": holding is not None and rules.can_withdraw_clearance(request.user, holding),
        }
        return self._render(request, "company", context)

    def clear(self, request: PortalRequest, pk: int) -> HttpResponse:
        company = self._company(request, pk)
        require(rules.can_clear_company(request.user, company))
        form = ClearForm(doors.sent(request), signers=people_of(company.organization, *SIGNING))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._clear(request, company, form))
        context = {"title": _("Clear the company"), "company": company, "form": form, "button": _("Clear the company")}
        return self._render(request, "company_step", context, form)

    def _clear(self, request: PortalRequest, company: Company, form: ClearForm) -> str:
        actions.clear_company(company, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The company is cleared. Its people are told."))
        return _page_of(company)

    def withdraw(self, request: PortalRequest, pk: int) -> HttpResponse:
        company = self._company(request, pk)
        given = selectors.clearances_of(company)
        held = (
            given if request.method == "POST" else given.filter(status="HOLDS")
        )  # a second click comes after it ended
        clearance = get_object_or_404(held[:1])
        require(rules.can_withdraw_clearance(request.user, clearance))
        form = WithdrawForm(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._withdraw(request, clearance, form))
        context = {"title": _("Withdraw the clearance"), "company": company, "form": form, "button": _("Withdraw")}
        return self._render(request, "company_step", context, form)

    def _withdraw(self, request: PortalRequest, clearance: Clearance, form: WithdrawForm) -> str:
        actions.withdraw_clearance(clearance, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("Withdrawn. Nothing that the company supplies is offered any more."))
        return _page_of(clearance.company)


def _page_of(company: Company) -> str:
    return reverse("admin:consortia_company_change", args=[company.pk])
