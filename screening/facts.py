"""Facts beside names by which two parties are one: numbers, telephones, domains, addresses. Pure: texts in, comparable
facts out. What many have in common (a mail service, a short number) is no fact."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from screening.engine.names import normalize

IDENTIFIER, PHONE, DOMAIN, ADDRESS = KINDS = ("identifier", "telephone", "domain", "address")
FREE_MAIL = {
    *("gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "hotmail.com", "outlook.com", "live.com", "msn.com"),
    *("icloud.com", "me.com", "aol.com", "mail.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "proton.me"),
    *("protonmail.com", "zoho.com", "mail.ru", "yandex.ru", "yandex.com", "rambler.ru", "inbox.ru", "qq.com"),
    *("163.com", "126.com", "sina.com", "naver.com", "hanmail.net", "rediffmail.com", "yahoo.co.uk", "yahoo.fr"),
}
FREE_SITES = {"facebook.com", "linkedin.com", "instagram.com", "twitter.com", "x.com", "sites.google.com", "t.me"}

_EMAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_SITE = re.compile(r"\b(?:https?://|www\.)[^\s;,()]+", re.IGNORECASE)
_TOLD_PHONE = re.compile(r"\b(?:tele)?(?:phone|fax)\b[^;]*", re.IGNORECASE)
_COUNTRY = re.compile(r",?\s*\b[A-Z]{2}$")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2} \d{4}")
# Labels of the list's `ids` that number a thing, a day or a law, and not the party.
_NOT_ITS_OWN = re.compile(
    r"gender|sanction|directive|executive order|date|gazette|aircraft|vessel|ticker|target type|digital currency|isin",
    re.IGNORECASE,
)


@dataclass(frozen=True, order=True)
class Fact:
    """`value` is what is compared; `said` is as it was written."""

    kind: str
    value: str
    said: str


def of_party(
    *, identifiers: Iterable[str], phones: Iterable[str], emails: Iterable[str], website: str, address: str
) -> list[Fact]:
    """What an organization says of itself and its people."""
    found = [(IDENTIFIER, text) for text in identifiers] + [(PHONE, text) for text in phones]
    found += [(DOMAIN, text) for text in (*emails, website)] + [(ADDRESS, address)]
    return _facts(found)


def of_entry(fields: Mapping[str, str]) -> list[Fact]:
    """What a row of the list says beside its names."""
    found = [(ADDRESS, _COUNTRY.sub("", part.strip())) for part in fields.get("addresses", "").split(";")]
    for part in fields.get("ids", "").split(";"):
        found += list(_of_number(part.strip()))
    remarks = fields.get("remarks", "")
    found += [(DOMAIN, match[0]) for pattern in (_EMAIL, _SITE) for match in pattern.finditer(remarks)]
    found += [(PHONE, told[0]) for told in _TOLD_PHONE.finditer(remarks)]
    return _facts(found)


def possible(text: str) -> list[Fact]:
    """What a text may be that somebody looks for, as any kind of fact."""
    is_sentence = len(text.split()) > 3
    kinds = [ADDRESS] if is_sentence else [IDENTIFIER, PHONE, DOMAIN, ADDRESS]
    return _facts((kind, text) for kind in kinds)


def _of_number(part: str) -> Iterator[tuple[str, str]]:
    """Of "RU, 7736640919, Tax ID No." the number."""
    if "phone" in part.lower() or "fax" in part.lower():
        yield PHONE, part
    elif _EMAIL.search(part) or "website" in part.lower():
        yield DOMAIN, part.split(",")[0]
    elif not _NOT_ITS_OWN.search(part):
        pieces = [piece.strip() for piece in part.split(",") if not _DATE.fullmatch(piece.strip())]
        yield IDENTIFIER, max(pieces, key=lambda piece: sum(letter.isdigit() for letter in piece), default="")


def _facts(found: Iterable[tuple[str, str]]) -> list[Fact]:
    facts = {(kind, value): Fact(kind, value, text) for kind, text in found if (value := comparable(kind, text))}
    return sorted(facts.values())


def comparable(kind: str, text: str) -> str:
    """The fact in the form in which it is compared; "" where it tells nothing."""
    return {IDENTIFIER: _identifier, PHONE: _phone, DOMAIN: _domain, ADDRESS: _address}[kind](text)


def _identifier(text: str) -> str:
    plain = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    digits = sum(letter.isdigit() for letter in plain)
    return plain if digits >= 5 and len(set(plain)) > 2 and len(plain) <= 40 else ""


def _phone(text: str) -> str:
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit()).lstrip("0")
    return digits if 8 <= len(digits) <= 15 else ""


def _domain(text: str) -> str:
    """Of an e-mail address or a site."""
    if mail := _EMAIL.search(text):
        host = mail[1]
    else:
        try:
            host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
        except ValueError:
            return ""
    host = host.lower().rstrip(".").removeprefix("www.")
    return host if "." in host and host not in FREE_MAIL | FREE_SITES and len(host) <= 100 else ""


def _address(text: str) -> str:
    """Its words in any order: a street with its number, and a place."""
    words = sorted(set(normalize(text).split()))
    has_number = any(letter.isdigit() for word in words for letter in word)
    return " ".join(words)[:400] if has_number and len(words) >= 4 else ""


def is_alert(kinds: Iterable[str]) -> bool:
    """A number of its own tells who it is; so do two facts of other kinds. One alone is for an officer's look."""
    found = set(kinds)
    return IDENTIFIER in found or len(found) > 1
