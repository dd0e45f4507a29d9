"""Reading the region tree.

Below a region in force only regions in force are listed; below a former one (an election held before a split)
everything that was ever there.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Count, Exists, Q, QuerySet

from foundation.regions.codes import DISTRICT, PROVINCE, REGENCY, VILLAGE, code_of, level_of, parent_of
from foundation.regions.models import Region
from foundation.regions.names import NameIndex

# Digits of a code of each level, province to desa/kelurahan.
_DIGITS = {PROVINCE: 2, REGENCY: 4, DISTRICT: 6, VILLAGE: 10}


def _of_its_day(root: int) -> Q:
    return Q(current=True) | Q(Exists(Region.objects.filter(pk=root, current=False)))


def children(code: int) -> QuerySet[Region]:
    """The regions one level below, by code."""
    return Region.objects.filter(_of_its_day(code), parent=code)


def subtree(code: int, level: int) -> QuerySet[Region]:
    """All regions of one level (``codes.DISTRICT``...) inside a region, by code; of its own level, itself."""
    width = 10 ** (_DIGITS[level] - _DIGITS[level_of(code)])
    inside = Q(code__gte=code * width, code__lt=(code + 1) * width)
    return Region.objects.filter(inside, _of_its_day(code))


def path_names(code: int) -> tuple[str, ...]:
    """Names from the province down to the region of a code or area; empty for area 0."""
    chain = _chain(code_of(code)) if code else []
    names = dict(Region.objects.filter(pk__in=chain).values_list("code", "name"))
    return tuple(names[step] for step in reversed(chain) if step in names)


def _chain(code: int | None) -> list[int]:
    """The code and those above it, upwards."""
    chain = []
    while code:
        chain.append(code)
        code = parent_of(code)
    return chain


def name_index(codes: Iterable[int]) -> NameIndex:
    """Names of all kabupaten and kota in force, and of everything inside the given regions.

    Kept in memory by the set of codes until the region table is loaded again by this process.
    """
    return _name_index(frozenset(codes))


@lru_cache(maxsize=8)
def _name_index(codes: frozenset[int]) -> NameIndex:
    parts = [subtree(code, level) for code in codes for level in range(level_of(code), VILLAGE + 1)]
    rows = {}
    for part in (Region.objects.filter(level__lte=REGENCY, current=True), *parts):
        for code, name, earlier in part.values_list("code", "name", "earlier"):
            rows[code] = (code, name, earlier.split("|") if earlier else ())
    return NameIndex(rows.values())


def forget_name_indexes() -> None:
    """Read the names anew: the table has changed."""
    _name_index.cache_clear()


def full_names(code: int) -> list[tuple[str, str, str]]:
    """Kabupaten/kota, kecamatan and desa/kelurahan of each desa inside a province or a kabupaten/kota, by name."""
    above = (subtree(code, level) for level in (REGENCY, DISTRICT))
    names = {one: name for part in above for one, name in part.values_list("code", "name")}
    found = subtree(code, VILLAGE).values_list("code", "name")
    whole = ((names.get(one // 1_000_000), names.get(one // 10_000), name) for one, name in found)
    return [steps for steps in whole if all(steps)]


def count_by_level() -> list[tuple[int, int, int]]:
    """For each level, province first: the level, regions in force, former regions."""
    in_force, former = Count("pk", filter=Q(current=True)), Count("pk", filter=Q(current=False))
    counted = Region.objects.values("level").annotate(in_force=in_force, former=former).order_by("level")
    return list(counted.values_list("level", "in_force", "former"))
