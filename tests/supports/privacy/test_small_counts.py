"""The arithmetic of what is not published: every small count could also have been another one."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supports.privacy.small_counts import HIDDEN, LEAST, SMALL, is_small, published, suppress

NUMBERS = st.lists(st.one_of(st.integers(0, 12), st.integers(5, 2_000)), max_size=6)
SMALL_ONES = range(1, LEAST)


@pytest.mark.parametrize(
    ("parts", "total", "shown"),
    [
        ([], 0, []),
        ([0, 7], 7, [0, 7]),
        ([3, 100, 50], 153, [SMALL, 100, HIDDEN]),
        ([3, 4, 50], 57, [SMALL, SMALL, 50]),
        ([1, 1, 50], 52, [SMALL, SMALL, HIDDEN]),
        ([4, 4, 50], 58, [SMALL, SMALL, HIDDEN]),
        ([1, 5, 50], 56, [SMALL, HIDDEN, HIDDEN]),
        ([1, 5], HIDDEN, [SMALL, HIDDEN]),
        ([2, 0], SMALL, [SMALL, 0]),
        ([1, 2], SMALL, [SMALL, SMALL]),
        ([4, 4], HIDDEN, [SMALL, SMALL]),
    ],
)
def test_known_cases(parts, total, shown):
    found = suppress(parts)
    assert (found.total, found.parts) == (total, shown)


def test_a_count_that_stands_alone():
    assert [published(n) for n in (0, 1, 4, 5, 1_000)] == [0, SMALL, SMALL, 5, 1_000]


@settings(deadline=None, max_examples=400)
@given(NUMBERS)
def test_nothing_small_is_published(parts):
    found = suppress(parts)
    assert not [n for n in (found.total, *found.parts) if isinstance(n, int) and is_small(n)]
    assert [
        n for n, shown in zip(parts, found.parts, strict=True) if isinstance(shown, int) and shown != n
    ] == []


@settings(deadline=None, max_examples=400)
@given(NUMBERS)
def test_a_sum_below_five_cannot_be_computed(parts):
    found = suppress(parts)
    hidden = [n for n, shown in zip(parts, found.parts, strict=True) if isinstance(shown, str)]
    if isinstance(found.total, int) and hidden:
        assert found.total - (sum(parts) - sum(hidden)) >= LEAST


@settings(deadline=None, max_examples=300)
@given(NUMBERS)
def test_every_small_count_could_have_been_another(parts):
    """Tried out: all numbers that the hidden parts could be, by what is published."""
    found = suppress(parts)
    small = [at for at, shown in enumerate(found.parts) if shown == SMALL]
    if not small or not isinstance(found.total, int):
        return
    hidden = [at for at, shown in enumerate(found.parts) if shown == HIDDEN]
    rest = found.total - sum(n for n in found.parts if isinstance(n, int))
    possible = [set() for _ in small]
    for guess in product(SMALL_ONES, repeat=len(small)):
        left = rest - sum(guess)
        if left >= LEAST * len(hidden) and (hidden or left == 0):
            for at, n in enumerate(guess):
                possible[at].add(n)
    assert all(len(numbers) > 1 for numbers in possible)


@settings(deadline=None, max_examples=300)
@given(NUMBERS)
def test_no_more_is_hidden_than_must_be(parts):
    found = suppress(parts)
    if not [n for n in parts if is_small(n)]:
        assert found.parts == parts
        assert found.total == sum(parts)
