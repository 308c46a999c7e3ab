"""What tests share of a scene, and that they share nothing else."""

import pytest

from accounts.models import User
from tests.factories.accounts import person
from tests.scenes import scene

built: list[str] = []
times: set[int] = set()  # how often it was made, at each turn


@scene
def ada() -> User:
    built.append("ada")
    return person("ada")


@scene
def friend(ada, name) -> User:
    """Made inside of the other scene, once for each name."""
    built.append(name)
    ada.name = f"{ada.name}, a friend of {name}"
    return person(name)


@pytest.mark.parametrize("turn", [1, 2])
def test_it_is_made_once_and_what_a_test_changes_is_gone_after_it(ada, turn):
    times.add(built.count("ada"))
    assert len(times) == 1
    assert (ada.name, ada.email, User.objects.count()) == ("Ada", "ada@example.com", 1)
    ada.name = "Changed"
    ada.save()
    person("another")


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("name", ["bo", "cy"])
def test_a_scene_is_made_for_each_value_of_a_parameter(ada, friend, name, turn):
    assert (friend.email, ada.name) == (f"{name}@example.com", f"Ada, a friend of {name}")
    assert sorted(User.objects.values_list("email", flat=True)) == ["ada@example.com", f"{name}@example.com"]


@pytest.mark.django_db
def test_other_tests_do_not_see_it():
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_in_real_transactions_it_is_made_for_the_test_alone(ada):
    assert list(User.objects.all()) == [ada]
