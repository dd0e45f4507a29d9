"""Pairs that give the same people at the same moment, and throw them away again: matched right, noticed by nobody."""

import signal
from collections import Counter, defaultdict

import pytest
from django.db import connections

from foundation import sql
from foundation.jobs.models import Job
from foundation.jobs.runner import run_next
from supports import operations, rounds
from supports.models import PairMatch, Submission, Support
from supports.rows import add_supports, edit_support
from tests.factories import as_csv, election, loaded, operator, pair, person, upload, work
from tests.foundation.jobs.scripts import Worker
from tests.stack import PATIENCE, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.supports.test_counts import check_everything
from tests.supports.test_pair_matches import everything_seen

PEOPLE = [person(n) for n in range(400)]
ROUNDS = 4


@pytest.fixture
def teams(committed):
    """Three pairs of one election, each with its operator."""
    of = election()
    made = [pair(of, name=f"Calon {letter} – Wakil {letter}") for letter in "ABC"]
    return [(one, operator(one, f"operator-{one.pk}")) for one in made]


def given():
    """What the matches must be, from the rows alone: {NIK: by how many pairs}, of two and more."""
    pairs = dict(Submission.objects.values_list("pk", "pair_id"))
    found = defaultdict(set)
    for nik, submission in Support.objects.exclude(nik=None).values_list("nik", "submission"):
        found[nik].add(pairs[submission])
    return {nik: len(of) for nik, of in found.items() if len(of) > 1}


def check_matches():
    """Every match is there once with its number, none that is no longer; and every count of every round is true."""
    assert dict(PairMatch.objects.values_list("nik", "pairs")) == given()
    for submission in Submission.objects.all():
        check_everything(submission)


def test_same_people_at_the_same_moment_while_one_discards(stack, teams):
    """Four jobs at a time; again and again, each round beginning with all of them at once."""
    first, second, third = teams
    own = loaded(*third, [*PEOPLE[:50], PEOPLE[0], person(9_000, sex="?")])
    seen = everything_seen(third, own)
    worker, _beat = stack.start_worker(concurrency=4), stack.start_beat()
    old = None
    for number in range(ROUNDS):
        worker.signal(signal.SIGSTOP)
        extra = person(10_000 + number)
        new = upload(*first, as_csv([*PEOPLE, extra]), f"a{number}.csv")
        upload(*second, as_csv([*reversed(PEOPLE), extra]), f"b{number}.csv")
        if old:
            operations.discard_upload(old, by=first[1])
        worker.signal(signal.SIGCONT)
        stack.wait_until_idle()
        check_matches()
        new.refresh_from_db()
        old = new
    assert Counter(given().values()) == {2: len(PEOPLE) - 50 + 1, 3: 50}
    assert set(Job.objects.values_list("state", "attempt")) == {("done", 1)}
    assert "deadlock" not in stack.text()
    assert everything_seen(third, own) == seen


# Who is where when the other's file is committed, and in which order the jobs of the election run.
ORDERS = {
    "both loaded, then matched": ["load a", "load b", "match", "match"],
    "one matched before the other is loaded": ["load a", "match", "load b", "match"],
    "discarded before it was matched": ["load a", "load b", "discard a", "match", "match", "match"],
    "discarded between the matches": ["load a", "load b", "match", "discard a", "match", "match"],
    "the second discarded first": ["load b", "load a", "discard b", "match", "match", "match", "match"],
}


@pytest.mark.parametrize("order", ORDERS)
def test_matches_are_right_whatever_the_order(teams, order):
    of = dict(zip("ab", teams, strict=False))
    made = {}
    for step in ORDERS[order]:
        act, _, letter = step.partition(" ")
        if act == "load":
            made[letter] = upload(*of[letter], PEOPLE[:20])
            carry(f"pair:{of[letter][0].pk}")
        elif act == "discard":
            made[letter].refresh_from_db()
            operations.discard_upload(made[letter], by=of[letter][1])
            carry(f"pair:{of[letter][0].pk}")
        else:
            carry(f"election:{teams[0][0].election_id}")
    work()
    check_matches()
    assert len(given()) == (0 if any("discard" in step for step in ORDERS[order]) else 20)


