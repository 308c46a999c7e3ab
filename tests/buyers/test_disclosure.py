"""What no letter may say."""

import pytest

from buyers.disclosure import disclosures


def found(text: str, *, names=(), internal=(), own_names=()) -> list[str]:
    return disclosures(text, names=names, internal=internal, own_names=own_names)


def test_a_plain_letter_discloses_nothing():
    assert found("We could not establish who owns your organization.", names=["AL-ZAWAHIRI, Ayman"]) == []


@pytest.mark.parametrize(
    "word",
    [
        "screening",
        "Screened",
        "sanctions",
        "sanctioned",
        "watch list",
        "watchlist",
        "blacklisted",
        "Entity List",
        "Denied Persons",
        "Unverified List",
        "military end-user",
        "Specially Designated",
        "listed party",
        "OFAC",
        "CSL",
        "SDN",
        "nonproliferation",
        "debarred",
    ],
)
def test_words_of_the_lists_are_found_in_any_case(word):
    assert found(f"This is about the {word} of today.") == [word]
    assert found(f"THE {word.upper()}!") == [word.upper()]


@pytest.mark.parametrize("word", ["screenings of films", "sanctionable", "checklist", "address", "sdnx"])
def test_other_words_pass(word):
    assert found(f"A word about {word}.") == []


@pytest.mark.parametrize(
    "text",
    [
        "It concerns ROSTEC CORPORATION.",
        "It concerns Rostec  Corporation, we fear",
        "It concerns rostec-corporation",
        "rostec corporation",
    ],
)
def test_a_name_in_a_hit_is_found_however_it_is_written(text):
    assert found(text, names=["Rostec Corporation"]) == ["Rostec Corporation"]


def test_a_part_of_a_name_is_not_the_name():
    assert found("Rostec Corporations everywhere", names=["Rostec Corporation"]) == []


def test_the_buyers_own_name_may_stand_in_its_letter():
    letter = "To Umeme Grid: we looked at it."
    assert found(letter, names=["UMEME GRID", "Umeme  Grid"], own_names=["Umeme Grid"]) == []
    assert found(letter, names=["UMEME GRID"], own_names=["Another"]) == ["UMEME GRID"]


def test_what_stands_inside_of_the_buyers_own_name_is_no_secret():
    letter = "To CSL-Umeme Lab Middle East: it is about Umeme Lab."
    own = ["CSL Umeme Lab Middle East", "Umeme"]
    assert found(letter, names=["UMEME LAB"], own_names=own[:1]) == ["UMEME LAB"]
    assert found("To CSL Umeme Lab Middle East: well.", names=["UMEME LAB"], own_names=own) == []
    assert found("To CSL Umeme Lab: well.", names=["UMEME LAB"], own_names=own[:1]) == ["CSL", "UMEME LAB"]


def test_names_too_short_to_tell_are_left():
    assert found("An ace idea", names=["ACE"]) == []
    assert found("An aces idea", names=["ACES"]) == ["ACES"]


def test_a_name_in_another_script_is_found():
    assert found("رسالة إلى شركة النور للتجارة اليوم", names=["شركة النور للتجارة"]) == ["شركة النور للتجارة"]


def test_whole_sentences_of_officers_are_found_and_short_ones_not():
    note = "The director was seen with a known smuggler. Odd. Pays late"
    assert found("We think: the director was seen, with a known smuggler!", internal=[note]) == [
        "The director was seen with a known smuggler."
    ]
    assert found("Odd. It pays late.", internal=[note]) == []


def test_each_passage_is_named_once():
    assert found("OFAC and OFAC", names=["OFAC"]) == ["OFAC"]
