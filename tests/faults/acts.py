"""What the client process can be told to do."""

import hashlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.utils import timezone

import aiexports.celery  # noqa: F401  (the tasks' application)
from buyers.models import Buyer, Need
from buyers.states import NeedStatus
from core import ledger, outbox
from core.models import JobRun, Mail, Notification
from matching.models import Match
from packages.models import Package
from tests.factories import buyers, matching
from tests.faults import effects

PATIENCE = 120.0


def prepare() -> int:
    """Tables, a trusted buyer and two packages on offer; how many messages wait."""
    for command in ("prepare_database", "migrate"):
        call_command(command, verbosity=0)
    call_command("load_rules", stdout=sys.stderr)
    now = timezone.now()
    scene = matching.scene(now, Path(tempfile.mkdtemp(dir=settings.DATA_DIR)))
    matching.offered(scene.consortium, now=now, title="Second stack")
    outbox.drain(timezone.now())
    return waiting()


def post(name: str, number: int) -> int:
    """Post so many needs; how many were acknowledged."""
    for each in range(number):
        _until_acknowledged(partial(_post_once, _title(name, each)))
    return number


def _title(name: str, number: int) -> str:
    return f"{name} {number:04d}"


def _until_acknowledged(act: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        close_old_connections()
        try:
            act()
            return
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@transaction.atomic
def _post_once(title: str) -> None:
    """The title is the key: what was committed and not acknowledged is not posted again."""
    if not Need.objects.filter(title=title).exists():
        buyers.need_at(NeedStatus.POSTED, Buyer.objects.get(), now=timezone.now(), title=title)


def send(name: str, number: int) -> int:
    """The control: as many tasks straight to Celery; how many it took."""
    taken = 0
    for each in range(number):
        try:
            effects.effect.apply_async([_title(name, each)], retry=False)
            taken += 1
        except Exception as error:
            print("refused", repr(error), file=sys.stderr)
    return taken


def sent_and_done(name: str) -> int:
    return JobRun.objects.filter(job__startswith=name).values("job").distinct().count()


def waiting() -> int:
    return outbox.health(timezone.now()).pending


def parked() -> int:
    return outbox.health(timezone.now()).parked


def outcome(name: str) -> dict[str, Any]:
    """What came of the needs of that name, in words that are the same for another name."""
    needs = {need.pk: need.title.removeprefix(name) for need in Need.objects.filter(title__startswith=name)}
    packages = {package.pk: str(package.current_version) for package in Package.objects.all()}
    pairs = {
        f"match:{match.need_id}:{match.package_id}": [needs[match.need_id], packages[match.package_id], match.score]
        for match in Match.objects.filter(need__in=needs)
    }
    told = Notification.objects.filter(key__in=pairs).values_list("key", "recipient__email", "kind")
    return {
        "runs": sorted(Counter(_runs(needs)).items()),
        "matches": sorted(pairs.values()),
        "notifications": sorted([*pairs[key], email, kind] for key, email, kind in told),
        "mails": sorted(
            [*pairs[_pair_of(mail)], *_facts(mail)] for mail in Mail.objects.all() if _pair_of(mail) in pairs
        ),
    }


def _runs(needs: dict[int, str]) -> list[str]:
    rows = JobRun.objects.filter(job__startswith="posted:").values_list("job", flat=True)
    return [needs[int(job.partition(":")[2])] for job in rows if int(job.partition(":")[2]) in needs]


def _pair_of(mail: Mail) -> str:
    return mail.key.rsplit(":", 2)[0]  # the notification's key, then the person's name in the ledger


def _facts(mail: Mail) -> list[object]:
    """To whom, how far it came, and in how many files it lies."""
    name = hashlib.sha256(mail.message_id.encode()).hexdigest()[:40]
    return [mail.to_address, mail.delivery, len(list((settings.DATA_DIR / "mail").glob(f"{name}*")))]


def stray_mails() -> int:
    """Files of mails that no row asked for."""
    return len(list((settings.DATA_DIR / "mail").glob("*.eml"))) - Mail.objects.filter(delivery="SENT").count()


def findings() -> int:
    """Of the ledger's verification."""
    return len(ledger.verify())


ACTS = (prepare, post, send, sent_and_done, waiting, parked, outcome, stray_mails, findings)
