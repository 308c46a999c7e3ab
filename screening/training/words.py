"""The word table: how many names bear each word, and whether names that bear it are organizations'."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from math import log

from screening.engine.names import parse
from screening.engine.rarity import TABLE, Rarity, rarity
from screening.training.labelled import CHOSEN_ON, Data

ONE_KIND = 0.7  # a word is as common as among all names, or this part of how common it is among its kind
LEAST_ODDS, MOST_ODDS = 0.5, 4.0


def make_words(data: Data) -> Rarity:
    """Count the list's names and the unlisted names of the part that is chosen on, and store the table."""
    listed_people, listed_organizations, listed = Counter[str](), Counter[str](), Counter[str]()
    sizes = Counter[str]()
    for name in data.listed():
        words = _words([name.name])
        listed.update(words)
        sizes["listed"] += 1
        if name.kind:
            (listed_people if name.kind == "person" else listed_organizations).update(words)
            sizes["people" if name.kind == "person" else "organizations"] += 1
    people = Counter(_words(one.query.name for one in data.people if one.part == CHOSEN_ON))
    companies = Counter(_words(one.query.name for one in data.companies if one.part == CHOSEN_ON))
    unlisted_people = sum(one.part == CHOSEN_ON for one in data.people)
    unlisted_companies = sum(one.part == CHOSEN_ON for one in data.companies)
    shares = {}
    for word in sorted(set(listed) | set(people) | set(companies)):
        if listed[word] + people[word] + companies[word] > 1:
            common = max(
                (listed[word] + people[word]) / (sizes["listed"] + unlisted_people),
                (listed[word] + companies[word]) / (sizes["listed"] + unlisted_companies),
                ONE_KIND * listed_people[word] / sizes["people"],
                ONE_KIND * listed_organizations[word] / sizes["organizations"],
            )
            shares[word] = round(100_000 * common, 2)
    odds = _odds(shares, listed_organizations + companies, listed_people + people)
    stored = json.dumps({"organizational": odds, "shares": shares}, sort_keys=True, separators=(",", ":"))
    TABLE.write_bytes(gzip.compress(stored.encode(), mtime=0))
    rarity.cache_clear()
    return rarity()


def _words(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in sorted({token.text for token in parse(name).tokens})]


def _odds(words: Iterable[str], organizations: Counter[str], people: Counter[str]) -> dict[str, float]:
    shift = log(people.total() / organizations.total())
    found = {word: log((organizations[word] + 1) / (people[word] + 1)) + shift for word in words}
    return {
        word: round(max(-MOST_ODDS, min(MOST_ODDS, odds)), 2) for word, odds in found.items() if abs(odds) >= LEAST_ODDS
    }
