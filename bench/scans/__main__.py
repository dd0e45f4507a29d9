"""`python -m bench.scans`: take scans in by a worker, look at them, print both and write bench/out/scans.json."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.failed import Failed
from bench.surroundings import BASE_DIR, surroundings
from silon.embedded import ServerError
from silon.embedded.keep import say
from silon.embedded.signals import Stopped, own_foreground, stopping_on_signals

FIGURES = BASE_DIR / "bench" / "out" / "scans.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scans", description=__doc__)
    parser.add_argument("--scans", type=int, default=2_000, help="in one ZIP (%(default)s)")
    parser.add_argument("--requests", type=int, default=100, help="for a page of a scan (%(default)s)")
    parser.add_argument("--data", type=Path, default=BASE_DIR / ".data", help="put the temporary folder here")
    options = parser.parse_args()
    with own_foreground():
        try:
            with stopping_on_signals(), surroundings(options.data) as folder:
                # Imports models, which ask for the settings that the servers have just completed.
                measuring = importlib.import_module("bench.scans.measuring")
                return measuring.run(folder, options.scans, options.requests, FIGURES)
        except Stopped as stopped:
            return stopped.exit_code
        except (Failed, ServerError) as error:
            say(str(error))
            return 1


if __name__ == "__main__":
    sys.exit(main())
