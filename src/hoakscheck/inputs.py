"""What may be passed as texts, and what is known beside each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import TYPE_CHECKING

from hoakscheck.errors import InvalidTextError

if TYPE_CHECKING:
    from hoakscheck.civic.context import Context


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
