"""Read-only windows on the records. Doors to acts are custom views that call the room's actions."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from core import actions, doors, permissions
from core.http import PortalRequest
from core.models import DatedRule, LedgerEntry, Mail, OutboxMessage, Stateful


class RecordAdmin(admin.ModelAdmin):
    """No add, change or delete, by inheritance. A room's admin narrows `get_queryset` by its selector."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the page's own filters ask: `?text__startswith=` would tell a hidden text letter by letter."""
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.get_list_filter(request)]
        names = [entry if isinstance(entry, str) else entry.parameter_name for entry in filters]
        is_asked = any(lookup == name or lookup.startswith(f"{name}__") for name in names)
        return is_asked and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff


class OperationsAdmin(RecordAdmin):
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return permissions.can_view_operations(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return model_admin.model.machine.states.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(status=self.value()) if self.value() else queryset


class StatefulAdmin(RecordAdmin):
    """Of records with a status, which is shown in its words: in lists as "state", and first on the page."""

    list_filter = [StatusFilter]
    readonly_fields = ["state"]

    @admin.display(description=gettext_lazy("Status"), ordering="status")
    def state(self, record: Stateful) -> str:
        return record.get_status_display()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return sorted(super().get_fields(request, obj), key=lambda name: name != "state")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(OperationsAdmin):
    list_display = ["id", "recorded_at", "actor", "action", "subject_type", "subject_id", "from_state", "to_state"]
    search_fields = ["=subject_id", "=actor"]
    list_filter = ["subject_type", "action"]


@admin.register(Mail)
class MailAdmin(OperationsAdmin):
    """Whether it went out, not what it says: its text holds the links that open invitations and accounts."""

    exclude = ["text", "html"]
    list_display = ["created_at", "to_address", "subject", "delivery", "attempts", "sent_at"]
    list_filter = ["delivery"]
    search_fields = ["=to_address"]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(OperationsAdmin):
    list_display = ["id", "created_at", "topic", "subscriber", "attempts", "done_at", "parked_at"]
    list_filter = [("parked_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter), "topic"]
    change_form_template = "admin/core/outboxmessage.html"

    def get_urls(self) -> list[URLPattern]:
        door = self.admin_site.admin_view(require_POST(self.retry))
        return [path("<int:pk>/retry/", door, name="core_outboxmessage_retry"), *super().get_urls()]

    def retry(self, request: PortalRequest, pk: int) -> HttpResponse:
        """A parked message is tried again by the worker, with all its attempts."""
        message = get_object_or_404(OutboxMessage, pk=pk)
        with doors.told(request):
            actions.retry_message(message, by=request.user, now=request.now)
            messages.success(request, gettext("It will be tried again within seconds."))
        return redirect("admin:core_outboxmessage_change", pk)


@admin.register(DatedRule)
class DatedRuleAdmin(RecordAdmin):
    list_display = ["code", "version", "effective_from", "effective_to", "certainty"]
    list_filter = ["certainty"]
    search_fields = ["code"]
