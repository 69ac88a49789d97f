"""Every error that hoakscheck raises on purpose, under one root.

    HoaksCheckError
      InvalidTextError        (also TypeError)       what was passed is not a text
      InvalidContextError     (also ValueError)      what was said about a post is no value of that kind
      SastrawiError           (also ImportError)     the stemmer is missing or the legacy one is installed
      InputError              (also ValueError)      a file, a column or a row cannot be used
        OutputExistsError
        OutputBusyError                              another run writes the same output
        ResumeError                                  an unfinished run cannot be continued
        TooManyBadRowsError                          more rows could not be read than were allowed
      FrameError              (also ValueError)      a data frame cannot be scored
      MissingExtraError       (also ImportError)     an optional library is not installed
      DatasetError            (also ValueError)      training data are missing or inconsistent
        FetchError                                   a raw source is not to be had, or is another one than expected
      ModelError
        ModelNotFoundError    (also FileNotFoundError)
        ModelCorruptError                            a file is damaged, missing or not the one that was saved
        ModelFormatError                             the folder was written for another format number
        ModelMismatchError                           normaliser, word lists or stemmer differ from those of training
        ModelSignatureError                          it is not signed by a key that is trusted, or cannot be signed
        ModelExistsError      (also FileExistsError)
        ReleaseRefusedError                          a candidate is worse than the present default, or breaks a limit

Each carries its evidence as attributes, so that a caller need not parse the message.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any


class HoaksCheckError(Exception):
    """Root of the tree above. Every error survives pickling, as worker processes need it."""

    def __str__(self) -> str:
        return str(self.args[0])  # an OSError among them would show something else

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, dict(self.__dict__))


def _restore(kind: type[HoaksCheckError], args: tuple[Any, ...], evidence: dict[str, Any]) -> HoaksCheckError:
    """Rebuild an error from its message and its evidence, past the constructor that composes the message."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(evidence)
    return error


class InvalidTextError(HoaksCheckError, TypeError):
    """A value that is not a text reached a place that takes text.

    Attributes:
        value_type: name of the type that was passed.
        position: index within the iterable that was passed, or None for a single text.
    """

    def __init__(self, value: object, *, position: int | None = None) -> None:
        self.value_type = type(value).__name__
        self.position = position
        where = "" if position is None else f" at position {position}"
        super().__init__(f"expected a text (str){where}, got {self.value_type}{_text_advice(value)}")


def _text_advice(value: object) -> str:
    if isinstance(value, (bytes, bytearray)):
        return ": decode it first, for instance value.decode('utf-8')"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ": drop missing values, or replace them by an empty text"
    return ": convert it with str() if that is what you mean"


class InvalidContextError(HoaksCheckError, ValueError):
    """What a caller said about a post is no value of that kind.

    Attributes:
        field: which part of the context.
        value: what was passed.
    """

    def __init__(self, field: str, value: object, reason: str) -> None:
        self.field = field
        self.value = value
        super().__init__(f"{field} is {value!r}; {reason}")


class SastrawiError(HoaksCheckError, ImportError):
    """The stemmer cannot be used as installed.

    Attributes:
        found: name and version of the distribution found, or None.
        command: the shell command that mends it.
    """

    command = "pip uninstall -y Sastrawi PySastrawi && pip install 'PySastrawi>=1.2.1'"

    def __init__(self, reason: str, *, found: str | None) -> None:
        self.found = found
        super().__init__(f"{reason}. To mend it, run: {self.command}")


class InputError(HoaksCheckError, ValueError):
    """A file, a column or a row given by the user cannot be used.

    Attributes:
        path: the file.
        row: 1-based number of the row or line, or None when the whole file is meant.
        reason: what is wrong with it.
    """

    def __init__(self, path: str | Path, reason: str, *, row: int | None = None) -> None:
        self.path = Path(path)
        self.row = row
        self.reason = reason
        where = str(path) if row is None else f"{path}, row {row}"
        super().__init__(f"{where}: {reason}")


class OutputExistsError(InputError):
    """The output exists already and was not asked to be replaced."""

    def __init__(self, path: str | Path) -> None:
        super().__init__(path, "exists already; remove it, or choose another name")


class OutputBusyError(InputError):
    """Another run writes the same output now."""


class ResumeError(InputError):
    """An unfinished run is there and cannot be continued, or was not asked to be.

    Attributes:
        changed: what differs from that run, such as ``"model"``; empty when nothing does.
    """

    def __init__(self, path: str | Path, reason: str, *, changed: str = "") -> None:
        self.changed = changed
        super().__init__(path, f"{reason}; start over with --overwrite (overwrite=True)")


class TooManyBadRowsError(InputError):
    """More rows could not be read than were allowed; what was scored until then is kept to be resumed.

    Attributes:
        bad: number of rows that could not be read.
        limit: number that was allowed.
    """

    def __init__(self, path: str | Path, *, bad: int, limit: int) -> None:
        self.bad = bad
        self.limit = limit
        super().__init__(path, f"{bad:,} rows could not be read, {limit:,} are allowed; allow more with --max-bad and --resume")


class FrameError(HoaksCheckError, ValueError):
    """A data frame, a record batch or a partition cannot be scored."""


class MissingExtraError(HoaksCheckError, ImportError):
    """A library is not installed that something optional needs; the message names the extra that brings it."""


class DatasetError(HoaksCheckError, ValueError):
    """Training data are missing or inconsistent.

    Attributes:
        path: the file or folder concerned.
        reason: what is wrong, and what to do.
    """

    def __init__(self, path: str | Path, reason: str) -> None:
        self.path = Path(path)
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class FetchError(DatasetError):
    """A file of a raw source is not to be had, or is another one than expected.

    Attributes:
        path: where it was to go.
        reason: what is wrong, and what to do.
        url: where it was looked for; a path when that was a local copy.
    """

    def __init__(self, path: str | Path, url: str, reason: str) -> None:
        self.url = url
        super().__init__(path, f"{reason} ({url})")
