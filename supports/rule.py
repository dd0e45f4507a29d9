"""What a rule is, and who sees what it says. Pure."""

from dataclasses import dataclass

from supports.checks import Expression

TEAM = "team"
COMMISSION = "commission"
# Who reads by an office and is not the commission: no other rules than a team, but rows that are hidden from teams.
OFFICE = "office"


@dataclass(frozen=True)
class Rule:
    """One check. ``faulty`` is None for what only a comparison of rows can say (duplicates, runs)."""

    number: int
    code: str
    field: str
    title: str
    message: str
    remedy: str
    basis: str
    faulty: Expression | None = None
    audience: str = TEAM
