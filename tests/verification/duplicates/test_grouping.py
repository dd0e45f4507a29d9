"""Rows that give one person or one telephone several times are grouped once, when the verification begins."""

import pytest

from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import SOUTH
from tests.verification.duplicates.groups import PHONE, ROWS, Scene, check_groups, later_round
from tests.verification.rounds import in_review
from verification.deciding import decide, undo
from verification.duplicates.grouping import JOB, find_again, queue_grouping
from verification.duplicates.models import Group, GroupArea, GroupCount, Grouping

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    return Scene()


def rows_of(group):
    """The numbers of the rows in their file."""
    ids = group.member_rows.order_by("support_id").values_list("support_id", flat=True)
    return [pk & 0xFFFFFF for pk in ids]


def counts(submission):
    found = GroupCount.objects.filter(submission=submission).order_by("kind")
    return {one.kind: (one.groups, one.waiting) for one in found}


def test_each_kind_has_its_groups(scene):
    groups = {one.kind: rows_of(one) for one in Group.objects.all()}
    assert groups == {"identical": [2, 3], "nik": [4, 5, 6], "phone": [7, 8, 9]}
    assert counts(scene.submission) == {"identical": (1, 1), "nik": (1, 1), "phone": (1, 1)}
    areas = GroupArea.objects.filter(kind="nik").order_by("area").values_list("area", flat=True)
    assert list(areas) == [647401, 647402]
    check_groups()


def test_groups_follow_every_decision_and_its_undoing(scene):
    decide(scene.row(2), by=scene.person, status="MS")
    decide(scene.row(3), by=scene.person, status="TMS", reasons=["DUPLICATE_IDENTICAL"])
    check_groups()
    assert counts(scene.submission)["identical"] == (1, 0)
    undo(scene.row(3), by=scene.person)
    check_groups()
    assert counts(scene.submission)["identical"] == (1, 1)


def test_people_of_an_earlier_round_stand_in_the_later_one_with_their_old_rows(scene):
    rows = [factories.person(1), factories.person(7, **SOUTH), factories.person(30)]
    later = later_round(scene, rows)
    found = Group.objects.filter(submission=later).order_by("id")
    assert [(one.kind, one.members, one.waiting, rows_of(one)) for one in found] == [
        ("round", 3, 1, [2, 3, 2]),
        ("round", 2, 1, [11, 3]),
    ]
    assert counts(later) == {"round": (2, 2)}
    # The earlier round has the groups that it had.
    assert counts(scene.submission) == {"identical": (1, 1), "nik": (1, 1), "phone": (1, 1)}
    check_groups()


def test_found_once_they_stay(scene):
    before = list(Group.objects.order_by("id").values_list("id", "members"))
    queue_grouping(scene.submission, by=scene.office)
    factories.loaded(*_other_pair(scene), [factories.person(1), factories.person(12, phone=PHONE)])
    factories.work()
    assert list(Group.objects.order_by("id").values_list("id", "members")) == before
    with pytest.raises(Conflict, match="sudah atau sedang disusun"):
        find_again(scene.submission, by=scene.office)


def _other_pair(scene):
    other = factories.pair(scene.team[0].election, "Sari Umpama – Bayu Contoh")
    return other, factories.operator(other, "operator-lain")


def test_rows_decided_before_the_job_came_are_not_said_to_wait():
    _team, _office, review = in_review(ROWS, rule_set="pkpu8-2024")
    Standing.objects.filter(submission=review.submission).update(vermin="TMS")
    factories.work()
    assert set(Group.objects.values_list("waiting", flat=True)) == {0}
    assert counts(review.submission)["nik"] == (1, 0)


def test_a_job_that_failed_is_asked_for_again_by_the_office(scene):
    Group.objects.all().delete()
    Grouping.objects.update(found_at=None, job=None)
    Job.objects.filter(kind=JOB).update(state="failed")
    with pytest.raises(Refused):
        find_again(scene.submission, by=factories.user("jauh", Role.KPU_REGENCY, 6471))
    find_again(scene.submission, by=scene.office)
    factories.work()
    assert Group.objects.count() == 3
    assert counts(scene.submission) == {"identical": (1, 1), "nik": (1, 1), "phone": (1, 1)}
