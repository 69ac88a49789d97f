"""What every command does alike: exit codes, errors on one line, options that several commands take."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from hoakscheck.errors import HoaksCheckError

SOME_BAD: Final = 1
USAGE: Final = 2

FOLDER: Final = click.Path(path_type=Path, file_okay=False)
KEY: Final = click.Path(path_type=Path, dir_okay=False)

model_option = click.option("--model", metavar="NAME|PATH", help="Model name, name@version or folder.  [default: hoakscheck-id]")
data_option = click.option(
    "--data", type=FOLDER, default=Path("data"), show_default=True, help="Folder with authored/ and labels/."
)
mirror_option = click.option(
    "--mirror",
    type=FOLDER,
    help="Mirror of the raw sources.  [default: $HOAKSCHECK_DATA_MIRROR, then data/raw; without one, only authored texts]",
)


class Failure(click.ClickException):
    """What went wrong, on one line; exit code 2."""

    exit_code = USAGE


def plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Print what went wrong as one line, without a traceback, and exit with 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except HoaksCheckError as error:
            raise Failure(str(error)) from error
        except OSError as error:  # a full disk, a folder without permission
            if error.errno == errno.EPIPE:
                raise  # click ends quietly when the reader of a pipe has gone
            raise Failure(str(error)) from error

    return run


def printable(text: str) -> str:
    """Return a text that any stream can print: half a surrogate pair, or a byte that is no UTF-8, becomes a question mark.

    >>> printable("caf\\udce9")
    'caf?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")
