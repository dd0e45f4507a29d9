"""Time of a pair's own: two people of KPU RI approve it, and its hours run from the real opening."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from candidates.models import Pair, Ruling, Window
from candidates.operations import approve_ruling, open_by_ruling, open_window
from candidates.queries import now, window_state
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.candidates.making import AWAL, make_pair, make_ruling
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db


def approved_ruling(**changes):
    ruling = make_ruling(**changes)
    approve_ruling(ruling, by=somebody(Role.KPU_RI))
    return approve_ruling(ruling, by=somebody(Role.KPU_RI))


def test_two_people_of_kpu_ri_approve_and_one_of_them_may_have_proposed():
    first, second = somebody(Role.KPU_RI), somebody(Role.KPU_RI)
    ruling = make_ruling(by=first)
    assert not approve_ruling(ruling, by=first).approved
    with pytest.raises(Refused) as caught:
        approve_ruling(ruling, by=first)
    assert caught.value.code == "approved_by_the_same_person"
    done = approve_ruling(ruling, by=second)
    assert done.approved
    assert (done.first_approved_by, done.second_approved_by) == (first, second)
    with pytest.raises(Conflict):
        approve_ruling(ruling, by=somebody(Role.KPU_RI))
    assert list(Event.objects.filter(name="ruling_approved").values_list("by_id", "pair_id")) == [
        (first.pk, ruling.pair_id),
        (second.pk, ruling.pair_id),
    ]


@pytest.mark.parametrize("role", [Role.KPU_PROVINCE, Role.KPU_REGENCY, Role.BAWASLU, Role.LO])
def test_nobody_else_approves(role):
    ruling = make_ruling()
    with pytest.raises(NotAllowed):
        approve_ruling(ruling, by=somebody(role, pair=ruling.pair_id))


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
    approve_ruling(ruling, by=somebody(Role.KPU_RI))
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
    named = "Pembukaan kembali berdasarkan Putusan 001/PS.REG/64.6474/V/2024"
    assert window_state(pair, "handing_in").reason == ended
    ruling = make_ruling(pair)
    assert window_state(pair, "handing_in").reason == f"{ended} {named} menunggu persetujuan KPU RI."
    approve_ruling(ruling, by=somebody(Role.KPU_RI))
    approve_ruling(ruling, by=somebody(Role.KPU_RI))
    waiting = window_state(pair, "handing_in")
    assert waiting.reason == f"{ended} {named} sudah disetujui, menunggu dibuka oleh KPU."
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
