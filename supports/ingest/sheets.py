"""How the sheets of a workbook are laid out: their heading rows, and how their columns go together.

Pure; runs in the parser's own process. Thirty people fill thirty sheets: each has its own order of columns and its
own words for them, and all of them become one table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from supports.ingest.columns import (
    REQUIRED,
    compact,
    is_heading_row,
    known_headings,
    map_headings,
    recognise,
)
from supports.ingest.layout import HEADING_LENGTH, HEADING_WITHIN, heading_index, last_filled

BELOW = 3  # rows below the first heading row that may still belong to the headings
PREVIEW = HEADING_WITHIN + BELOW + 1
NAME_LENGTH = 40  # characters of a sheet's name that are shown
# The rows of the next sheet are numbered from the next multiple of this, so that a row is easily found by its number.
STEP = 10_000

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Headings:
    """The headings of one sheet; ``first`` and ``last`` are the rows they stand in, from 0 within the preview."""

    texts: tuple[str, ...]
    first: int
    last: int


@dataclass
class Columns:
    """The columns of the whole workbook: those of the first sheet, then what other sheets have besides."""

    own: Sequence[str]
    headings: list[str] = field(default_factory=list)

    def place(self, texts: Sequence[str]) -> list[int]:
        """For each heading of a sheet, the column of the workbook that its cells go into.

        A heading that the team's mapping names goes by its words, another by the field it means, then by its
        words; what is new becomes a column of its own.
        """
        placed: dict[int, int] = {}
        for pairs in (
            self._by_words(texts, self._named()),
            self._by_field(texts),
            self._by_words(texts, None),
        ):
            for here, there in pairs:
                if here not in placed and there not in placed.values():
                    placed[here] = there
        for here, text in enumerate(texts):
            if here not in placed:
                placed[here] = len(self.headings)
                self.headings.append(text)
        return [placed[here] for here in range(len(texts))]

    def _named(self) -> set[str]:
        return {compact(heading) for heading in self.own}

    def _by_words(self, texts: Sequence[str], only: set[str] | None) -> Iterable[tuple[int, int]]:
        known: dict[str, list[int]] = {}
        for there, heading in enumerate(self.headings):
            known.setdefault(compact(heading), []).append(there)
        for here, text in enumerate(texts):
            key = compact(text)
            if only is None or key in only:
                yield from ((here, there) for there in known.get(key, ()))

    def _by_field(self, texts: Sequence[str]) -> Iterable[tuple[int, int]]:
        there = map_headings(self.headings).fields
        here = map_headings(texts).fields
        yield from ((index, there[name]) for name, index in here.items() if name in there)


def place_of(sheets: Sequence[Mapping[str, Any]], row_no: int) -> tuple[str, int]:
    """The name of the sheet that a row of an upload stands in, and its number there.

    ``sheets``: those of the file (``Header.sheets``). No name where there is only one table.
    """
    if len(sheets) < 2:
        return "", row_no
    sheet = max((one for one in sheets if one["first_row_no"] <= row_no), key=lambda one: one["first_row_no"])
    return sheet["name"], row_no - sheet["first_row_no"] + 1


def find_headings(rows: Sequence[list[str]], merges: Sequence[Merge], own: Sequence[str]) -> Headings | None:
    """The headings in the first rows of a sheet, None when no row of them names columns we know.

    ``merges``: the merged ranges, (row, column) pairs counted like ``rows``.
    """
    first = heading_index([(cells, 1) for cells in rows[:HEADING_WITHIN]], own)
    return None if first is None else read_headings(rows, first, merges, own)


def read_headings(
    rows: Sequence[list[str]], first: int, merges: Sequence[Merge], own: Sequence[str] = ()
) -> Headings:
    """The headings that begin in row ``first``, put together from all the rows they stand in."""
    last = _last_heading_row(rows, first, merges, own)
    texts = list(rows[first])
    for row in range(first + 1, last + 1):
        if not _are_numbers(rows[row]):
            texts = _joined(texts, rows[row], merges, first)
    end = last_filled(texts)
    return Headings(tuple(printable(text)[:HEADING_LENGTH] for text in texts[:end]), first, last)


def printable(text: str) -> str:
    """A heading or the name of a sheet in one line, without characters that cannot be shown."""
    return "".join(filter(str.isprintable, " ".join(text.split())))


def _last_heading_row(
    rows: Sequence[list[str]], first: int, merges: Sequence[Merge], own: Sequence[str]
) -> int:
    """Where the headings end: cells merged downwards say so, else the words and numbers in the rows below."""
    last = max(
        (bottom for (top, _), (bottom, _) in merges if top == first and bottom <= first + BELOW),
        default=first,
    )
    for row in range(last + 1, min(len(rows), last + BELOW)):
        if not (_are_numbers(rows[row]) or _are_headings_too(rows[first], rows[row], own)):
            break
        last = row
    return min(last, len(rows) - 1)


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether a row numbers the columns, as official forms do: 1, 2, 3 or (1), (2), (3)."""
    filled = [cell.strip(" ().") for cell in cells if cell.strip()]
    return len(filled) > 2 and filled == [str(number) for number in range(1, len(filled) + 1)]


def _are_headings_too(above: Sequence[str], cells: Sequence[str], own: Sequence[str]) -> bool:
    """Whether a row below the headings divides them: words we know, no digit, nothing under NIK and Nama."""
    if any(character.isdigit() for cell in cells for character in cell):
        return False
    if is_heading_row(cells, own) and known_headings(cells) & set(REQUIRED):
        return True
    under = [cell for heading, cell in zip(above, cells, strict=False) if recognise(heading) in REQUIRED]
    joined = _joined(list(above), cells, (), 0)
    divided = [text for text, cell in zip(joined, cells, strict=False) if cell.strip() and recognise(text)]
    return not any(map(str.strip, under)) and len(divided) > 1


def _joined(above: list[str], below: Sequence[str], merges: Sequence[Merge], row: int) -> list[str]:
    """Headings of two rows as one: "Lahir" over "Tempat" is "Tempat Lahir"."""
    over = _carried(above, below, merges, row)
    return [_join(up, down) for up, down in zip(over, below, strict=False)]


def _carried(above: Sequence[str], below: Sequence[str], merges: Sequence[Merge], row: int) -> list[str]:
    """The upper headings, a blank one filled with its left neighbour where a lower one stands below."""
    spans = {(left, right) for (top, left), (_, right) in merges if top == row}
    carried, group = [], ""
    for column, (up, down) in enumerate(zip(above, below, strict=False)):
        inside = any(left < column <= right for left, right in spans) if spans else True
        group = up if up.strip() else group if inside else ""
        carried.append(group if up.strip() or down.strip() else "")
    return carried


def _join(up: str, down: str) -> str:
    if not up.strip() or not down.strip():
        return up if up.strip() else down
    last = up.replace("/", " ").split()[-1]
    choices = (down, f"{down} {last}", f"{up} {down}")
    return next((text for text in choices if recognise(text)), f"{up} {down}")
