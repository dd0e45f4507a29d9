"""What a ruling opens for whom: the rows it covers may change while it is open, and no others."""

from datetime import timedelta

import pytest

from candidates.models import Window
from candidates.operations import open_by_ruling
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.errors import Refused
from supports import operations
from supports.models import Support, Upload
from supports.moving import ends_of
from supports.rows import add_supports, edit_support, remove_support
from tests import factories
from tests.candidates.making import approve, make_ruling
from tests.supports.mended import report_of, written

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team(committed):
    pair = factories.pair()
    return pair, factories.operator(pair)


@pytest.fixture
def approvers(committed):
    return [factories.user(name, Role.KPU_RI) for name in ("kpu-ri", "kpu-ri-2")]


def give(team, number, name="data.csv", **more):
    return factories.loaded(*team, [factories.person(number)], name, **more)


def end_the_windows():
    """As if the last one had ended a minute ago."""
    Window.objects.update(closes_at=now() - timedelta(minutes=1))


def reopen(pair, approvers, **terms):
    ruling = make_ruling(pair, **terms)
    for person in approvers:
        ruling = approve(ruling, by=person)
    open_by_ruling(ruling, by=None)


def row_of(upload):
    return Support.objects.select_related("submission__pair__election__rule_set").get(
        pk__range=(upload.pk << 24, (upload.pk + 1) << 24)
    )


def refusal_of(call, *args, **more):
    """The code of what is refused, with its sentence; None when it is done."""
    try:
        call(*args, **more)
    except Refused as refusal:
        return refusal.code, refusal.message
    return None


def adding(team):
    return refusal_of(factories.upload, *team, [factories.person(50)], "baru.csv")


def mending(team, upload):
    row = row_of(upload)
    return refusal_of(edit_support, row, by=team[1], changes={"name": "Nama Lain"}, revision=row.revision)


def removing(team, upload):
    row = row_of(upload)
    return refusal_of(remove_support, row, by=team[1], revision=row.revision)


def discarding(team, upload):
    return refusal_of(operations.discard_upload, Upload.objects.get(pk=upload.pk), by=team[1])


def test_a_closed_window_keeps_every_row_as_it_is(team):
    upload = give(team, 1)
    end_the_windows()
    answers = [adding(team), mending(team, upload), removing(team, upload), discarding(team, upload)]
    assert {code for code, _sentence in answers} == {"window_closed"}
    assert {sentence for _code, sentence in answers} == {answers[0][1]}
    assert answers[0][1].startswith("Masa pengisian dukungan berakhir ")


def test_all_rows_may_change_again(team, approvers):
    upload, other = give(team, 1), give(team, 2, "lain.csv")
    end_the_windows()
    reopen(team[0], approvers)
    assert adding(team) is None
    assert mending(team, upload) is None
    assert removing(team, upload) is None
    assert discarding(team, other) is None


def test_new_rows_are_added_and_mended_and_the_old_ones_stay(team, approvers):
    upload = give(team, 1)
    end_the_windows()
    reopen(team[0], approvers, covers="new", opens="filling")
    for answer in (mending(team, upload), removing(team, upload), discarding(team, upload)):
        assert answer[0] == "outside_the_ruling"
        assert answer[1].startswith(
            "Baris dari unggahan “data.csv” tidak dapat diubah atau dihapus. Masa pengisian dukungan dibuka "
            "berdasarkan Putusan 001/PS.REG/64.6474/V/2024 hanya untuk baris baru sampai "
        )
    new = give(team, 2, "baru.csv")
    assert add_supports(team[0], by=team[1], rows=[factories.person(3)])
    assert mending(team, new) is None
    assert discarding(team, new) is None


