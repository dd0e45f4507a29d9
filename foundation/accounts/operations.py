"""Accounts are made and roles given by the commission; each is an Event."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.credentials import email_of, refuse_taken_name, refuse_weak_password
from foundation.accounts.matrix import REGION_DIGITS, SCOPE_KINDS, Role, ScopeKind
from foundation.accounts.models import Assignment, User
from foundation.errors import Refused
from foundation.workflow.engine import record


@transaction.atomic
def create_user(username: str, *, name: str, password: str, by: User | None, email: str = "") -> User:
    """A new account without any role; with an address, its owner can choose another password by mail.

    Refuses a name that is taken (upper and lower case count as one), a password that is easily guessed, and an
    address that another account has.
    """
    address = email_of(email) if email else ""
    refuse_taken_name(username)
    refuse_weak_password(password, User(username=username, name=name))
    user = User.objects.create_user(
        username, address, password=password, name=name, activated_at=timezone.now()
    )
    record("user_created", user, by=by)
    return user


@transaction.atomic
def assign_role(
    user: User, role: Role, *, scope_kind: ScopeKind, scope_id: int = 0, by: User | None
) -> Assignment:
    """Give a user one role inside one scope; once given, giving it again changes nothing.

    Refuses a scope that the role cannot have: no LO of a region, no PPS of a kabupaten.
    """
    if not fits(role, scope_kind, scope_id):
        message = _("Peran %(role)s tidak dapat diberikan untuk lingkup ini. Pilih lingkup yang sesuai.")
        raise Refused("scope_does_not_fit", message % {"role": role.title}, "scope_id")
    assignment, created = Assignment.objects.get_or_create(
        user=user, role=role, scope_kind=scope_kind, scope_id=scope_id, defaults={"created_by": by}
    )
    if created:
        record("role_assigned", user, by=by, role=role, scope_kind=scope_kind, scope_id=scope_id)
    return assignment


def fits(role: Role, kind: ScopeKind, scope_id: int) -> bool:
    """Whether a role can be held there: the kind of scope, and the level of a region."""
    if kind not in SCOPE_KINDS[role] or (kind == ScopeKind.NATION) != (scope_id == 0):
        return False
    digits = len(str(scope_id))
    return kind != ScopeKind.REGION or REGION_DIGITS.get(role, digits) == digits
