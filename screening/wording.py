"""A score in words that read well to a lawyer: on a hit's page and in the files that the batch commands write."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS = {
    "exact": gettext_lazy("the same word"),
    "sound": gettext_lazy("the same consonants"),
    "edit": gettext_lazy("differs by a letter or two"),
    "prefix": gettext_lazy("one is the beginning of the other"),
    "initial": gettext_lazy("an initial or a short form"),
    "similar": gettext_lazy("much the same letters"),
    "scan": gettext_lazy("letters that are easily misread"),
    "acronym": gettext_lazy("the first letters of the name"),
}
FEATURES = {
    "query_covered": gettext_lazy("how much of their name the listed name holds"),
    "listed_covered": gettext_lazy("how much of the listed name theirs holds"),
    "both_covered": gettext_lazy("how far each name holds the other"),
    "shared_bits": gettext_lazy("how rare the words in common are"),
    "shared_if_query_covered": gettext_lazy("rare words in common, and theirs is a part of the listed name"),
    "shared_if_listed_covered": gettext_lazy("rare words in common, and the listed name is a part of theirs"),
    "shared_if_both_covered": gettext_lazy("rare words in common, and little else on either side"),
    "query_left_bits": gettext_lazy("what their name has beyond the listed name"),
    "listed_left_bits": gettext_lazy("what the listed name has beyond theirs"),
    "rarest_shared": gettext_lazy("the rarest word in common"),
    "rarest_query_left": gettext_lazy("the rarest word that only their name has"),
    "rarest_listed_left": gettext_lazy("the rarest word that only the listed name has"),
    "weakest_likeness": gettext_lazy("the weakest pair of words"),
    "mean_likeness": gettext_lazy("how alike the paired words are"),
    "exact_share": gettext_lazy("how much is equal letter by letter"),
    "words_shared": gettext_lazy("how many words pair up"),
    "whole_likeness": gettext_lazy("letters of the whole names, in any order of words"),
    "run_likeness": gettext_lazy("letters of the whole names, as they stand"),
    "begins_alike": gettext_lazy("one name is the beginning of the other, letter by letter"),
    "shared_if_called_so": gettext_lazy("the given name and first surname by which the listed person goes"),
    "surname_covered": gettext_lazy("the surname"),
    "forms": gettext_lazy("legal forms"),
    "numbers_differ": gettext_lazy("numbers in the names"),
    "kinds_differ": gettext_lazy("person or organization"),
    "initials_share": gettext_lazy("how much hangs on initials"),
    "birth_date": gettext_lazy("dates of birth"),
    "country": gettext_lazy("countries"),
    "base": gettext_lazy("starting point, before any likeness"),
}


@dataclass(frozen=True)
class Contribution:
    """What one feature adds to the score, in log-odds."""

    words: Any
    points: float


def contributions(explanation: dict[str, Any]) -> list[Contribution]:
    """In words, what adds most first; the starting point last. They add up to `total`."""
    points = explanation["contributions"]
    order = sorted(points, key=lambda name: (name == "base", -abs(points[name]), name))
    return [Contribution(FEATURES.get(name, name), points[name]) for name in order]


def pairs(explanation: dict[str, Any]) -> list[dict[str, Any]]:
    """The words that belong together, each with its reason in words and its likeness in percent."""
    return [
        pair | {"reason": REASONS.get(pair["reason"], pair["reason"]), "percent": round(100 * pair["similarity"])}
        for pair in explanation["pairs"]
    ]


def sentence(explanation: dict[str, Any], listed_name: str) -> str:
    """The whole finding as running text: what was found alike and why, what was not, and what adds up to the score."""
    return " ".join(_sentences(explanation, listed_name))


def _sentences(explanation: dict[str, Any], listed_name: str) -> Iterator[str]:
    if explanation["exact"]:
        yield _("The same name as “%(name)s”, word for word.") % {"name": listed_name}
    else:
        yield _("Compared with “%(name)s”.") % {"name": listed_name}
    found = [f"{pair['query']} – {pair['listed']} ({pair['reason']})" for pair in pairs(explanation)]
    if found:
        yield _("Alike: %(pairs)s.") % {"pairs": "; ".join(found)}
    else:
        yield _("No word of one is like a word of the other.")
    for words, label in (("unmatched_query", _("Only theirs")), ("unmatched_listed", _("Only listed"))):
        if explanation[words]:
            yield f"{label}: {', '.join(explanation[words])}."
    added = [f"{part.words} {part.points:+.3f}" for part in contributions(explanation)]
    yield _("Score %(value)s (the alert line is 50): %(parts)s; together %(total)s in log-odds.") % {
        "value": f"{explanation['value']:.2f}",
        "parts": "; ".join(added),
        "total": f"{explanation['points'] / 1000:+.3f}",
    }
