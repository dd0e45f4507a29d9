"""Raw SQL cannot change the number of a round that was handed in: not the application's, and not the owner's."""

import io

import pytest
from django.db import IntegrityError, connections, transaction

from foundation import sql
from supports.models import Standing, Submission, Tally
from supports.progress import progress
from tests.factories import loaded, operator, pair, person
from tests.supports.test_at_once import Meanwhile
from tests.supports.test_counts import recounted

pytestmark = pytest.mark.usefixtures("committed")

OF_ROWS = {
    "a row is added": "INSERT INTO supports_standing (support_id, submission_id, area, sound, clean, vermin)"
    " VALUES (77, %(round)s, 6474011001, true, true, 'unverified')",
    "a row goes": "DELETE FROM supports_standing WHERE support_id ="
    " (SELECT min(support_id) FROM supports_standing WHERE submission_id = %(round)s)",
    "a row goes to another round": "UPDATE supports_standing SET submission_id = 0 WHERE submission_id = %(round)s",
    "a row comes from another round": "UPDATE supports_standing SET submission_id = %(round)s"
    " WHERE submission_id <> %(round)s",
    "a row changes its area": "UPDATE supports_standing SET area = 6474011002 WHERE submission_id = %(round)s",
    "rows are merged in": "MERGE INTO supports_standing USING (SELECT 77) AS new (id) ON support_id = id"
    " WHEN NOT MATCHED THEN INSERT (support_id, submission_id, area, sound, clean, vermin)"
    " VALUES (id, %(round)s, 6474011001, true, true, 'unverified')",
}
OF_COUNTS = {
    "a count is raised": "UPDATE supports_tally SET n = n + 1 WHERE submission_id = %(round)s AND key = 'unverified'",
    "a count is zeroed": "UPDATE supports_tally SET n = 0 WHERE submission_id = %(round)s",
    "a count goes": "DELETE FROM supports_tally WHERE submission_id = %(round)s",
    "a count is added": "INSERT INTO supports_tally (submission_id, area, key, n)"
    " VALUES (%(round)s, 6474011009, 'MS', 1)",
    "a count is renamed": "UPDATE supports_tally SET key = 'other'"
    " WHERE submission_id = %(round)s AND key = 'unverified'",
    "a count changes its area": "UPDATE supports_tally SET area = 6474011009"
    " WHERE submission_id = %(round)s AND key = 'unverified'",
    "a count goes to another round": "UPDATE supports_tally SET submission_id = 0"
    " WHERE submission_id = %(round)s AND key = 'unverified'",
    "the counts are emptied": "TRUNCATE supports_tally",
    "the standings are emptied": "TRUNCATE supports_standing",
    "the rows are emptied": "TRUNCATE supports_support",
    "all is emptied": "TRUNCATE supports_support, supports_standing, supports_finding, supports_tally CASCADE",
}
OF_DECISIONS = {
    "a row is decided": "UPDATE supports_standing SET vermin = 'TMS' WHERE submission_id = %(round)s"
    " AND vermin = 'unverified'",
    "a decision is another": "UPDATE supports_standing SET vermin = 'TMS' WHERE submission_id = %(round)s"
    " AND vermin = 'MS'",
    "a decision is taken back": "UPDATE supports_standing SET vermin = 'unverified' WHERE submission_id = %(round)s",
    # As many of each as before, so that no count changes.
    "two decisions change places": "UPDATE supports_standing SET vermin ="
    " CASE vermin WHEN 'MS' THEN 'BMS' WHEN 'BMS' THEN 'MS' ELSE vermin END WHERE submission_id = %(round)s",
    "a decision is merged in": "MERGE INTO supports_standing USING (SELECT %(round)s AS id) AS of"
    " ON submission_id = of.id WHEN MATCHED THEN UPDATE SET vermin = 'TMS'",
    "a decided row gets another id": "UPDATE supports_standing SET support_id = 77"
    " WHERE submission_id = %(round)s AND vermin = 'MS'",
}
FROZEN = sorted(set(Submission.machine.states) - {"draft", "returned", "reopened"})


@pytest.fixture
def frozen():
    """A round with three rows that was handed in, beside another pair's that is still being filled."""
    one = pair()
    loaded(one, operator(one), [person(1), person(2), person(3)])
    other = pair(one.election, name="Bayu Umpama – Kirana Andaikan")
    loaded(other, operator(other, "operator-b"), [person(4)])
    submission = Submission.objects.get(pair=one)
    Submission.objects.filter(pk=submission.pk).update(status="submitted")
    return submission


def refuse(role, change, submission):
    """The change is refused to the role, and nothing of it is there."""
    before = recounted(submission)
    try:
        refused = pytest.raises(IntegrityError, match="submitted round cannot change")
        with refused, transaction.atomic(using=role), connections[role].cursor() as cursor:
            cursor.execute(change, {"round": submission.pk})
    finally:
        if role != "default":
            connections[role].close()
    counts = Tally.objects.filter(submission=submission, n__gt=0)
    assert {(one.area, one.key): one.n for one in counts} == recounted(submission) == before
    assert progress(submission.pair).submitted == 3


