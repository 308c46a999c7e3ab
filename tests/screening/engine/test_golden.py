"""Pairs of the kinds on which users of other screening tools reported failures: what must alert, what must not."""

import pytest

from screening.engine.matcher import compare
from screening.engine.score import Listed, Query

MUST_ALERT = [
    # parts of a name, and names by which people go
    ("Nicolas Maduro", "MADURO MOROS, Nicolas", "person"),
    ("Nicolás Maduro Moros", "MADURO MOROS, Nicolas", "person"),
    ("Evgeny Prigozhin", "PRIGOZHIN, Yevgeniy Viktorovich", "person"),
    ("Igor Sechin", "SECHIN, Igor Ivanovich", "person"),
    # spellings
    ("Muammar Kaddafi", "QADHAFI, Muammar", "person"),
    ("Osama bin Laden", "BIN LADIN, Usama", "person"),
    ("Kassem Suleimani", "SOLEIMANI, Qasem", "person"),
    ("Aleksandr Lukashenka", "LUKASHENKO, Alexandr", "person"),
    ("Kadirov Ramsan", "KADYROV, Ramzan Akhmatovich", "person"),
    # scripts
    ("Владимир Владимирович Путин", "PUTIN, Vladimir Vladimirovich", "person"),
    ("Рамзан Кадыров", "KADYROV, Ramzan Akhmatovich", "person"),
    ("قاسم سليماني", "SOLEIMANI, Qasem", "person"),
    ("김정은", "KIM, Jong Un", "person"),
    ("АО Концерн Калашников", "JOINT STOCK COMPANY CONCERN KALASHNIKOV", "organization"),
    ("بانک ملی ایران", "BANK MELLI IRAN", "organization"),
    ("华为技术有限公司", "Huawei Technology Co., Ltd.", "organization"),
    # slips and tricks
    ("Mаduro Moros, Niсolas", "MADURO MOROS, Nicolas", "person"),
    ("Nico\u200blas Maduro Mor0s", "MADURO MOROS, Nicolas", "person"),
    ("PRIGOZHlN, Yevgeniy Viktorovich", "PRIGOZHIN, Yevgeniy Viktorovich", "person"),
    # organizations
    ("Al-Qaida", "AL QA'IDA", "organization"),
    ("Mahan Air Co.", "MAHAN AIR", "organization"),
    ("Sberbank of Russia PJSC", "PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA", "organization"),
    ("IRISL", "IRISL", "organization"),
    ("Huawei Tech Co Ltd", "Huawei Technologies Co., Ltd.", "organization"),
    ("Mahan Airlines", "MAHAN AIR", "organization"),
    ("Harbin Inst of Tech", "Harbin Institute of Technology", "organization"),
    ("Bank Melli", "BANK MELLI IRAN", "organization"),
    ("조선대성은행", "KOREA DAESONG BANK", "organization"),
]
MUST_NOT_ALERT = [
    ("John Smith", "SMITH, Jonathan William", "person"),
    ("Maria Lopez", "LOPEZ PEREZ, Mario Alberto", "person"),
    ("Kim Lee", "KIM, Jong Un", "person"),
    ("Bank of America", "BANK MELLI IRAN", "organization"),
    ("United Airlines", "MAHAN AIR", "organization"),
    ("General Electric Company", "GENERAL TRADING COMPANY", "organization"),
    ("National Drilling Company", "NATIONAL IRANIAN OIL COMPANY", "organization"),
    ("Viktor Ivanov", "IVANOV, Sergei Borisovich", "person"),
]
# One lone word with a slip, or beside words that only say what or where, is told, but is as near to other companies' names.
TOLD = [
    ("Rosobornexport", "ROSOBORONEXPORT OJSC", "organization"),
    ("Sberbank", "SBERBANK OF RUSSIA", "organization"),
    ("Gazprom", "GAZPROM NEFT", "organization"),
    ("ПАО Совкомфлот", "JOINT STOCK COMPANY SOVCOMFLOT", "organization"),
    ("Hikvision", "HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.", "organization"),
    ("Novikombank", "JOINT STOCK COMMERCIAL BANK NOVIKOMBANK", "organization"),
]
# Known to be missed: a brand of its own, and a reading of Chinese characters that is not Mandarin.
MISSED = [
    ("浪潮集团有限公司", "INSPUR GROUP CO., LTD.", "organization"),
    ("林郑月娥", "LAM CHENG, Yuet-ngor", "person"),
]


def tier(query: str, listed: str, kind: str) -> tuple[str, float]:
    (score,) = compare([Query(query, kind)], [Listed(listed, kind)])
    return score.tier, score.value


@pytest.mark.parametrize(("query", "listed", "kind"), MUST_ALERT)
def test_what_must_alert(query, listed, kind):
    assert tier(query, listed, kind)[0] == "alert", tier(query, listed, kind)


@pytest.mark.parametrize(("query", "listed", "kind"), MUST_NOT_ALERT)
def test_what_must_not_alert(query, listed, kind):
    assert tier(query, listed, kind)[0] != "alert", tier(query, listed, kind)


@pytest.mark.parametrize(("query", "listed", "kind"), TOLD)
def test_what_is_told(query, listed, kind):
    assert tier(query, listed, kind)[0] == "review"


@pytest.mark.parametrize(("query", "listed", "kind"), MISSED)
def test_what_is_known_to_be_missed(query, listed, kind):
    assert tier(query, listed, kind)[0] == "clear"
