"""A pair's typists: each has an account of their own, made and ended by the operator."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.models import Pair
from candidates.queries import rules_of
from foundation.accounts.activation import invite, resend
from foundation.accounts.granting import end_role
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.accounts.operations import assign_role
from foundation.errors import Refused
from supports.models import Upload
from supports.typed.today import Typed, typed_by

STATES = {
    "active": gettext_lazy("Aktif"),
    "invited": gettext_lazy("Menunggu aktivasi"),
    "ended": gettext_lazy("Akses diakhiri"),
    "team": gettext_lazy("Operator atau LO"),
}


@dataclass(frozen=True)
class Typist:
    """Somebody who types for a pair, or did: ``state`` is a key of STATES; ``uploads`` hold what they typed."""

    user: User
    state: str
    typed: Typed
    uploads: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """The state in words."""
        return str(STATES[self.state])


def typists_of(pair: Pair) -> list[Typist]:
    """Every typist of the pair, and everybody else who typed for it, by name; four queries whatever their number."""
    typed = typed_by(pair)
    held = {one.user_id: one.role for one in _roles(pair).order_by("-role")}
    typists = {pk for pk, role in _roles(pair).values_list("user", "role") if role == Role.TYPIST}
    uploads: dict[int, list[int]] = {}
    rows = Upload.objects.filter(submission__pair=pair, source=Upload.Source.TYPED, received_by__isnull=False)
    for person, upload in rows.exclude(status="discarded").order_by("pk").values_list("received_by", "pk"):
        uploads.setdefault(person, []).append(upload)
    people = User.objects.filter(pk__in={*typists, *typed}).order_by("name", "pk")
    return [
        Typist(
            one,
            _state(one, one.pk in typists, one.pk in held),
            typed.get(one.pk, Typed()),
            tuple(uploads.get(one.pk, ())),
        )
        for one in people
    ]


def _state(user: User, typist: bool, of_team: bool) -> str:
    if typist:
        return "invited" if user.is_invited else "active"
    return "team" if of_team else "ended"


def places_left(pair: Pair) -> int:
    """How many typists may still be added."""
    return max(0, rules_of(pair.election).typists_allowed - _typists(pair).count())


@transaction.atomic
def add_typist(pair: Pair, *, email: str, name: str, by: User) -> User:
    """Give a person access as a typist: by an invitation, or on their account that has no task any more.

    Refuses when the rule set allows no more, when the name is missing, and an address that is none or in use.
    """
    if not name.strip():
        raise Refused("name_missing", _("Nama juru entri belum diisi. Isi nama lengkapnya."), "name")
    # Two operators at once must not exceed the number together.
    Pair.objects.select_for_update(no_key=True).get(pk=pair.pk)
    if not places_left(pair):
        message = _(
            "Jumlah juru entri sudah mencapai batas %(n)s orang, sehingga tidak ada yang ditambahkan. Akhiri akses "
            "juru entri yang tidak bekerja lagi, lalu ulangi."
        )
        raise Refused("typists_full", message % {"n": rules_of(pair.election).typists_allowed})
    scope = {"scope_kind": ScopeKind.PAIR, "scope_id": pair.pk, "by": by}
    active = User.objects.filter(email__iexact=email.strip(), is_active=True).exclude(email="")
    idle = active.filter(assignments__isnull=True).first()
    if idle:
        assign_role(idle, Role.TYPIST, **scope)
        return idle
    return invite(email=email, name=name, role=Role.TYPIST, **scope)


def end_typist(pair: Pair, user: User, *, by: User) -> None:
    """End a typist's access at once; what they typed stays. Refuses when they are no typist of the pair."""
    if not end_role(user, Role.TYPIST, scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=by):
        message = _("%(name)s bukan juru entri pasangan ini lagi, sehingga tidak ada yang diakhiri.")
        raise Refused("not_a_typist", message % {"name": user})


def invite_again(user: User, *, by: User) -> None:
    """Mail a new activation link. Refuses when the account is active already."""
    resend(user, by=by)


def _roles(pair: Pair) -> QuerySet[Assignment]:
    return Assignment.objects.filter(scope_kind=ScopeKind.PAIR, scope_id=pair.pk)


def _typists(pair: Pair) -> QuerySet[Assignment]:
    living = Q(user__is_active=True) | Q(user__activated_at=None)
    return _roles(pair).filter(living, role=Role.TYPIST)


def accounts_of_typists(pair: Pair) -> QuerySet[User]:
    """The accounts that are typists of the pair now, invited ones too."""
    return User.objects.filter(pk__in=_typists(pair).values("user"))
