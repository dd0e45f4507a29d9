"""Windows are moved and taken back by decree, and every change leaves a version of the schedule."""

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.models import ScheduleVersion, Window
from candidates.operations import open_by_ruling, open_window
from candidates.queries import now
from candidates.schedules import cancel_window, change_window, publish_all
from foundation import sql
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests.candidates.making import approve, make_election, make_pair, make_ruling
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db
DECREE = "Keputusan KPU Kota Bontang 12/2024"


def window(election=None, *, begins=timedelta(days=1), lasts=timedelta(days=4), **more):
    moment = (now() + begins).replace(microsecond=0)
    given = {"stage": "awal", "kind": "filling", "opens_at": moment, "closes_at": moment + lasts}
    return open_window(election or make_election(), by=None, **given | more)


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(*args, **kwargs)
    return caught.value.code, caught.value.field


class TestBeforeItBegins:
    def test_it_moves_by_decree_and_the_event_tells_from_where(self):
        made = window()
        later = made.opens_at + timedelta(days=2)
        changed = change_window(made, by=None, decree=DECREE, opens_at=later)
        assert Window.objects.get().opens_at == later == changed.opens_at
        event = Event.objects.get(name="window_changed")
        assert event.data["before"]["opens_at"] == made.opens_at.isoformat()
        assert event.data["after"]["opens_at"] == later.isoformat()
        assert event.data["decree"] == DECREE

    def test_an_end_at_23_59_still_lasts_until_midnight(self):
        made = window()
        end = made.closes_at.astimezone(UTC).replace(hour=15, minute=59, second=0) + timedelta(days=3)
        assert change_window(made, by=None, decree=DECREE, closes_at=end).closes_at == end + timedelta(
            minutes=1
        )

    def test_it_is_cancelled_by_decree_and_stays_in_the_versions(self):
        made = window()
        cancel_window(made, by=None, decree=DECREE)
        assert not Window.objects.exists()
        first, second = ScheduleVersion.objects.order_by("number")
        assert (len(first.windows), second.windows) == (1, [])
        assert second.changes[0]["what"] == "cancelled"
        assert second.changes[0]["before"]["id"] == made.pk
        assert Event.objects.get(name="window_cancelled").data["decree"] == DECREE

    @pytest.mark.parametrize(
        ("changes", "code", "field"),
        [
            ({"closes_at": timedelta(days=-9)}, "window_ends_before_it_opens", "closes_at"),
            ({"closes_at": timedelta(days=999)}, "window_too_long", "closes_at"),
            ({"opens_at": timedelta(0)}, "nothing_changed", None),
            ({"opens_at": timedelta(days=1), "decree": "  "}, "decree_missing", "decree"),
            ({"daily_from": time(8)}, "daily_hours_empty", "daily_until"),
        ],
    )
    def test_what_is_no_window_is_refused(self, changes, code, field):
        made = window()
        moved = {
            name: getattr(made, name) + value if isinstance(value, timedelta) else value
            for name, value in changes.items()
        }
        assert refusal(change_window, made, by=None, **{"decree": DECREE} | moved) == (code, field)
        assert ScheduleVersion.objects.count() == 1

    def test_it_may_not_run_into_another_one(self):
        election = make_election()
        made = window(election)
        window(election, begins=timedelta(days=10))
        asked = {"by": None, "decree": DECREE, "closes_at": made.closes_at + timedelta(days=30)}
        assert refusal(change_window, made, **asked) == ("window_clash", "opens_at")


class TestAfterItBegan:
    def test_its_end_moves_to_a_later_moment_only(self):
        made = window(begins=-timedelta(days=1))
        longer = change_window(made, by=None, decree=DECREE, closes_at=made.closes_at + timedelta(days=1))
        assert longer.closes_at > made.closes_at
        shorter = {"closes_at": made.closes_at - timedelta(days=1)}
        assert refusal(change_window, longer, by=None, decree=DECREE, **shorter) == (
            "window_would_be_shortened",
            "closes_at",
        )

    @pytest.mark.parametrize("name", ["opens_at", "daily_from"])
    def test_nothing_else_changes(self, name):
        made = window(begins=-timedelta(days=1))
        value = made.opens_at - timedelta(hours=1) if name == "opens_at" else time(8)
        asked = {"by": None, "decree": DECREE, name: value}
        assert refusal(change_window, made, **asked) == ("window_has_begun", name)

    def test_it_is_not_cancelled(self):
        assert refusal(cancel_window, window(begins=-timedelta(days=1)), by=None, decree=DECREE)[0] == (
            "window_has_begun"
        )

    def test_what_has_ended_stays_as_it_was(self):
        made = window(begins=-timedelta(days=9))
        longer = {"closes_at": now() + timedelta(days=1)}
        assert refusal(change_window, made, by=None, decree=DECREE, **longer) == ("window_has_ended", None)


