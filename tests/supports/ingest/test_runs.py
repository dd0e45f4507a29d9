"""What only a whole upload shows."""

import polars as pl
import pytest

from supports.ingest.runs import consecutive, findings_of_runs, repeated, zeroed
from supports.rules import BY_CODE


@pytest.mark.parametrize(
    ("values", "at_least", "found"),
    [
        ([5, 1, 5, None, 2], 2, [5]),
        ([5, 1, 5, None, None, 2], 3, []),
        ([7, 7, 7, 7], 3, [7]),
        ([None, None], 2, []),
        ([], 2, []),
    ],
)
def test_repeated_values(values, at_least, found):
    assert repeated(pl.Series(values, dtype=pl.Int64), at_least).sort().to_list() == found


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([10, 11, 12, 13, 14], [10, 11, 12, 13, 14]),
        ([10, 11, 12, 13], []),
        ([14, 10, 99, 12, 12, 11, 13, None], [10, 11, 12, 13, 14]),
        ([1, 2, 3, 4, 5, 6, 7, 20], [1, 2, 3, 4, 5, 6, 7]),
        ([1, 1, 1, 1, 1], []),
        ([], []),
    ],
)
def test_consecutive_values(values, found):
    assert consecutive(pl.Series(values, dtype=pl.Int64)).sort().to_list() == found


def test_findings_name_the_rows():
    numbers = pl.DataFrame(
        {
            "id": range(1, 8),
            "nik_number": [1, 2, 3, 4, 5, 50, None],
            "phone_number": [9, 9, 9, 8, None, 9, 7],
        },
        schema={"id": pl.Int64, "nik_number": pl.Int64, "phone_number": pl.Int64},
    )
    found = findings_of_runs(numbers, 4).sort("code", "support_id").rows()
    shared, run = BY_CODE["PHONE_SHARED"].number, BY_CODE["SERIAL_RUN"].number
    assert found == [(shared, 1), (shared, 2), (shared, 3), (shared, 6), *[(run, pk) for pk in range(1, 6)]]


def column(niks, first=1):
    """The frame of numbers that a sheet with these NIKs gives."""
    ids = range(first, first + len(niks))
    return pl.DataFrame({"id": ids, "nik_number": niks}, schema={"id": pl.Int64, "nik_number": pl.Int64})


def people(number, ending=lambda at: at % 10):
    """NIKs of different people, each ending as asked."""
    return [6474_0101_0160_9000 + at * 10**8 // 10 * 10 + ending(at) for at in range(1, number + 1)]


@pytest.mark.parametrize("number", [1, 9, 10, 11, 30, 1_000, 50_000])
def test_an_honest_column_has_lost_nothing(number):
    assert zeroed(column(people(number))).to_list() == []


def test_a_column_of_zeros_lost_its_last_digits():
    niks = people(12, lambda at: 0)
    assert zeroed(column(niks)).to_list() == list(range(1, 13))


def test_few_zeros_prove_nothing():
    assert zeroed(column(people(9, lambda at: 0))).to_list() == []


def test_a_column_of_zeros_may_have_rows_that_were_typed_anew():
    niks = people(100, lambda at: 7 if at % 10 == 0 else 0)
    found = zeroed(column([*niks, None])).to_list()
    assert found == [at for at in range(1, 101) if at % 10]
    assert zeroed(column(people(100, lambda at: 7 if at % 5 == 0 else 0))).to_list() == []


def test_copies_of_one_person_are_no_column_of_zeros():
    assert zeroed(column([6474_0101_0160_9010] * 10_000)).to_list() == []


def test_what_ends_in_four_zeros_has_its_own_finding():
    niks = [*people(12, lambda at: 0), 6474_0101_0199_0000]
    assert zeroed(column(niks)).to_list() == list(range(1, 13))


def test_each_sheet_has_a_column_of_its_own():
    honest, lost = people(40), people(40, lambda at: 0)
    numbers = pl.concat([column(honest, 2), column(lost, 10_002)])
    assert zeroed(numbers, [1, 10_001]).to_list() == list(range(10_002, 10_042))
    assert zeroed(numbers).to_list() == []
