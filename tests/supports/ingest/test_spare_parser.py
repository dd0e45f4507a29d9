"""A parser that waits for its file: used once, replaced when it died, gone with its process."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from supports.ingest import read

FILE = b"NIK,Nama\n6474010101909001,Budi Contoh\n"


@pytest.fixture
def spare(monkeypatch):
    """A keeper of its own, ended afterwards."""
    keeper = read._Spare()
    monkeypatch.setattr(read, "_spare", keeper)
    keeper.keep()
    yield keeper
    keeper._kept = False
    child = keeper.take()
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()


def rows():
    with read.frames(io.BytesIO(FILE)) as frames:
        used = frames._child.pid
        return used, sum(frame.height for frame in frames)


def test_the_waiting_parser_reads_the_next_file_and_another_waits_when_that_is_loaded(spare):
    waiting = spare._child.pid
    assert rows() == (waiting, 1)
    assert spare._child is None
    read.renew_spare()
    next_one = spare._child.pid
    assert next_one != waiting
    assert rows() == (next_one, 1)


def test_a_file_that_comes_before_the_next_parser_waits_has_one_of_its_own(spare):
    assert rows()[1] == 1
    assert rows()[1] == 1
    assert spare._child is None


def test_without_a_worker_no_parser_waits(monkeypatch):
    monkeypatch.setattr(read, "_spare", keeper := read._Spare())
    read.renew_spare()
    assert keeper._child is None


def test_a_parser_that_died_while_it_waited_is_replaced(spare):
    os.kill(spare._child.pid, signal.SIGKILL)
    spare._child.wait()
    assert rows()[1] == 1


def test_the_waiting_parser_ends_with_its_process():
    program = "from supports.ingest import read; read.keep_spare(); print(read._spare._child.pid, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        waiting = int(process.stdout.readline())
        process.kill()
    end = time.monotonic() + 120
    while _lives(waiting) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _lives(waiting)


def _lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
