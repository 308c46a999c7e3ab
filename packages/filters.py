"""The catalogue's facets and free search."""

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import countries
from packages.models import Package
from packages.states import BLOC_MEMBERS, Deployment, Language, PriceBand, Sector


class PackageFilter(django_filters.FilterSet):
    """Every facet narrows; an unknown value in the address is ignored with an error on the form."""

    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=200)
    country = django_filters.ChoiceFilter(
        label=_("Deliverable to"), choices=countries.choices, method="deliverable", empty_label=_("Any country")
    )
    sector = django_filters.MultipleChoiceFilter(
        label=_("Sectors"), choices=Sector.choices, method="overlaps", widget=forms.CheckboxSelectMultiple
    )
    deployment = django_filters.MultipleChoiceFilter(
        label=_("Deployment"), choices=Deployment.choices, method="overlaps", widget=forms.CheckboxSelectMultiple
    )
    language = django_filters.MultipleChoiceFilter(
        label=_("Languages"), choices=Language.choices, method="overlaps", widget=forms.CheckboxSelectMultiple
    )
    price = django_filters.MultipleChoiceFilter(
        label=_("Price band"),
        choices=PriceBand.choices,
        field_name="current_version__price_band",
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )

    COLUMNS = {"sector": "sectors", "deployment": "deployments", "language": "languages"}

    class Meta:
        model = Package
        fields: list[str] = []

    def search(self, rows: QuerySet[Package], name: str, value: str) -> QuerySet[Package]:
        query = SearchQuery(value, search_type="websearch", config="english")
        return rows.filter(current_version__search=query)

    def deliverable(self, rows: QuerySet[Package], name: str, value: str) -> QuerySet[Package]:
        """Packages that name the country, or a bloc of which it is a member."""
        blocs = [bloc for bloc, members in BLOC_MEMBERS.items() if value in members]
        return rows.filter(
            Q(current_version__target_countries__contains=[value]) | Q(current_version__target_blocs__overlap=blocs)
        )

    def overlaps(self, rows: QuerySet[Package], name: str, value: list[str]) -> QuerySet[Package]:
        return rows.filter(**{f"current_version__{self.COLUMNS[name]}__overlap": value})
