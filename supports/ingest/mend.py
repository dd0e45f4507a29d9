"""Lines whose quotes do not add up, one by one with the ``csv`` module, so that only the broken row suffers.

The one place that loops over rows: it sees the odd lines of a file, not its rows. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from supports.ingest.layout import JOINED_LINES, Layout, take_apart

RAW_LENGTH = 2000  # characters of a broken line that are kept


@dataclass
class Mended:
    """``rows``: (line, broken, raw, *cells). ``joined``: lines that belong to the row of an earlier line.

    ``unread``: the line from which on the next block is needed to decide, if any.
    """

    rows: list[tuple[object, ...]] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)
    unread: int | None = None


def mend(lines: Sequence[str], odd: Sequence[int], layout: Layout, *, last: bool) -> Mended:
    """Take the odd lines apart: a quote left open is looked for in the lines below (a cell with line breaks).

    ``last``: whether the file ends with these lines.
    """
    found = Mended()
    for at in odd:
        if at in found.joined:
            continue
        cells, is_open = take_apart(lines[at], layout.delimiter)
        if not is_open:
            found.rows.append(_row(at, lines[at], cells, layout))
            continue
        end, cells = _close(lines, at, layout)
        if end is None and not last:
            found.unread = at
            break
        if not end:
            found.rows.append(_broken(at, lines[at], layout))
            continue
        found.joined.update(range(at + 1, end + 1))
        found.rows.append(_row(at, lines[at], cells, layout))
    return found


def _close(lines: Sequence[str], at: int, layout: Layout) -> tuple[int | None, list[str]]:
    """The line that closes the quote left open in line ``at``, and the cells of all of them joined.

    Line 0 when there is none, None when the lines end before that is certain.
    """
    for end in range(at + 1, at + 1 + JOINED_LINES):
        if end >= len(lines):
            return None, []
        if '"' not in lines[end]:
            continue
        cells, is_open = take_apart("\n".join(lines[at : end + 1]), layout.delimiter)
        if is_open:
            continue
        exact = len(_trimmed(cells, layout)) == layout.columns
        return (end, cells) if exact and not _are_rows(lines[at : end + 1], cells, layout) else (0, [])
    return 0, []


def _are_rows(lines: Sequence[str], cells: Sequence[str], layout: Layout) -> bool:
    """Whether the lines look like rows of their own, with stray quotes, rather than one row of these cells.

    So it is when a line below the first is a whole row, or when the first and the last each hold as many delimiters
    as a row, and so does the text between the quotes, or the quotes are none that a program writes.
    """
    # The last line closes a cell of the lines above by an odd number of quotes; with an even one it needs none of them.
    closing = lines[-1].count('"') % 2
    below = (take_apart(line, layout.delimiter) for line in lines[1 : len(lines) - closing])
    if any(len(found) == layout.columns and not is_open for found, is_open in below):
        return True
    enough = layout.columns - 1
    if min(lines[0].count(layout.delimiter), lines[-1].count(layout.delimiter)) < enough:
        return False
    between = (cell.count(layout.delimiter) for cell in cells if "\n" in cell)
    return max(between, default=0) >= enough or not _is_written(lines, layout.delimiter)


def _is_written(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the quotes of the row that the lines make are those of a program: around whole cells, doubled inside."""
    d = re.escape(delimiter)
    # Possessive throughout: a line of megabytes is read once.
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{d}]*+)'
    return re.fullmatch(rf"{cell}(?:{d}{cell})*+", "\n".join(lines)) is not None


def _row(at: int, text: str, cells: list[str], layout: Layout) -> tuple[object, ...]:
    cells = _trimmed(cells, layout)
    if len(cells) != layout.columns:
        spaced = _trimmed(take_apart(text, layout.delimiter, skip_blanks=True)[0], layout)
        cells = spaced if len(spaced) == layout.columns else cells
    if len(cells) > layout.columns:
        return _broken(at, text, layout)
    blanks = [None] * (layout.columns - len(cells))
    return (at, False, None, *(cell or None for cell in cells), *blanks)


def _trimmed(cells: list[str], layout: Layout) -> list[str]:
    """Without the blank cells beyond the last heading."""
    while len(cells) > layout.columns and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _broken(at: int, text: str, layout: Layout) -> tuple[object, ...]:
    return (at, True, text[:RAW_LENGTH], *([None] * layout.columns))
