"""What the rules say of a row while it is typed: the same expressions as of a file. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from candidates.models import Pair
from foundation import seal
from supports import nik
from supports.ingest.normalise import as_frame, normalise
from supports.models import Submission, Support
from supports.rules import ROW_RULES, TEAM, Rule, check
from supports.standards import Standards, standards_of

# Fields of which a fault is only known once they are left: a date half typed is no wrong date.
WHOLE_NIK = 16


@dataclass(frozen=True)
class Checked:
    """The rules that speak of a typed row, its NIK's repetition in words, and what the NIK itself proposes."""

    findings: list[Rule] = field(default_factory=list)
    repeated: str = ""
    birth_date: date | None = None
    sex: str | None = None


def check_typed(
    submission: Submission, row: Mapping[str, str], *, at: str = "", behind: frozenset[str] = frozenset()
) -> Checked:
    """Judge a row that is being typed into the round, or the pool.

    ``at`` is the field that is being typed in, ``behind`` those that were left: only of these a blank is a fault.
    """
    standards = standards_of(submission)
    frame, mapping = as_frame([row])
    normal = normalise(frame, mapping, today=standards.terms.voting_day)
    read = nik.read_niks(normal, "nik_given", today=standards.terms.voting_day).with_columns(nik="nik_digits")
    faults = check(standards.territory().locate(read), standards.terms).row(0, named=True)
    found = [rule for rule in ROW_RULES if faults[rule.code] and rule.audience == TEAM]
    digits, said = read["nik_digits"][0], read["nik_valid"][0]
    return Checked(
        findings=[rule for rule in found if _ripe(rule, row, at, behind)],
        repeated=_repeated(submission.pair, digits, standards) if digits else "",
        birth_date=read["nik_birth_date"][0] if said else None,
        sex=read["nik_sex"][0] if said else None,
    )


def _ripe(rule: Rule, row: Mapping[str, str], at: str, behind: frozenset[str]) -> bool:
    """Whether it is time to say it."""
    typed = (row.get(rule.field) or "").strip()
    if rule.field == at:
        return rule.field == "nik" and sum(sign.isdigit() for sign in typed) >= WHOLE_NIK
    return bool(typed) or not rule.field or rule.field in behind


def _repeated(pair: Pair, digits: str, standards: Standards) -> str:
    """Whether the pair itself has this NIK already; of whom, and by whom it was typed, nothing is said."""
    sealed = seal.seal_nik(digits, standards.keys().nik)
    own = Submission.objects.filter(pair=pair).values("pk")
    if not Support.objects.filter(nik=sealed, submission__in=own).exists():
        return ""
    return _(
        "NIK ini sudah ada dalam data pasangan ini. Cocokkan dengan KTP-el; satu orang hanya dihitung satu kali."
    )
