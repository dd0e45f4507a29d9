"""One person is counted once: in single decisions, in bulk, across rounds, and by two who decide at one moment."""

import pytest
from django.db import IntegrityError, transaction

from foundation.accounts.matrix import Role
from foundation.errors import Refused
from supports.listing import Filter
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import SOUTH
from tests.supports.holding import wait_until_somebody_waits
from tests.supports.test_at_once import Meanwhile
from tests.supports.test_counts import check_everything
from tests.verification.duplicates.groups import Scene, check_groups, later_round
from tests.verification.rounds import BONTANG, held_by
from verification import bulk
from verification.deciding import decide, undo
from verification.duplicates.models import Counted, Grouping, Member
from verification.models import Bulk, Decision

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    return Scene()


def ms(submission):
    """The numbers of the rows that count."""
    found = Standing.objects.filter(submission=submission, vermin="MS").order_by("support_id")
    return [pk & 0xFFFFFF for pk in found.values_list("support_id", flat=True)]


@pytest.mark.parametrize(("one", "other"), [(2, 3), (4, 6)], ids=["identical", "other data"])
def test_second_row_of_a_person_is_refused_and_names_the_first(scene, one, other):
    decide(scene.row(one), by=scene.person, status="MS")
    with pytest.raises(
        Refused, match=rf"data\.csv baris {one}, .*Awal.*Satu orang dihitung satu kali"
    ) as refused:
        decide(scene.row(other), by=scene.person, status="MS")
    assert (refused.value.code, refused.value.field) == ("person_counted", "status")
    assert ms(scene.submission) == [one]
    assert scene.row(other).pk in held_by(scene.person)
    decide(scene.row(other), by=scene.person, status="TMS", reasons=["DUPLICATE_NIK"])
    check_everything(scene.submission)


def test_way_out_is_to_take_the_first_back(scene):
    decide(scene.row(2), by=scene.person, status="MS")
    undo(scene.row(2), by=scene.person)
    assert Counted.objects.count() == 0
    decide(scene.row(3), by=scene.person, status="MS")
    with pytest.raises(Refused, match="baris 3"):
        decide(scene.row(2), by=scene.person, status="MS")
    assert ms(scene.submission) == [3]


def test_who_comes_once_costs_no_record(scene):
    decide(scene.row(10), by=scene.person, status="MS")
    assert Counted.objects.count() == 0


def test_person_counted_in_an_earlier_round_is_not_counted_again(scene):
    decide(scene.row(11), by=scene.person, status="MS")  # alone in its round: nothing to take
    later = later_round(scene, [factories.person(7, **SOUTH), factories.person(1)])
    with pytest.raises(Refused, match=r"data\.csv baris 11, .*Awal"):
        decide(scene.row(2, later), by=scene.person, status="MS")
    decide(scene.row(3, later), by=scene.person, status="MS")  # unverified in the first round
    assert (ms(scene.submission), ms(later)) == ([11], [3])


def test_two_decided_at_one_moment_leave_one(scene):
    with transaction.atomic():
        decide(scene.row(2), by=scene.person, status="MS")
        other = Meanwhile(decide, scene.row(3), by=scene.person, status="MS")
        wait_until_somebody_waits()
    refused = other.wait()
    assert isinstance(refused, Refused) and "baris 2" in refused.message
    assert ms(scene.submission) == [2]
    check_groups()


def test_who_waited_goes_on_when_the_first_comes_to_nothing(scene):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        decide(scene.row(2), by=scene.person, status="MS")
        other = Meanwhile(decide, scene.row(3), by=scene.person, status="MS")
        wait_until_somebody_waits()
        raise ZeroDivisionError
    assert isinstance(other.wait(), Decision)
    assert ms(scene.submission) == [3]


@pytest.mark.parametrize("found", [True, False], ids=["groups are found", "groups are not found yet"])
def test_database_refuses_what_was_not_taken(scene, found):
    assert Grouping.objects.exclude(found_at=None).exists()
    if not found:
        Grouping.objects.update(found_at=None)
        Member.objects.all().delete()
    decide(scene.row(2), by=scene.person, status="MS")
    row = scene.row(3)
    with pytest.raises(IntegrityError, match="a person is counted once"), transaction.atomic():
        Decision.objects.create(
            submission=row.submission,
            support_id=row.pk,
            before="unverified",
            after="MS",
            reasons=[],
            by=scene.person,
        )


def test_bulk_decision_counts_each_person_once_and_leaves_the_others_waiting(scene):
    decide(scene.row(6), by=scene.person, status="MS")
    second = factories.user("kpu-2", Role.KPU_REGENCY, BONTANG)
    wanted = Filter(area=6474)
    token = bulk.preview_bulk(scene.submission, wanted).token
    made = bulk.propose_bulk(scene.review, wanted, by=scene.office, status="MS", token=token)
    bulk.approve_bulk(made, by=second)
    factories.work()
    made = Bulk.objects.get()
    assert (made.status, made.decided, made.passed_over, made.doubled) == ("done", 7, 0, 3)
    assert ms(scene.submission) == [2, 6, 7, 8, 9, 10, 11, 12]
    assert held_by(scene.person) == set(scene.ids(3, 4, 5))
    check_everything(scene.submission)
    check_groups()
    bulk.undo_bulk(made, by=second)
    factories.work()
    assert ms(scene.submission) == [6]
    assert [one.support_id for one in Counted.objects.all()] == scene.ids(6)
    check_groups()
