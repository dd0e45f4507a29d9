"""A team that can hand in: an election so small that three people in two kecamatan are enough."""

from datetime import timedelta

from candidates.models import Window
from candidates.operations import open_window
from candidates.queries import now
from supports.handing_in.operations import hand_in
from supports.models import Submission
from tests.factories import election, loaded, operator, pair, person, work

SOUTH = {"district": "Bontang Selatan", "village": "Tanjung Laut"}
ENOUGH = [person(1), person(2), person(3, **SOUTH), person(4, sex="?")]


def small_election(*, handing_in=timedelta(days=30), **more):
    """Minimum 3 people in 2 of 3 kecamatan; handing in is open for that long, or (None) never."""
    made = election(base=30, **more)
    if handing_in:
        moment = now()
        open_window(
            made,
            by=None,
            stage="awal",
            kind="handing_in",
            opens_at=moment - timedelta(days=1),
            closes_at=moment + handing_in,
        )
    return made


def ready_team(rows=ENOUGH, **more):
    """A pair and its operator, the rows loaded."""
    made = pair(small_election(**more))
    team = made, operator(made)
    if rows:
        loaded(*team, rows)
    return team


def round_of(team):
    return Submission.objects.select_related("pair__election__rule_set", "rule_set").get(
        pair=team[0], stage="awal"
    )


def handed_in(team, **more):
    """Ask and carry out; the handing-in as it is then."""
    asked = hand_in(team[0], by=team[1], **more).hand_in
    work()
    asked.refresh_from_db()
    return asked


def close_windows(kind=None):
    found = Window.objects.filter(kind=kind) if kind else Window.objects.all()
    found.update(closes_at=now())
