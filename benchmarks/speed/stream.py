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

_DIGITS: Final = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu")


def stream(count: int) -> None:
    """Decide on so many posts, print the peak memory in kB after each tenth; with none, after one answer."""
    classifier = Classifier.load()
    if not count:
        classifier.classify("Ayo coblos nomor 3")
        print(peak_memory())
        return
    tenth = count // 10
    some = samples.cut_from_authored(20_000)
    for part in range(10):
        for start in range(part * tenth, (part + 1) * tenth, BLOCK_TEXTS):
            numbers = range(start, min(start + BLOCK_TEXTS, (part + 1) * tenth))
            classifier.decide_block([f"{some[number % len(some)]} {new_word(number)}" for number in numbers])
        print(peak_memory(), flush=True)


def new_word(number: int) -> str:
    """Return a word that no text holds, another for each number."""
    return "baru" + "".join(_DIGITS[int(digit)] for digit in str(number))


def peak_memory() -> int:
    """Return the peak of this process in kB; the system's own count includes the process that it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    stream(int(sys.argv[1]))
