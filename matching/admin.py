"""What officers see of matching: to read only."""

from django.contrib import admin

from core.admin import RecordAdmin
from matching.models import Introduction, Match, ModelVersion


@admin.register(ModelVersion)
class ModelVersionAdmin(RecordAdmin):
    list_display = ["number", "effective_from", "authority", "certainty"]


@admin.register(Match)
class MatchAdmin(RecordAdmin):
    list_display = ["need", "package", "score", "buyer_utility", "vendor_utility", "model", "updated_at"]
    list_select_related = ["need", "package", "model"]
    search_fields = ["=need__id", "=package__id"]


@admin.register(Introduction)
class IntroductionAdmin(RecordAdmin):
    list_display = ["id", "need", "package", "status", "created_at", "answered_at"]
    list_select_related = ["need", "package"]
    list_filter = ["status"]
    search_fields = ["=need__id", "=package__id"]
