"""Packages in the workbench: officers take a published one out of the catalogue at once, and put it back."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import doors, idempotency
from core.admin import StatefulAdmin, StatusFilter
from core.http import PortalRequest
from core.permissions import require
from packages import actions, rules, selectors
from packages.forms import SuspendForm
from packages.models import Package
from packages.states import PACKAGE


@admin.register(Package)
class PackageAdmin(StatefulAdmin):
    list_display = ["title", "consortium", "state", "updated_at"]
    list_filter = [StatusFilter]
    search_fields = ["title", "consortium__name"]
    fields = ["state", "consortium", "current_version", "suspension_reason", "updated_at"]
    change_form_template = "admin/packages/package.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/suspend/", view(self.suspend), name="packages_package_suspend"),
            path("<int:pk>/reinstate/", view(require_POST(self.reinstate)), name="packages_package_reinstate"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Drafts are their consortium's own."""
        return selectors.once_published()

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        context["offered_acts"] = (
            PACKAGE.available(obj, request.now) if rules.can_suspend_package(request.user, obj) else []
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def suspend(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        require(rules.can_suspend_package(request.user, package))
        form = SuspendForm(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._suspend(request, package, form))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Suspend the package"),
            "package": package,
            "form": form,
        }
        return render(request, "admin/packages/suspend.html", context, status=doors.status_of(form))

    def _suspend(self, request: PortalRequest, package: Package, form: SuspendForm) -> str:
        actions.suspend_package(package, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The package is out of the catalogue. Its members are told."))
        return _address_of(package)

    def reinstate(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        with doors.told(request):
            actions.reinstate_package(package, by=request.user, now=request.now)
            messages.success(request, _("The package is offered again, as it was last published."))
        return HttpResponseRedirect(_address_of(package))


def _address_of(package: Package) -> str:
    return reverse("admin:packages_package_change", args=[package.pk])
