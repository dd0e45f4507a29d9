"""The row below the last supporter that says how many there are. It is no supporter and must not count as one. Pure."""

import re
from collections.abc import Sequence

import polars as pl

FILLED = 4  # cells; whoever fills more speaks of a person

_WORD = r"(?:grand\s+|sub\s*)?(?:jumlah|total|jml)"
_MORE = r"(?:\s+(?:keseluruhan|seluruhnya|seluruh|semua|akhir|data|pendukung|dukungan|baris|orang|warga|penduduk))*"
_COUNT = r"[\d.,\s]*(?:orang|baris|data|jiwa|pendukung|dukungan)?"
_TOTAL = re.compile(rf"{_WORD}{_MORE}\s*[:=]*\s*{_COUNT}", re.IGNORECASE)
_REST = re.compile(rf"[:=]*\s*{_COUNT}", re.IGNORECASE)
_NIK_LIKE = re.compile(r"\d{9}|[eE]\+")


def is_total_row(cells: Sequence[str | None]) -> bool:
    """Whether the cells hold the word for a total and a count, and nothing that could be a person."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    return (
        0 < len(filled) <= FILLED
        and _TOTAL.fullmatch(filled[0]) is not None
        and all(_REST.fullmatch(cell) and not _NIK_LIKE.search(cell) for cell in filled[1:])
    )


def cut_total_row(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, int | None]:
    """The last frame of a table without its total row, and that row's number (None: there was none)."""
    if not frame.height or not is_total_row(frame.select(columns).row(-1)):
        return frame, None
    return frame.head(-1), frame["row_no"][-1]
