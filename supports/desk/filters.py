"""Which lines of a territory are shown, and in which order: what the address says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from supports.desk.territory import Line, by_deadline

LONGEST_SEARCH = 100
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ORDERS: dict[str, tuple[Any, Callable[[Line], Any]]] = {
    "tenggat": (_("Tenggat terdekat"), by_deadline),
    "kurang": (_("Kekurangan terbesar"), lambda line: (-line.shortfall, line.name)),
    "kemajuan": (_("Kemajuan terbesar"), lambda line: (-line.counted / max(line.minimum, 1), line.name)),
    "unggahan": (_("Unggahan terbaru"), lambda line: (LONG_AGO - (line.last_upload or LONG_AGO), line.name)),
    "nama": (_("Nama pasangan"), lambda line: line.name.casefold()),
}


@dataclass(frozen=True)
class Asking:
    """What is looked for. What an address says wrongly is left out."""

    words: str = ""
    province: int = 0
    level: str = ""
    state: str = ""
    attention: bool = False
    practice: bool = False
    order: str = "tenggat"

    @property
    def narrowed(self) -> bool:
        """Whether not everything is shown."""
        return bool(self.words or self.province or self.level or self.state or self.attention)

    def holds(self, line: Line) -> bool:
        """Whether a line is among those looked for."""
        return (
            (not self.words or self._names(line))
            and (not self.province or province_of(line) == self.province)
            and (not self.level or line.level == self.level)
            and (not self.state or line.state == self.state)
            and (not self.attention or bool(line.needs))
        )

    def _names(self, line: Line) -> bool:
        texts = f"{line.name} {line.election_name} {line.region_name}".casefold()
        return all(word in texts for word in self.words.casefold().split())

    def chosen(self, lines: Iterable[Line]) -> list[Line]:
        """Those lines, in the order asked for."""
        return sorted((line for line in lines if self.holds(line)), key=ORDERS[self.order][1])


def orders(*, inside: bool) -> dict[str, Any]:
    """The orders to choose from, with their titles; that of uploads only for who may know of them (``inside``)."""
    return {key: title for key, (title, _key) in ORDERS.items() if inside or key != "unggahan"}


def asking(query: QueryDict, *, inside: bool) -> Asking:
    """What an address asks for."""
    province = query.get("provinsi", "")
    order = query.get("urut", "")
    return Asking(
        words=query.get("cari", "").strip()[:LONGEST_SEARCH],
        province=int(province) if province.isascii() and province.isdecimal() else 0,
        level=query.get("jenis", ""),
        state=query.get("keadaan", ""),
        attention=query.get("perhatian") == "1",
        practice=query.get("latihan") == "1",
        order=order if order in orders(inside=inside) else "tenggat",
    )


def province_of(line: Line) -> int:
    """The province a line's election is held in."""
    return line.region if line.region < 100 else line.region // 100