@pytest.mark.parametrize("role", ["default", "owner"])
@pytest.mark.parametrize("change", OF_ROWS)
def test_rows_of_a_submitted_round_stay(frozen, role, change):
    refuse(role, OF_ROWS[change], frozen)


@pytest.mark.parametrize("change", OF_COUNTS)
def test_counts_of_a_submitted_round_stay_even_for_their_owner(frozen, change):
    refuse("owner", OF_COUNTS[change], frozen)


def test_rows_cannot_be_copied_into_a_submitted_round(frozen):
    row = io.BytesIO(f"77,{frozen.pk},6474011001,t,t,unverified\n".encode())
    columns = ("support_id", "submission_id", "area", "sound", "clean", "vermin")
    with pytest.raises(IntegrityError, match="submitted round cannot change"), transaction.atomic():
        sql.copy_rows("supports_standing", columns, row)
    assert progress(frozen.pair).submitted == 3


@pytest.mark.parametrize("status", FROZEN)
def test_number_stays_in_every_later_state(frozen, status):
    Submission.objects.filter(pk=frozen.pk).update(status=status)
    refuse("default", OF_ROWS["a row goes"], frozen)
    refuse("owner", OF_COUNTS["a count is raised"], frozen)


def test_decisions_are_counted_and_the_sum_stays(frozen):
    Submission.objects.filter(pk=frozen.pk).update(status="in_review")
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE supports_standing SET vermin = 'MS' WHERE submission_id = %s", [frozen.pk])
        assert cursor.rowcount == 3
    assert progress(frozen.pair).submitted == 3
    assert dict(Tally.objects.filter(submission=frozen, key="MS").values_list("key", "n")) == {"MS": 3}


def test_round_that_is_open_again_may_change(frozen):
    Submission.objects.filter(pk=frozen.pk).update(status="reopened")
    with connections["default"].cursor() as cursor:
        cursor.execute(OF_ROWS["a row goes"], {"round": frozen.pk})
    assert progress(frozen.pair).submitted == 2


@pytest.fixture
def closed(frozen):
    """The same round with one row of each kind, closed."""
    Submission.objects.filter(pk=frozen.pk).update(status="in_review")
    decide = (
        "UPDATE supports_standing SET vermin = (ARRAY['MS', 'BMS', 'unverified'])[support_id %% 3 + 1]"
        " WHERE submission_id = %s"
    )
    assert sql.execute(decide, [frozen.pk]) == 3
    Submission.objects.filter(pk=frozen.pk).update(status="closed")
    return frozen


def decided(submission):
    found = Standing.objects.filter(submission=submission).order_by("support_id")
    return list(found.values_list("support_id", "vermin"))


@pytest.mark.parametrize("role", ["default", "owner"])
@pytest.mark.parametrize("change", OF_DECISIONS)
def test_decisions_of_a_closed_round_stay(closed, role, change):
    before, counts = decided(closed), recounted(closed)
    assert sorted(vermin for _id, vermin in before) == ["BMS", "MS", "unverified"]
    try:
        refused = pytest.raises(IntegrityError, match="changes only while its round is in review")
        with refused, transaction.atomic(using=role), connections[role].cursor() as cursor:
            cursor.execute(OF_DECISIONS[change], {"round": closed.pk})
    finally:
        if role != "default":
            connections[role].close()
    assert decided(closed) == before
    assert recounted(closed) == counts


@pytest.mark.parametrize("status", sorted(set(Submission.machine.states) - {"in_review"}))
def test_decisions_stay_in_every_state_but_review(closed, status):
    Submission.objects.filter(pk=closed.pk).update(status=status)
    for change in OF_DECISIONS.values():
        with pytest.raises(IntegrityError, match="in review"), transaction.atomic():
            sql.execute(change, {"round": closed.pk})


def test_a_row_never_comes_in_decided(frozen):
    Submission.objects.filter(pk=frozen.pk).update(status="draft")
    added = OF_ROWS["a row is added"].replace("unverified", "MS")
    with pytest.raises(IntegrityError, match="comes into a round undecided"), transaction.atomic():
        sql.execute(added, {"round": frozen.pk})


def test_a_decision_by_raw_sql_waits_for_the_closing_and_is_refused(closed):
    Submission.objects.filter(pk=closed.pk).update(status="in_review")
    with transaction.atomic():
        Submission.objects.filter(pk=closed.pk).update(status="closed")
        raw = Meanwhile(sql.execute, OF_DECISIONS["a row is decided"], {"round": closed.pk})
        raw.join(0.5)
        assert raw.is_alive()
    assert "in review" in str(raw.wait())
