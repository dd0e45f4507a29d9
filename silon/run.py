"""`make run`: servers, database and demo, then web, worker and beat, until Ctrl-C.

With a command behind `--`, run that command in the same environment instead:
`python -m silon.run -- python manage.py shell`.
"""

import argparse
import base64
import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from silon.demo_accounts import ACCOUNTS
from silon.embedded import AlreadyRunning, ServerError, Servers, running_environ
from silon.embedded.keep import Kept, say
from silon.embedded.leftovers import MARK, end_leftovers
from silon.embedded.signals import Stopped, own_foreground, run_in_foreground, stopping_on_signals

BASE_DIR = Path(__file__).resolve().parent.parent
STEPS = {
    "prepare_database": "Preparing the database: schema, rights, rule sets, regions",
    "seed_demo": "Preparing the demo election",
}
ROOT_IS_KNOWN = "ignore:You're running the worker with superuser"  # Celery's alarm; here it is only the demo
PROCESSES_PATIENCE = 4.5  # seconds to end in good order; the process starter itself has no longer than five


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m silon.run", description=__doc__)
    parser.add_argument("--data", type=Path, default=BASE_DIR / ".data" / "run")
    parser.add_argument("command", nargs="*", help="a command to run instead of the demo")
    arguments = parser.parse_args()
    servers = Servers(
        arguments.data, postgres="DATABASE_URL" not in os.environ, redis="REDIS_URL" not in os.environ
    )
    with own_foreground():
        try:
            with stopping_on_signals():
                if arguments.command:
                    return run_command(arguments.command, servers)
                return run_demo(servers)
        except Stopped as stopped:
            # To be asked to stop is the demo's normal end; a command was cut short.
            return stopped.exit_code if arguments.command else 0
        except ServerError as error:
            say(str(error))
            return 1
        finally:
            servers.stop()


def run_command(command: list[str], servers: Servers) -> int:
    """Run `command` beside a demo that runs already, or with servers of its own."""
    try:
        found = servers.start().environ
    except AlreadyRunning:
        found = running_environ(servers.data_dir)
        if found is None:
            raise
    return run_in_foreground(command, application_environ(servers.data_dir, found))


def run_demo(servers: Servers) -> int:
    """Everything, until a signal ends it; returns only when a process failed."""
    began = time.monotonic()
    servers.start()
    env = application_environ(servers.data_dir, servers.environ)
    end_leftovers(servers.data_dir)
    refuse_taken_port(env)
    for step, meaning in STEPS.items():
        say(f"{meaning} …")
        if code := run_step([sys.executable, "manage.py", step, "--verbosity=0"], env):
            say(f"`manage.py {step}` failed; its reason is above.")
            return code
    del env["DATABASE_OWNER_URL"]  # what runs has the application's role only
    say(f"Database ready after {time.monotonic() - began:.0f} s; starting web, worker and beat.")
    return serve(env, servers.data_dir)


def application_environ(data: Path, found: Mapping[str, str]) -> dict[str, str]:
    """What the settings read: what is set already wins, then the servers, then the demo's own values."""
    given = dict(os.environ)
    if "DATABASE_URL" in given and "DATABASE_OWNER_URL" not in given:
        raise ServerError(
            "DATABASE_URL is set but DATABASE_OWNER_URL is not: migrations need the owner's role."
            " See docs/deploy.md."
        )
    demo = {
        "SECRET_KEY": _secret(data / "secret_key", 48),
        "SILON_DATA": str(data / "files"),
        "SILON_DEMO": "1",
        "BEAT_SCHEDULE": str(data / "beat-schedule"),
        "BIND": "127.0.0.1",
        "PORT": "8000",
        "WEB_GRACEFUL_SECONDS": "3",
        "LOG_LEVEL": "WARNING",  # the address stays in sight
        "PYTHONUNBUFFERED": "1",
    }
    if not given.get("SILON_KEK") and not given.get("SILON_KEK_FILE"):
        _secret(data / "kek", 32)
        demo["SILON_KEK_FILE"] = str(data / "kek")
    (data / "files").mkdir(mode=0o700, exist_ok=True)
    # The Python that runs us is the one the processes mean by `python`.
    path = os.pathsep.join((str(Path(sys.executable).parent), given.get("PATH", "")))
    return demo | dict(found) | given | {"PATH": path}


def _secret(path: Path, size: int) -> str:
    """The base64 text of `size` random bytes kept in `path`, made on the first start."""
    if not path.exists():
        new = path.with_name(path.name + ".new")
        new.touch(mode=0o600)
        new.write_text(base64.b64encode(secrets.token_bytes(size)).decode() + "\n")
        new.rename(path)
    return path.read_text().strip()


def refuse_taken_port(env: Mapping[str, str]) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env["BIND"], int(env["PORT"])))
        except OSError as error:
            raise ServerError(
                f"Port {env['PORT']} cannot be used ({error.strerror})."
                " End what listens there, or choose another: PORT=8001 make run"
            ) from error


def run_step(command: list[str], env: Mapping[str, str]) -> int:
    """Run a command to its end; it ends with us when we are stopped, or killed."""
    step = Kept(command, signal.SIGTERM, env=env, cwd=str(BASE_DIR))
    try:
        return step.process.wait()
    finally:
        step.stop(patience=10)


def serve(env: Mapping[str, str], data: Path) -> int:
    """Start web, worker and beat, announce them when an upload would be processed, and stay."""
    for schedule in data.glob("beat-schedule*"):  # rebuilt from the settings; a kill may have torn it
        schedule.unlink()
    processes = Kept(
        [sys.executable, "-m", "honcho", "--procfile", "Procfile", "--env", os.devnull, "start"],
        signal.SIGTERM,
        env={"PYTHONWARNINGS": ROOT_IS_KNOWN, **env, MARK: str(data)},
        cwd=str(BASE_DIR),
    )
    try:
        announced = False
        while processes.alive():
            if not announced and is_ready(env):
                announce(env)
                announced = True
            time.sleep(1)
        say("A process ended by itself, so everything was stopped; its reason is above.")
        return 1
    finally:
        processes.stop(PROCESSES_PATIENCE)
        if end_leftovers(data):
            say(
                "Not everything ended in time; a load that was cut short is taken up again at the next start."
            )


def address(env: Mapping[str, str]) -> str:
    host = "127.0.0.1" if env["BIND"] in ("", "0.0.0.0") else env["BIND"]  # noqa: S104 -- compared, not bound
    return f"http://{host}:{env['PORT']}"


def is_ready(env: Mapping[str, str]) -> bool:
    """Whether an upload would be processed now: database, broker and a living worker."""
    try:
        with urllib.request.urlopen(address(env) + "/readyz", timeout=5) as answer:  # noqa: S310 -- http, ours
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def announce(env: Mapping[str, str]) -> None:
    password = env.get("SILON_DEMO_PASSWORD") or "silon-demo"
    width = max(map(len, ACCOUNTS))
    lines = [f"  {name:<{width}}  {role}" for name, role in ACCOUNTS.items()]
    say(
        "\n".join(
            ("", f"Silon Terbuka: {address(env)}", f"Demo accounts, password {password}:", *lines,
             "Ctrl-C stops everything; the data stays.", "")
        )
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
