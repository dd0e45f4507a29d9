"""A row id comes back only as it was written, for the round it was written for."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supports.row_ids import key_of_rows, read_row_ids, write_row_ids

KEY = key_of_rows(bytes(range(32)))
OTHER = key_of_rows(bytes(range(1, 33)))

ids = st.integers(min_value=1, max_value=2**63 - 1)
revisions = st.integers(min_value=0, max_value=2**15 - 1)
rounds = st.integers(min_value=1, max_value=2**40)


def written(rows, submission=7, key=KEY):
    """The texts of (id, revision) rows."""
    numbers, seen = ([row[at] for row in rows] for at in (0, 1))
    return write_row_ids(pl.Series(numbers, dtype=pl.Int64), pl.Series(seen, dtype=pl.Int16), submission, key)


def read(texts, submission=7, key=KEY):
    """What the texts say, as (id, revision) or (None, None)."""
    found = read_row_ids(pl.Series(texts, dtype=pl.String), [submission], key)
    assert found["round"].drop_nulls().unique().to_list() in ([], [submission])
    return found.select("origin_id", "revision").rows()


@given(st.lists(st.tuples(ids, revisions)), rounds)
def test_what_was_written_is_read(rows, submission):
    assert read(written(rows, submission), submission) == rows


@pytest.mark.parametrize("blank", [None, "", "R", "77", "R" + "0" * 31, "R" + "g" * 32])
def test_what_has_not_the_form_is_nobodys_row(blank):
    first, last = written([(1 << 24, 0), (2 << 24, 3)])
    assert read([first, blank, last]) == [(1 << 24, 0), (None, None), (2 << 24, 3)]


@given(ids, revisions, st.integers(0, 31), st.sampled_from("0123456789abcdef"))
def test_a_changed_letter_is_nobodys_row(number, revision, at, letter):
    (text,) = written([(number, revision)])
    changed = text[: at + 1] + letter + text[at + 2 :]
    assert read([changed]) == ([(number, revision)] if changed == text else [(None, None)])


def test_another_round_or_election_reads_nothing():
    (text,) = written([(5 << 24, 0)])
    assert read([text], submission=8) == [(None, None)]
    assert read([text], key=OTHER) == [(None, None)]


def test_a_file_of_several_rounds_says_of_which_each_row_is():
    texts = [*written([(5 << 24, 0)], 7), *written([(6 << 24, 1)], 8), *written([(7 << 24, 0)], 9)]
    found = read_row_ids(pl.Series(texts, dtype=pl.String), [7, 8], KEY)
    assert found.rows() == [(5 << 24, 0, 7), (6 << 24, 1, 8), (None, None, None)]


def test_a_spreadsheet_takes_it_for_text_however_it_writes_letters():
    (text,) = written([(5 << 24, 0)])
    assert text[0].isalpha()
    assert len(text) == 33
    assert read([text.upper(), text.lower()]) == [(5 << 24, 0)] * 2


def test_two_rows_never_share_an_id_and_a_revision_changes_it():
    texts = written([(number, revision) for number in range(1, 50) for revision in range(3)])
    assert texts.n_unique() == 49 * 3
