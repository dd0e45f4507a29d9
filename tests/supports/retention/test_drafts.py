"""What was never handed in is erased some time after it could no longer be; the page says so before and after."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.test import Client

from candidates.models import Window
from candidates.queries import now
from foundation.keys.models import StoredFile
from foundation.workflow.models import Event
from supports.handing_in.sweep import sweep_rounds
from supports.models import Finding, Standing, Submission, Support, Upload
from supports.moving import Choice, move_supports
from supports.retention import operations
from supports.retention.drafts import due_drafts, erasures_of, queue_due_drafts
from supports.retention.terms import DRAFT_DAYS_KEPT
from tests import factories
from tests.candidates.making import make_ruling
from tests.supports.handing_in.teams import ENOUGH, handed_in, ready_team, round_of
from tests.supports.retention.making import LONG_AGO, document, two_of_kpu_ri
from tests.supports.test_counts import check_everything

pytestmark = pytest.mark.usefixtures("committed", "quick_log_ins")


def end_windows(days):
    """Every window ended so many days ago."""
    Window.objects.update(opens_at=now() - timedelta(days=days + 9), closes_at=now() - timedelta(days=days))


@pytest.fixture
def lapsed(committed):
    """A team whose round lapsed long ago."""
    team = ready_team()
    end_windows(DRAFT_DAYS_KEPT + 1)
    sweep_rounds()
    assert round_of(team).status == "lapsed"
    return team


def erase_all():
    queued = queue_due_drafts()
    factories.work()
    return queued


def page_of(team):
    client = Client()
    client.force_login(team[1])
    return client.get(f"/pasangan/{team[0].pk}/").content.decode()


def test_a_lapsed_round_is_erased_with_its_file(lapsed):
    (file,) = StoredFile.objects.all()
    assert erase_all() == 1
    assert not Support.objects.exists()
    assert not Standing.objects.exists()
    assert not Finding.objects.exists()
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(file.name)
    assert Upload.objects.get().status == "discarded"
    assert round_of(lapsed).status == "lapsed"
    event = Event.objects.get(name="draft_erased")
    assert (event.by_id, event.data["rows"], event.data["files"], event.pair_id) == (None, 4, 1, lapsed[0].pk)
    check_everything(round_of(lapsed))
    assert erase_all() == 0


def test_its_page_says_so_before_and_after(committed):
    team = ready_team()
    end_windows(DRAFT_DAYS_KEPT - 10)
    sweep_rounds()
    assert "akan dihapus pada" in page_of(team)
    assert erase_all() == 0
    end_windows(DRAFT_DAYS_KEPT + 1)
    erase_all()
    page = page_of(team)
    assert "sudah dihapus pada" in page
    assert "4 baris dan 1 berkas" in page
    assert "akan dihapus" not in page


def test_what_was_handed_in_stays(committed):
    team = ready_team()
    handed_in(team)
    end_windows(DRAFT_DAYS_KEPT + 1)
    sweep_rounds()
    assert erase_all() == 0
    assert Support.objects.count() == 4


def test_what_is_still_filled_in_stays(committed):
    team = ready_team()
    assert due_drafts(now() + timedelta(days=3)) == {}
    assert "akan dihapus" not in page_of(team)
    assert erasures_of(team[0], round_of(team), now(), opened=True) == []


def test_a_hold_and_a_waiting_ruling_keep_it(lapsed):
    hold = operations.set_hold(
        lapsed[0].election, by=two_of_kpu_ri()[0], number="1", reason="Sengketa", document=document()
    )
    assert erase_all() == 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM retention_legalhold WHERE id = %s", [hold.pk])
    make_ruling(lapsed[0])
    assert erase_all() == 0
    assert Support.objects.count() == 4


def test_the_pool_goes_when_the_election_is_over_and_moved_rows_stay(committed):
    team = ready_team(rows=None, voting_day=LONG_AGO)
    upload = factories.loaded(*team, [*ENOUGH, factories.person(7)], target="pool")
    other = factories.loaded(*team, [factories.person(20)], "lain.csv", target="pool")
    move_supports(team[0], by=team[1], choice=Choice(upload=upload.pk))
    factories.work()
    handed_in(team)
    assert Support.objects.filter(submission__kind="round").count() == 5
    end_windows(DRAFT_DAYS_KEPT + 1)
    assert erase_all() == 1
    assert Support.objects.filter(submission__kind="pool").count() == 0
    assert Support.objects.filter(submission__kind="round").count() == 5
    upload.refresh_from_db()
    other.refresh_from_db()
    assert (upload.status, upload.file is None) == ("loaded", False)
    assert (other.status, other.file) == ("discarded", None)
    assert Submission.objects.get(kind="pool").status == "draft"


def test_practice_is_thrown_away_instead(committed):
    ready_team(practice=True)
    end_windows(DRAFT_DAYS_KEPT + 1)
    sweep_rounds()
    assert erase_all() == 0
