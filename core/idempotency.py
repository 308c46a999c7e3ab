"""A form that is sent twice does its work once."""

import json
import uuid
from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponseRedirect

from core.http import PortalRequest
from core.models import Submission

FIELD, CSRF_FIELD = "submission_key", "csrfmiddlewaretoken"


def new_key() -> str:
    return str(uuid.uuid4())


def once(request: PortalRequest, perform: Callable[[], str]) -> HttpResponseRedirect:
    """Run `perform`, which returns the address to go to, and redirect there.

    A second post of the same form (same key, words and person) waits for the first and is redirected to the same address.
    Other words under the same key are another submission: somebody went back in the browser and wrote anew. A post
    without a usable key is performed: the record's own state still guards it. One transaction: when `perform` raises,
    nothing is kept and the person may send the form again.
    """
    key = _key(request)
    if key is None:
        return HttpResponseRedirect(perform())
    actor = request.user.ledger_name if request.user.is_authenticated else f"session:{request.session.session_key}"
    with transaction.atomic():
        Submission.objects.bulk_create(
            [Submission(key=key, actor=actor, path=request.path[:500], created_at=request.now)], ignore_conflicts=True
        )
        submission = Submission.objects.select_for_update().get(key=key, actor=actor)
        if not submission.target:
            submission.target = perform()
            submission.save(update_fields=["target"])
    return HttpResponseRedirect(submission.target)


def _key(request: PortalRequest) -> uuid.UUID | None:
    """Of the form and what was sent with it: a file counts by its name and size."""
    try:
        form = uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    words = [(name, values) for name, values in request.POST.lists() if name not in (FIELD, CSRF_FIELD)]
    files = [(name, [(file.name, file.size) for file in found]) for name, found in request.FILES.lists()]
    return uuid.uuid5(form, json.dumps([request.path, sorted(words), sorted(files)]))
