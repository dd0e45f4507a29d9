"""From the people a mandate names to accounts, and back."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from candidates.mandates.models import Mandate, MandatePerson
from candidates.mandates.refusals import prefixes
from candidates.models import Pair
from foundation.accounts.activation import invite, resend
from foundation.accounts.granting import end_role
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.accounts.operations import assign_role
from foundation.errors import Conflict, Refused


def refuse_addresses_in_use(mandate: Mandate, people: Sequence[MandatePerson]) -> None:
    """Refuse an address that an account with another task has.

    Who works for this pair by its mandate in force stays; an account without any role is taken up again.
    """
    accounts, stay = _accounts(people), _stay(mandate)
    for prefix, one in prefixes(people):
        user = accounts.get(one.email.casefold())
        if user and user.pk not in stay and user.assignments.exists():
            message = _(
                "Surel %(email)s (%(name)s) sudah dipakai akun lain yang masih bertugas. Gunakan surel lain; satu akun "
                "hanya untuk satu orang dan satu pasangan."
            )
            raise Refused("email_taken", message % {"email": one.email, "name": one.name}, f"{prefix}_email")


def _accounts(people: Iterable[MandatePerson]) -> dict[str, User]:
    """The living accounts of their addresses, by address in lower case."""
    wanted = Q(pk__in=[])
    for one in people:
        wanted |= Q(email__iexact=one.email)
    alive = User.objects.filter(Q(is_active=True) | Q(activated_at=None), wanted)
    return {user.email.casefold(): user for user in alive}


def _stay(mandate: Mandate) -> set[int]:
    """The accounts that mandates of the same pair gave, which a new one may name again."""
    same = Q(head__iexact=mandate.head, deputy__iexact=mandate.deputy)
    if mandate.pair_id:
        same |= Q(pair=mandate.pair_id)
    earlier = Mandate.objects.filter(same, election=mandate.election_id, pair__isnull=False)
    people = MandatePerson.objects.filter(mandate__in=earlier, user__isnull=False)
    return set(people.values_list("user", flat=True))


def give_access(
    mandate: Mandate, people: Sequence[MandatePerson], before: Mandate | None, *, by: User
) -> None:
    """Each person gets the role for the pair: by an invitation, or on the account they have.

    Who was named ``before`` and is not any more loses the role; who stays notices nothing. Refuses an address that
    another account has.
    """
    pair = mandate.pair
    refuse_addresses_in_use(mandate, people)
    earlier = list(before.people.select_related("user")) if before else []
    accounts = _accounts(people)
    for one in people:
        user = accounts.get(one.email.casefold())
        if user is None:
            user = invite(
                email=one.email, name=one.name, role=Role(one.role),
                scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=by,
            )  # fmt: skip
        else:
            assign_role(user, Role(one.role), scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=by)
        MandatePerson.objects.filter(pk=one.pk).update(user=user)
        one.user = user
    held = {(one.user_id, one.role) for one in people}
    for one in earlier:
        if one.user and (one.user_id, one.role) not in held:
            end_role(one.user, Role(one.role), scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=by)


def waiting(mandate: Mandate) -> list[User]:
    """Whom it gave an account that they have not activated."""
    if mandate.status != "approved":
        return []
    named = User.objects.filter(pk__in=mandate.people.values("user"))
    return [user for user in named.order_by("pk") if user.is_invited]


def invite_again(mandate: Mandate, *, by: User) -> int:
    """A new link for each of them. Conflict when there is none."""
    users = waiting(mandate)
    if not users:
        message = _("Tidak ada akun mandat ini yang menunggu aktivasi. Muat ulang halaman.")
        raise Conflict("nobody_waits", message)
    for user in users:
        resend(user, by=by)
    return len(users)


def end_team(pair: Pair, *, by: User) -> None:
    """Everybody who works for the pair loses the role at once: LO, operators, typists."""
    for held in Assignment.objects.filter(scope_kind=ScopeKind.PAIR, scope_id=pair.pk).select_related("user"):
        end_role(held.user, Role(held.role), scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=by)
