"""The embedded PostgreSQL and Valkey: fresh, after a kill, and with parts missing or broken."""

import os
import signal
import socket
import sys

import psycopg
import pytest
import redis

from aiexports import roles
from aiexports.embedded import postgres, servers, valkey
from aiexports.embedded.folder import DataFolder
from aiexports.embedded.servers import Servers, servers_for_command
from aiexports.embedded.trouble import Trouble
from tests.aiexports.processes import eventually


@pytest.fixture
def folder(tmp_path, monkeypatch) -> DataFolder:
    """A data folder of its own, in an environment that names no servers."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path / "data"))
    found = DataFolder(tmp_path / "data")
    found.prepare()
    return found


@pytest.fixture
def cluster(folder):
    """Starts PostgreSQL in the folder as often as a test wants; nothing is left running."""
    children = []

    def start():
        children.append(postgres.Postgres(folder, durable=False).start())
        return children[-1]

    yield start
    for child in children:
        child.kill()


def ask(folder: DataFolder, role: str, question: str) -> object:
    with psycopg.connect(postgres.address(folder, role)) as connection:
        return connection.execute(question).fetchone()[0]


def test_postgres_restarts_with_what_it_holds(folder, cluster):
    child = cluster()
    with psycopg.connect(postgres.address(folder, postgres.OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    child.stop()
    cluster()
    assert ask(folder, postgres.APP, "SELECT n FROM kept") == 7


def test_postgres_recovers_from_a_kill_and_its_stale_pid_file(folder, cluster):
    cluster()
    with psycopg.connect(postgres.address(folder, postgres.OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    pid_file = postgres.Postgres(folder).cluster / "postmaster.pid"
    os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
    assert pid_file.exists()
    cluster()
    assert ask(folder, postgres.APP, "SELECT n FROM kept") == 7


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(folder, cluster):
    cluster().stop()
    pid_file = postgres.Postgres(folder).cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getppid()}\n{pid_file.parent}\n1\n5432\n\n\n\nready\n")
    cluster()
    assert ask(folder, postgres.APP, "SELECT 1") == 1


def test_an_orphan_of_a_killed_run_gives_way(folder, cluster):
    orphan = cluster()
    cluster()
    assert eventually(orphan.has_ended)
    assert ask(folder, postgres.APP, "SELECT 1") == 1


def test_a_cluster_that_was_cut_while_being_made_is_made_again(folder, cluster):
    unfinished = postgres.Postgres(folder).home / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    cluster()
    assert not unfinished.exists()


@pytest.mark.parametrize(("content", "said"), [("15\n", "15"), ("", r"\(unreadable\)"), (None, r"\(unreadable\)")])
def test_a_cluster_of_another_version_is_refused(folder, cluster, content, said):
    version_file = postgres.Postgres(folder).cluster / "PG_VERSION"
    version_file.parent.mkdir(parents=True)
    if content is not None:
        version_file.write_text(content)
    with pytest.raises(Trouble, match=rf"was made by PostgreSQL {said} and this is \d+: .* PORTAL_PG_BIN"):
        cluster()


def test_a_broken_cluster_is_told_with_the_servers_own_words(folder, cluster):
    cluster().stop()
    (postgres.Postgres(folder).cluster / "global" / "pg_control").unlink()
    with pytest.raises(Trouble, match=r"^PostgreSQL stopped while starting: .*pg_control.* — its log: .*postgres\.log"):
        cluster()


def test_a_failed_initdb_is_told(folder, cluster, monkeypatch):
    monkeypatch.setattr(postgres, "OWNER", "pg_reserved")
    with pytest.raises(Trouble, match=r'^PostgreSQL\'s data could not be made: .*"pg_reserved" is disallowed'):
        cluster()


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("TRUNCATE things", "permission denied"),
        ("DROP TABLE things", "must be owner"),
        ("ALTER TABLE things DISABLE TRIGGER ALL", "must be owner"),
        ("CREATE TABLE others (n int)", "permission denied for schema public"),
        ("SET session_replication_role = replica", "permission denied"),
        ("CREATE ROLE friend", "permission denied"),
        ("SET ROLE portal_owner", "permission denied"),
    ],
)
def test_the_running_role_can_disable_no_guard(sql, refusal, things):
    with psycopg.connect(things) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege, match=refusal):
        connection.execute(sql)


def test_the_running_role_reads_and_writes_rows(things):
    with psycopg.connect(things) as connection:
        connection.execute("INSERT INTO things (note) VALUES ('new')")
        connection.execute("UPDATE things SET note = 'changed'")
        assert connection.execute("DELETE FROM things RETURNING note").fetchall() == [("changed",)]


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    """A cluster with a table that its owner made."""
    folder = DataFolder(tmp_path_factory.mktemp("roles"))
    folder.prepare()
    child = postgres.Postgres(folder, durable=False).start()
    with psycopg.connect(postgres.address(folder, postgres.OWNER)) as connection:
        roles.prepare(connection.cursor(), app=postgres.APP, password="")  # may be repeated
        connection.execute("CREATE TABLE things (id bigint GENERATED BY DEFAULT AS IDENTITY, note text)")
    yield postgres.address(folder, postgres.APP)
    child.kill()


def test_the_extensions_that_the_portal_needs_are_there(things):
    with psycopg.connect(things) as connection:
        available = {name for (name,) in connection.execute("SELECT name FROM pg_available_extensions")}
    assert {"pg_trgm", "unaccent", "btree_gin", "btree_gist", "citext"} <= available


def test_two_roles_are_asked_for(things):
    with psycopg.connect(things) as connection, pytest.raises(ValueError, match="are both portal_app"):
        roles.prepare(connection.cursor(), app=postgres.APP, password="")


# --- Valkey ---


@pytest.fixture
def broker(folder):
    children = []

    def start():
        children.append(valkey.Valkey(folder).start())
        return children[-1], redis.Redis.from_url(valkey.address(folder))

    yield start
    for child in children:
        child.kill()


def test_valkey_keeps_what_it_was_told_through_a_kill(broker):
    child, client = broker()
    client.set("kept", "yes")
    assert eventually(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    child.kill()
    _, client = broker()
    assert client.get("kept") == b"yes"


def test_valkey_listens_on_nothing_but_its_socket(folder, broker):
    _, client = broker()
    assert client.config_get("port") == {"port": "0"}
    assert valkey.socket_path(folder).stat().st_mode & 0o777 == 0o700


def test_a_broken_append_only_file_is_told(folder, broker):
    child, client = broker()
    client.set("kept", "yes")
    child.kill()
    for part in (folder.path / "valkey" / "appendonlydir").glob("*.manifest"):
        part.write_text("nonsense\n")
    with pytest.raises(Trouble, match=r"^Valkey stopped while starting: .* — its log: .*valkey\.log"):
        broker()


def test_a_socket_without_a_server_does_not_answer(tmp_path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "v"))
    assert not valkey.answers(tmp_path / "v")


# --- programs that are missing ---


@pytest.mark.parametrize(
    ("variable", "find", "complaint"),
    [
        ("PORTAL_PG_BIN", lambda: postgres.program("postgres"), "has no program postgres; name the folder that has it"),
        ("PORTAL_VALKEY", valkey.program, "is no program; name the valkey-server"),
    ],
)
def test_a_named_program_that_is_not_there_is_told(monkeypatch, tmp_path, variable, find, complaint):
    monkeypatch.setenv(variable, str(tmp_path))
    with pytest.raises(Trouble, match=complaint):
        find()


@pytest.mark.parametrize(
    ("find", "complaint"),
    [
        (lambda: postgres.program("postgres"), "PostgreSQL's program postgres was not found: run `make environment`"),
        (valkey.program, "No Valkey was found: run `make environment`"),
    ],
)
def test_a_machine_without_programs_is_told_how_to_get_them(monkeypatch, tmp_path, find, complaint):
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres, "SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match=complaint):
        find()


def test_the_systems_newest_programs_serve_where_the_wheel_is_missing(monkeypatch, tmp_path):
    for version in ("9", "15", "16"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "pg_dump").touch()
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(postgres, "SYSTEM", tmp_path)
    assert postgres.program("pg_dump") == tmp_path / "16" / "bin" / "pg_dump"


def test_a_program_that_does_not_run_here_is_told(monkeypatch, tmp_path):
    (tmp_path / "postgres").write_bytes(b"\x7fELF of another machine")
    (tmp_path / "postgres").chmod(0o755)
    with pytest.raises(Trouble, match="does not run on this machine"):
        postgres.major_version(tmp_path)


def test_a_named_valkey_is_used(monkeypatch):
    monkeypatch.setenv("PORTAL_VALKEY", sys.executable)
    assert str(valkey.program()) == sys.executable


# --- around a command ---


def test_a_command_gets_servers_for_its_duration(folder):
    with servers_for_command(["manage.py", "shell"]):
        assert os.environ["PORTAL_EMBEDDED"] == "1"
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("portal_app",)
        assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
        assert folder.holder()["doing"] == "manage.py shell"
    assert not valkey.answers(valkey.socket_path(folder))
    assert not (postgres.Postgres(folder).cluster / "postmaster.pid").exists()
    assert folder.holder() == {}


def test_a_command_uses_servers_that_run(folder):
    assert folder.lock("manage.py up")
    running = Servers(folder, durable=False)
    running.start()
    folder.announce(ready=True)
    try:
        with servers_for_command(["manage.py", "migrate"]), psycopg.connect(os.environ["DATABASE_URL"]):
            assert folder.holder()["doing"] == "manage.py up"
        assert valkey.answers(valkey.socket_path(folder))
    finally:
        running.stop()
        folder.unlock()


@pytest.mark.parametrize("argv", [["help"], ["collectstatic", "--noinput"], ["migrate", "--help"], []])
def test_a_command_that_needs_no_server_gets_addresses_only(folder, argv):
    with servers_for_command(["manage.py", *argv]):
        assert os.environ["DATABASE_URL"] == postgres.address(folder, "portal_app")
    assert not (folder.path / "postgres").exists()


def test_named_servers_are_used_and_none_started(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app@db/portal")
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    with servers_for_command(["manage.py", "migrate"]):
        assert "PORTAL_EMBEDDED" not in os.environ
        assert "DATABASE_OWNER_URL" not in os.environ
    Servers(folder).start()
    assert {path.name for path in folder.path.iterdir()} == {"logs", "run"}


def test_only_the_server_that_nobody_named_is_started(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app@db/portal")
    with servers_for_command(["manage.py", "migrate"]):
        assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
        assert os.environ["DATABASE_URL"] == "postgresql://portal_app@db/portal"
        assert "PORTAL_EMBEDDED" not in os.environ
    assert not (folder.path / "postgres").exists()


def test_servers_that_do_not_get_ready_are_told(folder, monkeypatch):
    monkeypatch.setattr(servers, "STARTING_SECONDS", 0.2)
    folder.lock("manage.py up")
    with (
        pytest.raises(Trouble, match=rf"^`manage.py up` \(process {os.getpid()}\) is using .* do not get ready"),
        servers_for_command(["manage.py", "migrate"]),
    ):
        pass
    folder.unlock()


def test_servers_that_started_are_stopped_when_the_next_one_fails(folder, monkeypatch):
    monkeypatch.setenv("PORTAL_VALKEY", "/no/such/program")
    with pytest.raises(Trouble, match="PORTAL_VALKEY"), servers_for_command(["manage.py", "migrate"]):
        pass
    assert not (postgres.Postgres(folder).cluster / "postmaster.pid").exists()
    assert folder.holder() == {}
