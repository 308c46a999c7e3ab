"""The workbench with records in it: each list, each record and each search opens for staff, and says what it shows."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from core import actions
from core.errors import UnableTo
from core.models import LedgerEntry, Mail, OutboxMessage
from matching.models import Introduction, Match
from tests.browsers import HOSTILE, signed_in
from tests.factories.accounts import person
from tests.factories.buyers import federal

pytestmark = pytest.mark.django_db
OURS = [app.label for app in apps.get_app_configs() if app.path.startswith(str(settings.BASE_DIR / app.label))]
OUR_MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
SHOWN = sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model, page, *arguments):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=arguments)


@pytest.fixture
def manager(world):
    return signed_in(person("manager"))


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_each_list_and_each_record_opens(manager, model):
    assert manager.get(address(model, "changelist")).status_code == 200
    record = model.objects.first()
    if record is not None:
        assert manager.get(address(model, "change", record.pk)).status_code == 200


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_no_search_makes_a_list_fail(manager, model, what):
    """Django's own answer to a NUL or a filter that is none is a redirect to `?e=1`."""
    assert manager.get(address(model, "changelist"), {"q": HOSTILE[what][:500]}).status_code in (200, 302)


@pytest.mark.parametrize(
    "query",
    ["text__startswith=You", "text__regex=.", "html__contains=a", "last_error=x", "recipient__password__startswith=s"],
)
def test_no_filter_but_the_pages_own_tells_what_is_not_shown(manager, query):
    """A question about a hidden field would be answered by how many rows there are: the links' secrets, letter by letter."""
    assert manager.get(f"{address(Mail, 'changelist')}?{query}").status_code == 400
    assert manager.get(f"{address(Mail, 'changelist')}?delivery__exact=SENT").status_code == 200


@pytest.mark.parametrize(
    ("field", "status"), [("password__startswith", 400), ("role_grants__role__exact", 200), ("is_active__exact", 200)]
)
def test_people_are_filtered_by_what_the_page_offers(manager, field, status):
    value = {"role_grants__role__exact": "OFFICER"}.get(field, "1")
    assert manager.get(f"{address(User, 'changelist')}?{field}={value}").status_code == status


@pytest.mark.parametrize("model", [LedgerEntry, Mail, OutboxMessage, Introduction, Match])
@pytest.mark.parametrize(("role", "status"), [("SUPPORT", 403), ("EVALUATOR", 403), ("OFFICER", 200)])
def test_other_agencies_see_nobodys_mail_history_and_contacts(world, model, role, status):
    browser = signed_in(federal(f"a-{role.lower()}", role, now=world.now))
    assert browser.get(address(model, "changelist")).status_code == status
    record = model.objects.first()
    assert record is None or browser.get(address(model, "change", record.pk)).status_code == status


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_each_record_has_a_name(world, model):
    """Not Django's own `Model object (1)`, which tells nobody anything."""
    assert model.__str__ is not apps.get_model("contenttypes.contenttype").__mro__[1].__str__
    for record in model.objects.all()[:2]:
        assert str(record).strip() != ""


# --- what was set aside -----------------------------------------------------------------------------------------------


@pytest.fixture
def parked(world):
    message = OutboxMessage.objects.order_by("pk").last()
    OutboxMessage.objects.filter(pk=message.pk).update(done_at=None, parked_at=world.now, attempts=12)
    message.refresh_from_db()
    return message


def test_a_message_that_was_set_aside_is_tried_again_by_a_button(manager, parked):
    page = manager.get(address(OutboxMessage, "change", parked.pk)).text
    assert "Try again" in page
    answer = manager.post(address(OutboxMessage, "retry", parked.pk), follow=True)
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)
    assert LedgerEntry.objects.filter(action="retry_message", subject_id=str(parked.pk)).count() == 1
    assert "It will be tried again within seconds." in answer.text


def test_a_message_that_was_not_set_aside_has_no_button_and_is_left_alone(manager, parked, now):
    manager.post(address(OutboxMessage, "retry", parked.pk))
    again = manager.post(address(OutboxMessage, "retry", parked.pk), follow=True)
    assert "This message is not set aside" in again.text
    assert "Try again" not in again.text
    assert LedgerEntry.objects.filter(action="retry_message").count() == 1
    with pytest.raises(UnableTo):
        actions.retry_message(parked, by=person("manager"), now=now)
