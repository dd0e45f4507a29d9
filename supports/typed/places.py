"""The desa and kelurahan of an election, as a typist is offered them while typing the first letters."""

from functools import lru_cache

from foundation.regions.codes import DISTRICT, REGENCY, VILLAGE, parent_of
from foundation.regions.queries import subtree


@lru_cache(maxsize=64)
def places_of_region(region: int) -> tuple[tuple[str, str, str], ...]:
    """Every desa/kelurahan of a region with its kecamatan and its kabupaten/kota, in the order of their codes.

    Reference data that changes with a new edition of the list only, which is loaded while nothing runs.
    """
    names = dict(subtree(region, DISTRICT).values_list("code", "name"))
    names |= dict(subtree(region, REGENCY).values_list("code", "name")) if region < 100 else {}
    found = []
    for code, name in subtree(region, VILLAGE).values_list("code", "name"):
        district = parent_of(code)
        regency = parent_of(district) if district else None
        found.append((name, names.get(district, ""), names.get(regency, "")))
    return tuple(found)
