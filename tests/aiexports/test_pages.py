"""Home, dashboard and status as the people of the demonstration see them."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "status", "catalogue", "notice_list", "healthz"])
def test_public_pages_answer_on_an_empty_database(client, name):
    assert client.get(reverse(name)).status_code == 200
