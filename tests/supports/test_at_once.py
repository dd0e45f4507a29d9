"""Two people, or a person and a job, at the same moment: one waits for the other, and every count is true after."""

import threading

import pytest
from django.db import connection, transaction

from supports import operations
from supports.models import Submission, Support, Upload, first_id
from supports.progress import progress
from supports.rows import StaleRow, add_supports, edit_support, remove_support
from tests.factories import loaded, operator, pair, person, upload, work
from tests.foundation.jobs.scripts import Worker
from tests.stack import PATIENCE, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits, waiting
from tests.supports.test_counts import check_everything

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    """A pair and its operator."""
    made = pair()
    return made, operator(made)


class Meanwhile(threading.Thread):
    """Something done in a session of its own; ``result`` is what came of it, an exception too."""

    def __init__(self, act, *arguments, **options):
        super().__init__(daemon=True)
        self.act = lambda: act(*arguments, **options)
        self.start()

    def run(self):
        try:
            self.result = self.act()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def wait(self):
        self.join(PATIENCE)
        assert not self.is_alive()
        return self.result


def test_row_typed_while_a_file_with_the_person_is_loaded_is_found(team):
    upload(*team, [person(1), person(2)])
    worker = Worker()
    with held_at("the end"):
        worker.start()
        wait_until_somebody_waits()
        typing = Meanwhile(add_supports, team[0], by=team[1], rows=[person(1)])
        wait_until_somebody_waits(2)
    worker.join(PATIENCE)
    (added,) = typing.wait()
    assert [rule.code for rule in added.findings] == ["DUPLICATE_IDENTICAL"]
    assert progress(team[0]).clean == 2
    check_everything(Submission.objects.get())


def test_file_loaded_while_a_row_with_the_person_is_typed_is_found(team):
    upload(*team, [person(1), person(2)])
    with transaction.atomic():
        add_supports(team[0], by=team[1], rows=[person(1)])
        worker = Worker()
        worker.start()
        wait_until_somebody_waits()
    worker.join(PATIENCE)
    assert worker.error is None
    assert progress(team[0]).clean == 2
    check_everything(Submission.objects.get())


def test_two_pages_type_the_same_person_at_once(team):
    other = operator(team[0], "operator-2")
    with transaction.atomic():
        add_supports(team[0], by=team[1], rows=[person(1)])
        typing = Meanwhile(add_supports, team[0], by=other, rows=[person(1), person(2)])
        wait_until_somebody_waits()
    assert len(typing.wait()) == 2
    assert progress(team[0]).clean == 2
    check_everything(Submission.objects.get())


@pytest.mark.parametrize("change", ["edit", "remove"])
def test_row_changed_while_its_upload_is_discarded_is_gone(team, change):
    made = loaded(*team, [person(1), person(2), person(3)])
    first, _second, last = Support.objects.order_by("id")
    operations.discard_upload(made, by=team[1])
    worker = Worker(carry=work)
    with held_at(f"SELECT FROM supports_support WHERE id = {first.pk} FOR UPDATE"):
        worker.start()
        wait_until_somebody_waits()
        acts = {
            "edit": lambda: edit_support(last, by=team[1], changes={"name": "Sari Misal"}, revision=0),
            "remove": lambda: remove_support(last, by=team[1], revision=0),
        }
        changing = Meanwhile(acts[change])
        wait_until_somebody_waits(2)
    worker.join(PATIENCE)
    assert worker.error is None
    assert isinstance(changing.wait(), StaleRow)
    assert Support.objects.count() == 0
    check_everything(Submission.objects.get())


def test_upload_is_discarded_after_the_row_that_is_just_changed(team):
    made = loaded(*team, [person(1), person(2)])
    last = Support.objects.order_by("id").last()
    operations.discard_upload(made, by=team[1])
    with transaction.atomic():
        edit_support(last, by=team[1], changes={"name": "Sari Misal"}, revision=0)
        worker = Worker(carry=work)
        worker.start()
        wait_until_somebody_waits()
    worker.join(PATIENCE)
    assert worker.error is None
    assert Support.objects.count() == 0
    check_everything(Submission.objects.get())


