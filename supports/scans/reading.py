"""Scans read by a machine once they are in: how they lie, and of a card its NIK. Work that nobody waits for.

A job reads for some seconds and makes way, so an upload never waits behind a million cards. What was read is sealed
like the row's own NIK and compared as it is; in clear it stands in no table, no log and no message.
"""

from time import monotonic

from django.db.models import F, Value
from django.db.models.functions import Concat, Trim

from candidates.models import Pair
from foundation import seal
from foundation.jobs.models import Job
from foundation.jobs.operations import LATER, enqueue
from foundation.jobs.runner import Run
from foundation.keys.keyring import keyring
from foundation.storage import open_anywhere
from supports.scans.cards import compare_cards
from supports.scans.inspecting import CardReader
from supports.scans.models import CardReading, Kind, Scan, UnreadScan
from supports.scans.placing import queue_placing

JOB = "supports.read_scans"
# So long does a worker read before it looks for other work; so many scans are one part.
SECONDS, PORTION = 20, 8
# A card has a front and a back.
PAGES_OF_CARD = 2


def queue_reading(pair: Pair) -> Job | None:
    """Have the scans of a pair read that were not; nothing where none waits."""
    if not UnreadScan.objects.filter(pair=pair).exists():
        return None
    return enqueue(JOB, lane=LATER, subject_id=pair.pk, by=None)


def read_again(scan: Scan) -> None:
    """A scan has become one of a card: its NIK is to be read, where it was not."""
    if scan.kind == Kind.KTP and not CardReading.objects.filter(pk=scan.pk).exists():
        UnreadScan.objects.get_or_create(scan_id=scan.pk, defaults={"pair": scan.pair})
        queue_reading(scan.pair)


def read_scans(run: Run, pair: Pair) -> None:
    """Read scans for some seconds, part by part; whoever goes on finds what is left."""
    until = monotonic() + SECONDS
    with CardReader() as reader:
        while monotonic() < until:
            ids = list(
                UnreadScan.objects.filter(pair=pair)
                .order_by("scan_id")
                .values_list("scan_id", flat=True)[:PORTION]
            )
            if not ids:
                break
            _read_part(run, reader, ids)


def _read_part(run: Run, reader: CardReader, ids: list[int]) -> None:
    scans = list(Scan.objects.filter(pk__in=ids).select_related("pack__file", "pair").order_by("id"))
    readings, turned = [], []
    for scan in scans:
        run.checkpoint()
        nik, lies = _read(reader, scan)
        if lies:
            turned.append(scan.pk)
        if scan.kind == Kind.KTP:
            readings.append(CardReading(scan_id=scan.pk, pair_id=scan.pair_id, nik=_sealed(nik, scan)))
    with run.part():
        UnreadScan.objects.filter(pk__in=ids).delete()
        CardReading.objects.bulk_create(readings, ignore_conflicts=True)
        _mark_turned(turned)
        read = [one.scan_id for one in readings]
        rows = Scan.objects.filter(pk__in=read, support__isnull=False).values_list("support_id", flat=True)
        compare_cards(sorted(set(rows)))


def _read(reader: CardReader, scan: Scan) -> tuple[str | None, bool]:
    """The NIK on a card, and whether the first page does not lie as it should."""
    card, lies = scan.kind == Kind.KTP, False
    with open_anywhere(scan.pack.file) as pack:
        for number, (begins, length) in enumerate(scan.pictures[1 : 1 + (PAGES_OF_CARD if card else 1)]):
            pack.seek(begins)
            said = reader.read(pack.read(length), card=card)
            lies = lies or (number == 0 and said["turned"])
            if said["nik"]:
                return said["nik"], lies
    return None, lies


def _sealed(nik: str | None, scan: Scan) -> str | None:
    return seal.seal_nik(nik, keyring(scan.pack.file.scope).nik) if nik else None


def _mark_turned(ids: list[int]) -> None:
    found = Scan.objects.filter(pk__in=ids).exclude(problems__contains="TURNED")
    found.update(problems=Trim(Concat(F("problems"), Value(" TURNED"))))


def end_portion(pair: Pair) -> None:
    """Go on later, or count anew what was found."""
    if queue_reading(pair) is None:
        queue_placing(pair)
