"""Cards are read by a machine behind everything else: what differs from its row is a finding, and never more."""

import io
from random import Random

import pytest
from PIL import Image

from bench.ocr import cards
from foundation.jobs.models import Job
from supports.listing import rows_of
from supports.models import Finding, Standing, Submission, Support, Tally
from supports.rows import edit_support
from supports.rules import BY_NUMBER, TEAM
from supports.scans import reading
from supports.scans.cards import compare_cards
from supports.scans.inspecting import CardReader
from supports.scans.models import CardReading, Scan, UnreadScan
from supports.scans.operations import place_scan, take_scan_off
from tests import factories
from tests.factories import person, work
from tests.supports.handing_in.teams import handed_in, ready_team, round_of
from tests.supports.scans import papers

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team(committed):
    pair = factories.pair()
    team = pair, factories.operator(pair)
    factories.loaded(*team, [person(1), person(2), person(3)])
    return team


def nik(number):
    return person(number)["nik"]


def rows():
    return list(Support.objects.select_related("submission__pair__election").order_by("id"))


def card(number, spoil="clean"):
    return cards.as_jpeg(cards.SPOILT[spoil](cards.card(nik(number), Random(number))))


class Told:
    """A reader that says of each card what the test says, in the order in which cards are read."""

    def __init__(self, *said):
        self._said = list(said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def read(self, picture, *, card):
        assert picture.startswith(b"\xff\xd8")
        return self._said.pop(0) if card else {"turned": False, "nik": None}


def tell(monkeypatch, *niks, turned=False):
    said = [{"turned": turned, "nik": one} for one in niks]
    monkeypatch.setattr(reading, "CardReader", lambda: Told(*said))


def findings():
    """What is said of each row, in their order."""
    said = Finding.objects.filter(code__in=[42, 43]).values_list("support_id", "code")
    return [sorted(BY_NUMBER[code].code for row, code in said if row == one.pk) for one in rows()]


def files(*numbers):
    return {f"{nik(number)}_ktp.jpg": papers.scan(str(number), size=(600, 380)) for number in numbers}


def test_cards_are_read_and_what_differs_is_a_finding_that_changes_nothing_else(team):
    """With the real reader: the row's own card, another person's, and one nobody can read."""
    before = list(Standing.objects.order_by("pk").values("clean", "vermin"))
    papers.taken(
        *team,
        {
            f"{nik(1)}_ktp.jpg": card(1),
            f"{nik(2)}_ktp.jpg": card(9, "upside down"),
            f"{nik(3)}_ktp.jpg": papers.as_bytes(Image.new("RGB", (900, 560), "white")),
            f"{nik(3)}_b1.jpg": card(8),
        },
    )
    assert findings() == [[], ["SCAN_NIK_MISMATCH"], ["SCAN_UNREADABLE"]]
    assert list(Standing.objects.order_by("pk").values("clean", "vermin")) == before
    problems = dict(Scan.objects.filter(kind="ktp").values_list("support_id", "problems"))
    assert [("TURNED" in problems[row.pk]) for row in rows()] == [False, True, False]
    assert not UnreadScan.objects.exists()
    kept = [str(one) for one in CardReading.objects.values_list("nik", flat=True)]
    assert len(kept) == 3
    assert not any(nik(number) in text.replace("-", "") for number in (1, 9) for text in kept)
    shown = rows_of([rows()[1].pk], rows()[1].submission, TEAM)[0]
    assert "SCAN_NIK_MISMATCH" in [rule.code for rule in shown.findings]
    assert sum(Tally.objects.filter(key="42").values_list("n", flat=True)) == 1


def test_a_finding_goes_when_its_cause_does(team, monkeypatch):
    tell(monkeypatch, nik(9), nik(2))
    papers.taken(*team, files(1, 2))
    assert findings() == [["SCAN_NIK_MISMATCH"], [], []]
    first = rows()[0]
    edit_support(first, by=team[1], changes={"address": "Jl. Lain 7"}, revision=first.revision)
    assert findings() == [["SCAN_NIK_MISMATCH"], [], []]
    first = rows()[0]
    edit_support(first, by=team[1], changes={"nik": nik(9)}, revision=first.revision)
    assert findings() == [[], [], []]
    scan = Scan.objects.select_related("pair").get(support=rows()[1])
    take_scan_off(scan, by=team[1])
    scan.refresh_from_db()
    place_scan(scan, rows()[2], by=team[1])
    assert findings() == [[], [], ["SCAN_NIK_MISMATCH"]]
    scan.refresh_from_db()
    take_scan_off(scan, by=team[1])
    assert findings() == [[], [], []]


def test_one_side_of_a_card_with_the_nik_is_enough(team, monkeypatch):
    tell(monkeypatch, nik(1), None)
    one = f"{nik(1)}_ktp"
    papers.taken(*team, {f"{one}.jpg": papers.scan("depan"), f"{one}_2.jpg": papers.scan("belakang")})
    assert findings() == [[], [], []]


def test_while_a_card_is_not_read_nothing_is_said(team):
    papers.received(*team, files(1))
    assert compare_cards([row.pk for row in rows()]) is None
    assert findings() == [[], [], []]


def test_a_scan_that_a_person_calls_a_card_is_read_then(team, monkeypatch):
    tell(monkeypatch, nik(9))
    papers.taken(*team, {"foto.jpg": papers.scan("foto")})
    assert not CardReading.objects.exists()
    place_scan(Scan.objects.select_related("pair").get(), rows()[0], by=team[1], kind="ktp")
    work()
    assert findings() == [["SCAN_NIK_MISMATCH"], [], []]


def test_reading_makes_way_after_some_seconds_and_goes_on(team, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.000001)
    monkeypatch.setattr(reading, "PORTION", 1)
    tell(monkeypatch, nik(1), nik(2), nik(3))
    told = reading.CardReader()
    monkeypatch.setattr(reading, "CardReader", lambda: told)
    clock = iter(range(100))
    monkeypatch.setattr(reading, "monotonic", lambda: next(clock) // 2 * 0.000001)
    papers.taken(*team, files(1, 2, 3))
    jobs = Job.objects.filter(kind=reading.JOB)
    assert jobs.count() >= 3
    assert set(jobs.values_list("lane", "state")) == {("later", "done")}
    assert CardReading.objects.count() == 3


def test_rows_that_were_handed_in_are_still_told_and_those_of_a_closed_round_stay(monkeypatch):
    made = ready_team()
    tell(monkeypatch, nik(9))
    papers.received(*made, files(1))
    handed_in(made)
    assert findings()[0] == ["SCAN_NIK_MISMATCH"]
    Submission.objects.filter(pk=round_of(made).pk).update(status="closed")
    CardReading.objects.all().delete()
    compare_cards([row.pk for row in rows()])
    assert findings()[0] == ["SCAN_NIK_MISMATCH"]


def test_a_picture_that_ends_the_reader_is_one_that_was_not_read():
    out = io.BytesIO()
    Image.new("RGB", (900, 560), "white").save(out, "JPEG")
    with CardReader() as reader:
        assert reader.read(b"no picture", card=True) == {"turned": False, "nik": None, "lengths": []}
        reader._process.kill()
        assert reader.read(out.getvalue(), card=True)["nik"] is None
        assert reader.read(card(4), card=True)["nik"] == nik(4)


def test_a_reader_that_always_dies_is_a_fault_and_no_verdict(team, monkeypatch):
    monkeypatch.setattr(CardReader, "ask", lambda *_: None)
    papers.taken(*team, files(1, 2, 3))
    assert not CardReading.objects.exists()
    assert findings() == [[], [], []]
    assert Job.objects.filter(kind=reading.JOB).latest("id").state == "failed"
