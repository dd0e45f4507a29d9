"""Voter lists end with their election: its identities are destroyed, or it was practice and is thrown away."""

import pytest
from django.core.files.storage import default_storage

from foundation.accounts.matrix import Role
from foundation.keys.models import StoredFile
from supports.throwing_away import request_throwing_away
from tests import factories
from tests.supports.retention.making import destroyed, ended_team, two_of_kpu_ri
from tests.verification.rolls.lists import loaded, voter
from verification.rolls.models import Roll, RollEntry

pytestmark = pytest.mark.usefixtures("committed", "quick_log_ins")
VOTERS = [voter(n) for n in range(1, 40)]


def test_destroying_the_identities_of_an_election_takes_its_voters_with_it():
    team, people = ended_team(), two_of_kpu_ri()
    office = factories.user("kpu", Role.KPU_REGENCY, 6474)
    roll = loaded(team[0].election, office, VOTERS)
    other = loaded(factories.election(name="Pemilihan lain"), office, VOTERS)
    stored = StoredFile.objects.get(pk=roll.file_id)
    assert RollEntry.objects.count() == 2 * len(VOTERS)
    destroyed(team[0].election, people)
    assert set(RollEntry.objects.values_list("roll_id", flat=True)) == {other.pk}
    assert not default_storage.exists(stored.name)
    roll.refresh_from_db()
    assert (roll.rows, roll.entries) == (len(VOTERS), len(VOTERS))


def test_a_practice_election_is_thrown_away_with_its_lists():
    office = factories.user("kpu", Role.KPU_REGENCY, 6474)
    practice = factories.election(name="Latihan", practice=True)
    loaded(practice, office, VOTERS)
    kept = loaded(factories.election(), office, VOTERS[:2])
    request_throwing_away(practice, by=None, name="Latihan")
    factories.work()
    assert list(Roll.objects.all()) == [kept]
    assert set(RollEntry.objects.values_list("roll_id", flat=True)) == {kept.pk}
