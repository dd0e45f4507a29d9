"""Keeping blocks must be possible where we run; what it saves is for the benchmark to say."""

import subprocess
import sys


def test_large_blocks_come_from_the_heap_afterwards():
    # 64 MB come by mmap before (the heap does not grow), and from the heap afterwards.
    program = """
import re, pathlib
from foundation.memory import keep_blocks
def heap():
    lines = pathlib.Path("/proc/self/maps").read_text().splitlines()
    ends = [line.split()[0].split("-") for line in lines if line.endswith("[heap]")]
    return sum(int(end, 16) - int(start, 16) for start, end in ends)
before = heap(); block = bytearray(1 << 26); mapped = heap() - before
keep_blocks(); before = heap(); other = bytearray(1 << 26); grown = heap() - before
print(mapped < 1 << 26 <= grown)
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "True"
