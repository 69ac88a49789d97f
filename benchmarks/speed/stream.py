"""A stream of posts, each with a word that no other has, in a process of its own: what serving takes of memory.

The posts are read from a file line by line, as a service gets them: cutting them out here would take more memory than serving.

python benchmarks/speed/stream.py POSTS.txt 10000000
"""

from __future__ import annotations

import itertools
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hoakscheck import Classifier
from hoakscheck.inputs import BLOCK_TEXTS

_PARTS: Final = 20
_DIGITS: Final = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu")


def stream(file: Path, count: int) -> None:
    """Decide on so many posts, print memory in use and its peak, in kB, after each twentieth; with none, after one answer.

    Args:
        file: one post a line; read from the start again where it ends.
        count: of posts.
    """
    classifier = Classifier.load()
    if not count:
        classifier.classify("Ayo coblos nomor 3")
        print(*memory())
        return
    posts = (f"{post} {new_word(number)}" for number, post in enumerate(_again_and_again(file)))
    for _ in range(_PARTS):
        part = itertools.islice(posts, count // _PARTS)
        while block := list(itertools.islice(part, BLOCK_TEXTS)):
            classifier.decide_block(block)
        print(*memory(), flush=True)


def _again_and_again(file: Path) -> Iterator[str]:
    while True:
        with file.open(encoding="utf-8", newline="\n") as lines:
            yield from (line.rstrip("\n") for line in lines)


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
    stream(Path(sys.argv[1]), int(sys.argv[2]))
