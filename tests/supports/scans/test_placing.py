"""Whose a scan is, whatever order files and rows come in; and what a round that was handed in still takes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.queries import now
from foundation import sql
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from supports.handing_in.operations import hand_in
from supports.handing_in.receipts import receipt_of
from supports.models import Standing, Submission, Support, Upload
from supports.receiving.operations import receive_round
from supports.scans.models import Scan, ScanBatch
from supports.scans.operations import place_scan, take_scan_off
from supports.scans.placing import place_scans
from supports.scans.queries import counts_of, page_without_scan, scans_of
from tests import factories
from tests.factories import person, work
from tests.supports.handing_in.teams import ENOUGH, ready_team, round_of
from tests.supports.mended import report_of, written
from tests.supports.receiving.test_receiving import lines
from tests.supports.scans import papers

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team(committed):
    pair = factories.pair()
    return pair, factories.operator(pair)


def nik(number):
    return person(number)["nik"]


def loaded(team, rows):
    """A file with the columns of the team's own numbers; its rows in their order."""
    names = [*factories.HEADINGS, "ref", "sheet"]
    heads = [*factories.HEADINGS.values(), "Referensi Tim", "Nomor Lembar"]
    lines = [",".join(heads)] + [",".join(row.get(name, "") for name in names) for row in rows]
    upload = factories.loaded(*team, "\n".join(lines).encode())
    return list(Support.objects.filter(pk__gte=upload.pk << 24, pk__lt=(upload.pk + 1) << 24).order_by("id"))


def reasons():
    return dict(Scan.objects.filter(support=None).values_list("token", "reason"))


def test_by_the_teams_numbers_or_not_at_all(team):
    first, second, third, fourth = loaded(
        team,
        [
            person(1, ref="LBR-0001", sheet="1"),
            person(2, ref="lbr 0002", sheet="2"),
            person(3, sheet="77"),
            person(4, sheet="77"),
        ],
    )
    files = {f"{name}.jpg": papers.scan(name) for name in ("LBR_0001", "ktp-LBR0002", "2", "77", "X9")}
    files["foto.jpg/ktp.jpg"] = papers.scan("tanpa nama")
    files[f"{nik(1)} {nik(2)}.jpg"] = papers.scan("dua orang")
    papers.taken(*team, files)
    assert [scan.found_by for scan in papers.held(first.pk)] == ["ref"]
    assert [scan.found_by for scan in papers.held(second.pk)] == ["ref", "sheet"]
    assert papers.held(third.pk) == papers.held(fourth.pk) == []
    assert sorted(Scan.objects.filter(support=None).values_list("reason", flat=True)) == [
        "ambiguous", "no_row", "no_row", "several",
    ]  # fmt: skip


def test_a_manifest_says_what_names_do_not(team):
    first, second = loaded(team, [person(1), person(2, ref="R-2")])
    manifest = f"berkas;nik;rujukan;jenis\na/IMG1.jpg;{nik(1)};;ktp\nIMG2.jpg;;R-2;pernyataan\n"
    papers.taken(
        *team,
        {"manifest.csv": manifest.encode(), "a/IMG1.jpg": papers.scan("1"), "b/IMG2.jpg": papers.scan("2")},
    )
    assert [scan.kind for scan in papers.held(first.pk)] == ["ktp"]
    assert [scan.kind for scan in papers.held(second.pk)] == ["statement"]
    assert Scan.objects.count() == 2


def test_scans_that_came_before_their_rows_are_placed_when_the_rows_come(team):
    papers.taken(*team, {f"{nik(1)}.jpg": papers.scan()})
    assert Scan.objects.get().reason == "no_row"
    (row,) = loaded(team, [person(1)])
    assert [scan.found_by for scan in papers.held(row.pk)] == ["nik"]


def test_of_several_rows_of_one_person_the_one_that_counts(team):
    first, _copy = loaded(team, [person(1), person(1)])
    papers.taken(*team, {f"{nik(1)}.jpg": papers.scan()})
    assert papers.held(first.pk)
    loaded(team, [person(2, address="Jl. Lain"), person(2)])
    Standing.objects.update(clean=False)
    papers.taken(*team, {f"{nik(2)}.jpg": papers.scan("b")})
    assert Scan.objects.latest("id").reason == "ambiguous"


