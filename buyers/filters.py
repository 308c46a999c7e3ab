"""The vetting queue's filters, from query string to queryset."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import OverseasPost
from buyers.models import VettingCase
from buyers.states import CaseStatus
from core import countries

UNFINISHED, ALL = "UNFINISHED", "ALL"


class CaseFilter(django_filters.FilterSet):
    """Shows what is to be decided, unless another status is asked for. `user` is whose cases `mine` are."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(UNFINISHED, _("To decide")), (ALL, _("All")), *CaseStatus.choices],
        method="with_status",
        empty_label=None,
    )
    post = django_filters.ModelChoiceFilter(label=_("Post"), queryset=OverseasPost.objects.all(), empty_label=_("Any"))
    country = django_filters.ChoiceFilter(
        label=_("Headquarters"),
        choices=countries.choices,
        field_name="buyer__organization__headquarters_country",
        empty_label=_("Any"),
    )
    name = django_filters.CharFilter(
        label=_("Name"), field_name="buyer__organization__legal_name", lookup_expr="icontains"
    )
    mine = django_filters.BooleanFilter(
        label=_("Only mine"), method="only_mine", widget=forms.CheckboxInput(attrs={"value": "true"})
    )

    class Meta:
        model = VettingCase
        fields = ["status", "post", "country", "name", "mine"]

    def __init__(self, data: Any, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        data = data.copy()
        data.setdefault("status", UNFINISHED)
        super().__init__(data, *args, **kwargs)

    def with_status(self, rows: QuerySet[VettingCase], _name: str, value: str) -> QuerySet[VettingCase]:
        if value == ALL:
            return rows
        return rows.filter(status__in=CaseStatus.unfinished()) if value == UNFINISHED else rows.filter(status=value)

    def only_mine(self, rows: QuerySet[VettingCase], _name: str, value: bool | None) -> QuerySet[VettingCase]:
        return rows.filter(assigned_to=self.user) if value else rows
