"""A stream of posts, each with a word that no other has, in a process of its own: what serving takes of memory.

python benchmarks/speed/stream.py 10000000
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Final

import texts as samples

from hoakscheck import Classifier
from hoakscheck.inputs import BLOCK_TEXTS

_PARTS: Final = 20
_DIGITS: Final = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu")


def stream(count: int) -> None:
    """Decide on so many posts, print memory in use and its peak, in kB, after each twentieth; with none, after one answer."""
    classifier = Classifier.load()
    if not count:
        classifier.classify("Ayo coblos nomor 3")
        print(*memory())
        return
    part_size = count // _PARTS
    some = samples.cut_from_authored(20_000)
    for part in range(_PARTS):
        for start in range(part * part_size, (part + 1) * part_size, BLOCK_TEXTS):
            numbers = range(start, min(start + BLOCK_TEXTS, (part + 1) * part_size))
            classifier.decide_block([f"{some[number % len(some)]} {new_word(number)}" for number in numbers])
        print(*memory(), flush=True)


def new_word(number: int) -> str:
    """Return a word that no text holds, another for each number."""
    return "baru" + "".join(_DIGITS[int(digit)] for digit in str(number))


def memory() -> tuple[int, int]:
    """Return what this process has in use and its peak, in kB; the peak twice where the system tells no more."""
    status = Path("/proc/self/status")
    if status.exists():  # the peak that getrusage tells includes the process that this one was forked from
        said = status.read_text(encoding="ascii")
        now, peak = (int(said.split(name)[1].split()[0]) for name in ("VmRSS:", "VmHWM:"))
        return now, peak
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    return peak, peak


if __name__ == "__main__":
    stream(int(sys.argv[1]))
