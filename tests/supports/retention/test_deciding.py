"""Nothing is destroyed before its time, while it is held, by one person alone, or unseen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from supports.models import Support
from supports.retention import operations
from supports.retention.models import Destruction, LegalHold
from supports.retention.queries import HELD, LATER, retention_of
from tests import factories
from tests.supports.handing_in.teams import ready_team
from tests.supports.retention.making import approved, destroyed, digest, document, ended_team, two_of_kpu_ri

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def people(committed):
    return two_of_kpu_ri()


@pytest.fixture
def election(committed):
    return ended_team()[0].election


def propose(election, by):
    return operations.propose_destruction(election, by=by, digest=digest(election))


def refusal_of(call, *args, **more):
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value


def test_the_term_runs_from_the_voting_day_by_the_rules_of_the_election(people):
    election = ready_team()[0].election
    retention = retention_of(election)
    assert retention.ends_on == election.voting_day + timedelta(days=1826)
    assert retention.state == LATER
    assert "Pasal 42" in retention.basis
    assert refusal_of(propose, election, people[0]).code == "retention_lasts"


def test_kpu_ri_sets_another_end_by_a_document(people):
    election = ready_team()[0].election
    today = now().date()
    said = {"number": "12/2026", "reason": "Jadwal retensi arsip KPU", "document": document()}
    operations.set_term(election, by=people[0], ends_on=today + timedelta(days=1), **said)
    retention = retention_of(election)
    assert (retention.ends_on, retention.basis) == (
        today + timedelta(days=1),
        "12/2026: Jadwal retensi arsip KPU",
    )
    said["document"] = document()
    assert refusal_of(
        operations.set_term, election, by=people[0], ends_on=today - timedelta(days=2), **said
    ).code == ("day_is_over")


def test_only_kpu_ri_decides(election):
    kpu = factories.user("kpu", Role.KPU_REGENCY, 6474)
    assert isinstance(refusal_of(propose, election, kpu), NotAllowed)


def test_who_proposed_does_not_approve(election, people):
    made = propose(election, people[0])
    refusal = refusal_of(operations.approve_destruction, made, by=people[0], digest=made.digest)
    assert (refusal.code, refusal.http_status) == ("own_proposal", 403)
    with pytest.raises(IntegrityError, match="destruction_is_approved_by_another"), transaction.atomic():
        Destruction.objects.filter(pk=made.pk).update(approved_by=people[0], approved_at=now())


def test_what_changed_since_it_was_seen_is_not_destroyed(election, people):
    seen = digest(election)
    factories.loaded(election.pairs.get(), factories.operator(election.pairs.get(), "lain"), [factories.person(9)],
                     target="pool")  # fmt: skip
    refusal = refusal_of(operations.propose_destruction, election, by=people[0], digest=seen)
    assert refusal.code == "changed_since_seen"
    made = propose(election, people[0])
    factories.loaded(election.pairs.get(), factories.operator(election.pairs.get(), "lagi"), [factories.person(8)],
                     target="pool")  # fmt: skip
    assert refusal_of(operations.approve_destruction, made, by=people[1], digest=made.digest).code == (
        "changed_since_seen"
    )
    assert isinstance(refusal_of(operations.approve_destruction, made, by=people[1], digest="x"), Conflict)


def test_a_hold_stops_what_was_proposed_and_what_was_approved(election, people):
    made = propose(election, people[0])
    operations.set_hold(
        election, by=people[0], number="PN 7", reason="Sengketa di pengadilan", document=document()
    )
    assert retention_of(election).state == HELD
    refusal = refusal_of(operations.approve_destruction, made, by=people[1], digest=made.digest)
    assert refusal.code == "held"
    assert "PN 7" in refusal.message


def test_a_hold_set_before_the_job_began_stops_the_job(election, people):
    made = approved(election, people)
    operations.set_hold(election, by=people[0], number="PN 7", reason="Sengketa", document=document())
    factories.work()
    made.refresh_from_db()
    assert (made.job.state, made.job.error_code, made.keys_destroyed_at) == ("failed", "held", None)
    assert Support.objects.exists()


def test_a_hold_is_lifted_by_two_different_people(election, people):
    hold = operations.set_hold(election, by=people[0], number="PN 7", reason="Sengketa", document=document())
    assert refusal_of(operations.lift_hold, hold, by=people[0]).field == "reason"
    operations.lift_hold(hold, by=people[0], reason="Putusan berkekuatan tetap")
    assert hold.standing
    assert refusal_of(operations.lift_hold, hold, by=people[0]).code == "same_person"
    with pytest.raises(IntegrityError, match="hold_is_lifted_by_two_people"), transaction.atomic():
        LegalHold.objects.filter(pk=hold.pk).update(second_lifted_by=people[0], second_lifted_at=now())
    operations.lift_hold(hold, by=people[1])
    assert not hold.standing
    assert [one.data["approval"] for one in Event.objects.filter(name="legal_hold_lifted")] == [
        "first",
        "second",
    ]
    assert propose(election, people[0])


def test_one_proposal_at_a_time_and_a_withdrawn_one_is_none(election, people):
    made = propose(election, people[0])
    assert refusal_of(propose, election, people[1]).code == "already_proposed"
    operations.withdraw_destruction(made, by=people[1])
    assert (
        refusal_of(operations.approve_destruction, made, by=people[1], digest=made.digest).code == "withdrawn"
    )
    assert propose(election, people[1])


def test_work_on_the_rows_is_waited_for(election, people):
    pair = election.pairs.get()
    factories.upload(pair, factories.operator(pair, "lain"), [factories.person(9)], target="pool")
    assert refusal_of(propose, election, people[0]).code == "still_working"


def test_a_practice_election_is_thrown_away_instead(people):
    election = ended_team(practice=True)[0].election
    assert refusal_of(propose, election, people[0]).code == "for_practice"


def test_nothing_is_decided_about_what_is_destroyed(election, people):
    destroyed(election, people)
    refusal = refusal_of(
        operations.set_hold, election, by=people[0], number="1", reason="x", document=document()
    )
    assert refusal.code == "already_destroyed"
