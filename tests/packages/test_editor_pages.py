"""The editor, step by step: saving, continuing, two people at once, and who may only look."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from consortia import actions as consortia_actions
from packages import actions
from packages.models import Package
from tests.browsers import HOSTILE, said, signed_in
from tests.consortia.conftest import people_around
from tests.factories import consortia
from tests.factories import packages as make
from tests.factories.accounts import person
from tests.factories.organizations import member

STEPS = {
    "summary": {"title": "Clinic stack", "summary": "For clinics."},
    "market": {"target_countries": ["KE"], "target_blocs": ["EU"], "sectors": ["ENERGY"], "languages": ["sw"]},
    "delivery": {
        "deployments": ["EDGE"],
        "capacity_mw": "4.50",
        "price_band": "FROM_1M",
        "delivery_weeks": "7",
        "standards": ["SOC2"],
    },
    "operation": {"built_by": "BUYER", "owned_by": "JOINT", "operated_by": "BUYER", "operating_model": "They do."},
}
ORDER = [*STEPS, *"ABCDE"]


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@pytest.fixture
def anchor(package):
    return signed_in(person("anchor"))


@pytest.fixture
def colleague(package):
    return signed_in(person("member"))


def address(package: Package, step: str) -> str:
    if step == "review":
        return reverse("package_edit", args=[package.slug])
    return reverse("package_step" if step in STEPS else "package_component", args=[package.slug, step])


def data_of(step: str) -> dict:
    return STEPS.get(step, {"summary": f"Layer {step}, changed."})


def seen_on(browser, path: str) -> dict[str, str]:
    return {"seen": browser.get(path).context["seen"]}


def stored(package: Package, step: str) -> dict:
    """As the form of the step shows it, in strings."""
    subject = Package.objects.get(pk=package.pk)
    if step not in STEPS:
        return {"summary": subject.components.get(letter=step).summary}
    values = {name: getattr(subject, name) for name in STEPS[step]}
    return {name: value if isinstance(value, list) else str(value) for name, value in values.items()}


# --- each step -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ORDER)
def test_a_step_is_saved_and_leads_to_the_next(step, package, anchor):
    path = address(package, step)
    answer = anchor.post(path, data_of(step) | seen_on(anchor, path), follow=True)
    following = [*ORDER, "review"][ORDER.index(step) + 1]
    assert (answer.request["PATH_INFO"], said(answer)) == (address(package, following), ["Saved."])
    assert stored(package, step) == data_of(step)


@pytest.mark.parametrize("step", ORDER)
def test_a_step_is_saved_and_stays(step, package, colleague):
    path = address(package, step)
    assert colleague.post(path, data_of(step) | seen_on(colleague, path) | {"stay": ""}).url == path
    assert stored(package, step) == data_of(step)


@pytest.mark.parametrize("step", ORDER)
def test_who_saved_first_is_not_overwritten_and_who_insists_then_saves(step, package, anchor, colleague):
    path = address(package, step)
    mine, theirs = seen_on(anchor, path), seen_on(colleague, path)
    assert mine == theirs
    colleague.post(path, data_of(step) | theirs)
    other = {"title": "Mine", "summary": "Mine."}
    refused = anchor.post(path, other | mine)
    assert refused.status_code == 422
    assert refused.context["form"].non_field_errors()[0].startswith("A colleague saved this page after you opened it.")
    assert stored(package, step) == data_of(step)
    assert anchor.post(path, other | {"seen": refused.context["seen"]}).status_code == 302
    assert stored(package, step) != data_of(step)


@pytest.mark.parametrize("seen", [None, *HOSTILE.values()], ids=["none", *HOSTILE])
@pytest.mark.parametrize("step", ["market", "B"])
def test_a_time_that_is_none_overwrites_nobody(step, seen, package, anchor):
    before = stored(package, step)
    sent = {} if seen is None else {"seen": seen}
    assert anchor.post(address(package, step), data_of(step) | sent).status_code == 422
    assert stored(package, step) == before


@pytest.mark.parametrize("step", ["summary", "delivery", "C"])
def test_a_mistake_is_shown_and_what_was_typed_stays(step, package, anchor):
    path, before = address(package, step), stored(package, step)
    wrong = {"summary": "x" * 4001, "delivery_weeks": "soon"}
    answer = anchor.post(path, data_of(step) | wrong | (seen := seen_on(anchor, path)))
    assert (answer.status_code, answer.context["seen"]) == (422, seen["seen"])
    assert "Please correct this" in answer.text
    assert stored(package, step) == before


@pytest.mark.parametrize("step", ["nothing", "SUMMARY", "review"])
def test_a_step_that_is_none_is_not_found(step, package, anchor):
    for name in ("package_step", "package_component", "item_add"):
        assert anchor.get(reverse(name, args=[package.slug, step])).status_code == 404


def test_who_may_only_look_gets_no_button_and_saves_nothing(package, now):
    company = package.consortium.members.get(part="MEMBER").company
    member(company.organization, "viewer", "VIEWER", now=now)
    viewer = signed_in(person("viewer"))
    for step in ORDER:
        page = viewer.get(address(package, step))
        assert (page.status_code, "Save and continue" in page.text, "Add a product" in page.text) == (200, False, False)
        assert viewer.post(address(package, step), data_of(step) | {"seen": page.context["seen"]}).status_code == 403
    assert viewer.get(reverse("item_add", args=[package.slug, "A"])).status_code == 403
    assert viewer.post(reverse("item_remove", args=[package.slug, "A", make.item_of(package).pk])).status_code == 403


# --- the list and the beginning --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(rows, package, anchor, now, django_assert_num_queries):
    for number in range(rows - 1):
        make.draft(package.consortium, now=now, title=f"Stack {number}")
    anchor.get(reverse("package_list"))
    with django_assert_num_queries(3):
        page = anchor.get(reverse("package_list"))
    assert page.text.count('href="/packages/') == rows + 1


def test_the_list_is_paged_and_empty_it_says_what_a_package_is(package, anchor, now):
    for number in range(20):
        make.draft(package.consortium, now=now, title=f"Stack {number}")
    first = anchor.get(reverse("package_list")).context["page"]
    second = anchor.get(f"{reverse('package_list')}?{first.next_query}").context["page"]
    assert ([str(row) for row in second.rows], len(first.rows), second.next_query) == (["Hospital AI stack"], 20, "")
    assert "No package yet." in signed_in(person("stranger")).get(reverse("package_list")).text


def test_a_draft_is_begun_once_however_often_the_button_is_pressed(package, anchor):
    path = reverse("package_create")
    shown = anchor.get(f"{path}?consortium={package.consortium_id}")
    assert f'<option value="{package.consortium_id}" selected>' in shown.text
    data = {"consortium": package.consortium_id, "title": "Second stack", "submission_key": str(uuid.uuid4())}
    first, second = (anchor.post(path, data) for _click in range(2))
    made = Package.objects.get(title="Second stack")
    assert first.url == second.url == address(made, "summary")


def test_a_package_is_begun_for_a_standing_consortium_of_ones_own_anchor(package, anchor, colleague, now):
    data = {"consortium": package.consortium_id, "title": "Second stack"}
    for browser in (colleague, signed_in(person("stranger"))):
        assert "A package belongs to a consortium." in browser.get(reverse("package_create")).text
        assert browser.post(reverse("package_create"), data).status_code == 422
    consortia_actions.dissolve_consortium(package.consortium, by=person("anchor"), now=now)
    assert anchor.post(reverse("package_create"), data).status_code == 422
    assert Package.objects.count() == 1


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_unkind_consortium_in_the_address_is_ignored(package, anchor, value):
    assert anchor.get(reverse("package_create"), {"consortium": value[:2000]}).status_code == 200


# --- the review ------------------------------------------------------------------------------------------------------


def test_the_review_names_each_gap_with_the_way_to_mend_it(package, anchor, now):
    draft = make.draft(package.consortium, now=now, title="Empty")
    page = anchor.get(address(draft, "review"))
    assert len(page.context["gaps"]) == 21
    for step in ORDER:
        assert f'<li><a class="usa-link" href="{address(draft, step)}">' in page.text
    assert "There is no hardware with a value yet." in page.text
    assert "Check and publish" not in page.text
    complete = anchor.get(address(package, "review")).text
    assert "The package is complete." in complete
    assert complete.count("✓") == 2 * 9  # the list for phones, and the one for wide screens


@pytest.mark.parametrize(
    ("us_value", "words"),
    [("600000", "<strong>Presumption met<"), ("500000", "<strong>Presumption not met: justify it in a proposal<")],
)
def test_the_review_judges_the_us_content(us_value, words, package, anchor):
    item = make.item_of(package)
    item.us_origin_value_usd = us_value
    item.save()
    assert words in anchor.get(address(package, "review")).text


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("DRAFT", ["Check and publish"]),
        ("PUBLISHED", ["In the catalogue", ">Withdraw<", "Version 1"]),
        ("WITHDRAWN", ["Check and publish", "Version 1"]),
        ("SUSPENDED", ["A claim is being checked.", "Version 1"]),
    ],
)
def test_the_review_offers_what_the_state_lets_one_do(state, shown, package, anchor, colleague, now):
    make.package_at(state, package, now=now)
    words = ["Check and publish", "Publish the changes", "In the catalogue", ">Withdraw<", "A claim", "Version 1"]
    text = anchor.get(address(package, "review")).text
    assert [word for word in words if word in text] == [word for word in words if any(word in s for s in shown)]
    actions.save_step(package, by=person("anchor"), now=now, fields={"summary": "Changed."})
    assert ("Publish the changes" in anchor.get(address(package, "review")).text) == (state == "PUBLISHED")
    text = colleague.get(address(package, "review")).text
    assert [word for word in (*words[:2], ">Withdraw<") if word in text] == []


@pytest.mark.parametrize("items", [1, 3])
def test_an_editor_page_costs_the_same_for_one_and_three_items(items, package, anchor, now, django_assert_num_queries):
    supplier = make.item_of(package).supplier
    for number in range(items - 1):
        fields = make.item_fields("A", supplier) | {"name": f"Chip {number}"}
        actions.save_item(package, by=person("anchor"), now=now, letter="A", fields=fields)
    for step, queries in [("A", 15), ("B", 14), ("summary", 13), ("review", 19)]:
        anchor.get(address(package, step))
        with django_assert_num_queries(queries):
            page = anchor.get(address(package, step))
    assert page.status_code == 200


def test_everybody_else_finds_no_editor(package, now):
    cast = people_around(package.consortium, now)
    consortia.consortium(now=now, by=person("rival"))
    people = [name for name in cast if name != "job"]
    found = {name: signed_in(cast[name]).get(address(package, "review")).status_code for name in people}
    assert found == {name: 200 if name.startswith(("anchor", "member")) else 404 for name in people}
