"""Which scans a user may see, and the lists of them; each page is a constant number of queries."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import Http404

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from candidates.territory import areas_visible_to
from foundation import seal
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission
from foundation.keys.keyring import keyring
from supports.listing import PAGE, bad_cursor, ends_of_page, keys_from, read_cursor
from supports.models import Standing, Submission
from supports.queries import submissions_visible_to
from supports.scans.models import (
    STANDS_FOR,
    Scan,
    ScanBatch,
    ScanCount,
    ScanFault,
    ScanLack,
    ScanManifest,
    Wanted,
    first_scan_id,
)
from supports.scans.names import without_niks
from supports.standards import key_scope


def scans_of(support_ids: Iterable[int]) -> QuerySet[Scan]:
    """The scans of these rows that hold, those of a row one after the other: what a verifier looks at.

    Whoever asks has found the rows by a permission.
    """
    held = Scan.objects.filter(support_id__in=list(support_ids), ended_at=None)
    return held.order_by("support_id", "kind", "id")


def scans_visible_to(user: AnyUser, permission: Permission, pair: Pair) -> QuerySet[Scan]:
    """The scans of a pair: the own team's all, others those of rows of rounds that lie in their territory."""
    found = Scan.objects.filter(pair=pair)
    if pair.pk in scopes(user, permission).pairs:
        return found
    found = found.filter(support__submission__kind=Submission.Kind.ROUND)
    areas = areas_visible_to(user, permission, pair)
    if areas is None:
        return found
    reach = Q(pk__in=[])
    for first, end in areas:
        reach |= Q(support__standing__area__gte=first, support__standing__area__lt=end)
    return found.filter(reach)


def scan_or_404(user: AnyUser, permission: Permission, scan_id: int) -> Scan:
    """One scan, its pair and its file. Raises Http404 for what this user may not know of."""
    related = ("pair__election__rule_set", "pack__file", "batch__file", "support__submission__pair")
    scan = Scan.objects.filter(pk=scan_id).select_related(*related).first()
    if scan is None or not pairs_visible_to(user, permission).filter(pk=scan.pair_id).exists():
        raise Http404
    if not scans_visible_to(user, permission, scan.pair).filter(pk=scan_id).exists():
        raise Http404
    return scan


def waiting_scans(pair: Pair) -> QuerySet[Scan]:
    """Scans without row."""
    return Scan.objects.filter(pair=pair, support=None, ended_at=None)


def page_of_repeated(
    found: QuerySet[Scan], cursor: str, limit: int = PAGE
) -> tuple[list[int], str | None, str | None]:
    """Ids of those whose content several rows hold, equal ones together; the cursors of the pages after and before.

    A cursor names the scan where a page ended. Refuses one not made here.
    """
    forward, place = read_cursor(cursor)
    found = found.filter(repeated=True, ended_at=None)
    if place:
        at = Scan.objects.filter(pk=place[-1]).values_list("digest", "pk").first()
        if at is None or len(place) != 1:
            raise bad_cursor()
        found = found.filter((TupleGreaterThan if forward else TupleLessThan)(Tuple("digest", "id"), at))
    order = ("digest", "id") if forward else ("-digest", "-id")
    ids = list(found.order_by(*order).values_list("pk", flat=True)[: limit + 1])
    keys, onwards, backwards = ends_of_page([(pk,) for pk in ids], cursor, forward, limit)
    return [pk for (pk,) in keys], onwards, backwards


def faulty_scans(pair: Pair) -> QuerySet[Scan]:
    """Scans that are blurred, blank, too dark or too small, or of several people."""
    return Scan.objects.filter(pair=pair, ended_at=None).exclude(problems="")


def latest_round(user: AnyUser, pair: Pair) -> Submission | None:
    """The round whose rows are listed as without scans; None while the user may see none."""
    rounds = submissions_visible_to(user, Permission.VIEW_SUPPORT_SCANS)
    found = rounds.filter(pair=pair, kind=Submission.Kind.ROUND).select_related("pair__election", "rule_set")
    return found.order_by("-id").first()


def page_without_scan(
    submission: Submission, wanted: str, cursor: str, limit: int = PAGE
) -> tuple[list[int], str | None, str | None]:
    """Ids of rows of the latest round without any scan, statement or card, by area; the cursors of the pages beside.

    Listed when scans were last placed, less what a person has placed since; before, every row lacks all. Refuses an
    unknown cursor.
    """
    forward, position = read_cursor(cursor)
    parts = [
        keys_from(found, ("area", "support_id"), forward, position, limit + 1)
        for found in _without_scan(submission, wanted)
    ]
    merged = sorted(chain.from_iterable(parts), reverse=not forward)[: limit + 1]
    keys, onwards, backwards = ends_of_page(merged, cursor, forward, limit)
    return [support for _area, support in keys], onwards, backwards


def _without_scan(submission: Submission, wanted: str) -> list[QuerySet[Any]]:
    if not ScanCount.objects.filter(pair=submission.pair_id, submission=submission.pk, key="no_any").exists():
        return [Standing.objects.filter(submission=submission)]
    held = Scan.objects.filter(support_id=OuterRef("support_id"), ended_at=None)
    if wanted != Wanted.ANY:
        held = held.filter(kind__in=STANDS_FOR[wanted])
    lacking = ScanLack.objects.filter(~Exists(held), submission=submission)
    return [lacking.filter(wanted=one) for one in {Wanted.ANY, wanted}]


def lacks_of(counts: dict[tuple[int, str], int], submission: Submission | None, rows: int) -> dict[str, int]:
    """How many of a round's rows have no scan of each kind, by the last placing; all of them before the first."""
    return {
        wanted: counts.get((submission.pk, f"no_{wanted}"), rows) if submission else 0
        for wanted in Wanted.values
    }


def counts_of(pair: Pair) -> dict[tuple[int, str], int]:
    """(round or 0, key) → how many, as the last placing counted."""
    found = ScanCount.objects.filter(pair=pair)
    return {(submission, key): n for submission, key, n in found.values_list("submission", "key", "n")}


def batches_of(pair: Pair) -> QuerySet[ScanBatch]:
    """What came in, the latest first."""
    return ScanBatch.objects.filter(pair=pair).select_related("job", "received_by").order_by("-id")


def works(one: ScanBatch | ScanManifest) -> bool:
    """Whether a job still works on what came in, or will."""
    return one.finished_at is None and one.job is not None and one.job.state in ("queued", "running")


def manifests_of(pair: Pair) -> QuerySet[ScanManifest]:
    """The lists that came beside the scans, the latest first."""
    return ScanManifest.objects.filter(pair=pair).select_related("job", "received_by").order_by("-id")


def faults_of(batch: ScanBatch) -> QuerySet[ScanFault]:
    """The files of a batch that are no scans, in their order."""
    span = {"pk__gte": first_scan_id(batch.pk), "pk__lt": first_scan_id(batch.pk + 1)}
    return ScanFault.objects.filter(**span).order_by("pk")


def open_names(found: Iterable[Scan | ScanFault], pair: Pair) -> dict[int, str]:
    """The names of files as they are shown: a NIK in one is masked, as in every list."""
    key = keyring(key_scope(pair.election)).text
    return {one.pk: without_niks(seal.open_text(one.name, one.pk, key)) for one in found}
