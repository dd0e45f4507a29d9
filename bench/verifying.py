"""The administrative verification of the large round: dealt, decided one by one, and many at once beside it."""

import threading
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import Exists, OuterRef
from django.test import Client
from django.urls import reverse

from bench.failed import Failed
from bench.loading import wait, wait_until_idle
from bench.measured import Timing, Verified
from bench.pages import Ask, measure, p95
from bench.processes import Worker
from bench.scene import member, officer_of
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from supports.listing import Filter
from supports.models import Receipt, Submission, Upload
from supports.receiving.operations import Counted, receive_round
from verification.bulk import approve_bulk, preview_bulk, propose_bulk
from verification.dealing import deal_rows, open_review
from verification.duplicates.models import Member
from verification.models import Bulk, Review, Work

OK, MOST_BESIDE = 200, 10_000


def measure_verifying(upload_id: int, requests: int, people: int, worker: Worker) -> Verified:
    """Verify the round of an upload that was handed in. Raises Failed when something is dealt or decided otherwise."""
    upload = Upload.objects.select_related("submission__pair__election").get(pk=upload_id)
    office = officer_of(upload.submission.pair.election)
    review = _begin(upload.submission, office)
    wait_until_idle(worker)
    verifiers = _verifiers(upload.submission, people)
    began = time.perf_counter()
    deal = deal_rows(review, by=office, people=verifiers, way="village")
    dealt = time.perf_counter() - began
    if deal.rows != upload.rows:
        raise Failed(f"{deal.rows} of {upload.rows} rows were dealt.")
    first, last = verifiers[0], verifiers[-1]
    pages = _pages(review, office, first, requests)
    alone = [_decision(one) for one in _rows_of(first, requests)]
    bulk, looked, proposed = _proposed(review, office, upload)
    seconds, rows, beside = _together(bulk, last, worker)
    return Verified(
        rows=upload.rows,
        people=people,
        deal_seconds=dealt,
        pages=pages,
        decision_p95_ms=round(p95(alone), 1),
        look_seconds=looked,
        propose_seconds=proposed,
        bulk_rows=rows,
        bulk_seconds=seconds,
        beside=len(beside),
        beside_p95_ms=round(p95(beside), 1),
    )


def _begin(submission: Submission, office: User) -> Review:
    """The office takes what the receipt says, and begins."""
    receipt = Receipt.objects.get(hand_in__submission=submission)
    areas = [Counted(one["code"], one["rows"], one["rows"]) for one in receipt.body["by_area"]]
    receive_round(receipt, by=office, decision="accepted", minutes_number="BA-1/2024", areas=areas)
    submission.refresh_from_db()
    return open_review(submission, by=office)


def _verifiers(submission: Submission, people: int) -> list[User]:
    region = submission.pair.election.region_id
    return [member(Role.VERIFIER, ScopeKind.REGION, region) for _ in range(people)]


def _pages(review: Review, office: User, verifier: User, requests: int) -> dict[str, list[Timing]]:
    """What a verifier and the office look at all day."""
    desk, queue = _browser(office), _browser(verifier)
    round_id = review.submission_id
    asked = {
        "verify_queue": Ask(queue, reverse("check_rows", args=[round_id])),
        "verify_desk": Ask(queue, reverse("verification")),
        "verify_round": Ask(desk, reverse("review", args=[round_id])),
    }
    return {name: [measure(ask, requests)] for name, ask in asked.items()}


def _browser(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _rows_of(verifier: User, most: int) -> Iterator[tuple[Client, int]]:
    """Rows that wait for somebody, and whose person no other row may count meanwhile."""
    browser = _browser(verifier)
    alone = ~Exists(Member.objects.filter(support_id=OuterRef("support_id")))
    waiting = Work.objects.filter(alone, holder=verifier).order_by("-support_id")
    return ((browser, pk) for pk in list(waiting.values_list("support_id", flat=True)[:most]))


def _decision(row: tuple[Client, int]) -> float:
    """Decide one row as its page does, the next card included; milliseconds."""
    browser, support_id = row
    began = time.perf_counter()
    answer = browser.post(
        reverse("decide_row", args=[support_id]), {"status": "MS"}, headers={"HX-Request": "true"}
    )
    spent = (time.perf_counter() - began) * 1000
    if answer.status_code != OK:
        raise Failed(f"A decision was answered {answer.status_code}.")
    return spent


def _proposed(review: Review, office: User, upload: Upload) -> tuple[Bulk, float, float]:
    """All that waits of an upload, proposed to be decided together; the seconds of looking at it and proposing it."""
    wanted = Filter(upload=upload.pk)
    began = time.perf_counter()
    token = preview_bulk(review.submission, wanted).token
    looked = time.perf_counter()
    bulk = propose_bulk(review, wanted, by=office, status="MS", token=token)
    return bulk, looked - began, time.perf_counter() - looked


def _together(bulk: Bulk, verifier: User, worker: Worker) -> tuple[float, int, list[float]]:
    """What was proposed is decided together by the worker, while somebody goes on deciding single rows: who holds the
    last villages, which are decided together last.

    Seconds from the approval to the last of them, how many, and the milliseconds of each single decision beside it.
    """
    second = officer_of(bulk.review.submission.pair.election)
    began = time.perf_counter()
    approve_bulk(bulk, by=second)
    with _Beside(verifier) as beside:
        bulk.refresh_from_db()
        wait(bulk.job, worker)
        seconds = time.perf_counter() - began
    bulk.refresh_from_db()
    done = bulk.decided + bulk.passed_over + bulk.doubled
    if done != bulk.rows:
        raise Failed(f"{done} of {bulk.rows} rows were decided, or passed over.")
    return seconds, bulk.decided, beside.spent


class _Beside:
    """Somebody who decides single rows, one after the other, in a thread, until it is over or nothing waits."""

    def __init__(self, verifier: User) -> None:
        self.spent: list[float] = []
        self._rows = _rows_of(verifier, MOST_BESIDE)
        self._over = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._guarded, args=(self._decide,))

    def __enter__(self) -> "_Beside":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as error:
            self._error = error
        finally:
            connection.close()

    def _decide(self) -> None:
        for row in self._rows:
            if self._over.is_set():
                return
            self.spent.append(_decision(row))
