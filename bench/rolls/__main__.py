"""`python -m bench.rolls`: load a voter list and compare a round with it, print both and write bench/out/rolls.json."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.failed import Failed
from bench.surroundings import BASE_DIR, surroundings
from silon.embedded import ServerError
from silon.embedded.keep import say
from silon.embedded.signals import Stopped, own_foreground, stopping_on_signals

FIGURES = BASE_DIR / "bench" / "out" / "rolls.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.rolls", description=__doc__)
    parser.add_argument("--voters", type=int, default=8_300_000, help="in the list (%(default)s)")
    parser.add_argument("--supporters", type=int, default=1_200_000, help="in the round (%(default)s)")
    parser.add_argument("--data", type=Path, default=BASE_DIR / ".data", help="put the temporary folder here")
    options = parser.parse_args()
    with own_foreground():
        try:
            with stopping_on_signals(), surroundings(options.data) as folder:
                # Imports models, which ask for the settings that the servers have just completed.
                measuring = importlib.import_module("bench.rolls.measuring")
                return measuring.run(folder, options.voters, options.supporters, FIGURES)
        except Stopped as stopped:
            return stopped.exit_code
        except (Failed, ServerError) as error:
            say(str(error))
            return 1


if __name__ == "__main__":
    sys.exit(main())