def test_row_typed_while_the_typed_ones_are_discarded_stays(team):
    add_supports(team[0], by=team[1], rows=[person(1), person(2)])
    operations.discard_upload(Upload.objects.get(), by=team[1])
    worker = Worker(carry=work)
    with held_at("the end"):
        worker.start()
        wait_until_somebody_waits()
        typing = Meanwhile(add_supports, team[0], by=team[1], rows=[person(3)])
        wait_until_somebody_waits(2)
    worker.join(PATIENCE)
    assert worker.error is None
    (added,) = typing.wait()
    discarded, other = Upload.objects.order_by("id")
    assert (discarded.status, other.status) == ("discarded", "loaded")
    assert list(Support.objects.values_list("id", flat=True)) == [added.id] == [first_id(other.pk) + 1]
    check_everything(Submission.objects.get())


def test_two_people_change_one_row_and_the_second_is_told(team):
    add_supports(team[0], by=team[1], rows=[person(1)])
    row = Support.objects.get()
    with transaction.atomic():
        edit_support(row, by=team[1], changes={"name": "Sari Misal"}, revision=0)
        second = Meanwhile(edit_support, row, by=team[1], changes={"name": "Joko Umpama"}, revision=0)
        wait_until_somebody_waits()
    assert isinstance(second.wait(), StaleRow)
    assert Support.objects.get().name == "Sari Misal"


def test_same_file_sent_twice_at_once_is_one_upload(team):
    sent = [Meanwhile(upload, *team, [person(1)]) for _ in range(4)]
    made = {one.wait().pk for one in sent}
    work()
    assert len(made) == 1
    assert (Upload.objects.count(), Support.objects.count()) == (1, 1)


def test_same_key_with_different_files_at_once_is_one_upload(team):
    sent = [Meanwhile(upload, *team, [person(n)], idempotency_key="k") for n in range(4)]
    made = {one.wait().pk for one in sent}
    work()
    assert len(made) == 1
    assert (Upload.objects.count(), Support.objects.count()) == (1, 1)


def test_nobody_waits_for_a_long_load_to_discard_another_upload(team):
    old = loaded(*team, [person(1)], "lama.csv")
    upload(*team, [person(1), person(2)], "baru.csv")
    worker = Worker(carry=work)
    with held_at("loading"):
        worker.start()
        wait_until_somebody_waits()
        Meanwhile(operations.discard_upload, old, by=team[1]).wait()
        assert Upload.objects.get(pk=old.pk).job.state == "queued"
    worker.join(PATIENCE)
    assert worker.error is None
    assert progress(team[0]).clean == 2
    check_everything(Submission.objects.get())


def test_pairs_are_loaded_side_by_side_and_a_pair_one_after_the_other(team):
    """Three workers: two of one pair would wait for each other, so the third takes the other pair's."""
    other = pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    mine = [upload(*team, [person(n)], f"{n}.csv") for n in range(2)]
    theirs = upload(other, operator(other, "operator-b"), [person(1)])
    workers = [Worker(carry=work) for _ in range(3)]
    with held_at("loading"):
        for worker in workers:
            worker.start()
        wait_until(lambda: sum(name.startswith("silon-job-") for name in waiting().values()) == 2)
        states = {one.job.state for one in Upload.objects.filter(pk__in=[mine[0].pk, theirs.pk])}
        assert states == {"running"}
        assert Upload.objects.get(pk=mine[1].pk).job.state == "queued"
    for worker in workers:
        worker.join(PATIENCE)
        assert worker.error is None
    assert set(Upload.objects.values_list("status", flat=True)) == {"loaded"}
    for submission in Submission.objects.all():
        check_everything(submission)
