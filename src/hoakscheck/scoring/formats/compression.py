"""Plain, gzip and zstd streams, and pieces of output that are whole in themselves."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, Final, cast

from hoakscheck.errors import InputError, MissingExtraError

#: zlib's and zstd's own defaults: a level more costs more time than scoring has to spare.
GZIP_LEVEL: Final = 6
ZSTD_LEVEL: Final = 3


def decompressed(raw: IO[bytes], compression: str) -> IO[bytes]:
    """Return a stream of the plain content of a stream; files of several members or frames are read to their end.

    Raises:
        MissingExtraError: zstd is asked for and not installed.
    """
    if compression == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if compression == "zstd":
        file: IO[bytes] = _zstd().ZstdFile(raw)
        return file
    return raw


def compress(content: bytes, compression: str) -> bytes:
    """Return content as a member or frame of its own; such pieces one after the other make one file.

    Pieces can be made by several processes and cut off between two of them, and the same content gives the same bytes.

    >>> gzip.decompress(compress(b"a", "gzip") + compress(b"b", "gzip"))
    b'ab'
    """
    if not content:
        return content
    if compression == "gzip":
        return gzip.compress(content, GZIP_LEVEL, mtime=0)
    if compression == "zstd":
        frame: bytes = _zstd().compress(content, ZSTD_LEVEL)
        return frame
    return content


def _zstd() -> Any:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as error:
        raise MissingExtraError("zstd needs backports.zstd: pip install 'hoakscheck[zstd]'") from error
    return zstd


@contextmanager
def damage_named(name: str, compression: str, position: Callable[[], int]) -> Iterator[None]:
    """Say of a stream that cannot be read on which one it is, and after how many rows.

    Raises:
        InputError: instead of what the libraries raise.
    """
    broken: tuple[type[Exception], ...] = (EOFError, zlib.error, gzip.BadGzipFile)
    if compression == "zstd":
        broken = (*broken, _zstd().ZstdError)
    try:
        yield
    except broken as error:
        raise InputError(name, f"is damaged or cut off after {position():,} rows ({error})") from error
    except OSError as error:
        raise InputError(name, f"cannot be read on after {position():,} rows ({error.strerror or error})") from error
