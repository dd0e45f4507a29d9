"""The "ID baris" of a report: which row of which round, as only we can have written it. Pure.

One AES block under a key of the election, in hex, behind a letter so that no spreadsheet takes it for a number. It
holds the row, the round (which has one pair) and the revision the report showed; no identity, and nothing that anyone
without the key can read or make.
"""

from collections.abc import Collection

import polars as pl

from foundation import seal

LETTER = "R"
REVISION_BITS = 16
_FORM = rf"(?i)^{LETTER}([0-9a-f]{{32}})$"


def key_of_rows(digest_key: bytes) -> bytes:
    """The key of an election's row ids, out of the one that compares its rows."""
    return seal.derive_key(digest_key, "row id")


def write_row_ids(ids: pl.Series, revisions: pl.Series, submission: int | pl.Series, key: bytes) -> pl.Series:
    """A text for each row of its round, at the revision it has now."""
    place = revisions.cast(pl.Int64) + submission * (1 << REVISION_BITS)
    return LETTER + seal.seal_numbers(ids, place, key)


def read_row_ids(texts: pl.Series, rounds: Collection[int], key: bytes) -> pl.DataFrame:
    """(``origin_id``, ``revision``, ``round``) of each text; null where it was not written for one of these rounds."""
    blocks = texts.str.extract(_FORM, 1)
    ids, places = seal.open_numbers(blocks.drop_nulls(), key)
    of_round = places // (1 << REVISION_BITS)
    ours = of_round.is_in(list(rounds))
    rows = blocks.is_not_null().arg_true().filter(ours)
    nothing = pl.repeat(None, len(texts), dtype=pl.Int64, eager=True)
    return pl.DataFrame(
        {
            "origin_id": nothing.clone().scatter(rows, ids.filter(ours)),
            "revision": nothing.clone().scatter(rows, places.filter(ours) % (1 << REVISION_BITS)),
            "round": nothing.clone().scatter(rows, of_round.filter(ours)),
        }
    )
