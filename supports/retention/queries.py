"""Which elections' identities end when, what holds them, and what is left of them."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from candidates import zones
from candidates.models import Election
from candidates.queries import key_scope, now
from foundation.attachments.models import Attachment
from foundation.keys.models import StoredFile
from supports.models import PairMatch, Receipt, Submission, Upload, UploadTally
from supports.retention.models import Certificate, Destruction, LegalHold, RetentionTerm
from supports.retention.terms import BASIS, SOON_DAYS, days_kept

ENDED, SOON, HELD, UNDER_WAY, DESTROYED, LATER = "ended", "soon", "held", "under_way", "destroyed", "later"


@dataclass(frozen=True)
class Retention:
    """Where one election's identities stand: until when they are kept, on what basis, and what holds them."""

    election: Election
    ends_on: date
    basis: str
    term: RetentionTerm | None
    holds: list[LegalHold]
    destruction: Destruction | None
    today: date

    @property
    def ended(self) -> bool:
        """Whether they need no longer be kept."""
        return self.today > self.ends_on

    @property
    def standing(self) -> list[LegalHold]:
        """The holds that have not been lifted."""
        return [hold for hold in self.holds if hold.standing]

    @property
    def state(self) -> str:
        """One of the groups of the list."""
        if self.destruction and self.destruction.keys_destroyed_at:
            return DESTROYED
        if self.standing:
            return HELD
        if self.destruction:
            return UNDER_WAY
        if self.ended:
            return ENDED
        return SOON if self.ends_on - self.today <= timedelta(days=SOON_DAYS) else LATER


def retention_of(election: Election) -> Retention:
    """Of one election."""
    return retentions_of([election])[0]


def retentions_of(elections: Iterable[Election]) -> list[Retention]:
    """Of many elections (with their rule sets), in their order; a constant number of queries."""
    found, moment = list(elections), now()
    ids = [election.pk for election in found]
    terms = {
        term.election_id: term
        for term in RetentionTerm.objects.filter(election__in=ids)
        .select_related("document", "set_by")
        .order_by("id")
    }
    holds: dict[int, list[LegalHold]] = {}
    people = ("document", "set_by", "first_lifted_by", "second_lifted_by")
    for hold in LegalHold.objects.filter(election__in=ids).select_related(*people):
        holds.setdefault(hold.election_id, []).append(hold)
    destructions = Destruction.objects.filter(election__in=ids, withdrawn_at=None)
    related = destructions.select_related("certificate", "job", "proposed_by", "approved_by", "election")
    done = {one.election_id: one for one in related}
    return [
        _retention(one, terms.get(one.pk), holds.get(one.pk, []), done.get(one.pk), moment) for one in found
    ]


def _retention(
    election: Election,
    term: RetentionTerm | None,
    holds: list[LegalHold],
    destruction: Destruction | None,
    moment: datetime,
) -> Retention:
    kept = days_kept(election.rule_set.code)
    ends_on = term.ends_on if term else election.voting_day + timedelta(days=kept)
    basis = f"{term.number}: {term.reason}" if term else BASIS
    today = zones.local(moment, election.zone).date()
    return Retention(election, ends_on, basis, term, holds, destruction, today)


def what_is_there(election: Election) -> dict[str, Any]:
    """What a destruction would take and what stays, as numbers; both who propose and who approve look at it."""
    rounds = Submission.objects.filter(pair__election=election)
    rows = UploadTally.objects.filter(submission__in=rounds, key="rows")
    files = StoredFile.objects.filter(scope=key_scope(election), stored_at__isnull=False)
    stored = files.aggregate(n=Count("pk"), size=Sum("size"))
    attached = Attachment.objects.filter(stored_file__scope=key_scope(election))
    return {
        "pairs": election.pairs.count(),
        "rounds": rounds.count(),
        "rows": rows.aggregate(n=Sum("n"))["n"] or 0,
        "uploads": Upload.objects.filter(submission__in=rounds).count(),
        "files": stored["n"],
        "bytes": stored["size"] or 0,
        "documents": attached.count(),
        "matches": PairMatch.objects.filter(election=election).count(),
        "receipts": list(
            Receipt.objects.filter(election=election).order_by("sequence").values_list("number", flat=True)
        ),
    }


def digest_of(election: Election, ends_on: date, seen: dict[str, Any]) -> str:
    """The hash of what was looked at: another number, another end, another digest."""
    told = {"election": election.pk, "ends_on": ends_on.isoformat(), **seen}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def destroyed_in(election_id: int) -> Destruction | None:
    """The destruction after which nothing of an election can be opened, with its certificate if it has ended."""
    done = Destruction.objects.filter(election=election_id, keys_destroyed_at__isnull=False)
    return done.select_related("certificate", "election").first()


def certificates() -> Any:
    """Every certificate with what a page tells of it: everybody may read them."""
    return Certificate.objects.select_related("election", "destruction")


def live_elections(words: str = "") -> Any:
    """The elections that are kept and destroyed; those for practice are thrown away instead."""
    found = Election.objects.filter(practice=False).select_related("rule_set")
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(region_name__icontains=word))
    return found.order_by("voting_day", "name", "id")
