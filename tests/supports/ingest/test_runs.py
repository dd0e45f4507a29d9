"""What only a whole upload shows."""

import polars as pl
import pytest

from supports.ingest.runs import consecutive, findings_of_runs, repeated
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
