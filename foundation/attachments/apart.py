"""Looking into a document happens in a process of its own, which knows nothing of ours and may die."""

import logging
import os
import subprocess
import sys
from pathlib import Path

# Far above what the processor time of such a process lets it take, for a machine that is busy with other things.
PATIENCE_SECONDS = 90
ROOT = Path(__file__).resolve().parents[2]
log = logging.getLogger(__name__)


def run_apart(module: str, document: bytes, *arguments: str) -> bytes | None:
    """What a module of ours answers about a document on its stdin; None when it died or took too long.

    It knows nothing of our environment: it needs no key and no database.
    """
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    try:
        done = subprocess.run(  # noqa: S603 -- composed here
            [sys.executable, "-m", module, *arguments], input=document, cwd=ROOT, env=environment,
            timeout=PATIENCE_SECONDS, check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        log.warning("%s took too long", module)
        return None
    if done.returncode:
        log.warning("%s ended with %s", module, done.returncode)
        return None
    return done.stdout
