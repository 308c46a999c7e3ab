"""docker-compose.yml without an engine: its form, its secrets, and our own services' command lines for real."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ["web", "worker", "relay", "beat"]
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SECRETS = ("SECRET_KEY", "APP_PASSWORD", "OWNER_PASSWORD", "REDIS_PASSWORD")


def _filled(value: str) -> str:
    """A value as Compose would fill it from SET."""
    return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", lambda m: SET.get(m[1], m[3] if m[2] == "-" else ""), value)


def _environment(service: str, **changes: str) -> dict[str, str]:
    """As Compose gives it, but on this run's servers and in its folder."""
    given = {name: _filled(value) for name, value in COMPOSE["services"][service]["environment"].items()}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    here = {"PORTAL_DATA": str(settings.DATA_DIR), "DATABASE_URL": _database(), "REDIS_URL": settings.REDIS_URL}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | given | here | {"PATH": path, "PYTHONUNBUFFERED": "1"} | changes


def _database() -> str:
    named = settings.DATABASES["default"]
    return f"postgresql://{named['USER']}@/{named['NAME']}?host={named['HOST']}&port={named['PORT']}"


def test_the_file_is_what_the_compose_specification_says():
    schema = json.loads((Path(__file__).parent.parent / "data" / "compose-spec.json").read_text())
    jsonschema.Draft7Validator(schema).validate(COMPOSE)
    with pytest.raises(jsonschema.ValidationError):  # the control: the schema does refuse
        jsonschema.Draft7Validator(schema).validate({"services": {"web": {"imagee": "x"}}})


def test_no_secret_has_a_default_and_every_service_has_a_health_check():
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in SECRETS:
        uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
        assert uses, secret
        assert all(use.startswith(":?") for use in uses), secret
    unchecked = [name for name, service in COMPOSE["services"].items() if "healthcheck" not in service]
    assert unchecked == ["migrate"]  # it ends


def test_nobody_runs_as_root():
    assert re.search(r"^USER portal$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert "unprivileged" in COMPOSE["services"]["nginx"]["image"]


def test_a_deployment_passes_djangos_own_check():
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=_environment("web"), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    weak = subprocess.run(
        command, cwd=ROOT, env=_environment("web", SECRET_KEY="short"), capture_output=True, text=True, timeout=60
    )
    assert weak.returncode == 1  # the control


@pytest.fixture
def start(tmp_path):
    started = []

    def run(service: str, **changes: str) -> Path:
        command = [part.replace("/tmp/", f"{tmp_path}/") for part in COMPOSE["services"][service]["command"]]
        log = tmp_path / f"{service}.log"
        with log.open("wb") as output:
            started.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=_environment(service, **changes),
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            )
        return log

    yield run
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _wait(condition, seconds=40.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.django_db(transaction=True)
def test_the_web_answers_as_the_compose_file_starts_it(start):
    port = free_port()
    start("web", WEB_BIND=f"127.0.0.1:{port}", WEB_WORKERS="1")

    def answers():
        request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "portal.example.gov"})
        try:
            return json.load(urllib.request.urlopen(request, timeout=2))["ready"]  # noqa: S310 (our own address)
        except OSError:
            return False

    assert _wait(answers)


@pytest.mark.django_db(transaction=True)
def test_worker_relay_and_beat_do_an_acts_work_as_the_compose_file_starts_them(start, now):
    from django.utils import timezone

    from core import outbox
    from core.models import OutboxMessage

    outbox.publish("job:core.tidy", key="once", payload={"slot": "x"}, now=timezone.now())
    start("worker")
    start("relay")
    beat = start("beat")
    assert _wait(lambda: OutboxMessage.objects.get(key="once").done_at is not None)
    assert _wait(lambda: "PersistentScheduler" in beat.read_text())