def test_named_rows_are_mended_and_none_are_added(team, approvers):
    named, other = give(team, 1), give(team, 2, "lain.csv")
    end_the_windows()
    reopen(team[0], approvers, covers="named", upload_ids=[named.pk], opens="filling")
    code, sentence = refusal_of(add_supports, team[0], by=team[1], rows=[factories.person(3)])
    assert code == "outside_the_ruling"
    assert sentence.startswith(
        "Baris baru tidak dapat ditambahkan. Masa pengisian dukungan dibuka berdasarkan "
    )
    assert " hanya untuk baris dari unggahan yang disebut di dalamnya sampai " in sentence
    new = give(team, 3, "baru.csv")
    assert (new.status, new.error_code) == ("failed", code)
    assert new.error_message.startswith(
        "Berkas ini memuat 1 baris, tetapi hanya 0 di antaranya memperbaiki baris yang dibuka. "
    )
    assert mending(team, other)[0] == removing(team, other)[0] == discarding(team, other)[0] == code
    assert mending(team, named) is None
    assert removing(team, named) is None


def test_a_frozen_number_of_rows_stays_what_it_is(team, approvers):
    upload = give(team, 1)
    end_the_windows()
    reopen(team[0], approvers, covers="frozen", opens="handing_in")
    for answer in (adding(team), mending(team, upload), removing(team, upload), discarding(team, upload)):
        assert answer[0] == "window_closed"
        assert answer[1].endswith(
            "Putusan 001/PS.REG/64.6474/V/2024 hanya membuka penyerahan dengan jumlah baris tetap: "
            "dukungan tidak dapat ditambah, diubah, atau dihapus."
        )
    assert Support.objects.count() == 1


def test_a_ruling_never_takes_away_what_the_election_allows(team, approvers):
    upload = give(team, 1)
    reopen(team[0], approvers, covers="new", opens="filling")
    assert mending(team, upload) is None
    assert discarding(team, upload) is None


def mended(team, upload, *more):
    """What comes of the upload's report, each name mended, and further rows."""
    rows = report_of(upload, team[1])
    for row in rows:
        row["Nama"] = f"{row['Nama']} Baru"
    return factories.loaded(*team, written([*rows, *more]), f"dibenahi-{upload.pk}-{len(more)}.csv")


def names():
    return sorted(Support.objects.values_list("name", flat=True))


def test_under_new_rows_a_mended_report_replaces_no_old_ones(team, approvers):
    upload = give(team, 1)
    before = names()
    end_the_windows()
    reopen(team[0], approvers, covers="new", opens="filling")
    made = mended(team, upload)
    assert (made.status, made.error_code) == ("failed", "outside_the_ruling")
    assert made.error_message.startswith(
        "Berkas ini memperbaiki baris dari unggahan “data.csv”, yang tidak dapat "
    )
    assert names() == before
    added = give(team, 2, "baru.csv")
    assert mended(team, added).status == "loaded"
    assert len(names()) == 2


def test_under_named_rows_a_mended_report_replaces_them_again_and_again(team, approvers):
    named, other = give(team, 1), give(team, 2, "lain.csv")
    end_the_windows()
    reopen(team[0], approvers, covers="named", upload_ids=[named.pk], opens="filling")
    first = mended(team, named)
    assert (first.status, len(names())) == ("loaded", 2)
    again = mended(team, first)
    assert again.status == "loaded"
    assert names() == sorted([f"{factories.person(1)['name']} Baru Baru", factories.person(2)["name"]])
    more = {factories.HEADINGS[name]: value for name, value in factories.person(9).items()}
    grown = mended(team, again, more)
    assert (grown.status, grown.error_code) == ("failed", "outside_the_ruling")
    assert grown.error_message.startswith("Berkas ini memuat 2 baris, tetapi hanya 1 di antaranya ")
    assert mended(team, other).error_message.startswith(
        "Berkas ini memperbaiki baris dari unggahan “lain.csv”"
    )
    assert len(names()) == 2


def test_under_named_rows_none_come_from_the_pool_and_all_may_come_into_it(team, approvers):
    named = give(team, 1)
    end_the_windows()
    reopen(team[0], approvers, covers="named", upload_ids=[named.pk], opens="filling")
    assert add_supports(team[0], by=team[1], rows=[factories.person(5)], target="pool")
    assert give(team, 6, "cadangan.csv", target="pool").status == "loaded"
    code, sentence = refusal_of(ends_of, team[0], "round")
    assert (code, sentence[:35]) == ("outside_the_ruling", "Baris baru tidak dapat ditambahkan.")
