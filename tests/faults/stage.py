"""The portal's real processes on servers of their own, for tests that end them."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg
import redis

from aiexports.embedded import postgres, processes, valkey
from aiexports.embedded.folder import PROJECT, DataFolder
from tests.aiexports.processes import eventually, own_environment

LEASE_SECONDS = 3
START_SECONDS = 60
SETTLE_SECONDS = {30: 60, 1000: 600}


class Answer:
    """What the client will have said, once it has."""

    def __init__(self, client: "Client", words: tuple[Any, ...]) -> None:
        self.thread = threading.Thread(target=self._ask, args=(client, words))
        self.thread.start()
        self.value: Any = None

    def _ask(self, client: "Client", words: tuple[Any, ...]) -> None:
        self.value = client(*words)

    def get(self) -> Any:
        self.thread.join()
        return self.value


class Client:
    """tests/faults/client.py as a child."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.log, self.output = log, log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.client"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.output,
            text=True,
        )

    def __call__(self, *words: Any) -> Any:
        to, back = self._pipes()
        to.write(json.dumps(words) + "\n")
        to.flush()
        line = back.readline()
        assert line, self.log.read_text()[-3000:]
        return json.loads(line)

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin
        assert self.process.stdout
        return self.process.stdin, self.process.stdout

    def close(self) -> None:
        for pipe in self._pipes():
            pipe.close()
        self.process.wait(20)
        self.output.close()


class Stage:
    """Servers, worker and relay of one data folder; `client` uses the portal."""

    def __init__(self, folder: Path) -> None:
        self.folder = DataFolder(folder)
        self.folder.prepare()
        self.environment = own_environment(
            PORTAL_DATA=str(folder),
            PORTAL_EMBEDDED="1",
            DJANGO_SETTINGS_MODULE="aiexports.settings",
            DATABASE_URL=postgres.address(self.folder, postgres.APP),
            DATABASE_OWNER_URL=postgres.address(self.folder, postgres.OWNER),
            REDIS_URL=valkey.address(self.folder),
            OUTBOX_LEASE_SECONDS=str(LEASE_SECONDS),
        )
        self.environment.pop("COVERAGE_PROCESS_CONFIG", None)  # other tests cover what these processes do
        self.children: dict[str, processes.Child] = {}
        self.calm_outcomes: dict[int, Any] = {}
        self.starts = 0

    def open(self) -> None:
        self.start_postgres()
        self.start_valkey()
        self.client = Client(self.environment, self.folder.logs / "client.log")
        assert self.client("prepare") == 0
        self.start_worker()
        self.start_relay()

    def close(self) -> None:
        self.client.close()
        for name in ("relay", "worker", "valkey", "postgres"):
            self.children[name].stop()

    # --- its parts ---

    def start_postgres(self) -> None:
        self.children["postgres"] = postgres.Postgres(self.folder).start()

    def start_valkey(self) -> None:
        self.children["valkey"] = valkey.Valkey(self.folder).start()

    def start_relay(self) -> None:
        self.children["relay"] = self._spawn("relay", "manage.py", "relay")

    def start_worker(self) -> None:
        options = ["--include", "tests.faults.effects", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        worker = self._spawn("worker", "-m", "celery", "--app", "aiexports", "worker", *options)
        self.children["worker"] = worker
        processes.wait_until(self._someone_listens, worker, seconds=START_SECONDS)

    def _spawn(self, name: str, *arguments: str) -> processes.Child:
        self.starts += 1
        log = self.folder.logs / f"{name}-{self.starts}.log"
        environment = self.environment | {"PORTAL_PROCESS": name}
        return processes.spawn(name, [sys.executable, *arguments], log=log, cwd=PROJECT, env=environment)

    def _someone_listens(self) -> bool:
        with self._broker() as broker:
            return any(client["cmd"] == "brpop" for client in broker.client_list())

    def kill(self, name: str) -> None:
        """SIGKILL to the process and its children."""
        self.children[name].kill()

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        os.killpg(self.children[name].pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.children[name].pid, signal.SIGCONT)

    def wipe_broker(self) -> int:
        """FLUSHALL; how many bells or tasks waited."""
        with self._broker() as broker:
            waited = int(broker.llen("portal"))
            broker.flushall()
            return waited

    def broker_holds(self) -> int:
        with self._broker() as broker:
            return int(broker.llen("portal"))

    def _broker(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(valkey.socket_path(self.folder)))

    @contextmanager
    def standing_still(self, table: str) -> Iterator[None]:
        """Whoever writes into the table waits, in the middle of their transaction; also while the server ends."""
        with suppress(psycopg.OperationalError), self._owner() as owner:
            owner.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield

    def someone_waits(self) -> bool:
        """Whether a transaction stands still at such a table."""
        with self._owner() as owner:
            rows = owner.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchall()
            return bool(rows)

    def _owner(self) -> psycopg.Connection:
        return psycopg.connect(postgres.address(self.folder, postgres.OWNER))

    # --- what comes of it ---

    def post_meanwhile(self, name: str, number: int) -> Answer:
        return Answer(self.client, ("post", name, number))

    def posted(self, name: str) -> int:
        """Needs of that name that are committed; asked past the client, which is busy."""
        with self._owner() as owner:
            row = owner.execute("SELECT count(*) FROM buyers_need WHERE title LIKE %s", [f"{name} %"]).fetchone()
            return int(row[0]) if row else 0

    def settle(self, number: int) -> None:
        assert eventually(lambda: self.client("waiting") == 0, SETTLE_SECONDS[number]), self.last_words()
        assert self.client("parked") == 0

    def last_words(self) -> str:
        return "\n".join(f"{name}: {child.last_words()}" for name, child in self.children.items())

    def calm(self, number: int) -> Any:
        """What comes of so many needs when nothing happens."""
        if number not in self.calm_outcomes:
            assert self.client("post", f"Calm{number}", number) == number
            self.settle(number)
            self.calm_outcomes[number] = self.client("outcome", f"Calm{number}")
        return self.calm_outcomes[number]

    def outcome(self, name: str, number: int) -> Any:
        self.settle(number)
        return self.client("outcome", name)

    def lost(self, name: str, taken: int) -> int:
        """The control: of the tasks that Celery took, how many were not done when all is quiet."""
        eventually(lambda: self.broker_holds() == 0, 30)
        eventually(lambda: self.client("sent_and_done", name) == taken, LEASE_SECONDS + 2)
        return taken - int(self.client("sent_and_done", name))
