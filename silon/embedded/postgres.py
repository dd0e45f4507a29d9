"""PostgreSQL from the wheel, on a private socket, with the database and the two roles of the application."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2

from silon.embedded.keep import Account, Kept, ServerError, say, take_lock_from_orphan
from silon.embedded.places import Room, postgres_home, reachable_home

DATABASE = "silon"
OWNER = "silon_owner"  # owns the database and migrates; may create databases for the tests
APP = "silon_app"  # runs the application; what it may do is granted by the migrations

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Each thread of the web may hold a session; a session that rests costs little.
    "max_connections": "300",
    # Room for bulk loads on a small machine; nothing here weakens durability.
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    # Files that a large load writes into, kept for the next: new ones are filled with zeroes first.
    "min_wal_size": "1GB",
    # Where they are too few, a load writes its own log page by page.
    "wal_buffers": "64MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    # Compiling pays for analyses of seconds; here it would be paid again for every portion of a load that is counted.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A statement, a parameter or the line of a COPY may carry a person's data: never in the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
SMALL_SHARED_MEMORY = 512 * 1024 * 1024  # bytes of /dev/shm; parallel queries may need more (containers)


def _settings() -> dict[str, str]:
    quarter = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4 // 2**20
    extra = {"shared_buffers": f"{min(1024, max(32, quarter))}MB"}
    shared = os.statvfs("/dev/shm") if Path("/dev/shm").is_dir() else None  # noqa: S108 -- measured, not used
    if shared and shared.f_blocks * shared.f_frsize < SMALL_SHARED_MEMORY:
        extra["dynamic_shared_memory_type"] = "sysv"
    return SETTINGS | extra


def _environ() -> dict[str, str]:
    """What the server may see of our environment: nothing with a secret."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


class Postgres:
    """One PostgreSQL on `data`, its socket in `room`."""

    def __init__(self, data: Path, room: Room, account: Account) -> None:
        self.data, self.sockets, self.account = data, room.postgres, account
        self.home = postgres_home()
        self.program = self.home if account.uid is None else reachable_home(self.home, account, room)
        self.kept: Kept | None = None

    def url(self, role: str) -> str:
        """The address of the database for `role`: no password, the socket knows who we are."""
        return f"postgresql://{role}@/{DATABASE}?host={self.sockets}"

    def start(self) -> None:
        """Start on the data as it was left, or on new data; returns when the database answers."""
        lock = take_lock_from_orphan(self.data.with_suffix(".lock"), self._pid, signal.SIGINT)
        try:
            self._prepare_data()
            # Under our lock no server runs on this data: its pid may by now be somebody else's.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            self._launch(lock)
        finally:
            os.close(lock)
        self._wait()
        self._create_roles()

    def stop(self) -> None:
        if self.kept:
            self.kept.stop()

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _prepare_data(self) -> None:
        if not self.data.exists():
            new = self.data.with_suffix(".new")  # an interrupted initdb leaves this, never half a database
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
            self.account.give(new)
            self._init(new)
            new.rename(self.data)
        made_by, ours = (self.data / "PG_VERSION").read_text().strip(), self._major()
        if made_by != ours:
            raise ServerError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, the wheel has {ours}."
                " Dump it with the old version (docs/deploy.md), or move the folder away to start anew."
            )
        self._write_access_rules()

    def _major(self) -> str:
        words = Account().run([str(self.home / "bin/postgres"), "--version"], capture_output=True, text=True)
        return words.stdout.split()[2].split(".")[0]

    def _init(self, new: Path) -> None:
        handle = os.open(new, os.O_RDONLY | os.O_DIRECTORY)
        try:
            done = self.account.run(
                [
                    str(self.program / "bin/initdb"), "--pgdata", self._name_for(new, handle),
                    "--username=postgres", "--auth=peer", "--encoding=UTF8", "--no-locale",
                    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--text-search-config=simple",
                ],
                env=_environ(), pass_fds=(handle,), text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
        finally:
            os.close(handle)
        if done.returncode:
            raise ServerError(f"PostgreSQL could not create its data in {new}:\n{done.stdout}")

    def _name_for(self, folder: Path, handle: int) -> str:
        """A short name that works although folders above may be deep or closed to the account."""
        return f"/proc/self/fd/{handle}" if sys.platform == "linux" else str(folder)

    def _write_access_rules(self) -> None:
        """Only the operating system's user who starts the servers gets in, in any role."""
        me = pwd.getpwuid(os.geteuid()).pw_name
        (self.data / "pg_hba.conf").write_text("local all all peer map=silon\n")
        (self.data / "pg_ident.conf").write_text(f'silon "{me}" all\n')

    def _launch(self, lock: int) -> None:
        handle = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY)
        settings = _settings() | {"unix_socket_directories": str(self.sockets)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        try:
            self.kept = Kept(
                [str(self.program / "bin/postgres"), "-D", self._name_for(self.data, handle), *options],
                signal.SIGINT,  # PostgreSQL's "fast shutdown": ends sessions, loses nothing
                env=_environ(),
                log=self.data.with_suffix(".log"),
                account=self.account,
                pass_fds=(lock, handle),
            )
        finally:
            os.close(handle)

    def _wait(self) -> None:
        """Until it answers, as long as recovery takes; a server that ended instead is an error."""
        ask = [
            str(self.home / "bin/pg_isready"),
            "--quiet",
            "--host",
            str(self.sockets),
            "--username=postgres",
        ]
        began = time.monotonic()
        while Account().run(ask).returncode != 0:
            if not self.kept.alive():
                raise ServerError(f"PostgreSQL did not start on {self.data}:\n{self.kept.last_words()}")
            if time.monotonic() - began > 15:
                say("PostgreSQL is still recovering from an unclean end; waiting.")
                began = time.monotonic()
            time.sleep(0.05)

    def _create_roles(self) -> None:
        with closing(
            psycopg2.connect(host=str(self.sockets), user="postgres", dbname="postgres")
        ) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            for role, right in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
                if not cursor.rowcount:
                    cursor.execute(f"CREATE ROLE {role} LOGIN {right}")
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.rowcount:
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
