"""Where a supporter lives: the written kabupaten/kota, kecamatan and desa/kelurahan → one area code.

Names are looked up inside their parent only, and never guessed. Only distinct spellings are looked up, so that the
cost does not grow with the rows. Pure: the names come in from outside.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from foundation.regions.codes import area_of, parent_of
from foundation.regions.names import AMBIGUOUS, NameIndex

KEYS = ["regency", "district", "village"]
SCHEMA = {"area": pl.Int64, "place_fault": pl.String}
KNOWN = dict.fromkeys(KEYS, pl.String) | SCHEMA
# Spellings kept for the frames to come: a file of nothing but different ones must not fill the memory.
MOST_KNOWN = 200_000


@dataclass(frozen=True)
class Territory:
    """The region of an election, as the names of its rows are judged against it.

    ``index`` knows the kab/kota of the nation, and below them at least the kecamatan and desa of the territory.
    ``parents`` are the kab/kota this region was split from: their KTP-el still counts as a doubt, not as outside.
    """

    region: int
    index: NameIndex
    parents: frozenset[int] = frozenset()
    _known: list[pl.DataFrame] = field(default_factory=lambda: [pl.DataFrame(schema=KNOWN)])
    _above: dict[tuple[int, str | None], object] = field(default_factory=dict)

    @property
    def is_province(self) -> bool:
        """Whether a whole province votes (its kab/kota are then inside)."""
        return self.region < 100

    def knowing(self, spellings: pl.DataFrame) -> Self:
        """The same, with spellings looked up before (``learnt``)."""
        return replace(self, _known=[spellings], _above={})

    def learnt(self, names: Iterable[tuple[str, str, str]]) -> pl.DataFrame:
        """What a territory of this kind is to know of these kab/kota, kecamatan and desa from the beginning."""
        rows = [(*whole, *self._resolve(*whole)) for whole in names]
        return pl.DataFrame(rows, schema=KNOWN, orient="row").unique(KEYS)

    def locate(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add ``area`` (10 digits, zeros for what is unknown) and ``place_fault`` (a rule code or null)."""
        if self._known[0].height > MOST_KNOWN:
            self._known[0] = self._known[0].clear()
            self._above.clear()
        located = self._join(frame)
        new = located.filter(pl.col("area").is_null()).select(KEYS).unique()
        if not new.height:
            return located
        self._learn(new)
        return self._join(frame)

    def _join(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(self._known[0], on=KEYS, how="left", nulls_equal=True, maintain_order="left")

    def _learn(self, distinct: pl.DataFrame) -> None:
        """Look up spellings that no frame before had. Kept as new texts: those of a frame would keep all of it."""
        rows = [(*names, *self._resolve(*names)) for names in distinct.iter_rows()]
        self._known[0] = pl.concat([self._known[0], pl.DataFrame(rows, schema=KNOWN, orient="row")])

    def _resolve(
        self, regency: str | None, district: str | None, village: str | None
    ) -> tuple[int, str | None]:
        code = self._once(0, regency)
        if code is None or code is AMBIGUOUS:
            return 0, "REGENCY_UNKNOWN"
        if not self._inside(code):
            return area_of(code), "PARENT_AREA" if code in self.parents else "OUTSIDE_AREA"
        kecamatan = self._once(code, district) if district else None
        if kecamatan is None or kecamatan is AMBIGUOUS:
            return area_of(code), "DISTRICT_UNKNOWN"
        desa = self.index.find(kecamatan, village) if village else None
        if desa is None or desa is AMBIGUOUS:
            return area_of(kecamatan), "VILLAGE_UNKNOWN"
        return area_of(desa), None

    def _once(self, parent: int, text: str | None) -> object:
        """A kab/kota (of 0) or a kecamatan: thousands of spellings of a desa stand below the same few."""
        key = (parent, text)
        if key not in self._above:
            self._above[key] = self.index.find(parent, text) if parent else self._regency(text)
        return self._above[key]

    def _regency(self, text: str | None) -> object:
        """A list of one kabupaten/kota often does not repeat its name in every row: blank means the election's."""
        if text:
            own = frozenset() if self.is_province else frozenset({self.region})
            return self.index.find_regency(text, prefer=own)
        return None if self.is_province else self.region

    def _inside(self, code: int) -> bool:
        return parent_of(code) == self.region if self.is_province else code == self.region
