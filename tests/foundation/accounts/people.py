"""Users with roles, for tests about access."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from foundation.accounts.matrix import SCOPE_KINDS, Role, ScopeKind
from foundation.accounts.models import AccessLink, ApiToken, Assignment, User

# Where the tests' roles hold unless they say otherwise: Kota Bontang and what contains it.
REGIONS = {
    Role.KPU_PROVINCE: 64,
    Role.KPU_REGENCY: 6474,
    Role.PPK: 647401,
    Role.PPS: 6474011001,
    Role.PPS_HELPER: 6474011001,
}


def somebody(*roles, pair=1, **fields):
    """A new user holding these roles; (role, kind, id) holds it somewhere special.

    The second step counts as set up unless a test says otherwise (``two_factor_at=None``).
    """
    number = User.objects.count()
    user = User.objects.create(username=f"orang-{number}", **{"two_factor_at": timezone.now()} | fields)
    for given in roles:
        role, kind, scope_id = given if isinstance(given, tuple) else (given, *place_of(given, pair))
        Assignment.objects.create(user=user, role=role, scope_kind=kind, scope_id=scope_id)
    return user


def place_of(role, pair=1):
    """A scope that the role can be held in."""
    kind = SCOPE_KINDS[role][-1]
    return kind, {ScopeKind.NATION: 0, ScopeKind.PAIR: pair}.get(kind, REGIONS.get(role, 6474))


def token_of(user, **fields):
    """The header that shows a new token of the user."""
    _row, token = ApiToken.objects.create(user=user, **fields)
    return {"HTTP_AUTHORIZATION": f"Token {token}"}


def stored_in(*models):
    """Everything that lies in the rows of these models, as one text."""
    rows = [row for model in models for row in model.objects.values_list()]
    return str([[bytes(value) if isinstance(value, memoryview) else value for value in row] for row in rows])


def long_ago():
    """As if every link that was mailed had been mailed an hour earlier."""
    AccessLink.objects.update(created_at=F("created_at") - timedelta(hours=1))
