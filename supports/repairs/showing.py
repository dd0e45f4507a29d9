"""In whose place a row came, and which row came in its place: for lists and cards of rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from candidates.rule_sets import RuleSet
from supports.ingest.sheets import place_of
from supports.models import MAX_ROW_NO, ROW_BITS, Submission, Upload
from supports.repairs.models import Replacement


@dataclass(frozen=True)
class Place:
    """A row of another round as people find it: round, file, sheet ("" but in a workbook of several), row."""

    id: int
    stage: str
    round_title: str
    upload_id: int
    upload_name: str
    sheet: str
    row_no: int


@dataclass(frozen=True)
class Places:
    """By the id of a row: the row that replaces it, and the row it replaces."""

    replaced_by: dict[int, Place]
    replaces: dict[int, Place]


def places_beside(ids: Sequence[int]) -> Places:
    """Of these rows the others of their replacements; one query while there is none, else three."""
    pairs = Replacement.objects.filter(Q(origin_id__in=ids) | Q(support_id__in=ids), stands=True)
    found = list(pairs.values_list("origin_id", "support_id", "origin_round", "submission_id"))
    rounds = {pk: one for row in found for pk, one in ((row[0], row[2]), (row[1], row[3]))}
    places = _places(rounds) if rounds else {}
    shown = set(ids)
    return Places(
        replaced_by={old: places[new] for old, new, *_rounds in found if old in shown},
        replaces={new: places[old] for old, new, *_rounds in found if new in shown},
    )


def _places(rounds: dict[int, int]) -> dict[int, Place]:
    """Each row, given with its round."""
    uploads = Upload.objects.filter(pk__in={pk >> ROW_BITS for pk in rounds})
    named = {
        pk: (name, sheets or []) for pk, name, sheets in uploads.values_list("pk", "name", "columns__sheets")
    }
    submissions = Submission.objects.filter(pk__in=set(rounds.values())).select_related("rule_set")
    titles = {
        one.pk: (one.stage, RuleSet.from_json(one.rule_set.body).round(one.stage).title)
        for one in submissions
    }
    made = {}
    for pk, submission in rounds.items():
        name, sheets = named.get(pk >> ROW_BITS, ("", []))
        made[pk] = Place(pk, *titles[submission], pk >> ROW_BITS, name, *place_of(sheets, pk & MAX_ROW_NO))
    return made
