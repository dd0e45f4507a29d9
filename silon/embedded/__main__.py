"""Run a command with PostgreSQL and Redis at its side: `python -m silon.embedded --data DIR -- COMMAND`."""

import argparse
import os
import sys

from silon.embedded import AlreadyRunning, ServerError, Servers, running_environ
from silon.embedded.keep import say
from silon.embedded.signals import Stopped, run_in_foreground, stopping_on_signals


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m silon.embedded", description=__doc__)
    parser.add_argument("--data", required=True, help="the folder for the servers' data")
    parser.add_argument("command", nargs="+", help="what to run; it finds DATABASE_URL and the others set")
    arguments = parser.parse_args()
    servers = Servers(arguments.data)
    try:
        with stopping_on_signals():
            try:
                found = servers.start().environ
            except AlreadyRunning:
                found = running_environ(arguments.data)
                if not found:
                    raise
            return run_in_foreground(arguments.command, os.environ | found)
    except Stopped as stopped:
        return stopped.exit_code
    except ServerError as error:
        say(str(error))
        return 1
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
