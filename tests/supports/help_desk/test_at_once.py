"""Several people do the same to one thread at the same moment: one does it, the others are told."""

import pytest

from supports.help_desk import operations
from supports.help_desk.models import Message, Thread
from tests.candidates.test_at_once import at_once
from tests.supports.help_desk.asking import answered, asked, officer

pytestmark = pytest.mark.usefixtures("committed")


def test_one_answer_goes_out_and_the_others_are_told():
    thread, officers = asked(), iter([officer() for _ in range(4)])
    answers = at_once(lambda: operations.answer(thread, by=next(officers), text="Ya.", seen=1))
    assert answers == [None] + ["answered_meanwhile"] * 3
    assert list(Message.objects.values_list("number", flat=True)) == [1, 2]


def test_one_takes_it():
    thread, officers = asked(), iter([officer() for _ in range(4)])
    answers = at_once(lambda: operations.take_thread(thread, by=next(officers), held_by=None))
    assert answers == [None] + ["taken_meanwhile"] * 3
    assert Thread.objects.get().holder is not None


def test_messages_of_a_team_all_arrive_with_a_number_each():
    thread = answered()
    assert at_once(lambda: operations.write(thread, by=thread.created_by, text="Lagi.")) == [None] * 4
    assert list(Message.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert Thread.objects.get().written == 6


def test_it_is_closed_once():
    thread = answered()
    answers = at_once(lambda: operations.close_thread(thread, by=thread.created_by))
    assert answers == [None] + ["state_changed"] * 3
