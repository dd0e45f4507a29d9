"""The last evening: many teams upload at once, some over lines that crawl, while others read their pages."""

import http.client
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.test import Client

from bench.measured import Flood
from bench.pages import p95
from bench.processes import Web
from bench.scene import make_file, new_election, new_pair, operator_of
from candidates.models import Election, Pair
from foundation.accounts.models import ApiToken, User
from foundation.jobs.models import Job
from supports.models import Upload

PAIRS = 20  # that upload at once, and as many again whose line is slow
GREEDY = 5  # files that the first pair hands in, all before the others
SLOW_PIECES, SLOW_PAUSE = 40, 0.4  # a slow upload comes in so many pieces, so many seconds apart
READERS = 4
READING_PAUSE = 0.05  # seconds a reader looks at a page before the next
PATIENCE = 600  # seconds until everything must be loaded
BOUNDARY = "batas-pengukuran"
ACCEPTED = 202


@dataclass
class Team:
    """A pair with what its members know the site by."""

    pair: Pair
    token: str
    cookie: str


@dataclass(frozen=True)
class Sent:
    """What became of one file: what went wrong, or nothing, and since when its sender knows that it waits."""

    pair_id: int
    error: str
    answered_at: datetime


@dataclass
class Read:
    """What the readers of pages saw: milliseconds for each page, and what went wrong."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def measure_flood(folder: Path, rows: int) -> Flood:
    """Let 20 pairs upload ``rows`` rows each at once and 20 more slowly; a worker must be running."""
    election = new_election()
    teams = [_team(election) for _ in range(2 * PAIRS)]
    names = [folder / f"flood-{number}.csv" for number in range(2 * PAIRS + GREEDY - 1)]
    bodies = [_body(make_file(path, election=election, rows=rows, seed=100 + number), path.name)
              for number, path in enumerate(names)]  # fmt: skip
    with Web(folder) as web:
        return _run(web, teams, bodies)


def _run(web: Web, teams: list[Team], bodies: list[bytes]) -> Flood:
    """Send everything, read pages until all is loaded, and count."""
    read, stop = Read(), threading.Event()
    began = time.perf_counter()
    with ThreadPoolExecutor(len(bodies) + READERS) as threads:
        readers = [threads.submit(_read_pages, web, team, read, stop) for team in teams[:READERS]]
        try:
            sent = [one.result() for one in _send_all(threads, web, teams, bodies)]
            _wait_until_loaded()
        finally:
            stop.set()
        for reader in readers:
            reader.result()
    seconds = time.perf_counter() - began
    unloaded = (
        len(bodies) - Upload.objects.filter(status="loaded", submission__pair__in=_pairs(teams)).count()
    )
    return Flood(
        uploads=len(bodies),
        errors=[
            *(one.error for one in sent if one.error),
            *read.errors,
            *(["an upload is not loaded"] * unloaded),
        ],
        page_p95_ms=round(p95(read.milliseconds), 1),
        page_max_ms=round(max(read.milliseconds), 1),
        pages=len(read.milliseconds),
        overtaken=_overtaken(sent),
        seconds=round(seconds, 1),
    )


def _send_all(
    threads: ThreadPoolExecutor, web: Web, teams: list[Team], bodies: list[bytes]
) -> list[Future[Sent]]:
    """The slow ones begin, the greedy pair hands in all its files, then everybody comes at the same moment."""
    slow, quick = bodies[:PAIRS], bodies[PAIRS:]
    sent = [
        threads.submit(_send, web, team, body, SLOW_PIECES)
        for team, body in zip(teams[PAIRS:], slow, strict=True)
    ]
    greedy = [threads.submit(_send, web, teams[0], body, 1) for body in quick[:GREEDY]]
    for one in greedy:
        one.result()
    others = zip(teams[1:PAIRS], quick[GREEDY:], strict=True)
    return [*sent, *greedy, *(threads.submit(_send, web, team, body, 1) for team, body in others)]


def _send(web: Web, team: Team, body: bytes, pieces: int) -> Sent:
    """Upload through REST."""
    error = _error_of(web, team, body, pieces)
    return Sent(team.pair.pk, error, datetime.now(UTC))


def _error_of(web: Web, team: Team, body: bytes, pieces: int) -> str:
    """What went wrong with one upload, or nothing."""
    size = -(-len(body) // pieces)
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=PATIENCE)
    try:
        connection.putrequest("POST", f"/api/v1/pairs/{team.pair.pk}/uploads/")
        connection.putheader("Authorization", f"Token {team.token}")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        for start in range(0, len(body), size):
            connection.send(body[start : start + size])
            if pieces > 1:
                time.sleep(SLOW_PAUSE)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return "" if answer.status == ACCEPTED else f"upload: {answer.status} {text[:200]}"
    except OSError as error:
        return f"upload: {error!r}"
    finally:
        connection.close()


def _read_pages(web: Web, team: Team, read: Read, stop: threading.Event) -> None:
    """Look at the team's pages, one after the other, until told to stop."""
    paths = [f"/pasangan/{team.pair.pk}/{page}" for page in ("", "dukungan/", "unggah/")]
    while not stop.wait(READING_PAUSE):
        for path in paths:
            began = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=PATIENCE)
            try:
                connection.request("GET", path, headers={"Cookie": team.cookie})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    read.errors.append(f"{path}: {answer.status}")
            except OSError as error:
                read.errors.append(f"{path}: {error!r}")
            finally:
                connection.close()
            read.milliseconds.append((time.perf_counter() - began) * 1000)


def _wait_until_loaded() -> None:
    until = time.monotonic() + PATIENCE
    while Job.objects.filter(state__in=("queued", "running")).exists() and time.monotonic() < until:
        time.sleep(0.2)


def _overtaken(sent: list[Sent]) -> int:
    """How many times a pair that already had its turn was served again before one that had been waiting.

    Who waits is told so when the job is there for all to see. The one worker looks for the next when it has ended the
    one before: what came after that it may not have seen.
    """
    waits: dict[str, datetime] = {}
    for one in sorted(sent, key=lambda one: one.answered_at):
        waits.setdefault(f"pair:{one.pair_id}", one.answered_at)
    turns = list(
        Job.objects.filter(started_at__isnull=False, finished_at__isnull=False)
        .order_by("started_at")
        .values_list("kind", "lane", "started_at", "finished_at")
    )
    served: dict[str, datetime] = {}
    again: list[datetime] = []
    for (*_before, looked), (kind, lane, started, _finished) in pairwise(turns):
        if kind != "supports.ingest_upload" or lane not in waits:
            continue
        if lane in served:
            again.append(looked)
        else:
            served[lane] = started
    return sum(waits[lane] < looked < started for looked in again for lane, started in served.items())


def _team(election: Election) -> Team:
    pair = new_pair(election)
    user = operator_of(pair)
    _row, token = ApiToken.objects.create(user=user)
    return Team(pair, token, _cookie(user))


def _cookie(user: User) -> str:
    browser = Client()
    browser.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"


def _pairs(teams: list[Team]) -> list[int]:
    return [team.pair.pk for team in teams]


def _body(path: Path, name: str) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return head.encode() + path.read_bytes() + f"\r\n--{BOUNDARY}--\r\n".encode()
