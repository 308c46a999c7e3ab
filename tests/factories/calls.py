from datetime import date, datetime

from calls import actions
from calls.models import Notice
from calls.states import NoticeStatus
from core.actors import System
from tests.factories import buyers

NOTICE = {
    "kind": "NEWS",
    "title": "The catalog opens",
    "summary": "Packages can be offered.",
    "body": "From today.",
    "certainty": "P",
    "issued_date": date(2026, 4, 1),
}


def notice_at(state: str, *, now: datetime, slug: str = "the-catalog-opens", **fields: object) -> Notice:
    notice = actions.draft_notice(by=System("record"), now=now, slug=slug, **NOTICE | fields)
    if state != NoticeStatus.DRAFT:
        actions.publish_notice(notice, by=System("record"), now=now)
    if state == NoticeStatus.WITHDRAWN:
        actions.withdraw_notice(notice, by=buyers.manager(now), now=now)
    return notice
