"""How many rows of a round lie in each desa/kelurahan, with the names above it. Read from the counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.models import Election, Level
from foundation import sql
from foundation.regions.codes import (
    DISTRICT,
    PROVINCE,
    REGENCY,
    VILLAGE,
    area_range,
    code_of,
    level_of,
    parent_of,
)
from foundation.regions.models import Region
from supports.models import Submission

UNKNOWN = "belum diketahui"
LAST_AREA = 9_999_999_999


@dataclass(frozen=True)
class Place:
    """One area with its rows: a desa/kelurahan, or a wider one where the desa of the rows is not known."""

    area: int
    rows: int
    province: str
    regency: str
    district: str
    village: str

    @property
    def title(self) -> str:
        """Bontang Kuala; where less is known: Bontang Utara, desa/kelurahan belum diketahui."""
        known = [name for name in (self.village, self.district, self.regency) if name]
        if self.village or not known:
            return known[0] if known else f"Wilayah {UNKNOWN}"
        return f"{known[0]}, desa/kelurahan {UNKNOWN}"


def places_of(submission: Submission, code: int = 0) -> list[Place]:
    """Every area of a round that has rows, inside the region ``code`` if one is given; two queries."""
    first, last = area_range(code) if code else (0, LAST_AREA)
    found = sql.rows("supports/count_by_village", submission=submission.pk, area_from=first, area_to=last + 1)
    names = _names([area for area, _rows in found])
    return [Place(area, rows, *_chain(area, names)) for area, rows in found]


def spread_of(election: Election, places: Sequence[Place]) -> int:
    """In how many of the areas that count for the spread there is any row. Prefetch the areas."""
    width = 1_000_000 if election.level == Level.GUBERNUR else 10_000
    touched = {place.area // width for place in places}
    return sum(1 for area in election.areas.all() if area.code in touched)


def _names(areas: Sequence[int]) -> dict[int, str]:
    """The names of these areas' regions and of those above them; one query."""
    codes: set[int] = set()
    for area in areas:
        code: int | None = code_of(area) if area else None
        while code:
            codes.add(code)
            code = parent_of(code)
    return dict(Region.objects.filter(pk__in=codes).values_list("code", "name"))


def _chain(area: int, names: dict[int, str]) -> tuple[str, ...]:
    """The names from the province down to the desa of an area; empty for what is not known."""
    by_level: dict[int, str] = {}
    code: int | None = code_of(area) if area else None
    while code:
        by_level[level_of(code)] = names.get(code, "")
        code = parent_of(code)
    return tuple(by_level.get(level, "") for level in (PROVINCE, REGENCY, DISTRICT, VILLAGE))
