"""A ruling that names rows one by one: which rows a list names, and that exactly these may change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Ruling, RulingRow
from candidates.operations import open_by_ruling
from candidates.ruling_letters import digest_of
from foundation.errors import Refused
from supports import reopening
from supports.bulk_removal import preview_removal
from supports.listing import Filter
from supports.models import Support
from supports.rows import add_supports, edit_support, remove_support
from supports.rules import COMMISSION
from supports.rulings.named_rows import find_named_rows
from supports.standards import key_scope
from tests import factories
from tests.candidates.making import approve, make_letter
from tests.supports.mended import report_of, written
from tests.supports.test_reopening import (
    approvers,  # noqa: F401 -- a fixture
    discarding,
    end_the_windows,
    mending,
    refusal_of,
    removing,
    team,  # noqa: F401 -- a fixture
)

pytestmark = pytest.mark.usefixtures("committed")


def give(team, *numbers, name="data.csv", **more):  # noqa: F811
    return factories.loaded(*team, [factories.person(number, **more) for number in numbers], name)


def propose(pair, rows, **changes):
    terms = {
        "kind": "putusan",
        "document": "001/PS.REG/2024",
        "stage": "awal",
        "hours": 72,
        "opens": "filling",
    }
    letter = make_letter(key_scope(pair.election))
    return reopening.propose_ruling(
        pair, by=None, rows=rows, letter=letter, **terms | {"covers": "rows"} | changes
    )


def reopen(pair, people, rows, **changes):
    ruling = propose(pair, rows, **changes)
    for person in people:
        ruling = approve(ruling, by=person)
    open_by_ruling(ruling, by=None)


def rows_of(upload):
    found = Support.objects.select_related("submission__pair__election__rule_set")
    return list(found.filter(pk__range=(upload.pk << 24, (upload.pk + 1) << 24)).order_by("pk"))


def nik(number):
    return factories.person(number)["nik"]


def edit(team, row):  # noqa: F811
    return refusal_of(edit_support, row, by=team[1], changes={"name": "Nama Lain"}, revision=row.revision)


def remove(team, row):  # noqa: F811
    return refusal_of(remove_support, row, by=team[1], revision=row.revision)


def test_a_list_names_rows_by_report_id_nik_and_reference(team):  # noqa: F811
    upload = give(team, 1, 2, 3, 4)
    ids = [row.pk for row in rows_of(upload)]
    Support.objects.filter(pk=ids[2]).update(ref='A"1\\2')
    printed = report_of(upload, team[1])[0]["ID baris"]
    spaced = f"{nik(2)[:6]} {nik(2)[6:12]} {nik(2)[12:]}"
    lines = [
        "NIK",
        printed,
        "",
        f"'{spaced}",
        'A"1\\2'.replace('"', ""),
        "tidak ada",
        nik(2),
        nik(77),
        "\x00",
    ]
    found = find_named_rows(team[0], "awal", lines)
    assert (found.lines, found.found, found.repeated) == (6, 3, 1)
    assert found.missing == [5, 6, 8]
    assert found.ids == ids[:2]
    Support.objects.filter(pk=ids[2]).update(ref="A-1/{2}")
    assert find_named_rows(team[0], "awal", ["A-1/{2}"]).ids == [ids[2]]
    assert find_named_rows(team[0], "awal", ["A\x00B", "{}"]).missing == [1, 2]
    assert find_named_rows(team[0], "perbaikan_1", [printed]).missing == [1]


def test_rows_of_another_pair_are_not_found(team):  # noqa: F811
    give(team, 1)
    other = factories.pair(team[0].election, "Bayu Umpama – Kirana Andaikan")
    theirs = other, factories.operator(other, "operator2")
    upload = give(theirs, 5, name="lain.csv")
    printed = report_of(upload, theirs[1])[0]["ID baris"]
    assert find_named_rows(team[0], "awal", [printed, nik(5), nik(1)]).missing == [1, 2]
    code, sentence = refusal_of(propose, team[0], [printed, nik(5), nik(1)])
    assert code == "rows_not_found"
    assert sentence.startswith(
        "2 dari 3 baris daftar tidak ditemukan pada putaran itu (yang pertama: baris 1, 2)."
    )
    assert not Ruling.objects.exists()
    assert propose(team[0], [printed, nik(5), nik(1)], skip_missing=True).row_count == 1
    assert refusal_of(propose, team[0], [nik(5)], skip_missing=True)[0] == "rows_not_found"


def test_a_list_stands_if_and_only_if_rows_are_named(team):  # noqa: F811
    give(team, 1)
    assert refusal_of(propose, team[0], [])[0] == "rows_do_not_fit"
    assert refusal_of(propose, team[0], [nik(1)], covers="all")[0] == "rows_do_not_fit"
    assert refusal_of(propose, team[0], [nik(1)], opens="handing_in")[0] == "rows_do_not_fit"
    assert not RulingRow.objects.exists()


def test_other_rows_are_another_digest_and_no_nik_is_kept(team):  # noqa: F811
    upload = give(team, 1, 2)
    first = propose(team[0], [nik(1)])
    same, other = propose(team[0], [nik(1), nik(1)]), propose(team[0], [nik(2)])
    assert (first.row_count, first.row_digest) == (same.row_count, same.row_digest)
    assert first.row_digest != other.row_digest
    before = digest_of(first)
    first.row_digest = other.row_digest
    assert digest_of(first) != before
    kept = RulingRow.objects.filter(ruling=other).values_list("support_id", flat=True)
    assert list(kept) == [rows_of(upload)[1].pk]


def test_exactly_the_named_rows_are_edited_and_removed(team, approvers):  # noqa: F811
    upload = give(team, 1, 2, 3)
    one, two, three = rows_of(upload)
    end_the_windows()
    reopen(team[0], approvers, [nik(1), nik(2)])
    for answer in (edit(team, three), remove(team, three), discarding(team, upload)):
        assert answer[0] == "outside_the_ruling"
        assert answer[1].startswith(
            "Baris dari unggahan “data.csv” yang tidak disebut dalam putusan tidak dapat diubah atau dihapus. Masa "
            "pengisian dukungan dibuka berdasarkan Putusan 001/PS.REG/2024 hanya untuk baris yang disebut di "
            "dalamnya sampai "
        )
    assert refusal_of(add_supports, team[0], by=team[1], rows=[factories.person(9)])[0] == answer[0]
    assert edit(team, one) is None
    assert remove(team, two) is None
    assert [row.pk for row in rows_of(upload)] == [one.pk, three.pk]


def test_an_upload_of_named_rows_alone_may_go(team, approvers):  # noqa: F811
    upload, other = give(team, 1, 2), give(team, 3, name="lain.csv")
    end_the_windows()
    reopen(team[0], approvers, [nik(1), nik(2)])
    assert mending(team, other)[0] == removing(team, other)[0] == "outside_the_ruling"
    assert discarding(team, upload) is None


def test_a_mended_report_replaces_named_rows_and_no_others(team, approvers):  # noqa: F811
    upload = give(team, 1, 2)
    report = report_of(upload, team[1])
    end_the_windows()
    reopen(team[0], approvers, [nik(1)])
    for row in report:
        row["Nama"] = f"{row['Nama']} Baru"
    both = factories.loaded(*team, written(report), "keduanya.csv")
    assert (both.status, both.error_code) == ("failed", "outside_the_ruling")
    assert both.error_message.startswith(
        "Berkas ini memperbaiki 1 baris yang tidak disebut dalam putusan, sehingga tidak dapat diubah. Masa "
    )
    assert len(rows_of(upload)) == 2
    made = factories.loaded(*team, written(report[:1]), "satu.csv")
    assert (made.status, len(rows_of(upload)), len(rows_of(made))) == ("loaded", 1, 1)
    again = [row | {"Nama": "Nama Lagi"} for row in report_of(made, team[1])]
    assert factories.loaded(*team, written(again), "lagi.csv").status == "loaded"


def test_rows_are_removed_together_where_all_of_them_are_named(team, approvers):  # noqa: F811
    first, second = give(team, 1, 2), give(team, 3, 4, name="lain.csv")
    end_the_windows()
    reopen(team[0], approvers, [nik(1), nik(2), nik(3)])
    submission = first.submission
    wanted = Filter(upload=first.pk, audience=COMMISSION)
    assert preview_removal(submission, wanted).count == 2
    with pytest.raises(Refused, match=r"unggahan “lain\.csv” yang tidak disebut dalam putusan"):
        preview_removal(submission, Filter(upload=second.pk, audience=COMMISSION))


def test_a_hundred_thousand_lines_are_resolved_and_kept_by_as_many_statements_as_one(team):  # noqa: F811
    upload = give(team, 1)
    row = rows_of(upload)[0]
    copies = range(10, 100_009)
    Support.objects.bulk_create(
        (Support(pk=(upload.pk << 24) + n, submission_id=row.submission_id, ref=f"S-{n}") for n in copies),
        batch_size=20_000,
    )
    with CaptureQueriesContext(connection) as few:
        propose(team[0], [nik(1), "S-10"])
    with CaptureQueriesContext(connection) as many:
        ruling = propose(team[0], [nik(1), *(f"S-{n}" for n in copies)])
    assert len(many) == len(few)
    assert ruling.row_count == RulingRow.objects.filter(ruling=ruling).count() == 100_000
