"""Lists in the workbench: releases with the account of their rows and what they changed, fetches, and the dated lists of
countries."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import RecordAdmin
from core.http import PortalRequest
from screening import countries, report, rules, selectors, upkeep
from screening.forms import DayForm
from screening.models import ListChange, ListFetch, ListRelease


class ListsAdmin(RecordAdmin):
    """Of officers and managers."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_view_hits(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_view_hits(request.user)

    def one(self, request: HttpRequest, pk: str, found: QuerySet[Any]) -> Any:
        """The record of an address, for who may see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not pk.isdecimal() or len(pk) > 18:
            raise Http404
        return get_object_or_404(found, pk=pk)

    def page(self, request: PortalRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return render(request, f"admin/screening/{template}.html", shared | context, status=status)


@admin.register(ListRelease)
class ListReleaseAdmin(ListsAdmin):
    """Which lists were in force, what was odd in them, and what they changed."""

    list_display = ["as_of", "fetched_at", "row_count", "entry_count", "accepted_by"]
    list_select_related = ["accepted_by"]
    ordering = ["-pk"]
    change_list_template = "admin/screening/releases.html"

    @admin.display(description=gettext_lazy("Entries"))
    def entry_count(self, release: ListRelease) -> int:
        return sum(release.counts.values())

    def get_urls(self) -> list[Any]:
        door = self.admin_site.admin_view(self.countries)
        return [path("countries/", door, name="screening_countries"), *super().get_urls()]

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        context = {"freshness": selectors.freshness(request.now), "fetch": upkeep.newest_fetch()}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        release = self.one(request, object_id, ListRelease.objects.select_related("accepted_by", "replaced"))
        current = selectors.current_release()
        context = {
            "title": _("Screening list of %(day)s") % {"day": release.as_of},
            "release": release,
            "is_in_force": current is not None and current.release_id == release.pk,
            "confirmed_at": current.confirmed_at if current else None,
            "entries": sum(release.counts.values()),
            "lists": report.by_source(release),
            "columns": upkeep.changed_columns(release)[:20],
            "oddities": sorted(release.oddities.items()),
        }
        return self.page(request, "release", context)

    def countries(self, request: PortalRequest) -> HttpResponse:
        """The lists of countries that hold on a day, each by itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = DayForm(request.GET or None)
        day: date = form.cleaned_data["day"] if form.is_valid() and form.cleaned_data["day"] else request.now.date()
        context = {"title": _("Lists of countries"), "form": form, "day": day, "lists": countries.lists_at(day)}
        return self.page(request, "countries", context, 422 if form.is_bound and not form.is_valid() else 200)


@admin.register(ListChange)
class ListChangeAdmin(ListsAdmin):
    """What each release changed, entry by entry."""

    list_display = ["name", "kind", "source", "what", "release"]
    list_filter = ["kind", "release", "source"]
    list_select_related = ["release"]
    search_fields = ["name"]
    ordering = ["-release", "source", "name", "pk"]

    @admin.display(description=gettext_lazy("Changed"))
    def what(self, change: ListChange) -> str:
        return ", ".join(change.columns)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        change = self.one(request, object_id, ListChange.objects.select_related("release", "before", "after"))
        context = {"title": change.name, "change": change, "rows": report.side_by_side(change)}
        return self.page(request, "change", context)


@admin.register(ListFetch)
class ListFetchAdmin(ListsAdmin):
    """Each asking for the list over the network."""

    list_display = ["asked_at", "outcome", "problem", "release"]
    list_filter = ["outcome"]
    list_select_related = ["release"]
    ordering = ["-pk"]
