"""Mandates are filed, checked, approved or refused, replaced and revoked; each change is an Event.

``by=None`` stands for somebody without an account (the public page), or for the system.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from candidates import operations as pairs
from candidates import refusals as common
from candidates.mandates import letters, queries, refusals, team
from candidates.mandates.models import Mandate, MandatePerson
from candidates.models import Election, Pair
from candidates.queries import now
from foundation.accounts.access import AnyUser, lacks_second_step, scopes
from foundation.accounts.matrix import Permission, Role
from foundation.accounts.models import User
from foundation.attachments.operations import Document, keep_document, remove_attachment
from foundation.workflow import engine


@dataclass(frozen=True)
class Named:
    """Somebody a mandate names, as typed."""

    name: str
    email: str
    phone: str = ""

    def person(self, role: Role) -> MandatePerson:
        """As a row that is not saved yet."""
        return MandatePerson(
            role=role, name=_tidy(self.name), email=self.email.strip(), phone=_tidy(self.phone)
        )


@dataclass(frozen=True)
class Request:
    """What a mandate says; without a ``contact`` its LO files it. ``pair`` where it is known already."""

    head: str
    deputy: str
    lo: Named
    operators: tuple[Named, ...]
    contact: Named | None = None
    pair: Pair | None = None

    def people(self) -> list[MandatePerson]:
        """Everybody it names."""
        return [self.lo.person(Role.LO), *(one.person(Role.OPERATOR) for one in self.operators)]

    def write_to(self, mandate: Mandate) -> None:
        """Put it into the row."""
        contact = self.contact or self.lo
        mandate.pair = self.pair
        mandate.head, mandate.deputy = _tidy(self.head), _tidy(self.deputy)
        mandate.contact_name, mandate.contact_email = _tidy(contact.name), contact.email.strip()
        mandate.contact_phone = _tidy(contact.phone)


@transaction.atomic
def submit_mandate(election: Election, request: Request, *, by: User | None, document: Document) -> Mandate:
    """File a mandate for an election: by the team without an account, or by an officer at the counter.

    Whoever filed it gets the code to follow it with by mail. Refuses an election that takes none (an officer may file
    all the same), too many operators, addresses that are none, in use or given twice, and an officer's own mandate.
    Conflict (AlreadySubmitted) when the same one waits already: the same pair with the same document or the same LO.
    """
    # Two that file the same at once wait for each other here.
    Election.objects.select_for_update().get(pk=election.pk)
    mandate = Mandate(election=election, created_by=by)
    people = _checked(mandate, request, by)
    refusals.refuse_again(mandate, people, document.sha256)
    mandate.document = keep_document(document, by=by)
    common.save(mandate)
    _save_people(mandate, people)
    engine.record("mandate_submitted", mandate, by=by, **_told(mandate, people))
    letters.tell_received(mandate)
    return mandate


@transaction.atomic
def submit_again(
    mandate: Mandate, request: Request, *, by: User | None, document: Document | None
) -> Mandate:
    """File a refused mandate again, mended; without a ``document`` the one that is there stays.

    Refuses what ``submit_mandate`` refuses; Conflict when it is not refused any more.
    """
    Election.objects.select_for_update().get(pk=mandate.election_id)
    people = _checked(mandate, request, by)
    before = mandate.document
    refusals.refuse_again(mandate, people, document.sha256 if document else before.stored_file.sha256)
    if document:
        mandate.document = keep_document(document, by=by)
    mover = by if _decides(by, mandate.election) else None
    told = _told(mandate, people)
    engine.move(
        mandate,
        "resubmit",
        by=mover,
        data=told,
        reason="",
        submitted_at=now(),
        decided_at=None,
        decided_by=None,
    )
    common.save(mandate)
    mandate.people.all().delete()
    _save_people(mandate, people)
    if document:
        remove_attachment(before)
    letters.tell_received(mandate)
    return mandate


@transaction.atomic
def refuse_mandate(mandate: Mandate, *, by: User, reason: str) -> Mandate:
    """Refuse it, with the reason for whoever filed it; it can be filed again."""
    refusals.refuse_out_of_reach(mandate, by)
    refusals.refuse_own_mandate(mandate.people.all(), mandate.pair, by)
    reason = _reason(reason)
    engine.move(mandate, "refuse", by=by, data={"reason": reason}, **_decision(by, reason))
    letters.tell_refused(mandate)
    return mandate


@transaction.atomic
def approve_mandate(
    mandate: Mandate, *, by: User, pair: Pair | None = None, seen: datetime | None = None
) -> Mandate:
    """Approve it for ``pair``, or for a new pair of its names, and give each person it names an account.

    One that is in force for the pair is replaced: only who is named no longer loses role, sessions and tokens.
    Refuses the own mandate, a pair that does not stand, and an address that another account has. ``seen`` is when what
    the officer looked at was filed: Conflict when it was filed anew since.
    """
    refusals.refuse_out_of_reach(mandate, by)
    mandate.refresh_from_db(from_queryset=Mandate.objects.select_for_update())
    refusals.refuse_unseen(mandate, seen)
    people = list(mandate.people.all())
    refusals.refuse_own_mandate(people, pair, by)
    if pair is None:
        name = f"{mandate.head} – {mandate.deputy}"
        names = {"head": mandate.head, "deputy": mandate.deputy}
        pair = pairs.create_pair(mandate.election, by=by, name=name[:200], **names)
    # Two mandates approved for one pair at once wait for each other here.
    pair = Pair.objects.select_for_update().get(pk=pair.pk)
    refusals.refuse_pair(mandate, pair)
    before = queries.in_force(pair)
    if before:
        engine.move(before, "replace", by=by, data={"by_mandate": mandate.pk})
    engine.move(mandate, "approve", by=by, data={"pair": pair.pk}, pair=pair, **_decision(by, ""))
    team.give_access(mandate, people, before, by=by)
    letters.tell_approved(mandate)
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: User, reason: str) -> Mandate:
    """End it, with the reason: the whole team of its pair loses role, sessions and tokens at once."""
    refusals.refuse_out_of_reach(mandate, by)
    refusals.refuse_own_mandate(mandate.people.all(), mandate.pair, by)
    reason = _reason(reason)
    engine.move(mandate, "revoke", by=by, data={"reason": reason}, **_decision(by, reason))
    team.end_team(mandate.pair, by=by)
    return mandate


@transaction.atomic
def send_links_again(mandate: Mandate, *, by: User) -> int:
    """Mail new activation links to whoever it names and has not answered; says how many. Conflict without any."""
    refusals.refuse_out_of_reach(mandate, by)
    refusals.refuse_own_mandate(mandate.people.all(), mandate.pair, by)
    return team.invite_again(mandate, by=by)


def _checked(mandate: Mandate, request: Request, by: User | None) -> list[MandatePerson]:
    """The people a request names, after everything about it was found in order and written into the row."""
    refuse_filing(mandate.election, by)
    people = request.people()
    request.write_to(mandate)
    if request.pair:
        refusals.refuse_pair(mandate, request.pair)
    refusals.refuse_people(mandate.election, people)
    refusals.refuse_own_mandate(people, request.pair, by)
    team.refuse_addresses_in_use(mandate, people)
    return people


def filer(user: AnyUser) -> User | None:
    """In whose name a mandate is filed: on a public page who lacks the second step is nobody."""
    return user if isinstance(user, User) and not lacks_second_step(user) else None


def refuse_filing(election: Election, by: User | None) -> None:
    """Refuse an election for which no mandate can be filed now; an officer files at the counter all the same."""
    if not _decides(by, election):
        refusals.refuse_closed(election)


def _decides(by: User | None, election: Election) -> bool:
    """Whether somebody files it as an officer of the commission there."""
    return by is not None and scopes(by, Permission.DECIDE_MANDATES).contains_region(election.region_id)


def _save_people(mandate: Mandate, people: Sequence[MandatePerson]) -> None:
    for one in people:
        one.mandate = mandate
        common.save(one)


def _decision(by: User, reason: str) -> dict[str, object]:
    return {"decided_by": by, "decided_at": now(), "reason": reason}


def _reason(text: str) -> str:
    reason = _tidy(text)
    common.refuse_without_reason(reason, "reason")
    return reason[:500]


def _told(mandate: Mandate, people: Sequence[MandatePerson]) -> dict[str, object]:
    """As an Event keeps it: names, no addresses."""
    return {
        "names": str(mandate),
        "people": [[one.role, one.name] for one in people],
        "document": mandate.document.stored_file.sha256,
    }


def _tidy(text: str) -> str:
    """Typed text without doubled blanks."""
    return " ".join(text.split())
