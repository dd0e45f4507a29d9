"""Two officers do the same at the same moment: one does it, the other is told, and nothing is there twice."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from candidates.models import Pair, Window
from candidates.operations import approve_ruling, open_by_ruling, open_window
from candidates.queries import key_scope
from candidates.ruling_letters import attach_letter, digest_of
from foundation.accounts.matrix import Role
from foundation.errors import Refused
from tests.candidates.making import AWAL, approve, make_election, make_letter, make_pair, make_ruling
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.usefixtures("committed")


def at_once(call, times=4):
    """What the calls answered, each in its own session: None, or the code of its refusal."""
    barrier = Barrier(times)

    def one(_number):
        try:
            barrier.wait()
            call()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(one, range(times)), key=str)


def test_a_pair_is_entered_once():
    election = make_election()
    assert at_once(lambda: make_pair(election)) == [None] + ["pair_name_taken"] * 3
    assert Pair.objects.count() == 1


def test_a_window_is_scheduled_once():
    election = make_election()
    assert at_once(lambda: open_window(election, by=None, **AWAL)) == [None] + ["window_clash"] * 3
    assert Window.objects.count() == 1


def test_one_person_never_gives_both_approvals():
    ruling, person = make_ruling(), somebody(Role.KPU_RI)
    answers = at_once(lambda: approve(ruling, by=person))
    assert answers == [None] + ["approved_by_the_same_person"] * 3
    ruling.refresh_from_db()
    assert not ruling.approved


def test_a_ruling_is_opened_once():
    ruling = make_ruling(opens="filling")
    for _ in range(2):
        approve(ruling, by=somebody(Role.KPU_RI))
    assert at_once(lambda: open_by_ruling(ruling, by=None)) == [None] + ["ruling_already_opened"] * 3
    assert Window.objects.count() == 1


def test_a_document_changed_while_two_approve_is_approved_by_nobody_who_read_the_old_one():
    ruling = make_ruling()
    read, letter = digest_of(ruling), make_letter(key_scope(ruling.pair.election), "Salinan lain")
    calls = [
        *(partial(approve_ruling, ruling, by=somebody(Role.KPU_RI), digest=read) for _ in range(2)),
        partial(attach_letter, ruling, by=None, letter=letter),
    ]
    taken = iter(calls)
    assert set(at_once(lambda: next(taken)(), 3)) <= {None, "ruling_changed"}
    ruling.refresh_from_db()
    assert ruling.attachment.stored_file_id == letter.stored_file.pk
    assert (ruling.first_approved_by, ruling.second_approved_by) == (None, None)
