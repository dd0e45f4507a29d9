"""Time of a pair's own: two people of KPU RI approve it, and its hours run from the real opening."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from candidates.models import Pair, Ruling, Window
from candidates.operations import open_by_ruling, open_window, withdraw_ruling
from candidates.queries import now, window_state
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.candidates.making import AWAL, approve, make_pair, make_ruling
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db


def approved_ruling(**changes):
    ruling = make_ruling(**changes)
    approve(ruling, by=somebody(Role.KPU_RI))
    return approve(ruling, by=somebody(Role.KPU_RI))


def test_two_people_of_kpu_ri_approve_and_neither_has_proposed():
    proposer, first, second = (somebody(Role.KPU_RI) for _ in range(3))
    ruling = make_ruling(by=proposer)
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            approve(ruling, by=proposer)
        assert caught.value.code == "approved_by_the_proposer"
    assert not approve(ruling, by=first).approved
    with pytest.raises(Refused) as caught:
        approve(ruling, by=first)
    assert caught.value.code == "approved_by_the_same_person"
    done = approve(ruling, by=second)
    assert done.approved
    assert (done.first_approved_by, done.second_approved_by) == (first, second)
    with pytest.raises(Conflict):
        approve(ruling, by=somebody(Role.KPU_RI))
    assert list(Event.objects.filter(name="ruling_approved").values_list("by_id", "pair_id")) == [
        (first.pk, ruling.pair_id),
        (second.pk, ruling.pair_id),
    ]


@pytest.mark.parametrize("role", [Role.KPU_PROVINCE, Role.KPU_REGENCY, Role.BAWASLU, Role.LO])
def test_nobody_else_approves(role):
    ruling = make_ruling()
    with pytest.raises(NotAllowed):
        approve(ruling, by=somebody(role, pair=ruling.pair_id))


def test_the_kpu_of_the_region_proposes_and_opens_and_that_of_another_does_not():
    here, elsewhere = somebody(Role.KPU_REGENCY), somebody((Role.KPU_REGENCY, "region", 6472))
    with pytest.raises(NotAllowed):
        make_ruling(by=elsewhere)
    ruling = approved_ruling(by=here)
    with pytest.raises(NotAllowed):
        open_by_ruling(ruling, by=elsewhere)
    assert len(open_by_ruling(ruling, by=here)) == 2


def test_nothing_opens_before_the_second_approval():
    ruling = make_ruling()
    approve(ruling, by=somebody(Role.KPU_RI))
    with pytest.raises(Refused) as caught:
        open_by_ruling(ruling, by=None)
    assert caught.value.code == "ruling_not_approved"
    assert not Window.objects.exists()


def test_hours_run_from_the_real_opening_by_the_database_s_clock():
    ruling = approved_ruling(hours=72)
    before = now()
    windows = open_by_ruling(ruling, by=None)
    after = now()
    assert {window.kind for window in windows} == {"filling", "handing_in"}
    for window in Window.objects.all():
        assert before <= window.opens_at <= after
        assert window.closes_at - window.opens_at == timedelta(hours=72)
        assert (window.pair_id, window.stage, window.decree) == (ruling.pair_id, "awal", ruling.document)
    with pytest.raises(Conflict):
        open_by_ruling(ruling, by=None)
    assert Event.objects.get(name="ruling_opened").pair_id == ruling.pair_id


def test_a_ruling_opens_its_kind_for_its_pair_only():
    ruling = approved_ruling(opens="filling")
    open_by_ruling(ruling, by=None)
    other = make_pair(ruling.pair.election, name="Pasangan Kenanga")
    assert window_state(ruling.pair, "filling").open
    assert not window_state(ruling.pair, "handing_in").open
    assert not window_state(other, "filling").open
    assert not window_state(ruling.pair, "filling", "perbaikan_1").open


def test_the_pair_is_told_where_its_ruling_stands():
    pair = make_pair()
    open_window(pair.election, by=None, **AWAL)
    ended = "Masa penyerahan dukungan berakhir 12 Mei 2024 pukul 23.59 WITA."
    waits = "Pembukaan kembali belum dibuka: menunggu"
    letter = "(surat nomor 001/PS.REG/64.6474/V/2024)."
    assert window_state(pair, "handing_in").reason == ended
    ruling = make_ruling(pair)
    assert window_state(pair, "handing_in").reason == f"{ended} {waits} persetujuan KPU RI {letter}"
    approve(ruling, by=somebody(Role.KPU_RI))
    approve(ruling, by=somebody(Role.KPU_RI))
    waiting = window_state(pair, "handing_in")
    assert waiting.reason == f"{ended} {waits} pembukaan oleh KPU {letter}"
    open_by_ruling(ruling, by=None)
    answer = window_state(pair, "handing_in")
    assert answer.open
    assert answer.reason.startswith(
        "Masa penyerahan dukungan dibuka berdasarkan Putusan 001/PS.REG/64.6474/V/2024 sampai "
    )


def test_the_state_is_judged_by_the_database_s_clock_in_three_queries(django_assert_num_queries):
    pair = make_pair()
    moment = timezone.now()
    day = timedelta(days=1)
    span = {"opens_at": moment - day, "closes_at": moment + day}
    open_window(pair.election, by=None, stage="awal", kind="filling", **span)
    pair = Pair.objects.select_related("election__rule_set").get(pk=pair.pk)
    with django_assert_num_queries(3):
        state = window_state(pair, "filling")
    assert state.open
    assert state.zone == "WITA"


def test_the_title_of_a_later_stage_is_read():
    pair = make_pair()
    span = {
        "opens_at": datetime(2024, 6, 3, tzinfo=UTC),
        "closes_at": datetime(2024, 6, 7, 15, 59, tzinfo=UTC),
    }
    open_window(pair.election, by=None, stage="perbaikan_1", kind="filling", **span)
    assert window_state(pair, "filling", "perbaikan_1").reason == (
        "Masa pengisian dukungan Perbaikan Kesatu berakhir 7 Juni 2024 pukul 23.59 WITA."
    )
    with pytest.raises(KeyError):
        window_state(pair, "filling", "perbaikan_9")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"hours": 0}, "impossible_number", "hours"),
        ({"hours": 721}, "impossible_number", "hours"),
        ({"stage": "final"}, "stage_unknown", "stage"),
        ({"kind": "surat"}, "invalid", "kind"),
        ({"opens": "door"}, "invalid", "opens"),
        ({"document": "  "}, "invalid", "document"),
        ({"covers": "some"}, "invalid", "covers"),
        ({"covers": "frozen"}, "rows_do_not_fit", "opens"),
        ({"covers": "new", "opens": "handing_in"}, "rows_do_not_fit", "covers"),
        ({"covers": "named"}, "rows_do_not_fit", "uploads"),
        ({"covers": "all", "upload_ids": [1]}, "rows_do_not_fit", "uploads"),
        ({"planned_at": datetime(2024, 6, 3, 8)}, "time_without_zone", "planned_at"),  # noqa: DTZ001
    ],
)
def test_what_no_ruling_can_be_is_refused_at_its_field(changes, code, field):
    with pytest.raises(Refused) as caught:
        make_ruling(**changes)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_pair_that_withdrew_gets_no_time():
    pair = make_pair()
    Pair.objects.filter(pk=pair.pk).update(status="withdrawn")
    pair.refresh_from_db()
    with pytest.raises(Refused) as caught:
        make_ruling(pair)
    assert caught.value.code == "pair_withdrawn"


def test_the_database_itself_asks_for_two_people():
    person = somebody(Role.KPU_RI)
    ruling = make_ruling()
    moment = timezone.now()
    both = {"second_approved_by": person, "second_approved_at": moment}
    for changes in (both, both | {"first_approved_by": person, "first_approved_at": moment}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Ruling.objects.filter(pk=ruling.pk).update(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"covers": "frozen", "opens": "both"},
        {"covers": "new", "opens": "handing_in"},
        {"covers": "named"},
        {"upload_ids": [1]},
        {"withdrawn_at": datetime(2024, 6, 3, tzinfo=UTC)},
    ],
)
def test_the_database_itself_knows_which_rows_fit(changes):
    ruling = make_ruling()
    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(**changes)


def test_a_promised_opening_is_said_with_its_letter():
    pair = make_pair()
    make_ruling(pair, planned_at=datetime(2024, 6, 3, 0, 0, tzinfo=UTC))
    assert window_state(pair, "handing_in").reason == (
        "Masa penyerahan dukungan belum dijadwalkan. Tunggu pengumuman jadwal dari KPU. Pembukaan kembali "
        "dijadwalkan 3 Juni 2024 pukul 08.00 WITA, belum dibuka: menunggu persetujuan KPU RI "
        "(surat nomor 001/PS.REG/64.6474/V/2024)."
    )


def test_the_rows_a_ruling_covers_are_those_of_its_window():
    pair = make_pair()
    ruling = make_ruling(pair, covers="named", upload_ids=[9, 7, 7], opens="filling")
    assert ruling.upload_ids == [7, 9]
    for _ in range(2):
        ruling = approve(ruling, by=somebody(Role.KPU_RI))
    open_by_ruling(ruling, by=None)
    rows = window_state(pair, "filling").rows
    assert (rows.add, rows.uploads) == (False, {7, 9})
    assert Event.objects.get(name="ruling_proposed").data["uploads"] == [7, 9]


def test_frozen_rows_open_handing_in_and_explain_the_closed_filling():
    pair = make_pair()
    ruling = make_ruling(pair, covers="frozen", opens="handing_in")
    for _ in range(2):
        ruling = approve(ruling, by=somebody(Role.KPU_RI))
    open_by_ruling(ruling, by=None)
    assert window_state(pair, "handing_in").open
    filling = window_state(pair, "filling")
    assert not filling.open
    assert (
        "Putusan 001/PS.REG/64.6474/V/2024 hanya membuka penyerahan dengan jumlah baris tetap"
        in filling.reason
    )


def test_a_withdrawn_ruling_goes_no_further_and_is_kept_with_its_reason():
    officer = somebody(Role.KPU_REGENCY)
    ruling = make_ruling(by=officer)
    approve(ruling, by=somebody(Role.KPU_RI))
    with pytest.raises(Refused) as caught:
        withdraw_ruling(ruling, by=officer, reason="  ")
    assert (caught.value.code, caught.value.field) == ("reason_missing", "reason")
    gone = withdraw_ruling(ruling, by=officer, reason="Salah  pasangan")
    assert (gone.withdrawn_by, gone.withdrawn_reason) == (officer, "Salah pasangan")
    assert Event.objects.get(name="ruling_withdrawn").data == {"reason": "Salah pasangan"}
    for step in (
        lambda: approve(ruling, by=somebody(Role.KPU_RI)),
        lambda: open_by_ruling(ruling, by=None),
        lambda: withdraw_ruling(ruling, by=officer, reason="lagi"),
    ):
        with pytest.raises(Conflict) as caught:
            step()
        assert caught.value.code == "ruling_withdrawn"
    assert "Pembukaan kembali" not in window_state(ruling.pair, "filling").reason
    assert Ruling.objects.count() == 1


def test_what_is_open_is_not_withdrawn_and_no_stranger_withdraws():
    ruling = approved_ruling()
    with pytest.raises(NotAllowed):
        withdraw_ruling(ruling, by=somebody((Role.KPU_REGENCY, "region", 6472)), reason="x")
    open_by_ruling(ruling, by=None)
    with pytest.raises(Conflict) as caught:
        withdraw_ruling(ruling, by=somebody(Role.KPU_REGENCY), reason="x")
    assert caught.value.code == "ruling_already_opened"
    assert window_state(ruling.pair, "filling").open
