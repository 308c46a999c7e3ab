"""Absences in the workbench: one page with what is entered, and a form for the next one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from buyers import actions, rules
from buyers.forms.absence import AbsenceForm
from buyers.models import OfficerAbsence
from buyers.selectors.officers import absences_for
from core import doors, idempotency
from core.admin import RecordAdmin
from core.http import PortalRequest


@admin.register(OfficerAbsence)
class OfficerAbsenceAdmin(RecordAdmin):
    def get_urls(self) -> list[Any]:
        cancel = self.admin_site.admin_view(require_POST(self.cancel))
        return [path("<int:pk>/cancel/", cancel, name="buyers_officerabsence_cancel"), *super().get_urls()]

    def get_queryset(self, request: Any) -> Any:
        return absences_for(request.user, request.now.date())

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_view_cases(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_view_cases(request.user)

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """What is entered, and a form: for one's own days, or as a manager for anybody's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AbsenceForm(doors.sent(request), user=request.user)
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._enter(request, form))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Absences and cover"),
            "form": form,
            "absences": self.get_queryset(request),
        }
        return render(request, "admin/buyers/absences.html", context, status=doors.status_of(form))

    def _enter(self, request: PortalRequest, form: AbsenceForm) -> str:
        actions.enter_absence(form.officer, by=request.user, now=request.now, **form.days())
        messages.success(request, _("Entered. On these days the cases fall to the cover, or to the post."))
        return reverse("admin:buyers_officerabsence_changelist")

    def cancel(self, request: PortalRequest, pk: int) -> HttpResponse:
        absence = get_object_or_404(self.get_queryset(request), pk=pk)
        actions.cancel_absence(absence, by=request.user, now=request.now)
        messages.success(request, _("Cancelled."))
        return HttpResponseRedirect(reverse("admin:buyers_officerabsence_changelist"))
