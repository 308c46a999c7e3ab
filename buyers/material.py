"""What changed of what a buyer says of itself, and whether that opens its vetting again. Pure: facts in, changes out.

Facts are those of `buyers.selectors.facts`: for each `Fact` a list of entries, each a list of texts that begins with a name
where there is one. They are compared with those of the day on which trust was given, never with the last ones: many small
corrections do not add up to another name unseen.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz.distance import OSA

from buyers.states import ChecklistItem, Fact

type Entry = Sequence[str]
type Facts = Mapping[str, Sequence[Entry]]

MATERIAL = frozenset({Fact.LEGAL_NAME, Fact.COUNTRY, Fact.HEADQUARTERS, Fact.OWNERS, Fact.CONTROL})
"""What opens vetting again when it changes, unless it is only corrected."""

ITEMS: dict[Fact, tuple[ChecklistItem, ...]] = {
    Fact.LEGAL_NAME: (ChecklistItem.IDENTITY, ChecklistItem.SCREENING),
    Fact.COUNTRY: (ChecklistItem.IDENTITY, ChecklistItem.ADDRESS, ChecklistItem.SCREENING),
    Fact.HEADQUARTERS: (ChecklistItem.IDENTITY, ChecklistItem.ADDRESS, ChecklistItem.SCREENING),
    Fact.OWNERS: (ChecklistItem.OWNERSHIP, ChecklistItem.SCREENING),
    Fact.CONTROL: (ChecklistItem.OWNERSHIP, ChecklistItem.SCREENING),
    Fact.NAMES: (ChecklistItem.IDENTITY, ChecklistItem.SCREENING),
    Fact.IDENTIFIERS: (ChecklistItem.IDENTITY,),
    Fact.ADDRESS: (ChecklistItem.ADDRESS,),
    Fact.WEBSITE: (ChecklistItem.ADDRESS,),
    Fact.KIND: (ChecklistItem.ACTIVITY,),
    Fact.ACTIVITY: (ChecklistItem.ACTIVITY,),
    Fact.END_USE: (ChecklistItem.END_USE,),
    Fact.PEOPLE: (ChecklistItem.SCREENING,),
    Fact.END_USERS: (ChecklistItem.END_USE, ChecklistItem.SCREENING),
    Fact.NEEDS: (ChecklistItem.END_USE, ChecklistItem.ACTIVITY),
    Fact.DOCUMENTS: (),
}
"""Which items of the checklist must be looked at anew after a change."""

ROUNDING = Decimal(1)  # percentage points: a smaller difference of a share is a correction,
LINES = Decimal(25), Decimal(50)  # unless it crosses one of these

SHORTEST_WORD = 6  # letters: in a shorter word one letter may be another word
LONG_NAME = 20  # letters, from which on two words may each have a slip
SAME = {"ltd": "limited", "co": "company", "corp": "corporation", "inc": "incorporated"}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was said, is said now, or both; a correction means the same thing as before."""

    fact: Fact
    before: Entry | None
    after: Entry | None
    is_correction: bool = False

    @property
    def is_material(self) -> bool:
        return self.fact in MATERIAL and not self.is_correction


def changes(before: Facts, after: Facts, *, fixed: frozenset[str] = frozenset()) -> list[Change]:
    """What differs, fact by fact. `fixed` are words that are never a slip of each other, such as names of countries."""
    return [change for fact in Fact for change in _of(fact, before.get(fact, ()), after.get(fact, ()), fixed)]


def items(found: Iterable[Change]) -> set[ChecklistItem]:
    """What of the checklist these changes open again."""
    return {item for change in found if not change.is_correction for item in ITEMS[change.fact]}


def _of(fact: Fact, before: Sequence[Entry], after: Sequence[Entry], fixed: frozenset[str]) -> list[Change]:
    old = [list(entry) for entry in before]
    new = [list(entry) for entry in after]
    for entry in list(old):
        if entry in new:
            old.remove(entry)
            new.remove(entry)
    found = []
    for is_correction in (True, False):
        for entry in list(old):
            match = next((other for other in new if _belongs(fact, entry, other, fixed, is_correction)), None)
            if match is not None:
                old.remove(entry)
                new.remove(match)
                found.append(Change(fact, entry, match, is_correction))
    found += [Change(fact, entry, None) for entry in old]
    return found + [Change(fact, None, entry) for entry in new]


def _belongs(fact: Fact, old: Entry, new: Entry, fixed: frozenset[str], is_correction: bool) -> bool:
    """Whether `new` corrects `old`; or, where that is not asked, whether both speak of the same one."""
    if not is_correction:
        return len(old) == len(new) == 1 or old[0] == new[0]
    if fact == Fact.OWNERS:
        return _corrects_owner(old, new, fixed)
    is_named = fact in (Fact.LEGAL_NAME, Fact.NAMES, Fact.CONTROL, Fact.PEOPLE, Fact.END_USERS)
    return is_named and is_slip(old[0], new[0], fixed=fixed) and old[1:] == new[1:]


def _corrects_owner(old: Entry, new: Entry, fixed: frozenset[str]) -> bool:
    """A slip in a name, a birth date that was missing, a share that was rounded."""
    (name, kind, country, born, owned, share), (name_, kind_, country_, born_, owned_, share_) = old, new
    return (
        is_slip(name, name_, fixed=fixed)
        and is_slip(owned, owned_, fixed=fixed)
        and (kind, country) == (kind_, country_)
        and born in ("", born_)
        and _is_rounding(share, share_)
    )


def _is_rounding(old: str, new: str) -> bool:
    if old == new or not old or not new:
        return old == new
    less, more = sorted((Decimal(old), Decimal(new)))
    return more - less < ROUNDING and not any(less < line <= more for line in LINES)


def is_slip(old: str, new: str, *, fixed: frozenset[str] = frozenset()) -> bool:
    """Whether both names are the same one but for spelling: case, accents, punctuation, spaces, one letter of a long
    word that is none of `fixed`. A number, a short word or a first letter is never a slip."""
    was, now = words(old), words(new)
    if "".join(was) == "".join(now):
        return True
    if len(was) != len(now):
        return False
    different = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
    allowed = 2 if len("".join(was)) >= LONG_NAME else 1
    return len(different) <= allowed and all(_is_slip_of_word(a, b, fixed) for a, b in different)


def _is_slip_of_word(old: str, new: str, fixed: frozenset[str]) -> bool:
    return (
        min(len(old), len(new)) >= SHORTEST_WORD
        and old[0] == new[0]
        and not fixed & {old, new}
        and re.sub(r"\D", "", old) == re.sub(r"\D", "", new)
        and OSA.distance(old, new) == 1
    )


def words(name: str) -> list[str]:
    """In lower case, without accents and punctuation, forms of companies written out."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return [SAME.get(word, word) for word in re.findall(r"\w+", plain)]
