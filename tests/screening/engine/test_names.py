"""Names of any script become plain tokens, and the keys by which like names are found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.engine import tables
from screening.engine.names import LONGEST, Token, acronym, keys, normalize, parse, runs
from screening.engine.sounds import frame, has_vowels, skeleton


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
        # scripts
        ("Ольга", "olga"),
        ("Сергей Щёлоков", "sergey shchelokov"),
        ("АО «Росатом»", "ao rosatom"),
        ("Центральный институт", "tsentralnyy institute"),
        ("κόσμος", "kosmos"),
        ("محمد علي", "mhmd aly"),
        ("الظواهري", "al zwahry"),
        ("عبد الله", "abd allah"),
        ("بانک ملی ایران", "bank mly iran"),
        ("ایمن", "imn"),
        ("محمّد", "mhmd"),
        ("김정은", "kim jong un"),
        ("리용호", "ri yong ho"),
        ("박근혜", "pak kun hye"),
        ("习近平", "xi jin ping"),
        ("華為技術", "hua wei technology"),
        ("华为技术有限公司", "hua wei technology co ltd"),
        ("中国电子科技集团公司", "china electronics technology group company"),
        ("哈尔滨工业大学", "harbin industry university"),
        ("조선대성은행", "korea tae song bank"),
        ("무역", "trading"),
        ("شرکت نفت", "company oil"),
        # a word of organizations inside of a person's name is none
        ("李海洋", "li hai yang"),
        ("김기술", "kim ki sul"),
        ("わたなべ", "watanabe"),
        ("राजेश", "rajes"),
        # look-alike letters and digits inside of a word
        ("Mаduro", "maduro"),
        ("Ηuawei", "huawei"),
        ("Rosobоronexport", "rosoboronexport"),
        ("MEXGL0BO", "mexglobo"),
        ("A1i", "ali"),
        ("F16", "f16"),
        ("2566", "2566"),
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


@given(st.text(max_size=60))
def test_whatever_is_typed_becomes_plain_words(text):
    plain = normalize(text)
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert normalize(plain) == plain


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000, "Ж" * 10_000, "ab " * 3_333, "\u202e" * 10_000, "\0" * 10_000, "é\u0301" * 5_000, "'" * 10_000],
)
def test_ten_thousand_characters_are_only_a_long_name(text):
    name = parse(text)
    assert len(name.tokens) <= LONGEST
    assert all("\0" not in key for key in keys(name))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Dr. J. R. Smith", ["title", "initial", "initial", "core"]),
        ("Acme 7 Ltd", ["core", "core", "form"]),
        ("Acme Compzny", ["core", "form"]),
        ("Acme Lmtd", ["core", "form"]),
        ("Acme Corpora", ["core", "form"]),
        ("Open Joint Stock Company Rosneft", ["form", "core"]),
        ("Abu Bakr al Din", ["particle", "core", "particle", "core"]),
        ("Y Z", ["particle", "initial"]),
    ],
)
def test_each_word_has_a_kind(text, kinds):
    assert [token.kind for token in parse(text).tokens] == kinds


@pytest.mark.parametrize(("one", "other"), [("Ltd", "ООО"), ("Inc.", "JSC"), ("GmbH", "Limited Liability Company")])
def test_legal_forms_of_one_class_are_one_token(one, other):
    (first,), (second,) = parse(one).tokens, parse(other).tokens
    assert (first.text, first.kind) == (second.text, second.kind)


@pytest.mark.parametrize(
    "words", [tables.LEGAL_FORMS, tables.TITLES - {"al-hajj"}, tables.PARTICLES, tables.FORM_PHRASES]
)
def test_the_tables_hold_words_as_names_are_folded(words):
    assert [word for word in words if normalize(word) != word] == []


@pytest.mark.parametrize(
    ("text", "surname"),
    [("KONY, Joseph", 1), ("MADURO MOROS, Nicolas", 2), ("Joseph Kony", 0), ("Joseph Kony,", 0), (", Joseph", 0)],
)
def test_a_comma_marks_the_surname(text, surname):
    assert parse(text).surname == surname


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KONY, Joseph", [(0, 1, "kony"), (1, 1, "joseph"), (0, 2, "konyjoseph")]),
        (
            "Abd al Rahman",
            [(0, 1, "abd"), (1, 1, "al"), (2, 1, "rahman"), (0, 2, "abdal"), (1, 2, "alrahman"), (0, 3, "abdalrahman")],
        ),
        ("Acme Ltd", [(0, 1, "acme"), (1, 1, "=ltd")]),
        ("", []),
    ],
)
def test_words_and_runs_of_neighbors(text, expected):
    assert runs(parse(text).tokens) == expected


@pytest.mark.parametrize(
    ("text", "letters"), [("Islamic Revolutionary Guard Corps", "irgc"), ("Acme Trading Ltd", ""), ("a b c d", "")]
)
def test_the_first_letters_of_a_long_name(text, letters):
    assert acronym(parse(text).tokens) == letters


@pytest.mark.parametrize(
    "spellings",
    [
        ("qadhafi", "gaddafi", "kaddafi", "khadafy"),
        ("mohammed", "muhammad", "mohamed", "mhmd"),
        ("hussein", "husayn", "hosein", "hsyn"),
        ("phillip", "filip"),
        ("joseph", "jozef"),
        ("yusuf", "yousef", "ywsf"),
        ("zawahiri", "zwahry"),
        ("mahmoud", "mhmwd"),
    ],
)
def test_spellings_of_one_name_share_a_skeleton(spellings):
    assert len({skeleton(word) for word in spellings}) == 1


@pytest.mark.parametrize(("word", "consonants"), [("aeiou", "a"), ("123", "123"), ("ks", "s"), ("b", "b"), ("", "")])
def test_what_a_skeleton_keeps(word, consonants):
    assert skeleton(word) == consonants


def test_a_frame_keeps_consonants_as_they_are_written():
    assert [frame(word) for word in ("hussein", "hsyn", "mahmoud", "mhmwd", "aa")] == [
        "hsn",
        "hsn",
        "mhmd",
        "mhmd",
        "a",
    ]
    assert [has_vowels(word) for word in ("hsyn", "zwahry", "smith", "aymn")] == [False, False, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KONY, Joseph", ["joseph", "kony", "konyjoseph", "~jsf", "~kn", "~knjsf"]),
        ("ab", ["=stock"]),
        ("Acme Ltd", ["acme", "~km"]),
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
        ("김정은", "KIM, Jong Un"),
        ("习近平", "XI, Jinping"),
    ],
)
def test_like_names_share_a_key(one, other):
    assert set(keys(parse(one))) & set(keys(parse(other))) != set()


def test_a_token_is_a_value():
    assert parse("Kony").tokens == (Token("kony", "core", "kony"),)
