"""The files of a model folder: read only within limits that are checked before anything is allocated, and only as plain data.

A model may come from anywhere. So a file is opened without following links and without waiting, must be a regular one, and is
never read further than its limit; JSON is taken without repeated keys and without numbers that are none; an array is read by
one pattern over its header (numpy's own reader evaluates the header as Python, and opens archives and pickles where it finds
them). Nothing here unpacks anything, so there is nothing that a small file could blow up into.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import math
import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from hoakscheck.model.errors import ModelCorruptError, ModelExistsError

MANIFEST: Final = "manifest.json"
VOCABULARY: Final = "vocabulary.txt"
GOLDEN: Final = "golden.json"
CARD: Final = "MODEL_CARD.md"
SIGNATURE: Final = "SIGNATURE.json"
#: Beside the models of a shelf: which digest each released version has. Beside the versions of a model: which is the default.
RELEASES: Final = "RELEASES.tsv"
HISTORY: Final = "DEFAULT"

#: Hoax or not; and if not, political ad or benign.
QUESTIONS: Final = 2
#: Array -> its type; little-endian on every machine.
ARRAYS: Final = {"pairs": "<i4", "idf": "<f4", "weights": "<f4", "intercept": "<f8"}
#: The files that a manifest lists, in the order in which it does. In format 1 pairs stood in the vocabulary.
LISTED: Final = (VOCABULARY, *(f"{name}.npy" for name in ARRAYS), GOLDEN, CARD)
LISTED_BEFORE: Final = {1: tuple(name for name in LISTED if name != "pairs.npy")}

#: The released models have some 100,000; their tables then take 60 MB of memory, and a million takes 600 MB.
MOST_FEATURES: Final = 1_000_000
MOST_GOLDEN: Final = 1_000
_MIB: Final = 2**20
_LARGEST_HEADER: Final = 256

#: No file is read further than this, in bytes.
LARGEST: Final = {
    MANIFEST: _MIB,
    SIGNATURE: 4096,
    CARD: _MIB,
    GOLDEN: 4 * _MIB,
    VOCABULARY: 64 * _MIB,
    "pairs.npy": 8 * MOST_FEATURES + _LARGEST_HEADER,
    "idf.npy": 4 * MOST_FEATURES + _LARGEST_HEADER,
    "weights.npy": 4 * QUESTIONS * MOST_FEATURES + _LARGEST_HEADER,
    "intercept.npy": 8 * QUESTIONS + _LARGEST_HEADER,
    RELEASES: _MIB,
    HISTORY: 65_536,
}

#: What a rename onto a folder with files in it gives, by system.
_TAKEN: Final = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EACCES})

_OPENING: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # or opening a named pipe waits for somebody to write to it
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_HEADER: Final = re.compile(
    rb"\x93NUMPY\x01\x00(?P<length>..)"
    rb"(?P<header>\{'descr': '(?P<type><[fi][48])', 'fortran_order': False, "
    rb"'shape': \((?P<shape>\d{1,9},|\d{1,9}, \d{1,9})\), \} *\n)",
    re.DOTALL,
)


def read_file(folder: Path, name: str) -> bytes:
    """Return what a file of a model folder holds.

    Raises:
        ModelCorruptError: it is missing, a link, no regular file, larger than :data:`LARGEST` allows, or cannot be read.
    """
    path, limit = folder / name, LARGEST[name]
    try:
        if path.is_symlink():  # where O_NOFOLLOW does not exist
            raise ModelCorruptError(path, "is a link; a model holds its files itself")
        handle = os.open(path, _OPENING)
    except FileNotFoundError as error:
        raise ModelCorruptError(path, "is missing") from error
    except OSError as error:
        what = "is a link; a model holds its files itself" if error.errno == errno.ELOOP else f"cannot be read ({error.strerror})"
        raise ModelCorruptError(path, what) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ModelCorruptError(path, "is no regular file")
        size = min(status.st_size, limit)
        with os.fdopen(os.dup(handle), "rb") as stream:
            content = stream.read(size + 1)
    except OSError as error:
        raise ModelCorruptError(path, f"cannot be read ({error.strerror})") from error
    finally:
        os.close(handle)
    if len(content) > size:
        raise ModelCorruptError(path, f"is larger than the {limit:,} bytes that such a file may have")
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside a model by way of another name: whoever reads it finds all of the old one or all of the new one."""
    import tempfile  # 3 ms, and only needed to write

    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def place(contents: Mapping[str, bytes], folder: Path) -> Path:
    """Write files to a new folder by way of one beside it: of several that try at once, one wins and the others are told.

    Raises:
        ModelExistsError: the folder exists.
    """
    if folder.exists() or folder.is_symlink():
        raise ModelExistsError(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    import shutil
    import tempfile

    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in contents.items():
            with (staging / name).open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        staging.chmod(0o755)
        staging.rename(folder)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in _TAKEN and folder.exists():
            raise ModelExistsError(folder) from error
        raise
    return folder


def decoded(path: Path, content: bytes) -> str:
    """Return what a file says as text.

    Raises:
        ModelCorruptError: it is no UTF-8.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelCorruptError(path, f"is no UTF-8 (byte {error.start:,})") from error


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def strict_json(content: bytes) -> Any:
    """Return what a JSON document in UTF-8 says, if it can be read in one way only.

    Raises:
        ValueError: no JSON, nested too deeply, a key twice in one object, or a number that is not finite.

    >>> strict_json(b'{"hoax": 0.5}')
    {'hoax': 0.5}
    >>> strict_json(b'{"hoax": 0.5, "hoax": 0.9}')
    Traceback (most recent call last):
    ValueError: the key 'hoax' stands twice in one object
    """
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_unrepeated, parse_constant=_not_finite, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:40]!r} stands twice in one object")
        found[key] = value
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _not_finite(digits)


def _not_finite(digits: str) -> float:
    raise ValueError(f"the number {digits[:40]} is not finite")


def array_bytes(array: np.ndarray[Any, Any]) -> bytes:
    """Return an array as a file of the format ``.npy``, version 1.0."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def read_array(content: bytes, dtype: str, shape: Sequence[int]) -> np.ndarray[Any, Any]:
    """Return the array that a file of the format ``.npy`` holds, read-only.

    Raises:
        ValueError: it holds anything else than finite numbers of this type and shape, to the byte.

    >>> read_array(array_bytes(np.ones(2)), "<f8", (2,))
    array([1., 1.])
    """
    match = _HEADER.match(content[: _LARGEST_HEADER + 10])
    if match is None or int.from_bytes(match["length"], "little") != len(match["header"]):
        raise ValueError("is no array of finite numbers, version 1.0 of the format .npy")
    found = tuple(int(size) for size in match["shape"].decode().split(",") if size)
    if match["type"].decode() != dtype or found != tuple(shape):
        raise ValueError(f"holds {match['type'].decode()} of shape {found}, not {dtype} of shape {tuple(shape)}")
    if len(content) - match.end() != math.prod(shape) * np.dtype(dtype).itemsize:
        raise ValueError(f"holds {len(content) - match.end():,} bytes for numbers of shape {found}")
    array = np.frombuffer(content, dtype=np.dtype(dtype), offset=match.end()).reshape(found)
    if not np.isfinite(array).all():
        raise ValueError("holds numbers that are not finite")
    return array
