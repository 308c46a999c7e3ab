"""Keyset pages: constant cost however deep, and nothing shown twice when rows are added meanwhile."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PARAMETER = "after"


@dataclass(frozen=True)
class Page[M: Model]:
    """Rows of one page; `next_query` is the query string of the next page, "" on the last."""

    rows: list[M]
    next_query: str
    is_first: bool


def page_of[M: Model](rows: QuerySet[M], request: HttpRequest, *, size: int) -> Page[M]:
    """A page of `rows`, which must be ordered by "-id"; `?after=<id>` names the last row of the page before.

    A cursor that is no number starts from the first page.
    """
    cursor = request.GET.get(PARAMETER, "")
    is_first = not (cursor.isdecimal() and len(cursor) < 19)
    if not is_first:
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: size + 1])
    return Page(found[:size], _next_query(request, found[size - 1]) if len(found) > size else "", is_first)


def _next_query(request: HttpRequest, last: Any) -> str:
    query = request.GET.copy()
    query[PARAMETER] = str(last.pk)
    return query.urlencode()
