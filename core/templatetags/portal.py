"""What templates need beyond Django's own: form keys, names of codes, numbers and times as people read them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_currency
from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from core import countries, idempotency

register = template.Library()

TAG_TONES = {
    "good": "ACCEPTED PUBLISHED TRUSTED ACTIVE CLEAN CLEAR NOT_A_MATCH SENT POSTED HOLDS",
    "wait": "OPEN QUESTION_ASKED RECOMMENDED REQUESTED QUARANTINED DRAFT PENDING PROPOSED ESCALATED HITS",
    "bad": "REFUSED SUSPENDED REVOKED DECLINED FAILED TRUE_MATCH COULD_NOT REMOVED EXPIRED",
}
_TONE = {status: tone for tone, statuses in TAG_TONES.items() for status in statuses.split()}


@register.simple_tag(takes_context=True)
def submission_key(context: Context) -> SafeString:
    """A hidden key that makes a second post of this form lead to where the first one led.

    A form shown again with errors keeps its key: nothing was done with it.
    """
    request = context.get("request")
    sent = request.POST.get(idempotency.FIELD) if request is not None else None
    return format_html('<input type="hidden" name="{}" value="{}">', idempotency.FIELD, sent or idempotency.new_key())


@register.filter
def country(code: str) -> str:
    return countries.name(code)


@register.filter
def countries_of(codes: Iterable[str]) -> str:
    return ", ".join(sorted(countries.name(code) for code in codes))


@register.filter
def usd(value: Decimal | int | str | None) -> str:
    """Whole dollars in the reader's language; "" for an unknown value."""
    if value in (None, ""):
        return ""
    locale = Locale.parse(to_locale(get_language() or "en-us"))
    whole = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(Decimal(value), "USD", format=whole, locale=locale, currency_digits=False)


@register.filter
def percent(value: Decimal | None) -> str:
    """Exact, without trailing zeros, as the reader writes numbers: "40.5 %"; "" for an unknown value."""
    if value is None:
        return ""
    plain = value.normalize()
    digits = max(0, -int(plain.as_tuple().exponent))
    return f"{number_format(plain, decimal_pos=digits)}\u00a0%"


@register.filter
def one_decimal(value: Decimal) -> str:
    """One decimal place, down: a share below a line is never shown as having reached it."""
    return number_format(value.quantize(Decimal("0.1"), rounding=ROUND_DOWN), decimal_pos=1)


@register.filter
def sentence_case(words: str) -> str:
    """ "Change Password", as a library writes it, in our way: "Change password". English only; acronyms stay."""
    first, *rest = words.split() or [""]
    if not (get_language() or "en").startswith("en"):
        return " ".join([first, *rest])
    return " ".join([first, *(word.lower() if word.istitle() else word for word in rest)])


@register.filter
def local_time(moment: datetime | None) -> str:
    """Date, time and zone as the reader's profile has it, in a <time>; "" for no time."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    zone = local.tzname() or ""
    if not zone.isalpha():
        zone = f"UTC{zone}"  # a zone without a name of its own, such as +04
    return format_html(
        '<time datetime="{}">{} {}</time>', moment.isoformat(), date_format(local, "DATETIME_FORMAT"), zone
    )


@register.filter
def labels(obj: Any, field: str) -> list[str]:
    """The words of an array field's choices."""
    choices = dict(obj._meta.get_field(field).base_field.choices)
    return [str(choices.get(code, code)) for code in getattr(obj, field)]


@register.inclusion_tag("components/tag.html")
def status_tag(obj: Any) -> dict[str, str]:
    return {"tone": _TONE.get(obj.status, "info"), "text": obj.get_status_display()}
