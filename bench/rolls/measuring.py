"""A list without every twentieth supporter, and with every hundredth otherwise: loaded, then compared."""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from bench import database
from bench.failed import Failed
from bench.loading import load, wait
from bench.memory import PeakMemory
from bench.processes import Worker
from bench.scene import make_file, new_election, new_pair, officer_of
from candidates.models import Election
from foundation.accounts.models import User
from foundation.jobs.models import Job
from foundation.storage import SealedUpload, receive_file
from silon.embedded.keep import say
from supports.management.commands.make_supporters import places_of
from supports.models import Submission
from supports.standards import key_scope
from supports.synthetic import pieces
from verification.rolls.matching import JOB, queue_matching
from verification.rolls.models import Roll, RollMatch
from verification.rolls.operations import receive_roll

SEED = 1
ABSENT, OTHERWISE = 20, 100


@dataclass(frozen=True)
class Measured:
    """``load_s``: from the received list until it is current; ``match_s``: the job of one round, all lists loaded.

    ``again_s``: the same with nothing to change. ``peak_mb`` of the worker and the parser while the list was loaded.
    """

    voters: int
    supporters: int
    list_mb: float
    load_s: float
    peak_mb: float
    match_s: float
    again_s: float
    compared: int
    in_dpt: int
    in_none: int
    differing: int
    load_average: float


def run(folder: Path, voters: int, supporters: int, out: Path) -> int:
    """Measure, print, write."""
    load_before = os.getloadavg()[0]
    say("Preparing the database and the supporters …")
    database.prepare()
    with Worker(folder) as worker:
        election = new_election()
        pair = new_pair(election)
        path = make_file(folder / "rows.csv", election=election, rows=supporters, seed=SEED)
        load(path, pair=pair, worker=worker, rows=supporters)
        path.unlink()
        # Handing in, receiving and opening are measured elsewhere.
        Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).update(status="in_review")
        database.settle()
        say(f"A list of {voters} voters …")
        found = _measure(worker, election, officer_of(election), voters, supporters, load_before)
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(asdict(found), indent=1) + "\n")
    for name, value in asdict(found).items():
        print(f"{name:>14}  {value}")
    return 0


def _measure(
    worker: Worker, election: Election, office: User, voters: int, supporters: int, load_before: float
) -> Measured:
    file = _received(election, voters)
    with PeakMemory(worker) as memory:
        began = time.perf_counter()
        roll, _new = receive_roll(election, by=office, kind="dpt", file=file)
        wait(roll.job, worker)
        load_s = time.perf_counter() - began
    submission = Submission.objects.select_related("pair").get(pair__election=election, status="in_review")
    match_s = _matched(worker, Job.objects.get(kind=JOB, subject_id=submission.pk))
    queue_matching(submission, by=office)
    again_s = _matched(worker, Job.objects.filter(kind=JOB, subject_id=submission.pk).latest("id"))
    roll = Roll.objects.get(pk=roll.pk)
    match = RollMatch.objects.get(submission=submission)
    if match.in_dpt + match.in_none != match.compared or not match.differing:
        raise Failed(f"{match.in_dpt} + {match.in_none} rows, of {match.compared} that were compared.")
    return Measured(
        voters=roll.entries,
        supporters=supporters,
        list_mb=round(file.size / 1e6, 1),
        load_s=round(load_s, 1),
        peak_mb=round(sum(memory.rss.values()) / 1e6),
        match_s=match_s,
        again_s=again_s,
        compared=match.compared,
        in_dpt=match.in_dpt,
        in_none=match.in_none,
        differing=match.differing,
        load_average=round(load_before, 1),
    )


def _matched(worker: Worker, job: Job) -> float:
    """Seconds from the claim of a comparison to its end, by the database's clock."""
    wait(job, worker)
    job.refresh_from_db()
    return round((job.finished_at - job.started_at).total_seconds(), 1)


def _received(election: Election, voters: int) -> SealedUpload:
    """The same people as the supporters, and the others of their province, as a list has them."""
    receiving = receive_file(key_scope(election))
    made = pieces(voters * ABSENT // (ABSENT - 1), places_of(election.region_id), seed=SEED, defects=False)
    for number, piece in enumerate(made):
        receiving.write(_as_listed(piece, first=number == 0).encode())
    return SealedUpload(receiving.finish(), "dpt.csv", "text/csv")


def _as_listed(piece: pl.DataFrame, *, first: bool) -> str:
    numbered = piece.with_row_index("number")
    name = pl.col("Nama").str.to_uppercase()
    return (
        numbered.filter(pl.col("number") % ABSENT != 0)
        .select(
            "NIK",
            pl.when(pl.col("number") % OTHERWISE == 1).then(name + " LAIN").otherwise(name).alias("NAMA"),
            pl.col("Tanggal Lahir").alias("TANGGAL LAHIR"),
            pl.col("Kecamatan").alias("KECAMATAN"),
            pl.col("Kelurahan/Desa").alias("KELURAHAN"),
            pl.col("Kabupaten/Kota").alias("KABUPATEN"),
        )
        .write_csv(include_header=first, separator=";")
    )
