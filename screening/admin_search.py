"""The officers' search of the list in the workbench, and one page a listed party."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from core import doors
from core.admin import RecordAdmin
from core.http import PortalRequest
from screening import actions, casework, rules
from screening.forms import SearchForm
from screening.models import ListEntry


@admin.register(ListEntry)
class ListEntryAdmin(RecordAdmin):
    """The officers' search. What is typed comes by POST, so that no log and no history of a browser holds it."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListEntry]:
        return casework.entries()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_search_list(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_search_list(request.user)

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = SearchForm(doors.sent(request), initial=self._known(request))
        context: dict[str, Any] = {"title": _("Search the screening list"), "form": form}
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                release, results = actions.search_list(by=request.user, now=request.now, asked=form.asked)
                context |= {"release": release, "results": results, "most": casework.MOST_FOUND}
        return self._render(request, "search", context, doors.status_of(form))

    def _known(self, request: PortalRequest) -> dict[str, Any]:
        """From a case page: its organization's name and country, by the organization's number."""
        organization = casework.organization_for(request.user, request.GET.get("organization", ""))
        if organization is None:
            return {}
        return {"text": organization.legal_name, "kind": "organization", "country": organization.country}

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """One listed party: its names, its row as the list writes it, and on which lists that stood."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        entry = get_object_or_404(casework.entries(), pk=object_id)
        context = {
            "title": entry.name,
            "entry": entry,
            "names": casework.names_of(entry),
            "fields": entry.fields.items(),
            "releases": casework.releases_of(entry),
        }
        return self._render(request, "entry", context)

    def _render(self, request: PortalRequest, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return render(request, f"admin/screening/{page}.html", shared | context, status=status)
