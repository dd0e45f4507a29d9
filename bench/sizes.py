"""How much is measured."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Sizes:
    """Rows of each file, and how often each thing is measured (medians are reported)."""

    rows: int = 1_200_000
    small: int = 60_000
    yardstick: int = 20_000
    flood: int = 5_000
    rounds: int = 3
    repeats: int = 5
    requests: int = 30
    elections: int = 545
    people: int = 480  # who verify; Jakarta 2024

    def quick(self) -> Self:
        """Everything once."""
        return replace(self, rounds=1, repeats=1, requests=min(self.requests, 10))
