import pytest
from django.utils import translation

from core import countries


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("en-us", "DE", "Germany"),
        ("es", "DE", "Alemania"),
        ("fr", "US", "États-Unis"),
        ("ar", "AE", "الإمارات العربية المتحدة"),
        ("pt", "BR", "Brasil"),
        ("en-us", "ZQ", "ZQ"),
        ("en-us", "", ""),
    ],
)
def test_a_country_has_its_name_in_the_readers_language(language, code, name):
    with translation.override(language):
        assert countries.name(code) == name


def test_without_a_language_it_is_english():
    with translation.override(None):
        assert countries.name("FR") == "France"


def test_the_list_holds_the_countries_of_iso_3166_and_nothing_else():
    assert len(countries.CODES) == 249
    assert {"US", "TW", "PS", "AX", "HK"} <= set(countries.CODES)
    assert not {"EU", "UN", "XK", "ZZ", "QO"} & set(countries.CODES)


def test_choices_follow_the_english_names_and_speak_the_readers_language():
    choices = countries.choices()
    assert [code for code, _name in choices[:3]] == ["AF", "AX", "AL"]
    with translation.override("es"):
        assert str(dict(choices)["DE"]) == "Alemania"
