"""Scenes: what several tests of a module start from, made once for them.

    @scene
    def trusted(now, tmp_path) -> Buyer:
        return make.trusted_buyer(now, tmp_path)

is asked for like any fixture, and may ask for others: for scenes, inside of which it is then made, and for a parameter of
the test, for each value of which it is made. It is made in a transaction that stays open while the tests that follow one
another in the module ask for it. Each of them works in a savepoint of that and gets a copy of what was returned: what a
test changes, in the database or in the object, is gone after it. Other tests do not see the scene. Tests in real
transactions have it made for themselves.
"""

import copy
import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, cast

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.database import check_deferred_guards, undone

type Key = tuple[str, dict[str, object]]


@dataclass
class Layer:
    """One scene on the stage: how to undo it, and all that was returned by then."""

    key: Key
    undo: ExitStack
    returned: dict[str, Any]


class Stage:
    """The scenes that stand, each made inside of the one before."""

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.returned: dict[str, Any] = {}

    def prepare(self, wanted: list[Key]) -> None:
        """Undo what the next test does not ask for, and what was made inside of that; copy the rest for it."""
        standing = 0
        while standing < len(self.layers) and self.layers[standing].key in wanted:
            standing += 1
        while len(self.layers) > standing:
            self.layers.pop().undo.close()
        self.returned = copy.deepcopy(self.layers[-1].returned) if self.layers else {}

    def make(self, key: Key, build: Callable[[], Any], blocker: DjangoDbBlocker) -> None:
        with ExitStack() as undo:
            undo.enter_context(undone(blocker))
            with blocker.unblock():
                self.returned[key[0]] = build()
                check_deferred_guards()  # once here, or again at the end of each test
            self.layers.append(Layer(key, undo.pop_all(), copy.deepcopy(self.returned)))


_stage = Stage()


def scene[T](build: Callable[..., T]) -> Callable[..., T]:
    """Make a fixture of a function that builds something in the database."""
    name, asked = build.__name__, inspect.signature(build)

    @functools.wraps(build)
    def fixture(
        request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker, **arguments: Any
    ) -> T:
        values = {parameter: arguments[parameter] for parameter in asked.parameters}
        key = next((key for key in _scenes_of(request.node) if key[0] == name), None)
        if key is None:
            request.getfixturevalue("db")
            return build(**values)
        if name not in _stage.returned:
            _stage.make(key, functools.partial(build, **values), django_db_blocker)
        return cast("T", _stage.returned[name])

    *own, _arguments = inspect.signature(fixture, follow_wrapped=False).parameters.values()
    fixture.__signature__ = asked.replace(parameters=[*own, *asked.parameters.values()])  # type: ignore[attr-defined]
    fixture.scene_asks = list(asked.parameters)  # type: ignore[attr-defined]
    return pytest.fixture(fixture)


def _scenes_of(item: pytest.Item) -> list[Key]:
    """What a test asks for and can share, with the values of its parameters that the scene depends on."""
    if not isinstance(item, pytest.Function) or _is_transactional(item):
        return []
    given = item.callspec.params if hasattr(item, "callspec") else {}
    found = item._fixtureinfo.name2fixturedefs
    asks = {name: getattr(found[name][-1].func, "scene_asks", None) for name in item.fixturenames if name in found}
    return [
        (name, {parameter: given[parameter] for parameter in parameters if parameter in given})
        for name, parameters in asks.items()
        if parameters is not None
    ]


def _is_transactional(item: pytest.Function) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs) or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Scenes come before the test's own savepoint, and that before whatever else writes."""
    if scenes := _scenes_of(item):
        assert isinstance(item, pytest.Function)
        first = [*(name for name, _parameters in scenes), "db"]
        item.fixturenames = first + [name for name in item.fixturenames if name not in first]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    try:
        return (yield)
    finally:
        same = nextitem and nextitem.getparent(pytest.Module) is item.getparent(pytest.Module)
        _stage.prepare(_scenes_of(nextitem) if nextitem and same else [])
