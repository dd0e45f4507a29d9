"""Reading mandates, and which elections they can be filed for."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from candidates.mandates.models import Mandate, MandatePerson
from candidates.models import Election, Pair, Window
from candidates.queries import now
from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission


def mandates_visible_to(
    user: AnyUser, permission: Permission = Permission.VIEW_MANDATES
) -> QuerySet[Mandate]:
    """The mandates of elections that lie wholly in the user's territory."""
    elections = elections_governed_by(user, permission).order_by().values("pk")
    related = ("election__rule_set", "pair", "document__stored_file", "created_by", "decided_by")
    return Mandate.objects.filter(election__in=elections).select_related(*related).prefetch_related("people")


def counts_by_status(mandates: QuerySet[Mandate]) -> dict[str, int]:
    """How many of them stand where."""
    counted = mandates.order_by().values_list("status").annotate(number=Count("pk"))
    return dict(counted.values_list("status", "number"))


def elections_open_for_mandates() -> QuerySet[Election]:
    """Elections in which support can still be filled in or handed in, or whose windows are not scheduled yet."""
    moment = now()
    windows = Window.objects.filter(election=OuterRef("pk"), pair=None)
    ahead = Q(Exists(windows.filter(closes_at__gt=moment)))
    unscheduled = ~Q(Exists(windows)) & Q(voting_day__gt=moment.date())
    return Election.objects.filter(ahead | unscheduled).select_related("rule_set")


def same_mandates(mandate: Mandate) -> QuerySet[Mandate]:
    """Those that wait for a decision about the same pair: the same one, or the same two names."""
    pair = Q(head__iexact=mandate.head, deputy__iexact=mandate.deputy)
    if mandate.pair_id:
        pair |= Q(pair=mandate.pair_id)
    return Mandate.objects.filter(pair, election=mandate.election, status="submitted").exclude(pk=mandate.pk)


def mandates_named(mandates: QuerySet[Mandate], wanted: str) -> QuerySet[Mandate]:
    """Those that name somebody, or a pair or election, with these letters in the name."""
    people = MandatePerson.objects.filter(mandate=OuterRef("pk"), name__icontains=wanted)
    names = Q(head__icontains=wanted) | Q(deputy__icontains=wanted) | Q(election__name__icontains=wanted)
    return mandates.filter(names | Q(Exists(people)))


def in_force_for(mandate: Mandate) -> Mandate | None:
    """The mandate that approving this one would replace, if its pair is the one it names."""
    pair = Q(pair__head__iexact=mandate.head, pair__deputy__iexact=mandate.deputy)
    if mandate.pair_id:
        pair |= Q(pair=mandate.pair_id)
    found = Mandate.objects.filter(pair, election=mandate.election_id, status="approved")
    return found.prefetch_related("people").first()


def people_leaving(before: Mandate, mandate: Mandate) -> list[MandatePerson]:
    """Who loses access when one mandate takes the place of another."""
    named = {one.email.casefold() for one in mandate.people.all()}
    return [one for one in before.people.all() if one.email.casefold() not in named]


def in_force(pair: Pair) -> Mandate | None:
    """The approved mandate of a pair, if it has one."""
    return Mandate.objects.filter(pair=pair, status="approved").first()


def pairs_named(mandate: Mandate) -> QuerySet[Pair]:
    """The pairs of the mandate's election that it may be about, those with the names it gives first."""
    named = Q(head__iexact=mandate.head, deputy__iexact=mandate.deputy)
    pairs = Pair.objects.filter(election=mandate.election_id, status="active")
    return pairs.annotate(named=Q(named)).order_by("-named", "name")