class TestWho:
    def test_an_office_elsewhere_changes_nothing(self):
        made = window()
        stranger = somebody((Role.KPU_REGENCY, "region", 6472))
        with pytest.raises(NotAllowed):
            change_window(made, by=stranger, decree=DECREE, opens_at=made.opens_at + timedelta(days=1))
        with pytest.raises(NotAllowed):
            cancel_window(made, by=stranger, decree=DECREE)

    def test_the_window_of_a_pair_comes_from_its_ruling(self):
        ruling = make_ruling(make_pair())
        first, second = somebody((Role.KPU_RI, "nation", 0)), somebody((Role.KPU_RI, "nation", 0))
        approve(ruling, by=first)
        own = open_by_ruling(approve(ruling, by=second), by=None)[0]
        longer = {"closes_at": own.closes_at + timedelta(days=1)}
        assert refusal(change_window, own, by=None, decree=DECREE, **longer)[0] == "window_of_a_pair"
        assert not ScheduleVersion.objects.exists()

    def test_one_that_somebody_cancelled_meanwhile_is_a_conflict(self):
        made = window()
        same = Window.objects.get(pk=made.pk)
        cancel_window(made, by=None, decree=DECREE)
        with pytest.raises(Conflict):
            cancel_window(same, by=None, decree=DECREE)


class TestVersions:
    def test_each_change_is_the_next_number_and_the_older_stay(self):
        officer = somebody((Role.KPU_REGENCY, "region", 6474))
        election = make_election()
        made = window(election, decree="Pengumuman 5/2024")
        change_window(made, by=officer, decree=DECREE, closes_at=made.closes_at + timedelta(days=1))
        first, second = ScheduleVersion.objects.order_by("number")
        assert (first.number, second.number) == (1, 2)
        assert (first.decree, second.decree) == ("Pengumuman 5/2024", DECREE)
        assert first.windows[0]["closes_at"] == made.closes_at.isoformat()
        assert second.windows[0]["closes_at"] != first.windows[0]["closes_at"]
        assert (second.created_by, second.voting_day) == (officer, date(2024, 11, 27))

    def test_many_schedules_are_published_in_a_constant_number_of_statements(self):
        def statements(elections):
            with CaptureQueriesContext(connection) as done:
                publish_all({one.pk: [{"what": "voting_day"}] for one in elections}, by=None)
            return len(done)

        elections = [make_election(name=f"Pemilihan {number}") for number in range(4)]
        for one in elections:
            window(one)
        assert statements(elections[:1]) == statements(elections)
        assert set(ScheduleVersion.objects.values_list("number", flat=True)) == {1, 2, 3}

    def test_daily_hours_and_an_old_day_are_written_as_given(self):
        opens = datetime(2024, 5, 8, 0, 0, tzinfo=UTC)
        window(
            opens_at=opens, closes_at=opens + timedelta(hours=100), daily_from=time(8), daily_until=time(16)
        )
        assert ScheduleVersion.objects.get().windows[0]["daily"] == ["08:00", "16:00"]

    def test_schedules_older_than_versions_become_their_own_first_one(self):
        opens = datetime(2024, 5, 8, 0, 0, tzinfo=UTC)
        election = make_election()
        hours = {"daily_from": time(8), "daily_until": time(16)}
        window(election, opens_at=opens, closes_at=opens + timedelta(hours=100), **hours)
        window(election, opens_at=opens, closes_at=opens + timedelta(days=2), kind="handing_in")
        made = ScheduleVersion.objects.order_by("-number").first().windows
        ScheduleVersion.objects.all().delete()
        sql.execute(import_module("candidates.migrations.0007_publish_schedules").FIRST_VERSIONS)
        first = ScheduleVersion.objects.get()
        assert (first.number, first.windows, first.voting_day) == (1, made, date(2024, 11, 27))
