"""`python -m bench`: measure in one run, print a table, write bench/out/latest.json."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.failed import Failed
from bench.publish import publish
from bench.sizes import Sizes
from bench.surroundings import BASE_DIR, surroundings
from silon.embedded import ServerError
from silon.embedded.keep import say
from silon.embedded.signals import Stopped, own_foreground, stopping_on_signals

FIGURES = BASE_DIR / "bench" / "out" / "latest.json"


def main() -> int:
    options = read_options()
    if options.publish:
        publish(options.out, BASE_DIR / "docs" / "performance.md")
        return 0
    with own_foreground():
        try:
            with stopping_on_signals(), surroundings(options.data) as folder:
                # Its modules import models, which asks for the settings that the servers have just completed.
                course = importlib.import_module("bench.course")
                return course.run(sizes_of(options), folder, options.out)
        except Stopped as stopped:
            return stopped.exit_code
        except (Failed, ServerError) as error:
            say(str(error))
            return 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    usual = Sizes()
    parser.add_argument("--rows", type=int, default=usual.rows, help="of the large file (%(default)s)")
    parser.add_argument("--small", type=int, default=usual.small, help="of the small file (%(default)s)")
    parser.add_argument("--yardstick", type=int, default=usual.yardstick, help="rows through import-export")
    parser.add_argument("--flood", type=int, default=usual.flood, help="rows of each file of the flood")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="of ingest and copy in turn")
    parser.add_argument("--repeats", type=int, default=usual.repeats, help="of what is short")
    parser.add_argument("--requests", type=int, default=usual.requests, help="for each page")
    parser.add_argument("--elections", type=int, default=usual.elections, help="of the nation (%(default)s)")
    parser.add_argument("--people", type=int, default=usual.people, help="who verify (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="everything once, ten requests for each page")
    parser.add_argument("--data", type=Path, default=BASE_DIR / ".data", help="put the temporary folder here")
    parser.add_argument("--out", type=Path, default=FIGURES, help="where the figures go (%(default)s)")
    parser.add_argument(
        "--publish", action="store_true", help="only fill docs/performance.md from the figures"
    )
    return parser.parse_args()


def sizes_of(options: argparse.Namespace) -> Sizes:
    """The sizes asked for; --quick takes everything once."""
    sizes = Sizes(
        rows=options.rows,
        small=options.small,
        yardstick=options.yardstick,
        flood=options.flood,
        rounds=options.rounds,
        repeats=options.repeats,
        requests=options.requests,
        elections=options.elections,
        people=options.people,
    )
    return sizes.quick() if options.quick else sizes


if __name__ == "__main__":
    sys.exit(main())
