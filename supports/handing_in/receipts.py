"""The receipt: what was handed in, counted, hashed and signed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from candidates import rule_sets, zones
from candidates.models import Election
from foundation import sql
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from foundation.keys.models import StoredFile
from foundation.keys.signing import newest_public_key, sign
from supports.handing_in.hashing import Root
from supports.handing_in.requirement import shortage_of
from supports.handing_in.rows import FORMAT as ROW_FORMAT
from supports.handing_in.signed import FORMAT, TREE, signed_bytes
from supports.models import HandIn, Receipt, Submission
from supports.progress import counts_by_area, findings_of_round
from supports.queries import submissions_visible_to

# Plus the election's id: the lock under which its receipts are numbered.
NUMBER_LOCK = 5_130_000_000_000


def receipts_visible_to(
    user: AnyUser, permission: Permission = Permission.VIEW_PROGRESS
) -> QuerySet[Receipt]:
    """The receipts of rounds that this user may see; they hold sums, no person."""
    rounds = submissions_visible_to(user, permission).order_by().values("pk")
    related = (
        "hand_in__submission__pair__election__rule_set",
        "hand_in__submission__rule_set",
        "leaves",
        "reception",
    )
    return Receipt.objects.filter(hand_in__submission__in=rounds).select_related(*related)


def receipt_of(submission: Submission) -> Receipt | None:
    """The latest receipt of a round."""
    return Receipt.objects.filter(hand_in__submission=submission).order_by("-id").first()


def issue_receipt(hand_in: HandIn, root: Root, leaves: StoredFile) -> Receipt:
    """Number, sign and keep the receipt. The round must be held."""
    election = hand_in.submission.pair.election
    sequence = _next_number(election)
    number = number_of(election, sequence)
    body = _counted(hand_in, root) | {"format": FORMAT, "number": number}
    public = newest_public_key()
    body |= {"key_id": public.id, "public_key": public.key}
    body["signature"] = sign(signed_bytes(body)).signature
    return Receipt.objects.create(
        hand_in=hand_in, election=election, sequence=sequence, number=number, leaves=leaves, body=body
    )


def number_of(election: Election, sequence: int) -> str:
    """TT-0007/6474/2024: the seventh of that region and year."""
    number = f"TT-{sequence:04d}/{election.region_id}/{election.voting_day.year}"
    return f"LATIHAN-{number}" if election.practice else number


def _next_number(election: Election) -> int:
    sql.value("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK + election.pk])
    return (Receipt.objects.filter(election=election).aggregate(last=Max("sequence"))["last"] or 0) + 1


def _counted(hand_in: HandIn, root: Root) -> dict[str, Any]:
    """Everything the receipt says beside its number and its key. Raises RuntimeError when rows and counts differ."""
    submission = hand_in.submission
    pair, election = submission.pair, submission.pair.election
    areas = counts_by_area(pair, [submission])
    if sum(area.submitted for area in areas) != root.rows:
        raise RuntimeError(f"round {submission.pk}: {root.rows} rows were read, and others are counted")
    shortage = shortage_of(submission)
    return {
        "submission": submission.pk,
        "election": {"id": election.pk, "name": election.name, "region": election.region_id},
        "pair": {"id": pair.pk, "name": pair.name, "head": pair.head, "deputy": pair.deputy},
        "stage": submission.stage,
        "stage_title": title_of(submission),
        "submitted_at": _written(hand_in.requested_at, election),
        "hashed_at": _written(root.at, election),
        "zone": zones.LABELS[election.zone],
        "rows": root.rows,
        "counted": sum(area.clean for area in areas),
        "asked": shortage.asked,
        "min_spread": shortage.min_spread,
        "by_area": [
            {"code": one.code, "name": one.name, "rows": one.submitted, "counted": one.clean} for one in areas
        ],
        "findings": findings_of_round(submission),
        "tree": TREE,
        "row_format": ROW_FORMAT,
        "root": root.root,
    }


def title_of(submission: Submission) -> str:
    """The round's name: Awal, Perbaikan Kesatu."""
    return rule_sets.RuleSet.from_json(submission.rule_set.body).round(submission.stage).title


def said_moment(body: Mapping[str, Any]) -> str:
    """When it was handed in, to the second: 12 Mei 2024 pukul 23.59.59 WITA."""
    moment = datetime.fromisoformat(body["submitted_at"])
    return f"{zones.say_day(moment.date())} pukul {moment:%H.%M.%S} {body['zone']}"


def _written(moment: datetime, election: Election) -> str:
    """With the offset of the election's zone: 2024-05-12T23:59:59.123456+08:00."""
    return zones.local(moment, election.zone).isoformat(timespec="microseconds")