def test_another_pairs_row_is_no_row(team):
    other = factories.pair(team[0].election, "Andi Misal – Sri Contoh")
    factories.loaded(other, factories.operator(other, "lawan"), [person(5)])
    loaded(team, [person(1)])
    papers.taken(*team, {f"{nik(5)}.jpg": papers.scan("a"), f"{nik(6)}.jpg": papers.scan("b")})
    assert set(Scan.objects.values_list("reason", flat=True)) == {"no_row"}


def test_a_later_batch_takes_the_place_and_the_older_is_kept(team):
    (row,) = loaded(team, [person(1)])
    papers.taken(*team, {f"{nik(1)}_ktp.jpg": papers.scan("a"), f"{nik(1)}_ktp_2.jpg": papers.scan("b")})
    assert len(papers.held(row.pk)) == 2
    papers.taken(*team, {f"{nik(1)}_b1.jpg": papers.scan("c")})
    assert len(papers.held(row.pk)) == 3
    newer = papers.taken(*team, {f"{nik(1)}_ktp.jpg": papers.scan("d"), f"{nik(1)} b1.jpg": papers.scan("c")})
    held = papers.held(row.pk)
    assert [(scan.kind, scan.batch_id == newer.pk) for scan in held] == [("statement", False), ("ktp", True)]
    assert Scan.objects.count() == 5
    assert list(scans_of([row.pk]).values_list("kind", flat=True)) == ["ktp", "statement"]


def test_the_same_content_on_several_rows_is_marked(team):
    first, second, _third = loaded(team, [person(1), person(2), person(3)])
    same = papers.scan("sama")
    papers.taken(*team, {f"{nik(1)}.jpg": same, f"{nik(2)}.jpg": same, f"{nik(3)}.jpg": papers.scan("lain")})
    assert set(Scan.objects.filter(repeated=True).values_list("support", flat=True)) == {first.pk, second.pk}
    take_scan_off(Scan.objects.get(support=second), by=team[1])
    assert not Scan.objects.filter(repeated=True).exists()


def test_by_hand_and_off_again_which_no_job_undoes(team):
    (row,) = loaded(team, [person(1)])
    papers.taken(*team, {"foto.jpg": papers.scan()})
    scan = Scan.objects.select_related("pair").get()
    place_scan(scan, row, by=team[1], kind="ktp")
    assert [(one.kind, one.found_by) for one in papers.held(row.pk)] == [("ktp", "hand")]
    with pytest.raises(Conflict):
        place_scan(scan, row, by=team[1])
    scan.refresh_from_db()
    take_scan_off(scan, by=team[1])
    work()
    scan.refresh_from_db()
    assert (scan.support_id, scan.reason) == (None, "taken_off")
    told = Event.objects.filter(name__startswith="scan_").order_by("id")
    assert list(told.values_list("name", flat=True)) == ["scan_placed", "scan_taken_off"]


def test_scans_follow_a_row_that_is_mended_and_wait_when_it_goes(team):
    (row,) = loaded(team, [person(1, name="Budi")])
    papers.taken(*team, {"foto.jpg": papers.scan()})
    place_scan(Scan.objects.get(), row, by=team[1])
    report = report_of(Upload.objects.get(), team[1])
    report[0]["Nama"] = "Budi Lain"
    factories.loaded(*team, written(report), "laporan.csv")
    new = Support.objects.latest("id")
    assert new.pk != row.pk
    assert len(papers.held(new.pk)) == 1


def lacking(team, wanted):
    """The places of the rows that lack a document, as a page lists them and as they were counted."""
    submission = Submission.objects.get(pair=team[0], kind="round")
    counted = counts_of(team[0]).get((submission.pk, f"no_{wanted}"))
    return [(pk & 0xFFFFFF) - 1 for pk in page_without_scan(submission, wanted, "")[0]], counted


