"""Run a command so that it alone is asked to stop: `python -m silon.embedded.apart COMMAND…`.

What starts the processes of the demo signals whole process groups. A worker whose children die with it
cannot end its job in good order, and a parser that dies alone looks like a bad file.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

from silon.embedded.keep import Kept
from silon.embedded.signals import Stopped, stopping_on_signals


def main() -> int:
    kept = Kept(sys.argv[1:], signal.SIGTERM, env=os.environ, cwd=str(Path.cwd()))
    with contextlib.suppress(Stopped), stopping_on_signals():
        return kept.process.wait()
    kept.ask_to_stop()
    return kept.process.wait()


if __name__ == "__main__":
    sys.exit(main())
