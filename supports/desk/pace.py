"""How fast a team has to be: the sum that an election office did by hand for its pairs. Pure: no Django."""

from dataclasses import dataclass
from datetime import datetime

from candidates.windows import WindowState

SECONDS_PER_DAY = 86_400
# Rows one person types in a day: KPU Balikpapan reckoned in 2020 with 2,000 a day and about 50 people typing.
ROWS_PER_TYPIST = 40


@dataclass(frozen=True)
class Pace:
    """What is needed on each of the ``days`` that are left, the day that runs included."""

    days: int
    per_day: int
    typists: int


def pace(shortfall: int, window: WindowState, moment: datetime) -> Pace | None:
    """How many supporters a day, and people typing, close the gap before filling ends; None when that says nothing."""
    if not (shortfall and window.open and window.closes_at and moment < window.closes_at):
        return None
    days = int((window.closes_at - moment).total_seconds() // SECONDS_PER_DAY) + 1
    per_day = -(-shortfall // days)
    return Pace(days, per_day, -(-per_day // ROWS_PER_TYPIST))
