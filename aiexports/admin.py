"""The workbench of federal staff. Its door is the portal's own sign-in, with a second step."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import assurance
from core.permissions import require
from core.tables import csv_response


class PortalAdminSite(AdminSite):
    site_header = _("AI Exports workbench")
    site_title = _("AI Exports workbench")
    index_title = _("What is here")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only the pages that our rooms wrote: what a library registers by itself shows the secrets of second steps."""
        from core.admin import RecordAdmin  # registers its own pages here while it is imported

        if admin_class is not None and issubclass(admin_class, RecordAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return assurance.may_use_workbench(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No form of its own: on to the sign-in, to the second step, or nowhere for people without a federal role."""
        index = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(index)
        next_path = request.GET.get("next", index)
        if request.user.is_anonymous:
            return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': next_path})}")
        if not request.user.is_staff:
            raise PermissionDenied
        return redirect(assurance.second_step_address(request, next_path))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What waits, then what is here."""
        from buyers.rules import can_view_cases  # rooms register their pages here while they are imported
        from buyers.selectors import cases_for
        from buyers.selectors.queue import counts
        from screening.rules import can_view_hits
        from screening.selectors import freshness
        from screening.upkeep import newest_fetch

        waiting: dict[str, Any] = {}
        if can_view_cases(request.user):
            waiting["counts"] = counts(cases_for(request.user), request.now).items()
        if can_view_hits(request.user):
            waiting |= {"freshness": freshness(request.now), "fetch": newest_fetch()}
        return super().index(request, waiting | (extra_context or {}))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("reports/", self.admin_view(self.reports), name="reports"), *super().get_urls()]

    def reports(self, request: Any) -> HttpResponse:
        """How screening and vetting went, as a page or as a table to take along."""
        from buyers.forms.reports import PeriodForm
        from buyers.rules import can_view_reports
        from buyers.selectors import reports

        require(can_view_reports(request.user))
        form = PeriodForm({"days": reports.PERIODS[1], **request.GET.dict()})
        days = (form.is_valid() and form.cleaned_data["days"]) or reports.PERIODS[1]
        found = reports.report(request.user, request.now, days)
        if request.GET.get("format") == "csv":
            return csv_response(f"reports-{request.now:%Y-%m-%d}", reports.HEAD, reports.as_rows(found))
        context = {"title": _("Reports"), "report": found, "form": form, "brackets": reports.brackets()}
        return render(request, "admin/reports.html", {**self.each_context(request), **context})

    def logout(  # type: ignore[override]  # Django's own answers with a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout", preserve_request=True)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
