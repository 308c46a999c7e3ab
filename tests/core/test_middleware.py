from datetime import UTC

from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from core.middleware import RequestClock


def test_a_request_has_one_time_for_everything():
    seen = []

    def respond(request):
        seen.extend([request.now, request.now])
        return HttpResponse()

    before = timezone.now()
    RequestClock(respond)(RequestFactory().get("/"))
    assert seen[0] is seen[1]
    assert seen[0].tzinfo == UTC
    assert before <= seen[0] <= timezone.now()
