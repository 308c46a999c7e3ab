"""Keyset pages: constant cost however deep, and nothing shown twice when rows are added meanwhile."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Model, QuerySet
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


def ordered_page_of[M: Model](rows: QuerySet[M], request: HttpRequest, *, by: str, size: int) -> Page[M]:
    """A page of `rows`, which must be ordered by the moment in `by`, then "pk"; `?after=` names both of the row before.

    A cursor that is none starts from the first page.
    """
    cursor = _moment_cursor(request.GET.get(PARAMETER, ""))
    if cursor:
        moment, pk = cursor
        rows = rows.filter(**{f"{by}__gte": moment}).exclude(**{by: moment, "pk__lte": pk})
    chosen = ArraySubquery(rows.values("pk")[: size + 1])
    found = list(rows.filter(IsOneOf(F("pk"), chosen)))
    if len(found) <= size:
        return Page(found, "", not cursor)
    last = found[size - 1]
    return Page(found[:size], _query_after(request, f"{getattr(last, by).isoformat()}~{last.pk}"), not cursor)


class IsOneOf(Func):
    """`a = ANY(ARRAY(SELECT ...))`: PostgreSQL runs the inner query first and once, and joins what belongs to the rows
    to these few, whatever its statistics say. An IN would leave that to its guess."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _moment_cursor(text: str) -> tuple[datetime, int] | None:
    moment, separator, pk = text.partition("~")
    if not separator or not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    with suppress(ValueError):
        found = datetime.fromisoformat(moment)
        return (found, int(pk)) if found.tzinfo and 1 < found.year < 9999 else None
    return None


def _next_query(request: HttpRequest, last: Any) -> str:
    return _query_after(request, str(last.pk))


def _query_after(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query[PARAMETER] = cursor
    return query.urlencode()
