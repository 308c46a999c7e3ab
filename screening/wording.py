"""A score in words that read well to a lawyer: on a hit's page and in the files that the batch commands write."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.engine.names import normalize

REASONS = {
    "exact": gettext_lazy("the same word"),
    "sound": gettext_lazy("the same consonants"),
    "edit": gettext_lazy("differs by a letter or two"),
    "prefix": gettext_lazy("one is the beginning of the other"),
    "initial": gettext_lazy("an initial or a short form"),
    "similar": gettext_lazy("much the same letters"),
    "scan": gettext_lazy("letters that are easily misread"),
    "acronym": gettext_lazy("the first letters of the name"),
    "variant": gettext_lazy("a form, short form or translation of the word"),
}
FACTS = {
    "identifier": gettext_lazy("number"),
    "telephone": gettext_lazy("telephone"),
    "domain": gettext_lazy("internet domain"),
    "address": gettext_lazy("address"),
}
FEATURES = {
    "query_covered": gettext_lazy("how much of their name stands in the listed name"),
    "listed_covered": gettext_lazy("how much of the listed name stands in theirs"),
    "both_covered": gettext_lazy("how much of either name stands in the other"),
    "shared_bits": gettext_lazy("how rare the words in common are"),
    "shared_if_query_covered": gettext_lazy("rare words in common, and theirs is a part of the listed name"),
    "shared_if_listed_covered": gettext_lazy("rare words in common, and the listed name is a part of theirs"),
    "shared_if_both_covered": gettext_lazy("rare words in common, and little else on either side"),
    "shared_if_rest_generic": gettext_lazy(
        "rare words in common, and all others say only what or where an organization is"
    ),
    "query_left_bits": gettext_lazy("what their name has beyond the listed name"),
    "listed_left_bits": gettext_lazy("what the listed name has beyond theirs"),
    "rarest_shared": gettext_lazy("the rarest word in common"),
    "head_shared": gettext_lazy("the first telling word of both names"),
    "rarest_query_left": gettext_lazy("the rarest word that only their name has"),
    "rarest_listed_left": gettext_lazy("the rarest word that only the listed name has"),
    "weakest_likeness": gettext_lazy("the weakest pair of words"),
    "mean_likeness": gettext_lazy("how alike the paired words are"),
    "exact_share": gettext_lazy("how much is equal letter by letter"),
    "words_shared": gettext_lazy("how many words pair up"),
    "whole_likeness": gettext_lazy("likeness of the whole names, letter by letter, in any order of words"),
    "run_likeness": gettext_lazy("likeness of the whole names, letter by letter, as they stand"),
    "letters_apart": gettext_lazy("slips between all letters of the two names"),
    "cut_short": gettext_lazy("the listed name, broken off inside of a word"),
    "begins_alike": gettext_lazy("one name is the beginning of the other, letter by letter"),
    "shared_if_called_so": gettext_lazy("the given name and first surname by which the listed person goes"),
    "surname_covered": gettext_lazy("whether the surname stands in theirs"),
    "forms": gettext_lazy("how the legal forms compare"),
    "numbers_differ": gettext_lazy("whether numbers in the names differ"),
    "kinds_differ": gettext_lazy("whether one is a person and the other an organization"),
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


def shared(explanation: dict[str, Any]) -> list[str]:
    """The facts beside the names that both sides have, in words."""
    return [
        _("The same %(kind)s: “%(ours)s”, listed as “%(listed)s”.") % (fact | {"kind": FACTS[fact["kind"]]})
        for fact in explanation.get("shared", ())
    ]


@dataclass(frozen=True)
class Piece:
    """A part of a name as it is written, and whether it is like a word of the other one."""

    text: str
    is_alike: bool


def marked(name: str, explanation: dict[str, Any] | None, side: str) -> list[Piece]:
    """A name in pieces that together are the name; `side` is "query" or "listed"."""
    alike = {word for pair in (explanation or {}).get("pairs", ()) for word in pair[side].split()}
    pieces: list[Piece] = []
    for text in re.split(r"(\w+)", name):
        is_alike = bool(alike & set(normalize(text).split()))
        if pieces and pieces[-1].is_alike == is_alike:
            text = pieces.pop().text + text
        if text:
            pieces.append(Piece(text, is_alike))
    return pieces


def sentence(explanation: dict[str, Any], listed_name: str) -> str:
    """The whole finding as running text: what was found alike and why, what was not, and what adds up to the score."""
    return " ".join(_sentences(explanation, listed_name))


def _sentences(explanation: dict[str, Any], listed_name: str) -> Iterator[str]:
    if explanation["exact"]:
        yield _("The same name as “%(name)s”, word for word.") % {"name": listed_name}
    else:
        yield _("Compared with “%(name)s”.") % {"name": listed_name}
    facts = explanation.get("facts")
    if facts and not facts["query"]["name"].isascii() and normalize(facts["query"]["name"]):
        yield _("Theirs, “%(name)s”, is read in Latin letters as “%(read)s”.") % {
            "name": facts["query"]["name"],
            "read": normalize(facts["query"]["name"]),
        }
    found = [f"{pair['query']} – {pair['listed']} ({pair['reason']})" for pair in pairs(explanation)]
    if found:
        yield _("Alike: %(pairs)s.") % {"pairs": "; ".join(found)}
    else:
        yield _("No word of one is like a word of the other.")
    labels = (("unmatched_query", _("Only in their name")), ("unmatched_listed", _("Only in the listed name")))
    for words, label in labels:
        if explanation[words]:
            yield f"{label}: {', '.join(explanation[words])}."
    yield from shared(explanation)
    yield from beside(explanation)
    yield from _score(explanation)


def beside(explanation: dict[str, Any]) -> Iterator[str]:
    """What dates of birth and countries say, where both sides give them, and what that makes of the score."""
    points, facts = explanation["contributions"], explanation.get("facts")
    query, listed = (facts["query"], facts["listed"]) if facts else ({}, {})
    if facts and query["born"] and listed["born"]:
        said = {"theirs": query["born"], "listed": listed["born"]}
        if points.get("birth_date", 0) > 0:
            yield _("The same date of birth: %(theirs)s, listed as %(listed)s.") % said
        elif points.get("birth_date", 0) < 0:
            yield _("Other dates of birth: %(theirs)s, but listed as %(listed)s.") % said
        else:
            yield _("Dates of birth that may be one: %(theirs)s, listed as %(listed)s.") % said
    if facts and points.get("country"):
        said = {"theirs": query["country"], "listed": ", ".join(listed["countries"])}
        is_same = points["country"] > 0
        yield (
            _("The same country, %(theirs)s.") if is_same else _("Another country: %(theirs)s, listed: %(listed)s.")
        ) % said
    if explanation["tier"] == "review" and points.get("birth_date", 0) < 0 and explanation["points"] >= 0:
        yield _("The name alone would alert; because of the dates of birth it is a review.")
    if explanation["tier"] == "alert" and explanation["exact"] and explanation["points"] < 0:
        yield _("A name that is the same always alerts, whatever the score.")


def _score(explanation: dict[str, Any]) -> Iterator[str]:
    added = [f"{part.words} {part.points:+.3f}" for part in contributions(explanation)]
    yield _("Score %(value)s of 100; from 50 on it is an alert. It adds up from: %(parts)s.") % {
        "value": f"{explanation['value']:.2f}",
        "parts": "; ".join(added),
    }
    yield _("The sum is %(total)s, where 0 stands for the score of 50 (log-odds).") % {
        "total": f"{explanation['points'] / 1000:+.3f}"
    }
