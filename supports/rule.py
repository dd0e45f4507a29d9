"""What a rule is, and who sees what it says. Pure."""

from dataclasses import dataclass

from supports.checks import Expression

TEAM = "team"
COMMISSION = "commission"


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
