"""Who gives whom a role, and ends it: lower roles only, inside the own territory, never for oneself.

The order stands in ``matrix.GRANTS``. Teams of pairs get their roles by mandates, not here.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.activation import invite, resend
from foundation.accounts.ending import end_access
from foundation.accounts.matrix import GRANTS, Role, ScopeKind, title_of
from foundation.accounts.models import Assignment, User
from foundation.accounts.operations import assign_role, fits
from foundation.errors import NotAllowed, Refused
from foundation.workflow.engine import record

# Digits of a region code, province to desa/kelurahan.
DIGITS = (2, 4, 6, 10)


def grantable_by(user: User) -> list[Role]:
    """The roles a user may give somewhere, in the order of the matrix."""
    given = {role for held in user.assignments.all() for role in GRANTS.get(Role(held.role), ())}
    return [role for role in Role if role in given]


def staff_of(user: User) -> QuerySet[Assignment]:
    """The roles that others hold and this user may end: those that the user could have given."""
    mine = Q(pk__in=[])
    for held in user.assignments.all():
        roles = GRANTS.get(Role(held.role), frozenset())
        equal, below = roles - {held.role}, roles & {held.role}
        mine |= Q(role__in=equal) & _inside(held)
        mine |= Q(role__in=below) & _inside(held, strictly=True)
    return Assignment.objects.filter(mine).exclude(user=user).select_related("user")


def _inside(held: Assignment, *, strictly: bool = False) -> Q:
    """The scopes that lie in that of a role; ``strictly``: itself not included."""
    if held.scope_kind == ScopeKind.NATION:
        return Q(scope_kind=ScopeKind.REGION) if strictly else ~Q(scope_kind=ScopeKind.PAIR)
    if held.scope_kind != ScopeKind.REGION:
        return Q(pk__in=[])
    inside = Q(pk__in=[]) if strictly else Q(scope_id=held.scope_id)
    own = len(str(held.scope_id))
    for digits in DIGITS:
        if digits > own:
            width = 10 ** (digits - own)
            inside |= Q(scope_id__range=(held.scope_id * width, (held.scope_id + 1) * width - 1))
    return Q(scope_kind=ScopeKind.REGION) & inside


def refuse_to_grant(role: Role, scope_kind: ScopeKind, scope_id: int, by: User) -> None:
    """Refuse a role that ``by`` may not give there: one that is not lower, or a place outside the own territory."""
    if not fits(role, scope_kind, scope_id):
        message = _("Peran %(role)s tidak dapat diberikan untuk wilayah ini. Pilih wilayah yang sesuai.")
        raise Refused("scope_does_not_fit", message % {"role": role.title}, "region")
    if role not in grantable_by(by):
        message = _(
            "Peran Anda tidak dapat memberikan peran %(role)s. Yang dapat diberikan hanya peran di bawahnya; mintalah "
            "kantor di atas Anda."
        )
        raise NotAllowed("role_not_lower", message % {"role": title_of(role, scope_id)}, "role")
    if not any(_reaches(held, role, scope_kind, scope_id) for held in by.assignments.all()):
        message = _(
            "Peran %(role)s di wilayah itu tidak dapat Anda berikan: wilayahnya di luar wilayah tugas Anda, atau sama "
            "dengan wilayah Anda sendiri. Mintalah kantor yang berwenang di sana."
        )
        raise NotAllowed("outside_your_region", message % {"role": title_of(role, scope_id)}, "region")


def _reaches(held: Assignment, role: Role, kind: ScopeKind, scope_id: int) -> bool:
    if role not in GRANTS.get(Role(held.role), ()):
        return False
    own_level = role == held.role
    if held.scope_kind == ScopeKind.NATION:
        return kind == ScopeKind.REGION or not own_level
    inside = kind == ScopeKind.REGION and str(scope_id).startswith(str(held.scope_id))
    return inside and not (own_level and scope_id == held.scope_id)


@transaction.atomic
def invite_staff(
    *, by: User, email: str, name: str, role: Role, scope_kind: ScopeKind, scope_id: int = 0
) -> User:
    """Give somebody a role: an invitation by mail, or one role more on the account that has the address.

    Refuses what ``refuse_to_grant`` does, oneself, and whoever works for a pair: who verifies is of no team.
    """
    refuse_to_grant(role, scope_kind, scope_id, by)
    user = _account(email.strip())
    if user is None:
        return invite(email=email, name=name, role=role, scope_kind=scope_kind, scope_id=scope_id, by=by)
    if user.pk == by.pk:
        message = _("Tidak seorang pun memberi peran kepada dirinya sendiri. Mintalah kantor di atas Anda.")
        raise NotAllowed("own_role", message, "email")
    if user.assignments.filter(scope_kind=ScopeKind.PAIR).exists():
        message = _(
            "Surel ini milik anggota tim bakal pasangan calon, yang tidak dapat menjadi petugas. Gunakan surel orang "
            "lain."
        )
        raise Refused("works_for_a_pair", message, "email")
    assign_role(user, role, scope_kind=scope_kind, scope_id=scope_id, by=by)
    return user


def _account(email: str) -> User | None:
    """The active or invited account of an address."""
    alive = User.objects.filter(Q(is_active=True) | Q(activated_at=None), email__iexact=email)
    return alive.first() if email else None


@transaction.atomic
def end_staff(assignment: Assignment, *, by: User) -> None:
    """Take a role back that ``by`` could have given; who holds none any more is out at once."""
    refuse_others(assignment, by)
    kind, scope_id = ScopeKind(assignment.scope_kind), assignment.scope_id
    end_role(assignment.user, Role(assignment.role), scope_kind=kind, scope_id=scope_id, by=by)


def send_link_again(assignment: Assignment, *, by: User) -> None:
    """Mail a new activation link to somebody who was invited and has not answered. Refuses as ``end_staff``."""
    refuse_others(assignment, by)
    resend(assignment.user, by=by)


def refuse_others(assignment: Assignment, by: User) -> None:
    """Refuse one's own role, and one that ``by`` could not have given."""
    if assignment.user_id == by.pk:
        message = _("Tidak seorang pun mengubah perannya sendiri. Mintalah kantor di atas Anda.")
        raise NotAllowed("own_role", message)
    refuse_to_grant(Role(assignment.role), ScopeKind(assignment.scope_kind), assignment.scope_id, by)


@transaction.atomic
def end_role(user: User, role: Role, *, scope_kind: ScopeKind, scope_id: int = 0, by: User | None) -> bool:
    """Take one role away, at once: every request asks for the roles anew. False when the user did not hold it.

    Who holds no role any more loses all sessions and tokens too; an invitation that waits for its answer is called
    off, and its address is free again.
    """
    held = Assignment.objects.filter(user=user, role=role, scope_kind=scope_kind, scope_id=scope_id)
    if not held.delete()[0]:
        return False
    record("role_ended", user, by=by, role=role, scope_kind=scope_kind, scope_id=scope_id)
    if not user.assignments.exists():
        end_access(user, by=by, reason="role_ended")
        invited = User.objects.filter(pk=user.pk, is_active=False, activated_at=None)
        invited.update(activated_at=timezone.now())
    return True
