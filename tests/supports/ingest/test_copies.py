"""Who gives a person again, told without the database: the answers of the statement that tells it there."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from supports.ingest.copies import IDENTICAL, SAME_NIK, copies_of_others, given_again, later_copies

SCHEMA = {"id": pl.Int64, "nik_number": pl.Int64, "digest": pl.Int128}
BOTH = [IDENTICAL, SAME_NIK]

people = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 4)), st.integers(1, 2), st.booleans()), max_size=12
)


def frame(rows):
    """(NIK or None, what else the row says, sound) → rows with ids from 1, and the ids of the unsound ones."""
    table = [(i, nik, None if nik is None else digest) for i, (nik, digest, _sound) in enumerate(rows, 1)]
    unsound = [i for i, (_nik, _digest, sound) in enumerate(rows, 1) if not sound]
    return pl.DataFrame(table, schema=SCHEMA, orient="row"), pl.Series(unsound, dtype=pl.Int64)


def expected(rows):
    """Person by person, as the rule is said: the first sound row stays, else the first; equal ones are copies."""
    found = {}
    for nik in {nik for nik, _digest, _sound in rows if nik is not None}:
        own = [(not sound, i, digest) for i, (n, digest, sound) in enumerate(rows, 1) if n == nik]
        seen = set()
        for place, (_faulty, i, digest) in enumerate(sorted(own)):
            if place:
                found[i] = IDENTICAL if digest in seen else SAME_NIK
            seen.add(digest)
    return found


@given(people)
def test_copies_are_those_of_the_rule(rows):
    found = copies_of_others(*frame(rows))
    assert found.schema == {"code": pl.Int16, "support_id": pl.Int64}
    assert dict(found.select("support_id", "code").iter_rows()) == expected(rows)


@given(people)
def test_later_copies_never_stay_whatever_else_comes(rows):
    table, unsound = frame(rows)
    sound = table.rename({"id": "support_id"}).with_columns(sound=~table["id"].is_in(unsound.implode()))
    late = set(later_copies(sound, BOTH))
    assert late == {i for i in expected(rows) if rows[i - 1][2]}


def test_where_a_copy_counts_nevertheless_none_is_taken_early():
    rows = pl.DataFrame({"support_id": [1, 2], "nik_number": [7, 7], "sound": [True, True]})
    assert later_copies(rows, BOTH).to_list() == [2]
    for blocking in ([], [IDENTICAL], [SAME_NIK]):
        assert later_copies(rows, blocking).to_list() == []


def test_rows_without_a_nik_are_nobodys_copy():
    table, _unsound = frame([(None, 1, True), (None, 1, True), (3, 1, True)])
    assert given_again(table).height == 0
