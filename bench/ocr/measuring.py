"""The reader of cards asked about rendered cards: what it reads, what it leaves, and whether it ever reads wrongly."""

import json
import time
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from random import Random

from bench.ocr.cards import SPOILT, as_jpeg, card, invented_nik
from supports.scans.inspecting import CardReader


@dataclass(frozen=True)
class Read:
    """Of so many ``cards`` of one condition: read as they are, left as unread, read as another NIK (a false alarm).

    ``turned`` is how many were said to lie on their side or upside down.
    """

    condition: str
    cards: int
    right: int
    left: int
    wrong: int
    turned: int
    seconds_each: float


def measure(cards: int, seed: int = 1) -> list[Read]:
    """Every condition with as many cards, each of another person."""
    random, found = Random(seed), []
    with CardReader() as reader:
        reader.read(as_jpeg(card(invented_nik(random), random)), card=True)  # the models are loaded
        for condition, spoil in SPOILT.items():
            niks = [invented_nik(random) for _ in range(cards)]
            pictures = [as_jpeg(spoil(card(nik, random))) for nik in niks]
            began = time.perf_counter()
            said = [reader.read(picture, card=True) for picture in pictures]
            seconds = time.perf_counter() - began
            right = sum(one["nik"] == nik for one, nik in zip(said, niks, strict=True))
            left = sum(one["nik"] is None for one in said)
            turned = sum(one["turned"] for one in said)
            each = round(seconds / cards, 2)
            found.append(Read(condition, cards, right, left, cards - right - left, turned, each))
    return found


def table(found: list[Read]) -> str:
    """The figures as a table of Markdown."""
    head = "| card | cards | read | left unread | read wrongly | said to lie wrongly | s each |"
    rows = [f"| {' | '.join(map(str, astuple(one)))} |" for one in found]
    return "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|", *rows])


def run(cards: int, out: Path) -> int:
    """Measure, print, write."""
    found = measure(cards)
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", "utf-8")
    print(table(found))
    return 0
