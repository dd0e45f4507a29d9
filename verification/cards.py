"""One row as whoever decides it sees it: opened, its scans, findings, what they suggest, and its duplicates."""

from dataclasses import dataclass, field, replace

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from supports import identities
from supports.findings import GRAVITY, effects_by_code
from supports.ingest.columns import TITLES
from supports.listing import Row, rows_of
from supports.models import Standing, Support
from supports.rule import Rule
from supports.rules import COMMISSION
from supports.scans.models import Kind, Scan
from supports.scans.queries import scans_of
from supports.scans.words import PROBLEMS
from verification.deciding import statuses_offered
from verification.duplicates.queries import Beside, groups_beside
from verification.models import Decision, SecondReading
from verification.reasons import BY_NUMBER, Reason, Suggestion, reasons_for, suggestion
from verification.rolls.presence import Presence, presence_of

# In the order of form B.1, then what belongs to the sheet.
FIELDS = (
    "nik", "name", "birth_place", "birth_date", "sex", "marital", "address", "rt", "rw", "village", "district",
    "regency", "occupation", "phone", "email", "document", "statement", "sheet", "ref",
)  # fmt: skip
MOST_DUPLICATES = 10
WORDS = {
    "sex": {"L": "Laki-laki", "P": "Perempuan"},
    "marital": {"B": "Belum kawin", "S": "Sudah kawin", "P": "Pernah kawin"},
}


@dataclass(frozen=True)
class Said:
    """A finding with what it leads to in this round."""

    rule: Rule
    effect: str


@dataclass(frozen=True)
class Past:
    """A decision with its reasons in words."""

    decision: Decision
    reasons: list[Reason]


@dataclass(frozen=True)
class Paper:
    """The scans of one kind of document: its ``pages`` are (scan, page of it), ``notes`` what is wrong with them."""

    title: str
    pages: list[tuple[Scan, int]]
    notes: list[str]


@dataclass(frozen=True)
class Card:
    """``fields`` are title and text of what was typed; ``duplicates`` other rows of the round with the same NIK.

    ``readings`` are what other people read of it, where a second one or the office is waited for; ``mended`` is why the
    row that it replaces was BMS.
    """

    standing: Standing
    row: Row
    fields: list[tuple[str, str, bool]]
    findings: list[Said]
    suggestion: Suggestion
    offered: list[tuple[str, list[Reason]]]
    duplicates: list[Row]
    more_duplicates: bool
    past: list[Past]
    papers: list[Paper]
    readings: list[Past] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    rolls: list[Presence] = field(default_factory=list)
    mended: list[Past] = field(default_factory=list)

    @property
    def offers_bms(self) -> bool:
        """Whether a later round admits rows that were mended."""
        return any(status == "BMS" for status, _reasons in self.offered)


def card_of(standing: Standing, *, by: User) -> Card:
    """Open a row for whoever is to decide it; that it was opened is an Event."""
    card = masked_card(standing)
    support = Support.objects.get(pk=standing.support_id)
    support.submission = standing.submission
    fields = _fields(identities.open_identity(support, by=by), card.row.findings)
    return replace(card, fields=fields, rolls=presence_of(support, by=by))


def masked_card(standing: Standing) -> Card:
    """The same without opening anything. Raises Http404 when somebody took the row away meanwhile."""
    submission = standing.submission
    support = get_object_or_404(Support.objects.defer("sealed"), pk=standing.support_id)
    same = _same_nik(support)
    row, *others = rows_of([support.pk, *same], submission, COMMISSION)
    effects = effects_by_code(submission)
    codes = [rule.code for rule in row.findings]
    said = [Said(rule, effects[rule.code]) for rule in row.findings]
    offered = statuses_offered(submission)
    past = _past(support.pk)
    return Card(
        standing=standing,
        row=row,
        fields=[],
        findings=sorted(said, key=lambda one: GRAVITY[one.effect]),
        suggestion=suggestion(codes, effects, offered),
        offered=[(status, reasons_for(status)) for status in offered if status != "MS"],
        duplicates=others[:MOST_DUPLICATES],
        more_duplicates=len(others) > MOST_DUPLICATES,
        past=past,
        papers=_papers(support.pk),
        readings=_readings(support.pk, past),
        beside=groups_beside(support.pk, submission),
        mended=_mended(row),
    )


def _mended(row: Row) -> list[Past]:
    if row.replaces is None:
        return []
    return [one for one in _past(row.replaces.id) if one.decision.takes_effect and one.reasons][-1:]


def _same_nik(support: Support) -> list[int]:
    if support.nik is None:
        return []
    same = Support.objects.filter(nik=support.nik, submission=support.submission_id).exclude(pk=support.pk)
    return list(same.order_by("pk").values_list("pk", flat=True)[: MOST_DUPLICATES + 1])


def _fields(opened: dict, findings: list[Rule]) -> list[tuple[str, str, bool]]:
    """Title, text and whether a finding speaks of it; what was left blank only where one does."""
    spoken = {rule.field for rule in findings}
    found = []
    for name in FIELDS:
        text = str(opened.get(name) or "")
        if text or name in spoken:
            found.append((TITLES[name], WORDS.get(name, {}).get(text, text), name in spoken))
    return found


def _past(support_id: int) -> list[Past]:
    found = Decision.objects.filter(support_id=support_id).select_related("by", "correction").order_by("id")
    return [Past(one, [BY_NUMBER[number] for number in one.reasons]) for one in found]


def _readings(support_id: int, past: list[Past]) -> list[Past]:
    """Of what was said, what waits for another person."""
    if not past or past[-1].decision.takes_effect:
        return []
    waiting = SecondReading.objects.filter(pk=support_id).values_list("first", "second").first()
    return [one for one in past if waiting and one.decision.pk in waiting]


def _papers(support_id: int) -> list[Paper]:
    """The documents of a row in the order of their kinds. Their pictures are asked for one by one, each a reading."""
    held: dict[str, list[Scan]] = {}
    for scan in scans_of([support_id]):
        held.setdefault(scan.kind, []).append(scan)
    return [_paper(kind, held[kind]) for kind in Kind if kind in held]


def _paper(kind: Kind, scans: list[Scan]) -> Paper:
    codes = dict.fromkeys(code for scan in scans for code in scan.problems.split())
    notes = [str(PROBLEMS[code]) for code in codes]
    if any(scan.repeated for scan in scans):
        notes.append(_("Pindaian yang sama persis ada juga pada baris lain."))
    pages = [(scan, number) for scan in scans for number in range(1, scan.pages + 1)]
    return Paper(str(kind.label), pages, notes)
