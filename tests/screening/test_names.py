"""Names of any script become plain tokens, and the keys by which like names are found."""

import unicodedata

import pytest

from screening.names import ORGANIZATION_TYPES, PARTICLES, TITLES, Token, keys, normalize, parse, skeleton


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("KONY, Joseph", "kony joseph"),
        ("Müller & Söhne GmbH", "muller sohne gmbh"),
        ("Straße", "strasse"),
        ("Æsir", "aesir"),
        ("ﬁne", "fine"),
        ("１２３ ＡＢＣ", "123 abc"),
        ("İstanbul", "istanbul"),
        ("O'Neill-Smith", "oneill smith"),
        ("O’Neill", "oneill"),
        ("U.S.A. Corp.", "usa corp"),
        ("Ольга", "olga"),
        ("АО «Росатом»", "ao rosatom"),
        ("κόσμος", "kosmos"),
        ("محمد علي", "mhmd ly"),
        ("華為技術", "huaweijishu"),
        ("김정은", "gimjeongeun"),
        # look-alike letters inside of a Latin word
        ("Mаduro", "maduro"),
        ("Ηuawei", "huawei"),
        ("Rosobоronexport", "rosoboronexport"),
        # invisible and control characters
        ("K\u200bony", "kony"),
        ("\u202eevil\u202c", "evil"),
        ("Ko\u00adny", "kony"),
        ("a\0b", "ab"),
        ("Joseph\tKony\nJr", "joseph kony jr"),
        ("Joseph\u2028Kony\x85Jr", "joseph kony jr"),
        ("Joseph\u00a0Kony", "joseph kony"),
        # nothing to read
        ("", ""),
        (" \t\n", ""),
        ("\0", ""),
        ("\u202e\u200b", ""),
        ("★ — !", ""),
    ],
)
def test_a_name_is_folded_to_plain_words(text, plain):
    assert normalize(text) == plain
    assert normalize(plain) == plain
    assert parse(text).plain == plain
    assert parse(text).original == text


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_way_in_which_marks_are_encoded_does_not_matter(form):
    assert normalize(unicodedata.normalize(form, "Nicolás Müller Ångström")) == "nicolas muller angstrom"


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "Ж" * 10_000, "ab " * 3_333, "\u202e" * 10_000, "\0" * 10_000, "é\u0301" * 5_000, "'" * 10_000],
)
def test_ten_thousand_characters_are_only_a_long_name(text):
    name = parse(text)
    assert set(name.plain) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert len(name.plain) <= 20_000
    assert all("\0" not in key for key in keys(name))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Dr. J. R. Smith", ["title", "initial", "initial", "core"]),
        ("Acme 7 Ltd", ["core", "core", "type"]),
        ("Abu Bakr al Din", ["particle", "core", "particle", "core"]),
        ("Y Z", ["particle", "initial"]),
    ],
)
def test_each_word_has_a_kind(text, kinds):
    assert [token.kind for token in parse(text).tokens] == kinds


@pytest.mark.parametrize("words", [ORGANIZATION_TYPES, TITLES, PARTICLES])
def test_the_tables_hold_words_as_names_are_folded(words):
    assert [word for word in words if normalize(word) != word] == []


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Huawei Technologies Co., Ltd.", ["huawei", "technologies"]),
        ("Dr. J. Smith", ["j", "smith"]),
        ("Al Co", ["al", "co"]),  # nothing but particles and types: all of them
        ("", []),
    ],
)
def test_the_words_that_identify(text, core):
    assert [token.text for token in parse(text).core] == core


@pytest.mark.parametrize(
    "spellings",
    [
        ("qadhafi", "gaddafi", "kaddafi", "khadafy"),
        ("mohammed", "muhammad", "mohamed", "mhmd"),
        ("hussein", "husayn", "hosein"),
        ("phillip", "filip"),
        ("tchaikovsky", "chaikovski"),
        ("joseph", "jozef"),
        ("yusuf", "yousef"),
    ],
)
def test_spellings_of_one_name_share_a_skeleton(spellings):
    assert len({skeleton(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    ("word", "consonants"),
    [
        ("aeiou", "a"),
        ("123", "123"),
        ("1100", "1100"),
        ("ks", "x"),
        ("b", "b"),
        ("", ""),
        ("khan", "jn"),
        ("boon", "bn"),
    ],
)
def test_what_a_skeleton_keeps(word, consonants):
    assert skeleton(word) == consonants


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KONY, Joseph", ["joseph", "kony", "konyjoseph", "~jn", "~jnjsf", "~jsf"]),
        ("Ольга", ["olga", "~lj"]),
        ("ab", ["ab"]),
        ("A B", ["a", "ab", "b"]),
        ("Al Co", ["al", "alco", "co"]),
        ("", []),
        ("★", []),
    ],
)
def test_the_keys_of_a_name(text, expected):
    assert keys(parse(text)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KONY, Joseph", "Joseph Kony"),
        ("Hua Wei Technologies", "HUAWEI TECHNOLOGIES"),
        ("Muammar Gaddafi", "QADHAFI, Muammar"),
        ("Ольга Иванова", "Olga Ivanova"),
        ("Al-Qaeda", "AL QA'IDA"),
        ("Mаduro", "MADURO MOROS, Nicolas"),
    ],
)
def test_like_names_share_a_key(one, other):
    assert set(keys(parse(one))) & set(keys(parse(other))) != set()


def test_names_that_have_nothing_in_common_share_none():
    assert set(keys(parse("Umeme Grid Company"))) & set(keys(parse("HUAWEI TECHNOLOGIES CO., LTD."))) == set()


def test_a_token_is_a_value():
    assert parse("Kony").tokens == (Token("kony", "jn", "core"),)
