"""What officers see of matching: to read only."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.admin import RecordAdmin, StatefulAdmin
from matching import rules
from matching.models import Introduction, Match, ModelVersion


@admin.register(ModelVersion)
class ModelVersionAdmin(RecordAdmin):
    list_display = ["number", "effective_from", "authority", "certainty"]


class PairAdmin(RecordAdmin):
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rules.can_view_pairs(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(Match)
class MatchAdmin(PairAdmin):
    list_display = ["need", "package", "score", "buyer_utility", "vendor_utility", "model", "updated_at"]
    list_select_related = ["need", "package", "model"]
    search_fields = ["=need__id", "=package__id"]


@admin.register(Introduction)
class IntroductionAdmin(PairAdmin, StatefulAdmin):
    list_display = ["id", "need", "package", "state", "created_at", "answered_at"]
    list_select_related = ["need", "package"]
    search_fields = ["=need__id", "=package__id"]
