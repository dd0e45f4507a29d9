"""`python -m bench.recap`: close a round of Jakarta whose rows are decided, print and write bench/out/recap.json."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.failed import Failed
from bench.surroundings import BASE_DIR, surroundings
from silon.embedded import ServerError
from silon.embedded.keep import say
from silon.embedded.signals import Stopped, own_foreground, stopping_on_signals

FIGURES = BASE_DIR / "bench" / "out" / "recap.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.recap", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_200_000, help="of the round (%(default)s)")
    parser.add_argument("--data", type=Path, default=BASE_DIR / ".data", help="put the temporary folder here")
    options = parser.parse_args()
    with own_foreground():
        try:
            with stopping_on_signals(), surroundings(options.data):
                # Imports models, which ask for the settings that the servers have just completed.
                measuring = importlib.import_module("bench.recap.measuring")
                return measuring.run(options.rows, FIGURES)
        except Stopped as stopped:
            return stopped.exit_code
        except (Failed, ServerError) as error:
            say(str(error))
            return 1


if __name__ == "__main__":
    sys.exit(main())
