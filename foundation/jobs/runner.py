"""One job from claim to end.

The Job row is the truth. A worker claims a job by raising ``attempt``; whatever it writes is committed only while it
still holds that attempt, in the same transaction that marks the job done. So a worker that slept and woke does
nothing, and a bell rung twice does nothing.
"""

import importlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from foundation import sql
from foundation.errors import Refused, Retry
from foundation.jobs.models import Job

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
BEAT_SECONDS = 1.0
# Keeps the advisory locks of jobs apart from any other use of advisory locks.
LOCK_SPACE = 5_110_000_000_000
CANCELLED = "CANCELLED"


class Lost(Exception):
    """This worker no longer holds the job: somebody else has it, or it was ended."""


def session_name(job: Job) -> str:
    """The application_name of every database session of this attempt."""
    return f"silon-job-{job.pk}-{job.attempt}"


class Run:
    """A claimed job in the hands of its function."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.step, self.done, self.total = "", 0, 0
        self.cancelled = self.lost = False
        self._stop = threading.Event()
        self._side = sql.SideConnection(session_name(job))
        self._thread = threading.Thread(target=self._beat, name=session_name(job), daemon=True)

    def __enter__(self) -> "Run":
        sql.execute("SELECT set_config('application_name', %s, false)", [session_name(self.job)])
        self._side.rows("SELECT pg_advisory_lock(%(key)s)", key=LOCK_SPACE + self.job.pk)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._side.close()
        if not connection.needs_rollback and connection.is_usable():
            sql.execute("SELECT set_config('application_name', 'silon', false)")

    def progress(self, step: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the job is; written with the next heartbeat. Raises when the job should stop."""
        self.step, self.done, self.total = step, done, total
        self.checkpoint()

    def checkpoint(self) -> None:
        """Raise when the job was cancelled or taken away; called between frames and steps."""
        if self.lost:
            raise Lost
        if self.cancelled:
            raise Refused(
                CANCELLED,
                "Dibatalkan atas permintaan, sehingga tidak ada yang disimpan. Bila perlu, ulangi.",
            )

    @contextmanager
    def effects(self) -> Iterator[None]:
        """The transaction of the job's effects: committed only by the holder, together with the job's end."""
        with transaction.atomic():
            yield
            self.checkpoint()
            self._finish("done")

    @contextmanager
    def part(self) -> Iterator[None]:
        """The transaction of one part of long effects: committed only by the holder; the job goes on after it.

        For work that must not hold others up until its end. Whoever takes the job over goes on where the last part
        ended, so the parts themselves have to say what is done.
        """
        with transaction.atomic():
            yield
            self.checkpoint()
            held = Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state="running")
            if held.update(step=self.step, done=self.done, total=self.total) != 1:
                raise Lost

    def _finish(self, state: str, error: Refused | None = None) -> None:
        held = Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state="running")
        ended = held.update(
            state=state,
            step=self.step,
            done=self.done,
            total=self.total,
            finished_at=Now(),
            error_code=error.code if error else "",
            error_message=error.message if error else "",
        )
        if ended != 1:
            raise Lost
        self._stop.set()

    def _beat(self) -> None:
        text = sql.statement("jobs/beat_job")
        while not self._stop.is_set():
            try:
                answer = self._side.rows(
                    text,
                    id=self.job.pk,
                    attempt=self.job.attempt,
                    step=self.step,
                    done=self.done,
                    total=self.total,
                )
            except sql.DatabaseError as error:
                log.warning("Job %s lost its heartbeat session: %s", self.job.pk, error)
                answer = []
            if not answer and not self._stop.is_set():
                self.lost = True
                return
            self.cancelled = bool(answer and answer[0][0])
            self._stop.wait(BEAT_SECONDS)


def run_next() -> bool:
    """Claim the fairest queued job and carry it to an end; False when there was none to claim."""
    try:
        claimed = sql.rows("jobs/claim_job")
    except IntegrityError:  # two workers reached for the same lane; the loser looks again
        return True
    if not claimed:
        return False
    job = Job.objects.get(pk=claimed[0][0])
    try:
        with Run(job) as run:
            _carry(run)
    except Lost:
        log.warning("Job %s attempt %s was taken away; nothing was written", job.pk, job.attempt)
    except (DatabaseError, InterfaceError, Retry) as error:
        log.warning("Job %s attempt %s goes back to the queue: %s", job.pk, job.attempt, error)
        connection.close()
        give_back(job)
    return True


def _carry(run: Run) -> None:
    """Call the job's function and write down how it ended."""
    try:
        getattr(module_of(run.job.kind), run.job.kind.rpartition(".")[2])(run)
    except Refused as error:
        end(run.job, error, run=run)
    except (Lost, OperationalError, InterfaceError, Retry):
        raise
    except Exception as error:
        if (
            type(error) is DatabaseError
        ):  # the driver's word for a session that ended in the middle of an answer
            raise
        log.exception("Job %s (%s) broke", run.job.pk, run.job.kind)
        end(run.job, broken(run.job), run=run)


def broken(job: Job) -> Refused:
    """The sentence for a fault on our side: it names the job, the trace is in the log."""
    return Refused(
        "INTERNAL",
        f"Terjadi gangguan di pihak kami (nomor pekerjaan {job.pk}). Data yang sudah tersimpan aman. "
        "Coba lagi; bila berulang, sampaikan nomor ini ke help desk.",
    )


def cancelled_waiting() -> Refused:
    """The sentence for a job that was cancelled before a worker took it."""
    return Refused(
        CANCELLED, "Dibatalkan sebelum dikerjakan, sehingga tidak ada yang disimpan. Bila perlu, ulangi."
    )


def end(job: Job, error: Refused, run: Run | None = None) -> None:
    """End a job that did not succeed, with what its module does then, in one transaction."""
    state = "cancelled" if error.code == CANCELLED else "failed"
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, attempt=job.attempt, state__in=["running", "queued"])
        values = {
            "state": state,
            "finished_at": Now(),
            "error_code": error.code,
            "error_message": error.message,
        }
        if run:
            values |= {"step": run.step, "done": run.done, "total": run.total}
        if held.update(**values) != 1:
            raise Lost
        _when_not_done(job, error)


def _when_not_done(job: Job, error: Refused) -> None:
    """What the job's module does then. A job that this release does not know has none."""
    try:
        module = module_of(job.kind)
    except ModuleNotFoundError:
        log.error("Job %s is of the unknown kind %s", job.pk, job.kind)
        return
    act = getattr(module, "when_not_done", None)
    if act:
        act(job, error)


def give_back(job: Job) -> None:
    """Queue a lost or interrupted job again; after three attempts it is failed, in words."""
    if job.attempt >= MAX_ATTEMPTS:
        end(job, broken(job))
        return
    held = Job.objects.filter(pk=job.pk, attempt=job.attempt, state="running")
    if Job.objects.filter(kind=job.kind, subject_id=job.subject_id, state="queued").exists():
        held.update(state="failed", finished_at=Now(), error_code="SUPERSEDED", error_message="Diulang.")
    else:
        held.update(state="queued")


def module_of(kind: str) -> ModuleType:
    """``supports.ingest_upload`` → the module supports/jobs/ingest_upload.py."""
    app, _, name = kind.partition(".")
    return importlib.import_module(f"{app}.jobs.{name}")
