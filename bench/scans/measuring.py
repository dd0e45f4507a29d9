"""A ZIP of rendered scans, taken apart by a worker and given their rows; then pages of them, one after the other."""

import io
import json
import os
import random
import time
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from bench import database
from bench.failed import Failed
from bench.loading import load, wait
from bench.memory import PeakMemory
from bench.pages import OK, p95
from bench.processes import Worker
from bench.scene import make_file, new_election, new_pair, operator_of
from candidates.models import Pair
from foundation import seal
from foundation.jobs.models import Job
from foundation.keys.keyring import keyring
from foundation.storage import SealedUpload, receive_file
from silon.embedded.keep import say
from supports.models import Support
from supports.scans.models import Scan, ScanBatch, UnreadScan
from supports.scans.operations import receive_batch
from supports.standards import key_scope

A4_150_DPI = (1240, 1754)
TEMPLATES = 40
BLACK = (20, 20, 20)


@dataclass(frozen=True)
class Scanned:
    """``seconds``: from the received ZIP until every scan has its row; ``page_p95_ms``: with the watermark."""

    scans: int
    average_kb: float
    seconds: float
    scans_per_s: float
    original_mb: float
    pictures_mb: float
    peak_mb: float
    page_p95_ms: float
    thumbnail_p95_ms: float
    load_average: float


def run(folder: Path, scans: int, requests: int, out: Path) -> int:
    """Measure, print, write."""
    load_before = os.getloadavg()[0]
    say("Preparing the database and the rows …")
    database.prepare()
    with Worker(folder) as worker:
        election = new_election()
        pair = new_pair(election)
        load(
            make_file(folder / "rows.csv", election=election, rows=scans, seed=1),
            pair=pair,
            worker=worker,
            rows=scans,
        )
        niks = _niks(pair)
        say(f"{len(niks)} scans …")
        found = _measure(worker, pair, niks, requests, load_before)
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(asdict(found), indent=1) + "\n")
    for name, value in asdict(found).items():
        print(f"{name:>18}  {value}")
    return 0


def _measure(worker: Worker, pair: Pair, niks: list[str], requests: int, load_before: float) -> Scanned:
    operator = operator_of(pair)
    file, size = _received(pair, niks)
    with PeakMemory(worker) as memory:
        began = time.perf_counter()
        batch, _new = receive_batch(pair, by=operator, file=file)
        wait(batch.job, worker)
        wait(Job.objects.filter(kind="supports.place_scans", subject_id=pair.pk).latest("id"), worker)
        seconds = time.perf_counter() - began
    batch = ScanBatch.objects.get(pk=batch.pk)
    # What reads cards comes after everything else, and is measured by bench.ocr.
    UnreadScan.objects.all().delete()
    for job in Job.objects.filter(kind="supports.read_scans", state__in=["queued", "running"]):
        wait(job, worker)
    placed = Scan.objects.filter(batch=batch, support__isnull=False).count()
    if placed != len(niks):
        raise Failed(f"{placed} scans have their row, of {len(niks)}.")
    client = Client(SERVER_NAME="localhost")
    client.force_login(operator)
    ids = random.Random(1).choices(list(Scan.objects.values_list("pk", flat=True)), k=requests + 3)
    pictures = sum(
        length for places in Scan.objects.values_list("pictures", flat=True) for _at, length in places
    )
    return Scanned(
        scans=placed,
        average_kb=round(size / placed / 1000, 1),
        seconds=round(seconds, 1),
        scans_per_s=round(placed / seconds, 1),
        original_mb=round(size / 1e6, 1),
        pictures_mb=round(pictures / 1e6, 1),
        peak_mb=round(sum(memory.rss.values()) / 1e6),
        page_p95_ms=_asked(client, "scan_picture", ids, 1),
        thumbnail_p95_ms=_asked(client, "scan_thumbnail", ids),
        load_average=round(load_before, 1),
    )


def _asked(client: Client, name: str, ids: list[int], *more: int) -> float:
    """Of other scans each time, so that nothing but the keys is warm. Raises Failed."""
    taken = []
    for pk in ids:
        began = time.perf_counter()
        answer = client.get(reverse(name, args=[pk, *more]))
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != OK:
            raise Failed(f"{name} answered {answer.status_code}.")
    return round(p95(taken[3:]), 1)


def _niks(pair: Pair) -> list[str]:
    """Of rows without another of the same NIK: those of the others would be ambiguous."""
    key = keyring(key_scope(pair.election)).nik
    rows = Support.objects.filter(submission__pair=pair, standing__clean=True, nik__isnull=False)
    return [seal.open_nik(one, key) for one in rows.values_list("nik", flat=True)]


def _received(pair: Pair, niks: list[str]) -> tuple[SealedUpload, int]:
    """A ZIP of a scan for each, some dozen pages under other names and each with its own words."""
    pages, size = [_page(number) for number in range(TEMPLATES)], 0
    receiving = receive_file(key_scope(pair.election))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, nik in enumerate(niks):
            page = pages[number % TEMPLATES]
            ImageDraw.Draw(page).rectangle((0, 0, 400, 30), "white")
            ImageDraw.Draw(page).text((4, 4), f"Lembar {number}", BLACK)
            content = io.BytesIO()
            page.save(content, "JPEG", quality=75)
            archive.writestr(f"{nik}.jpg", content.getvalue())
            size += content.tell()
    receiving.write(out.getvalue())
    return SealedUpload(receiving.finish(), "pengukuran.zip", "application/zip"), size


def _page(seed: int) -> Image.Image:
    """Writing on paper with the grain of a scanner."""
    grain = Image.effect_noise(A4_150_DPI, 9).point(lambda level: min(255, level + 110)).convert("RGB")
    draw, font = ImageDraw.Draw(grain), ImageFont.load_default(26)
    for line in range(34):
        draw.text(
            (100, 110 + line * 46), f"Pernyataan dukungan perseorangan, contoh {seed}.{line}", BLACK, font
        )
    return grain