def carry(lane):
    """Carry the next job of one lane, as if the workers of the others were busy."""
    waiting = Job.objects.filter(state="queued").exclude(lane=lane)
    held = list(waiting.values_list("pk", flat=True))
    waiting.update(cancel_requested=True)  # which is passed over when a job is claimed
    run_next()
    Job.objects.filter(pk__in=held).update(cancel_requested=False)


def test_match_that_waits_for_a_discard_sees_what_it_left(teams):
    """A match has begun when the other pair's rows go: whoever is later corrects it."""
    first, second, _third = teams
    mine = loaded(*first, PEOPLE[:20])
    upload(*second, PEOPLE[:20])
    carry(f"pair:{second[0].pk}")
    matching = Worker()
    with held_at("LOCK TABLE supports_pairmatch IN SHARE MODE"):
        matching.start()
        wait_until_somebody_waits()
        operations.discard_upload(mine, by=first[1])
        carry(f"pair:{first[0].pk}")
        mine.refresh_from_db()
        assert mine.status == "discarded"
    matching.join(PATIENCE)
    assert matching.error is None
    work()
    check_matches()
    assert not PairMatch.objects.exists()


def test_deadlock_in_a_load_is_tried_again_and_nobody_notices(teams):
    """Somebody holds the counts of the round and wants the round itself, which the load holds open."""
    (of, by), *_rest = teams
    submission = rounds.current_round(of)
    made = upload(of, by, PEOPLE[:20])
    worker, opponent = Worker(), Worker(carry=lambda: take_the_round(submission))
    with held_at("reading"):
        worker.start()
        wait_until_somebody_waits()
        opponent.start()
        # PostgreSQL ends whoever finds the deadlock: the opponent has looked before there is one.
        wait_until(lambda: waiting_for_long() == 2)
    worker.join(PATIENCE)
    opponent.join(PATIENCE)
    assert (worker.error, opponent.error) == (None, None)
    work()
    made.refresh_from_db()
    assert (made.status, made.rows, made.error_message, made.job.attempt) == ("loaded", 20, "", 2)
    check_everything(submission)


def waiting_for_long():
    """How many sessions have waited for a lock since before they looked for a deadlock."""
    return sql.value(
        "SELECT count(*) FROM pg_locks"
        " WHERE clock_timestamp() - waitstart > 1.5 * current_setting('deadlock_timeout')::interval"
    )


def take_the_round(submission):
    """In the wrong order: its counts first, then the round."""
    with connections["default"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [5_120_000_000_000 + submission.pk])
        cursor.execute("SELECT FROM supports_submission WHERE id = %s FOR UPDATE", [submission.pk])
        cursor.execute("COMMIT")


@pytest.mark.usefixtures("committed")
def test_nothing_a_team_reads_changes_whatever_another_does_with_the_same_people(teams):
    """Gives them, throws them away, types them in, changes one, gives them again."""
    first, second, _third = teams
    own = loaded(*first, [*PEOPLE[:20], PEOPLE[0], person(9_000, sex="?")])
    seen = everything_seen(first, own)
    theirs = loaded(*second, PEOPLE[:20])
    assert everything_seen(first, own) == seen
    operations.discard_upload(theirs, by=second[1])
    work()
    assert everything_seen(first, own) == seen
    (typed,) = add_supports(second[0], by=second[1], rows=[PEOPLE[0]])
    work()
    assert everything_seen(first, own) == seen
    row = Support.objects.get(pk=typed.id)
    edit_support(row, by=second[1], changes={"nik": PEOPLE[1]["nik"]}, revision=row.revision)
    upload(*second, PEOPLE[:20], "lagi.csv")
    assert everything_seen(first, own) == seen
    work()
    assert everything_seen(first, own) == seen
    check_matches()
