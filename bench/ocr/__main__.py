"""`python -m bench.ocr`: read rendered cards, print how well, and write bench/out/ocr.json. Needs no database."""

import argparse
import sys
from pathlib import Path

from bench.ocr.measuring import run

FIGURES = Path(__file__).resolve().parents[1] / "out" / "ocr.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ocr", description=__doc__)
    parser.add_argument("--cards", type=int, default=50, help="of each condition (%(default)s)")
    parser.add_argument("--out", type=Path, default=FIGURES, help="where the figures go (%(default)s)")
    options = parser.parse_args()
    return run(options.cards, options.out)


if __name__ == "__main__":
    sys.exit(main())