def test_rows_without_scan_by_document(team):
    rows = loaded(team, [person(number) for number in range(1, 6)])
    assert lacking(team, "ktp") == ([1, 2, 3, 4, 5], None)
    names = [f"{nik(2)}.jpg", f"{nik(3)}_b1.jpg", f"{nik(4)}_suket.jpg", f"{nik(5)}_identitas.jpg"]
    papers.taken(*team, {name: papers.scan(name) for name in [*names, "foto.jpg"]})
    assert lacking(team, "any") == ([1], 1)
    assert lacking(team, "statement") == ([1, 4, 5], 3)
    assert lacking(team, "ktp") == ([1, 3, 5], 3)
    # What a person places is no longer listed, though the job that lists comes later; what is taken off comes back.
    place_scan(Scan.objects.get(support=None), rows[0], by=team[1], kind="ktp")
    assert lacking(team, "ktp") == ([3, 5], 3)
    assert lacking(team, "statement") == ([1, 4, 5], 3)
    take_scan_off(papers.held(rows[1].pk)[0], by=team[1])
    work()
    assert [lacking(team, wanted) for wanted in ("any", "statement", "ktp")] == [
        ([2], 1), ([1, 2, 4, 5], 4), ([2, 3, 5], 3),
    ]  # fmt: skip


# ---- rounds that were handed in -------------------------------------------------------------------------


@pytest.fixture
def handed():
    made = ready_team()
    papers.taken(*made, {f"{ENOUGH[0]['nik']}_ktp.jpg": papers.scan("sebelum")})
    papers.received(*made, {f"{ENOUGH[0]['nik']}_ktp.jpg": papers.scan("pada waktunya")})
    hand_in(made[0], by=made[1])
    work()
    return made


def row_of(team, number):
    return Support.objects.select_related("submission__pair").order_by("id")[number]


def test_what_came_in_time_is_placed_however_slow_the_job_and_then_nothing(handed):
    assert round_of(handed).status == "submitted"
    first = row_of(handed, 0)
    assert [scan.batch_id for scan in papers.held(first.pk)] == [ScanBatch.objects.latest("id").pk]
    papers.taken(*handed, {f"{ENOUGH[0]['nik']}_ktp.jpg": papers.scan("terlambat")})
    late = Scan.objects.latest("id")
    assert (late.support_id, late.reason) == (None, "frozen")
    with pytest.raises(Refused, match="tidak dapat ditambah"):
        place_scan(late, first, by=handed[1])
    with pytest.raises(Refused, match="tidak dapat ditambah"):
        take_scan_off(papers.held(first.pk)[0], by=handed[1])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scans_scan SET support_id = NULL WHERE support_id IS NOT NULL AND ended_at IS NULL",
        "UPDATE scans_scan SET kind = 'suket' WHERE support_id IS NOT NULL",
        "UPDATE scans_scan SET ended_at = now() WHERE support_id IS NOT NULL AND ended_at IS NULL",
        "DELETE FROM scans_scan WHERE support_id IS NOT NULL",
    ],
)
def test_raw_sql_changes_no_scan_of_a_round_that_was_handed_in(handed, statement):
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        sql.execute(statement)


def test_raw_sql_gives_a_frozen_row_no_late_scan(handed):
    papers.taken(*handed, {"terlambat.jpg": papers.scan("x")})
    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        Scan.objects.filter(support=None).update(support=row_of(handed, 1))


def test_completion_takes_what_is_lacking_and_replaces_nothing(handed):
    office = factories.user("kpu", Role.KPU_REGENCY, 6474)
    receipt = receipt_of(round_of(handed))
    receive_round(
        receipt, by=office, decision="completing", minutes_number="BA-1", areas=lines(receipt), reasons=""
    )
    assert round_of(handed).status == "completing"
    first, second = ENOUGH[0]["nik"], ENOUGH[1]["nik"]
    papers.taken(*handed, {f"{first}_ktp.jpg": papers.scan("ganti"), f"{first}_b1.jpg": papers.scan("b1"),
                           f"{second}.jpg": papers.scan("dua")})  # fmt: skip
    assert [scan.kind for scan in papers.held(row_of(handed, 0).pk)] == ["ktp", "statement"]
    assert len(papers.held(row_of(handed, 1).pk)) == 1
    assert Scan.objects.get(support=None).reason == "frozen"
    with pytest.raises(Refused, match="hanya dokumen yang belum ada"):
        place_scan(Scan.objects.get(support=None), row_of(handed, 0), by=handed[1])


def test_placing_can_always_be_run_again(team):
    loaded(team, [person(1)])
    papers.taken(*team, {f"{nik(1)}.jpg": papers.scan(), "x.jpg": papers.scan("x")})
    before = list(Scan.objects.order_by("id").values())
    with transaction.atomic():
        assert place_scans(team[0]) == 0
    assert list(Scan.objects.order_by("id").values()) == before
    assert now() - before[0]["placed_at"] < timedelta(minutes=10)
