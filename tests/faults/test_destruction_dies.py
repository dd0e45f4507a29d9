"""kill -9 of the worker in the middle of a destruction: it goes on, and one certificate says so."""

import pytest

from foundation.keys.models import SealedKey
from supports.models import Support
from supports.retention.models import Certificate
from tests.faults.test_worker_dies import kill_children, let_time_pass
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.supports.retention.making import approved, ended_team, two_of_kpu_ri

# Before the keys are gone, between keys and rows, after the rows, at the end.
TABLES = ("keys_sealedkey", "supports_support", "supports_pairmatch", "retention_certificate")


@pytest.mark.parametrize("table", TABLES)
def test_worker_killed_in_mid_destruction_destroys_all_the_same(stack, table):
    team = ended_team()
    people = two_of_kpu_ri()
    worker, _beat = stack.start_worker(), stack.start_beat()
    with held_at(f"LOCK TABLE {table} IN SHARE MODE"):
        made = approved(team[0].election, people)
        wait_until_somebody_waits()
        kill_children(worker)
    let_time_pass()
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.job.state, made.job.attempt) == ("done", 2)
    assert not Support.objects.exists()
    assert not SealedKey.objects.filter(scope=f"election:{made.election_id}", wrapped__isnull=False).exists()
    assert Certificate.objects.get().body["destroyed"]["rows"] == 4
