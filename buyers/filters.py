"""The vetting queue's filters, from query string to queryset."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import OverseasPost
from buyers.models import VettingCase
from buyers.selectors.queue import worked_on_by
from buyers.states import CaseStatus, Mover
from core import countries
from core.forms import PlainSelect

UNFINISHED, ALL = "UNFINISHED", "ALL"


class CaseFilter(django_filters.FilterSet):
    """Shows what is to be decided, unless another status is asked for. `user` is whose cases are “mine” at `now`."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(UNFINISHED, _("To decide")), (ALL, _("All")), *CaseStatus.choices],
        method="with_status",
        empty_label=None,
        widget=PlainSelect,
    )
    post = django_filters.ModelChoiceFilter(
        label=_("Post"), queryset=OverseasPost.objects.all(), empty_label=_("Any"), widget=PlainSelect
    )
    country = django_filters.ChoiceFilter(
        label=_("Headquarters"),
        choices=countries.choices,
        field_name="buyer__organization__headquarters_country",
        empty_label=_("Any"),
        widget=PlainSelect,
    )
    name = django_filters.CharFilter(
        label=_("Name"), field_name="buyer__organization__legal_name", lookup_expr="icontains"
    )
    move = django_filters.ChoiceFilter(
        label=_("Whose move"), choices=Mover.choices, method="with_move", empty_label=_("Anybody's"), widget=PlainSelect
    )
    officer = django_filters.ChoiceFilter(
        label=_("Officer"),
        choices=[("mine", _("Mine")), ("nobody", _("Nobody's"))],
        method="with_officer",
        empty_label=_("Any"),
        widget=PlainSelect,
    )

    class Meta:
        model = VettingCase
        fields = ["status", "move", "officer", "post", "country", "name"]

    def __init__(self, data: Any, *args: Any, user: Any, now: datetime, **kwargs: Any) -> None:
        self.user, self.now = user, now
        data = data.copy()
        data.setdefault("status", UNFINISHED)
        super().__init__(data, *args, **kwargs)

    def with_status(self, rows: QuerySet[VettingCase], _name: str, value: str) -> QuerySet[VettingCase]:
        if value == ALL:
            return rows
        return rows.filter(status__in=CaseStatus.unfinished()) if value == UNFINISHED else rows.filter(status=value)

    def with_move(self, rows: QuerySet[VettingCase], _name: str, value: str) -> QuerySet[VettingCase]:
        return rows.filter(status=Mover(value).status)

    def with_officer(self, rows: QuerySet[VettingCase], _name: str, value: str) -> QuerySet[VettingCase]:
        return rows.filter(worked_on_by(self.user, self.now) if value == "mine" else Q(assigned_to=None))
