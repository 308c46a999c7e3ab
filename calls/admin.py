"""Notices in the workbench: drafted, published and withdrawn by a manager's recorded acts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from calls import actions, rules
from calls.forms import NoticeForm
from calls.models import Notice
from core import doors
from core.admin import StatefulAdmin, StatusFilter
from core.http import PortalRequest


@admin.register(Notice)
class NoticeAdmin(StatefulAdmin):
    list_display = ["title", "kind", "state", "issued_date", "citation"]
    list_filter = [StatusFilter, "kind"]
    change_form_template = "admin/calls/notice.html"
    change_list_template = "admin/calls/notices.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("draft/", view(self.draft), name="calls_notice_draft"),
            path("<int:pk>/publish/", view(require_POST(self.publish)), name="calls_notice_publish"),
            path("<int:pk>/withdraw/", view(require_POST(self.withdraw)), name="calls_notice_withdraw"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"can_draft": rules.can_draft_notice(request.user)})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        context["can_publish"] = rules.can_publish_notice(request.user, obj)
        context["can_withdraw"] = rules.can_withdraw_notice(request.user, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def draft(self, request: PortalRequest) -> HttpResponse:
        form = NoticeForm(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            notice = actions.draft_notice(by=request.user, now=request.now, **form.cleaned_data)
            return _page(notice.pk)
        context = {
            **self.admin_site.each_context(request),
            "form": form if rules.can_draft_notice(request.user) else None,
            "title": _("Draft a notice"),
        }
        return render(request, "admin/calls/notice_draft.html", context, status=doors.status_of(form))

    def publish(self, request: PortalRequest, pk: int) -> HttpResponse:
        with doors.told(request):
            actions.publish_notice(get_object_or_404(Notice, pk=pk), by=request.user, now=request.now)
        return _page(pk)

    def withdraw(self, request: PortalRequest, pk: int) -> HttpResponse:
        with doors.told(request):
            actions.withdraw_notice(get_object_or_404(Notice, pk=pk), by=request.user, now=request.now)
        return _page(pk)


def _page(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:calls_notice_change", args=[pk]))
