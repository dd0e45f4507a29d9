"""A status moves by the table alone: the right role, from the right state, one winner, one Event."""

import pytest
from django.db import IntegrityError, transaction

from candidates.models import Pair
from foundation import sql
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from foundation.workflow.models import Event
from foundation.workflow.table import PAIR, UPLOAD
from supports.models import Upload
from tests.factories import loaded, operator, pair, person, upload, user
from tests.foundation.jobs.scripts import Worker
from tests.stack import PATIENCE, wait_until
from tests.supports.holding import held_at, waiting

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def officer(committed):
    return user("kpu", Role.KPU_REGENCY, 6474)


def events(subject):
    """What was written about the subject: [(name, by, data)]."""
    found = Event.objects.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk).order_by("id")
    return list(found.values_list("name", "by_id", "data"))


def test_move_changes_the_row_and_writes_one_event(officer):
    made = pair()
    before = events(made)
    engine.move(made, "withdraw", by=officer, data={"document": "12/BA/2024"})
    assert made.status == Pair.objects.get().status == "withdrawn"
    assert events(made)[len(before) :] == [
        ("pair_withdraw", officer.pk, {"status": "withdrawn", "document": "12/BA/2024"})
    ]
    event = Event.objects.latest("id")
    assert (event.pair_id, event.election_id) == (made.pk, made.election_id)


def test_further_changes_go_in_the_same_update():
    made = pair()
    one = upload(made, operator(made), [person(1)])
    engine.move(one, "fail", by=None, error_code="X", error_message="Sebab.")
    stored = Upload.objects.get()
    assert (stored.status, stored.error_code, stored.error_message) == ("failed", "X", "Sebab.")
    assert (one.status, one.error_code) == ("failed", "X")


@pytest.mark.parametrize("role", [Role.OPERATOR, None])
def test_role_that_may_not_is_refused_and_nothing_is_written(role):
    made = pair()
    by = operator(made) if role else None
    before = events(made)
    with pytest.raises(Refused) as refusal:
        engine.move(made, "withdraw", by=by)
    assert refusal.value.code == "not_yours_to_move"
    assert "Catat pengunduran diri" in refusal.value.message
    assert (Pair.objects.get().status, events(made)) == ("active", before)


def test_move_from_another_state_is_a_conflict_that_says_the_state(officer):
    made = pair()
    engine.move(made, "withdraw", by=officer)
    before = events(made)
    with pytest.raises(Conflict) as refusal:
        engine.move(made, "qualify", by=officer)
    assert refusal.value.code == "state_changed"
    assert "Mengundurkan diri" in refusal.value.message
    assert (Pair.objects.get().status, events(made)) == ("withdrawn", before)


def test_who_looked_before_somebody_moved_is_told(officer):
    made = pair()
    stale = Pair.objects.get()
    engine.move(made, "withdraw", by=officer)
    with pytest.raises(Conflict):
        engine.move(stale, "qualify", by=officer)
    assert stale.status == "withdrawn"


def test_of_many_at_once_one_wins_and_writes_the_only_event(officer):
    made = pair()
    before = events(made)
    movers = [
        Worker(carry=lambda name=name: engine.move(Pair.objects.get(), name, by=officer))
        for name in ("withdraw", "fail", "qualify", "withdraw")
    ]
    with held_at(f"SELECT FROM candidates_pair WHERE id = {made.pk} FOR UPDATE"):
        for mover in movers:
            mover.start()
        wait_until(lambda: len(waiting()) == len(movers))
    for mover in movers:
        mover.join(PATIENCE)
    assert sorted(type(mover.error).__name__ for mover in movers) == ["Conflict"] * 3 + ["NoneType"]
    (written,) = events(made)[len(before) :]
    assert written[2]["status"] == Pair.objects.get().status


def test_event_goes_when_the_move_is_rolled_back(officer):
    made = pair()
    before = events(made)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        engine.move(made, "withdraw", by=officer)
        raise ZeroDivisionError
    assert (Pair.objects.get().status, events(made)) == ("active", before)


def test_reason_is_known_before_the_button_is_pressed(officer):
    withdraw = PAIR.move("withdraw")
    assert engine.why_not(PAIR, withdraw, "active", officer) is None
    assert engine.why_not(PAIR, withdraw, "failed", officer).code == "state_changed"
    assert engine.why_not(UPLOAD, UPLOAD.move("load"), "received", officer).code == "not_yours_to_move"
    assert engine.why_not(UPLOAD, UPLOAD.move("load"), "received", None) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE candidates_pair SET status = 'flying'",
        "UPDATE supports_submission SET status = 'flying'",
        "UPDATE supports_upload SET status = 'flying'",
        "UPDATE supports_standing SET vermin = 'flying'",
        "UPDATE jobs_job SET state = 'flying'",
    ],
)
def test_database_refuses_a_state_that_is_not_of_the_table(change):
    made = pair()
    loaded(made, operator(made), [person(1)])
    with pytest.raises(IntegrityError, match="_of_the_table"):
        sql.execute(change)
