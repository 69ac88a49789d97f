"""What may be passed as texts, and what is known beside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING, Final

from hoakscheck.errors import InvalidTextError

if TYPE_CHECKING:
    from hoakscheck.civic.context import Context

#: Texts, and characters, that are read at once. Fewer make each step short beside its own cost, more leave the cache.
BLOCK_TEXTS: Final = 4_096
BLOCK_CHARACTERS: Final = 1_000_000


def checked(texts: Iterable[str]) -> Iterable[str]:
    """Refuse what is one value rather than several: a string would be read letter by letter, bytes as numbers."""
    if isinstance(texts, (str, bytes, bytearray)) or not isinstance(texts, Iterable):
        raise InvalidTextError(texts)
    return texts


def paired(texts: Iterable[str], contexts: Iterable[Context | None] | None) -> Iterable[tuple[str, Context | None]]:
    """Put each text beside its context; texts of any number beside none."""
    if contexts is None:
        return zip(checked(texts), repeat(None))  # the second never ends
    return zip(checked(texts), contexts, strict=True)


def blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield texts in blocks, as many at a time as are best read at once.

    Raises:
        InvalidTextError: an item is no string. What came before it, or before another failure of the source, is yielded first.
    """
    block: list[str] = []
    room = BLOCK_CHARACTERS
    try:
        for position, text in enumerate(texts):
            if not isinstance(text, str):
                raise InvalidTextError(text, position=position)
            block.append(text)
            room -= len(text)
            if len(block) == BLOCK_TEXTS or room <= 0:
                yield block
                block, room = [], BLOCK_CHARACTERS
    except Exception:
        if block:
            yield block
        raise
    if block:
        yield block
