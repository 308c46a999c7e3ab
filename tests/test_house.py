"""What a linter cannot say of the house: its doors, its actions, its rules, its pages and its tables of states."""

import ast
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from inspect import Parameter, signature
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import get_resolver

from core.models import Stateful
from tests.addresses import own_names, walk

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
DOORS = [
    "views.py",
    "api.py",
    "tasks.py",
    "admin.py",
    "views/*.py",
    "admin/*.py",
    "admin_*.py",
    "management/commands/*.py",
]
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def sources(*patterns: str) -> Iterator[Path]:
    for room in ROOMS:
        for pattern in patterns:
            yield from sorted((PROJECT / room).glob(pattern))


def inside(path: Path) -> str:
    return str(path.relative_to(PROJECT))


# --- doors ------------------------------------------------------------------------------------------------------------

WRITES = {"save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES |= {"send_task", "apply_async", "delay", "send_mail"}
DOORS_THAT_WRITE = {
    "core/management/commands/relay.py": "the relay's one duty is to ring the task",
}


def writes_of(path: Path) -> list[str]:
    """Calls of a method that writes, on anything but an actions module."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    methods = [func for func in calls if isinstance(func, ast.Attribute) and func.attr in WRITES]
    return [ast.unparse(func) for func in methods if not ast.unparse(func.value).endswith("actions")]


@pytest.mark.parametrize("path", list(sources(*DOORS)), ids=inside)
def test_a_door_writes_nothing_itself(path):
    if inside(path) not in DOORS_THAT_WRITE:
        assert writes_of(path) == []


@pytest.mark.parametrize("name", sorted(DOORS_THAT_WRITE))
def test_a_door_that_may_write_still_does(name):
    assert writes_of(PROJECT / name) != []


def untold_of(path: Path) -> list[str]:
    """Forms done once whose refusal nobody is told of: it would be a 500."""
    tree = ast.parse(path.read_text())
    tellers = {"doors.told", "doors.shown_on"}
    told = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        and any(ast.unparse(item.context_expr).partition("(")[0] in tellers for item in node.items)
        for inner in ast.walk(node)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node not in told]
    return [ast.unparse(call) for call in calls if ast.unparse(call.func) == "idempotency.once"]


@pytest.mark.parametrize("path", list(sources(*DOORS)), ids=inside)
def test_a_door_tells_what_an_action_refuses(path):
    assert untold_of(path) == []


def test_the_check_of_refusals_finds_one_untold(tmp_path):
    """The positive control."""
    planted = tmp_path / "views.py"
    planted.write_text("with doors.told(r):\n    idempotency.once(r, a)\nidempotency.once(r, b)\n")
    assert untold_of(planted) == ["idempotency.once(r, b)"]


def test_the_check_of_doors_finds_a_write(tmp_path):
    """The positive control."""
    planted = tmp_path / "views.py"
    planted.write_text("def view(request):\n    request.user.save()\n    actions.create(1)\n    app.send_task('x')\n")
    assert writes_of(planted) == ["request.user.save", "app.send_task"]


# --- actions and rules --------------------------------------------------------------------------------------------------


def modules_of(room: str, floor: str) -> Iterator[ModuleType]:
    try:
        module = importlib.import_module(f"{room}.{floor}")
    except ModuleNotFoundError:
        return
    yield module
    for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield importlib.import_module(f"{room}.{floor}.{info.name}")


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """The public functions that the module itself defines."""
    for name, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not name.startswith("_"):
            yield value


ACTIONS = [
    function
    for room in ROOMS
    if room != "core"  # core.actions is the mechanism itself
    for module in modules_of(room, "actions")
    for function in functions_of(module)
]
RULES = [function for room in ROOMS for module in modules_of(room, "rules") for function in functions_of(module)]


def name_of(function: FunctionType) -> str:
    return f"{function.__module__}.{function.__name__}"


@pytest.mark.parametrize("function", ACTIONS, ids=name_of)
def test_an_action_asks_a_rule_and_is_told_who_and_when(function):
    assert callable(getattr(function, "rule", None))
    parameters = signature(function).parameters
    assert [parameters[name].kind for name in ("by", "now")] == [Parameter.KEYWORD_ONLY] * 2


def test_every_rule_is_asked_somewhere():
    text = "\n".join(path.read_text() for path in sources("*.py", "*/*.py", "*/*/*.py"))
    unused = [name_of(rule) for rule in RULES if len(re.findall(rf"\b{rule.__name__}\b", text)) < 2]
    assert unused == []


# --- sizes ------------------------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_400_lines():
    files = [*sources("*.py", "*/*.py", "*/*/*.py"), *(PROJECT / "templates").rglob("*.html")]
    assert [inside(path) for path in files if len(path.read_text().splitlines()) > 400] == []


# --- pages ------------------------------------------------------------------------------------------------------------

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
FORMS_WITHOUT_KEY = {
    "base.html": "signing out twice is signing out",
    "accounts/profile.html": "stores the same values again",
    "accounts/demo.html": "signs in, again as the same person",
    "core/notification_list.html": "what is read stays read",
    "packages/package_component.html": "stores the same text again, and `seen` refuses an older page",
    "packages/package_step.html": "stores the same values again, and `seen` refuses an older page",
    "buyers/buyer_parties.html": "what is removed is gone: a second post finds nothing",
    "admin/accounts/access_change.html": "the state of the person or role refuses a second one",
    "admin/buyers/case_queue.html": "a second post takes another case, which is shown",
    "admin/buyers/case.html": "the state of the case refuses a second one; findings are replaced by the same ones",
    "admin/screening/search.html": "a second post searches again",
    "admin/organizations/ownership.html": "the state of the finding refuses a second one",
    "admin/core/outboxmessage.html": "a message that is not set aside refuses a second one",
    "admin/calls/notice.html": "the state of the notice refuses a second one",
    "admin/packages/package.html": "the state of the package refuses a second one",
    "admin/calls/notice_draft.html": "the unique address of a notice refuses a second one",
}


def own_path(path: Path) -> str:
    return str(path.relative_to(PROJECT / "templates"))


@pytest.mark.parametrize("path", [path for path in TEMPLATES if FORM.search(path.read_text())], ids=own_path)
def test_a_form_carries_the_two_tokens(path):
    """allauth's views know no submission key: signing in twice is signing in."""
    for form in FORM.findall(path.read_text()):
        assert "{% csrf_token %}" in form
        if own_path(path).partition("/")[0] not in ("account", "mfa", "allauth"):
            assert "{% submission_key %}" in form or own_path(path) in FORMS_WITHOUT_KEY


@pytest.mark.parametrize("name", sorted(FORMS_WITHOUT_KEY))
def test_an_exception_is_still_one(name):
    forms = FORM.findall((PROJECT / "templates" / name).read_text())
    assert any("{% submission_key %}" not in form for form in forms)


ADDRESSES_WITHOUT_TEMPLATE = {
    "healthz": "JSON for machines",
    "metrics": "text for Prometheus",
    "document_download": "the file itself",
    "buyer_add_profile": "buyers/buyer_register.html with less to ask",
    "item_add": "packages/item_edit.html without an item",
    "party_add": "organizations/party_form.html without a party",
    "party_edit": "organizations/party_form.html",
}


def takes_only_posts(name: str) -> bool:
    """By its view's own decorators: a GET of it is refused, so that it has nothing to show."""
    return name in POST_ONLY


def callbacks() -> dict[str, object]:
    found = {}
    stack = list(get_resolver().url_patterns)
    while stack:
        pattern = stack.pop()
        stack += getattr(pattern, "url_patterns", [])
        if getattr(pattern, "name", None):
            found[pattern.name] = pattern.callback
    return found


def _methods(view: object) -> set[str]:
    """What require_http_methods let through, read from the decorators' closures."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            value = cell.cell_contents
            if isinstance(value, list | tuple) and value and set(value) <= {"GET", "HEAD", "POST"}:
                return set(value)
        view = getattr(view, "__wrapped__", None)
    return set()


POST_ONLY = {name for name, view in callbacks().items() if _methods(view) == {"POST"}}


@pytest.mark.parametrize("name", own_names())
def test_an_address_has_a_template_of_its_name_or_a_reason(name):
    view = callbacks()[name]
    if name not in ADDRESSES_WITHOUT_TEMPLATE and not takes_only_posts(name):
        folders = [view.__module__.split(".")[0], "home"]
        assert any((PROJECT / "templates" / folder / f"{name}.html").exists() for folder in folders)


@pytest.mark.parametrize("path", TEMPLATES, ids=own_path)
def test_a_template_can_be_read(path):
    get_template(own_path(path))


# --- tables of states ---------------------------------------------------------------------------------------------------

MODELS = [model for model in apps.get_models() if issubclass(model, Stateful)]
CELLS = [
    (model, state, transition)
    for model in MODELS
    for state in model.machine.states.values
    for transition in model.machine.transitions.values()
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_record_with_a_state_names_its_table_and_the_same_states(model):
    assert model.machine.subject == model._meta.label_lower
    assert model.machine.initial in model.machine.states.values
    longest = max(len(state) for state in model.machine.states.values)
    assert model._meta.get_field("status").max_length >= longest


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_state_is_reached_from_the_first_one(model):
    machine, reached = model.machine, {str(model.machine.initial)}
    while (
        new := {str(t.target) for t in machine.transitions.values() if reached & {str(source) for source in t.sources}}
        - reached
    ):
        reached |= new
    assert reached == set(machine.states.values)


@pytest.mark.parametrize(
    ("model", "state", "transition"), CELLS, ids=[f"{m._meta.model_name}-{s}-{t.action}" for m, s, t in CELLS]
)
def test_the_table_refuses_a_move_exactly_from_the_states_that_it_does_not_name(model, state, transition):
    """Guards aside: they read the record's own fields, and have the tests of their rooms."""
    refusal = "" if state in transition.sources else "This is not possible while the status is"
    machine = model.machine
    unguarded = SimpleNamespace(status=state)
    if state in transition.sources:
        assert all(callable(guard) for guard in transition.guards)
        answer = "" if transition.guards else machine.refusal(unguarded, transition.action, NOW)
    else:
        answer = machine.refusal(unguarded, transition.action, NOW)
    assert answer.startswith(refusal)
    assert bool(answer) == bool(refusal)


def test_every_address_of_the_portal_ends_as_the_others_do():
    """A slash, but for what machines ask."""
    machines = {"healthz", "metrics"}
    routes = {name: route for name, route in walk(get_resolver()) if name in own_names()}
    assert {name for name, route in routes.items() if route and not route.endswith("/")} == machines


@pytest.mark.parametrize("path", sorted(PROJECT.glob("*/urls.py")), ids=lambda path: path.parent.name)
def test_an_address_takes_no_text_that_a_database_refuses(path):
    """`<str:…>` would let a NUL through to a query; `<slug:…>` and `<int:…>` do not."""
    assert "<str:" not in path.read_text()


# --- the start --------------------------------------------------------------------------------------------------------


def test_the_portal_starts_without_the_engines_numpy():
    """It takes a second to load, in every process."""
    code = "import sys, django; django.setup(); print(sorted({'numpy', 'scipy'} & set(sys.modules)))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert (said.stdout, said.returncode) == ("[]\n", 0), said.stderr
