"""Job: does what its script says, so that a test can hold it at any point."""

import io
import os
import time
from pathlib import Path

from foundation import sql
from foundation.errors import Refused, Retry
from foundation.workflow import engine


def follow_script(run):
    """``params``: "before" and, in the transaction of its effects, "inside"; each a list of [act, argument ...]."""
    play(run, run.job.params.get("before", []))
    with run.effects():
        play(run, run.job.params.get("inside", []))


def when_not_done(job, error):
    """What the module does when its job ends otherwise, as ``ended``; a poisonous job breaks even this."""
    if job.params.get("poison"):
        raise ValueError("poison")
    engine.record("ended", job, by=None, code=error.code)


def play(run, script):
    for act, *arguments in script:
        ACTS[act](run, *arguments)


def progress(run, step, done, total):
    run.progress(step, done, total)


def note(run, text):
    engine.record("noted", run.job, by=None, text=text, attempt=run.job.attempt)


def pause(run, folder):
    """Say that this point is reached, and go on when told so; looks for a cancellation meanwhile."""
    arrive(folder)
    while not (Path(folder) / "go").exists():
        run.checkpoint()
        time.sleep(0.005)


def sleep(run, folder):
    """The same, blind and deaf, like a process that the machine has stopped. Goes on once only."""
    if not (Path(folder) / "here").exists():
        arrive(folder)
        while not (Path(folder) / "go").exists():
            time.sleep(0.005)


def arrive(folder):
    (Path(folder) / "here").write_text(str(os.getpid()))


def refuse(run, code, message):
    raise Refused(code, message)


def retry(run):
    raise Retry("not now")


def stumble(run, text):
    raise ValueError(text)


def lose_database(run):
    sql.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def lose_database_in_copy(run):
    """The session ends while rows stream into it."""

    class Ending(io.RawIOBase):
        def read(self, size=-1):
            sql.SideConnection("ender").rows("SELECT pg_terminate_backend(%(pid)s)", pid=pid)
            return b"1,2024-11-27\n" * 100_000

    pid = sql.value("SELECT pg_backend_pid()")
    sql.copy_rows("jobs_workersign", ("id", "seen_at"), Ending())


ACTS = {
    act.__name__: act
    for act in (
        progress,
        note,
        pause,
        sleep,
        refuse,
        retry,
        stumble,
        lose_database,
        lose_database_in_copy,
    )
}
