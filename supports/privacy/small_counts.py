"""Counts below five are not published: who may see sums only learns neither them nor what gives them away. Pure.

A count of one to four may point at people. Where the total is published with its parts, hiding one part is not
enough: the total less the others tells it. So further parts are hidden until every small one could also have been
another number, and until all that is hidden comes to five at least. Where no part is left to hide, the total goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
SMALL, HIDDEN = "< 5", "≥ 5"


def is_small(n: int) -> bool:
    """Whether a count may not be published."""
    return 0 < n < LEAST


@dataclass(frozen=True)
class Published:
    """A total and its parts as they may be published: the number, or SMALL or HIDDEN in its place."""

    total: int | str
    parts: list[int | str]


def published(n: int) -> int | str:
    """One count that stands alone."""
    return SMALL if is_small(n) else n


def suppress(parts: Sequence[int]) -> Published:
    """Parts and their sum: what may be published of both."""
    total = sum(parts)
    small = [at for at, n in enumerate(parts) if is_small(n)]
    others = sorted((n, at) for at, n in enumerate(parts) if n >= LEAST)
    hidden: list[int] = []
    while small and not _safe([parts[at] for at in small], [parts[at] for at in hidden]):
        if not others:
            return Published(SMALL if is_small(total) else HIDDEN, _shown(parts, small, hidden))
        hidden.append(others.pop(0)[1])
    return Published(published(total), _shown(parts, small, hidden))


def _safe(small: Sequence[int], hidden: Sequence[int]) -> bool:
    """Whether each small part could be another number while the total and the published parts stay.

    Small parts are known to be 1 to 4, hidden ones 5 at least: what one part gives, another takes.
    """
    if sum(small) + sum(hidden) < LEAST:
        return False
    return all(_other_number(at, small, hidden) for at in range(len(small)))


def _other_number(at: int, small: Sequence[int], hidden: Sequence[int]) -> bool:
    own, rest = small[at], [n for other, n in enumerate(small) if other != at]
    more = own < LEAST - 1 and (any(n > 1 for n in rest) or any(n > LEAST for n in hidden))
    fewer = own > 1 and (any(n < LEAST - 1 for n in rest) or bool(hidden))
    return more or fewer


def _shown(parts: Sequence[int], small: Sequence[int], hidden: Sequence[int]) -> list[int | str]:
    return [SMALL if at in small else HIDDEN if at in hidden else n for at, n in enumerate(parts)]
