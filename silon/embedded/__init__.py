"""PostgreSQL and Redis for a machine that has neither: from wheels, with their data in one folder."""

import json
import os
import time
from pathlib import Path
from typing import Self

from silon.embedded.keep import ServerError, try_lock
from silon.embedded.places import Room, account_for_postgres, make_room
from silon.embedded.postgres import APP, OWNER, Postgres
from silon.embedded.redis_server import RedisServer

__all__ = ["AlreadyRunning", "ServerError", "Servers", "running_environ"]


class AlreadyRunning(ServerError):
    """Another launcher, alive, holds this folder."""


class Servers:
    """The servers on `data_dir`; started and stopped together.

    They end when this process ends, however it ends. One process at a time may hold a folder.
    """

    def __init__(self, data_dir: str | Path, *, postgres: bool = True, redis: bool = True) -> None:
        self.data_dir = Path(data_dir).absolute()
        self._wanted = {"postgres": postgres, "redis": redis}
        self._lock: int | None = None
        self._room: Room | None = None
        self._postgres: Postgres | None = None
        self._redis: RedisServer | None = None

    def start(self) -> Self:
        """Start what is wanted and return when it answers.

        Raises AlreadyRunning when another process holds the folder, ServerError when a server cannot start.
        """
        self._make_folder()
        self._lock = self._take_lock()
        if self._lock is None:
            raise AlreadyRunning(f"Already running on {self.data_dir}. Stop it first, or use another folder.")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop what was started, in good order, and remove the sockets. Nothing happens when nothing runs."""
        started = [server for server in (self._redis, self._postgres) if server and server.kept]
        for server in started:
            server.kept.ask_to_stop()  # both at once; the waiting follows
        for server in started:
            server.stop()
        self._redis = self._postgres = None
        if self._lock is not None:
            if self._room:
                self._room.remove()
                self._room = None
            self._state.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def app_url(self) -> str:
        """The database for the running application."""
        return self._postgres.url(APP)

    @property
    def owner_url(self) -> str:
        """The database for migrations, and for creating test databases."""
        return self._postgres.url(OWNER)

    @property
    def redis_url(self) -> str:
        return self._redis.url

    @property
    def environ(self) -> dict[str, str]:
        """The variables that the settings read, for the servers that run."""
        found = {}
        if self._postgres:
            found |= {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}
        if self._redis:
            found["REDIS_URL"] = self.redis_url
        return found

    def _make_folder(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self.data_dir.chmod(0o700)
        except PermissionError as error:
            raise ServerError(
                f"{self.data_dir} belongs to another user, perhaps because it was started as root before."
                " Start as that user, or use another folder."
            ) from error

    def _take_lock(self) -> int | None:
        for _ in range(5):
            if (lock := try_lock(self.data_dir / "lock")) is not None:
                return lock
            time.sleep(0.02)  # running_environ() elsewhere may hold it for a moment
        return None

    def _start(self) -> None:
        self._state.unlink(missing_ok=True)  # of a run that was killed
        account = account_for_postgres(self.data_dir / "postgres")
        self._room = make_room(account)
        if self._wanted["redis"]:
            self._redis = RedisServer(self.data_dir / "redis", self._room)
        if self._wanted["postgres"]:
            self._postgres = Postgres(self.data_dir / "postgres", self._room, account)
        for server in (self._redis, self._postgres):
            if server:
                server.start()
        self._state.write_text(json.dumps(self.environ))

    @property
    def _state(self) -> Path:
        return self.data_dir / "running.json"


def running_environ(data_dir: str | Path) -> dict[str, str] | None:
    """The variables of servers that another process runs on `data_dir` right now, or None."""
    folder = Path(data_dir).absolute()
    if not (folder / "lock").exists():
        return None
    lock = try_lock(folder / "lock")
    if lock is not None:
        os.close(lock)
        return None
    try:
        return json.loads((folder / "running.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None  # it is only starting, or already stopping
