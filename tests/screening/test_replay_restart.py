"""A hundred hits come out bit for bit in another process, after another list; what was changed meanwhile is named."""

import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from core import outbox
from screening import wording
from screening.models import Hit
from tests.factories import organizations
from tests.factories import screening as make
from tests.factories.accounts import person

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
HITS = 100
REPLAY = "import sys, django; django.setup(); from django.core.management import call_command as c; c(*sys.argv[1:])"


def in_another_process(*words: object) -> subprocess.CompletedProcess[str]:
    """The command as after a restart, on this test's database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "aiexports.settings", "DATABASE_URL": database}
    command = [sys.executable, "-c", REPLAY, *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def hundred(now, tmp_path) -> list[Hit]:
    """Of parties that are called nearly like listed ones, or share a number; another list came since."""
    make.rules()
    make.imported(make.EXTRACT, now=now)
    subject = organizations.organization(now=now)
    names = [row[make.csl.COLUMNS.index("name")] for row in make.rows_of_extract()[1:]]
    for number, name in enumerate(names):
        said = name.replace("a", "e", 1) if number % 3 else name
        fields = {
            "role": "CONTACT",
            "kind": "PERSON" if number % 2 else "ENTITY",
            "name": said[:250],
            "email": "a@b.example",
        }
        organizations.actions.add_party(subject, by=person("founder"), now=now, **fields)
    organizations.actions.set_identifiers(subject, by=person("founder"), now=now, identifiers={"TAX": "7736640919"})
    outbox.drain(now)
    rows = [*make.rows_of_extract(), make.row(source="Another List (AL)", name="Somebody Else")]
    make.imported(make.written(tmp_path / "next.csv", rows), now=now)
    outbox.drain(now)
    return list(Hit.objects.exclude(status="GONE").order_by("pk")[:HITS])


def test_a_hundred_hits_come_out_after_a_new_list_and_a_restart(hundred):
    assert len(hundred) == HITS
    done = in_another_process("replay_hit", *(hit.pk for hit in hundred))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{HITS} hits come out bit for bit." in done.stdout
    assert done.stdout.count(" comes out bit for bit: ") == HITS
    for hit in hundred:
        total = sum(round(1000 * part.points) for part in wording.contributions(hit.explanation))
        assert total == hit.explanation["points"]


def test_one_that_was_changed_is_named(hundred):
    """The positive control."""
    hit = hundred[7]
    Hit.objects.filter(pk=hit.pk).update(explanation=hit.explanation | {"points": hit.explanation["points"] + 1})
    done = in_another_process("replay_hit", *(hit.pk for hit in hundred))
    assert done.returncode == 1
    assert f"Hit {hit.pk} comes out otherwise: points." in done.stderr
