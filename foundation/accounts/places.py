"""Where a role can be given: regions found by code or name, inside the territory of whoever gives it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.matrix import GRANTS, REGION_DIGITS, Role, ScopeKind
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.regions.models import Region

NATION = "Nasional"
MOST_OFFERED = 800


def place_of(text: str, role: Role, by: User) -> tuple[ScopeKind, int]:
    """The scope that somebody typed: a code, a name, or both as offered. Refuses what is unknown or ambiguous."""
    typed = " ".join(text.split())
    if typed.casefold() == NATION.casefold():
        return ScopeKind.NATION, 0
    digits = typed.rpartition("(")[2].rstrip(") ").replace(".", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 10:
        found = list(Region.objects.filter(pk=int(digits))[:1])
    else:
        found = list(_regions(by, role).filter(name__iexact=typed).order_by("code")[:6])
    if not found:
        message = _("Wilayah “%(text)s” tidak dikenal. Pilih dari daftar, atau isi kodenya, misalnya 647401.")
        raise Refused("region_unknown", message % {"text": typed[:60]}, "region")
    if len(found) > 1:
        some = ", ".join(f"{one.name} ({one.pk})" for one in found[:5])
        message = _("Ada beberapa wilayah bernama itu: %(some)s. Isi kodenya.")
        raise Refused("region_ambiguous", message % {"some": some}, "region")
    return ScopeKind.REGION, found[0].pk


def offered(by: User) -> list[str]:
    """The regions one is likely to mean, as they can be typed: those nearest below the own one first."""
    found = _regions(by).order_by("level", "code").values_list("name", "code")[:MOST_OFFERED]
    nationwide = [NATION] if by.assignments.filter(scope_kind=ScopeKind.NATION).exists() else []
    return nationwide + [f"{name} ({code})" for name, code in found]


def _regions(by: User, role: Role | None = None) -> QuerySet[Region]:
    """Regions in force inside the territory in which ``by`` gives roles, of the level that a role is held in."""
    inside = Q(pk__in=[])
    for held in by.assignments.all():
        if Role(held.role) in GRANTS:
            inside |= _within(held.scope_kind, held.scope_id)
    regions = Region.objects.filter(inside, current=True)
    digits = REGION_DIGITS.get(role) if role else None
    return regions.filter(pk__gte=10 ** (digits - 1), pk__lt=10**digits) if digits else regions


def _within(kind: str, scope_id: int) -> Q:
    if kind != ScopeKind.REGION:
        return Q() if kind == ScopeKind.NATION else Q(pk__in=[])
    inside, own = Q(pk=scope_id), len(str(scope_id))
    for digits in (2, 4, 6, 10):
        if digits > own:
            width = 10 ** (digits - own)
            inside |= Q(pk__range=(scope_id * width, (scope_id + 1) * width - 1))
    return inside
