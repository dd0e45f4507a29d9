"""Rows of a file that name the row they mend: the "ID baris" of a report that came back. Pure."""

from collections.abc import Sequence

import polars as pl

from supports.ingest.columns import HeadingMap
from supports.ingest.csv_file import cell
from supports.ingest.normalise import clean
from supports.row_ids import read_row_ids
from supports.rules import BY_CODE

UNKNOWN = BY_CODE["ROW_ID_UNKNOWN"].number
REPEATED = BY_CODE["ROW_ID_REPEATED"].number
SCHEMA = {"origin_id": pl.Int64, "revision": pl.Int64, "round": pl.Int64, "support_id": pl.Int64}


class Mends:
    """What stays in memory of a file's row ids (about 33 bytes a row; nothing for a file without them).

    ``earlier`` are the rounds before this one, whose rows a file of this round may name too.
    """

    def __init__(self, submission: int, key: bytes, earlier: Sequence[int] = ()) -> None:
        self._submission, self._key = submission, key
        self.earlier = list(earlier)
        self._frames: list[pl.DataFrame] = [pl.DataFrame(schema=SCHEMA)]

    def add(self, frame: pl.DataFrame, mapping: HeadingMap, ids: pl.Series) -> None:
        """Read the ids of one frame; ``ids`` are those its rows get. A blank cell is a new row and names none."""
        at = mapping.fields.get("row_id")
        if at is None:
            return
        texts = clean(frame[cell(at)], code=True)
        given = texts.is_not_null()
        read = read_row_ids(texts.filter(given), [self._submission, *self.earlier], self._key)
        self._frames.append(read.with_columns(support_id=ids.filter(given)))

    def named(self) -> pl.DataFrame:
        """(origin_id, revision, support_id), one for each row of this round that is named: the first that names it."""
        return self._named().filter(pl.col("round") == self._submission)

    def names_any(self) -> bool:
        """Whether any row of any of these rounds is named."""
        return any(frame["origin_id"].count() for frame in self._frames)

    def named_before(self) -> pl.DataFrame:
        """The same for rows of the earlier rounds."""
        return self._named().filter(pl.col("round") != self._submission)

    def _named(self) -> pl.DataFrame:
        known = pl.concat(self._frames).drop_nulls("origin_id")
        return known.unique("origin_id", keep="first", maintain_order=True)

    def findings(self) -> pl.DataFrame:
        """Ids that are not ours, or that an earlier row of the file has too."""
        rows = pl.concat(self._frames)
        known = rows.drop_nulls("origin_id")
        faulty = {
            UNKNOWN: rows.filter(pl.col("origin_id").is_null())["support_id"],
            REPEATED: known.filter(~known["origin_id"].is_first_distinct())["support_id"],
        }
        return pl.concat(marked(code, ids) for code, ids in faulty.items())


def marked(code: int, ids: pl.Series) -> pl.DataFrame:
    """One finding for each row."""
    return pl.DataFrame({"support_id": ids}).select(code=pl.lit(code, pl.Int16), support_id="support_id")
