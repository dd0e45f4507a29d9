"""kill -9 while a batch of scans is taken apart: every file is looked at once, and what was whole stays."""

import pytest

from foundation.jobs.models import Job
from foundation.jobs.operations import ring
from foundation.jobs.runner import Lost, Run
from supports.models import Finding, Support
from supports.scans import intake
from supports.scans.models import (
    CardReading,
    ManifestLine,
    Scan,
    ScanBatch,
    ScanFault,
    ScanManifest,
    ScanPack,
    UnreadScan,
)
from tests.factories import loaded, operator, pair, person, work
from tests.faults.test_worker_dies import give_back_what_is_lost, held_while
from tests.stack import wait_until
from tests.supports.scans import papers

FILES = {f"{person(number)['nik']}.jpg": papers.scan(str(number), size=(600, 850)) for number in range(5)}
FILES["x.docx"] = b"bukan"


@pytest.fixture
def team(committed):
    """A pair and its operator, with the rows of the scans."""
    made = pair()
    team = made, operator(made)
    loaded(*team, [person(number) for number in range(5)])
    return team


def check_taken_once():
    batch = ScanBatch.objects.get()
    assert (batch.entries, batch.done, batch.taken, batch.refused, batch.error_code) == (6, 6, 5, 1, "")
    assert batch.finished_at
    assert (Scan.objects.count(), ScanFault.objects.count()) == (5, 1)
    assert set(Scan.objects.values_list("support", flat=True)) == set(
        Support.objects.values_list("pk", flat=True)
    )
    assert set(Scan.objects.values_list("pack", flat=True)) == set(
        ScanPack.objects.values_list("pk", flat=True)
    )


def test_a_killed_worker_leaves_no_half_of_a_batch(stack, team):
    worker = stack.start_worker()
    with held_while(
        worker, "LOCK TABLE scans_scan IN SHARE MODE", papers.received, *team, papers.zipped(FILES)
    ):
        worker.kill()
    assert Scan.objects.count() == 0
    give_back_what_is_lost()
    stack.start_worker()
    ring()
    wait_until(lambda: not Job.objects.filter(state__in=["queued", "running"]).exists())
    check_taken_once()


def ended_after_a_kill(stack, team, step, content, received=papers.received):
    """A worker is killed while its job waits at the step; another one carries everything to its end."""
    worker = stack.start_worker()
    with held_while(worker, step, received, *team, content):
        worker.kill()
    give_back_what_is_lost()
    stack.start_worker()
    ring()
    wait_until(lambda: not Job.objects.filter(state__in=["queued", "running"]).exists())


def test_a_worker_killed_while_it_places_leaves_every_scan_at_its_row_once(stack, team):
    ended_after_a_kill(stack, team, "LOCK TABLE scans_scancount IN SHARE MODE", papers.zipped(FILES))
    check_taken_once()
    assert Job.objects.filter(kind="supports.place_scans", attempt=2, state="done").count() == 1


def test_a_worker_killed_while_it_reads_leaves_every_card_read_once(stack, team):
    cards = {name.replace(".jpg", "_ktp.jpg"): content for name, content in list(FILES.items())[:2]}
    ended_after_a_kill(stack, team, "LOCK TABLE scans_cardreading IN SHARE MODE", papers.zipped(cards))
    assert CardReading.objects.count() == 2
    assert not UnreadScan.objects.exists()
    assert Finding.objects.filter(code=43).count() == 2
    assert Job.objects.filter(kind="supports.read_scans", attempt=2, state="done").exists()


def test_a_worker_killed_while_it_reads_a_list_leaves_all_of_it_or_nothing(stack, team):
    papers.taken(*team, {"IMG1.jpg": papers.scan("x")})
    content = f"berkas,nik\nIMG1.jpg,{person(1)['nik']}\nIMG2.jpg,1\n".encode()
    ended_after_a_kill(stack, team, "LOCK TABLE scans_manifestline IN SHARE MODE", content, papers.listed)
    read = Job.objects.get(kind="supports.read_manifest")
    assert (read.attempt, read.state, ManifestLine.objects.count()) == (2, "done", 1)
    assert (ScanManifest.objects.get().faults, Scan.objects.get().found_by) == ([[3, "nik"]], "nik")


def test_the_next_attempt_goes_on_behind_the_last_part(team, monkeypatch):
    monkeypatch.setattr(intake, "PORTION", 2)
    parts, part = [], Run.part

    def dies_at_the_second(run):
        if run.job.kind == "supports.take_scans":
            parts.append(run)
        if len(parts) == 2:
            raise Lost
        return part(run)

    monkeypatch.setattr(Run, "part", dies_at_the_second)
    papers.received(*team, FILES)
    work()
    assert (ScanBatch.objects.get().done, Scan.objects.count()) == (2, 2)
    kept = set(Scan.objects.values_list("pk", flat=True))
    give_back_what_is_lost()
    work()
    check_taken_once()
    assert len(parts) == 4
    assert kept <= set(Scan.objects.values_list("pk", flat=True))
