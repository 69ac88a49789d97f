"""The shell face: text in, text out, no logic. Exit codes: 0 all well, 1 some rows or models bad, 2 usage or input."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from hoakscheck import __version__
from hoakscheck.errors import HoaksCheckError

SOME_BAD: Final = 1
USAGE: Final = 2

_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_model_option = click.option("--model", metavar="NAME|PATH", help="Model name, name@version or folder.  [default: hoakscheck-id]")

_data_option = click.option(
    "--data", type=_FOLDER, default=Path("data"), show_default=True, help="Folder with authored/ and labels/."
)
_mirror_option = click.option(
    "--mirror",
    type=_FOLDER,
    help="Mirror of the raw sources.  [default: $HOAKSCHECK_DATA_MIRROR; without one, only authored texts]",
)


def _plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Print what went wrong as one line, without a traceback, and exit with 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except HoaksCheckError as error:
            raise _Failure(str(error)) from error
        except OSError as error:  # a full disk, a folder without permission
            if error.errno == errno.EPIPE:
                raise  # click ends quietly when the reader of a pipe has gone
            raise _Failure(str(error)) from error

    return run


class _Failure(click.ClickException):
    exit_code = USAGE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hoakscheck")
def main() -> None:
    """Label Indonesian-language content as hoax, political_ad or benign.

    A label is a triage, never a ruling: hoax means "resembles checked hoaxes", benign does not mean "safe".
    """


@main.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with probabilities and evidence.")
@_model_option
@_plain_errors
def classify(text: str, as_json: bool, model: str | None) -> None:
    """Classify TEXT, or what standard input holds when TEXT is -.

    \b
    Examples:
      hoakscheck classify "Ayo coblos nomor 3, pilih Bu Ratih!"
      pbpaste | hoakscheck classify - --json
    """
    from hoakscheck.classifier import Classifier

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    verdict = Classifier.load(model).classify(text)
    click.echo(json.dumps(verdict.to_dict(), ensure_ascii=False) if as_json else str(verdict))


@main.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="File to write (.csv, .jsonl).")
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
@_model_option
@_plain_errors
def score(source: Path, output: Path, text_column: str, overwrite: bool, model: str | None) -> None:
    """Score every row of a CSV or JSON-lines file IN.

    All columns are kept, in order, one output row for each input row; label, probabilities, review and error are added.
    Rows that cannot be scored say why in the column "error", and the exit code is 1.

    \b
    Examples:
      hoakscheck score posts.csv --output scored.csv
      hoakscheck score posts.jsonl --text-column body --output scored.jsonl
    """
    from tqdm import tqdm

    from hoakscheck.classifier import Classifier
    from hoakscheck.scoring.files import score_file

    def progress(rows: Iterable[Any]) -> Iterable[Any]:
        bar: Iterable[Any] = tqdm(rows, unit=" rows", disable=not sys.stderr.isatty())
        return bar

    summary = score_file(
        source, output, Classifier.load(model), text_column=text_column, overwrite=overwrite, progress=progress
    )
    labels = ", ".join(f"{count:,} {label}" for label, count in summary.labels.items())
    click.echo(f"{summary.rows:,} rows: {labels}; {summary.needs_review:,} need review; {summary.bad:,} bad -> {output}", err=True)
    if summary.bad:
        sys.exit(SOME_BAD)


@main.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--label-column", default="label", show_default=True, help="Column that holds hoax, political_ad or benign.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@_model_option
@_plain_errors
def evaluate(source: Path, text_column: str, label_column: str, as_json: bool, model: str | None) -> None:
    """Compare a model with the labels of a CSV or JSON-lines FILE.

    Rows without a usable text or label are left out and counted on standard error; the exit code is then 1.

    \b
    Examples:
      hoakscheck evaluate labelled.jsonl
      hoakscheck evaluate labelled.csv --json | jq .macro_f1
    """
    from hoakscheck.classifier import Classifier
    from hoakscheck.scoring.labelled import read_labelled
    from hoakscheck.training.evaluate import evaluate as compare

    texts, labels, problems = read_labelled(source, text_column, label_column)
    report = compare(Classifier.load(model), texts, labels)
    click.echo(json.dumps(report.to_dict(), ensure_ascii=False) if as_json else str(report))
    for problem in problems:
        click.echo(f"left out: {problem}", err=True)
    if problems:
        sys.exit(SOME_BAD)


@main.command()
@click.argument("folder", metavar="NAME/VERSION", type=click.Path(path_type=Path))
@_data_option
@_mirror_option
@click.option("--without", "left_out", multiple=True, metavar="NAME", help="Leave out a source or campaign; repeatable.")
@click.option("--seed", default=0, show_default=True, help="Decides which group falls into which fold.")
@_plain_errors
def train(folder: Path, data: Path, mirror: Path | None, left_out: tuple[str, ...], seed: int) -> None:
    """Train a model and save it to the folder NAME/VERSION, which must not exist.

    \b
    Examples:
      hoakscheck train models/mine/0.1.0
      hoakscheck train models/hoakscheck-id/0.2.0 --mirror /data/raw
      hoakscheck train /tmp/loco/0.0.1 --mirror /data/raw --without pilgub-banten-2024
    """
    from hoakscheck.errors import ModelExistsError
    from hoakscheck.training.data.sources import mirror_folder
    from hoakscheck.training.fit import Recipe
    from hoakscheck.training.train import corpus_without
    from hoakscheck.training.train import train as run

    if folder.exists():
        raise ModelExistsError(folder)
    click.echo("building the corpus ...", err=True)
    corpus = corpus_without(data, mirror_folder(mirror), left_out)
    click.echo(f"fitting on {len(corpus.examples):,} texts ...", err=True)
    fitted = run(corpus, folder, recipe=Recipe(seed=seed))
    click.echo(f"{folder}: thresholds {fitted.thresholds}", err=True)


@main.command("held-out")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@_data_option
@_mirror_option
@_plain_errors
def held_out(folder: Path, data: Path, mirror: Path | None) -> None:
    """Write the held-out sets to DIR, one JSON-lines file each, to evaluate a model on them.

    Without a mirror of the raw sources there is only the authored set. The files hold texts of others: keep them local.

    \b
    Example:
      hoakscheck held-out /tmp/held-out --mirror /data/raw
      hoakscheck evaluate /tmp/held-out/posts_double.jsonl
    """
    from hoakscheck.training.data.corpus import build_corpus
    from hoakscheck.training.data.heldout import held_out_sets, write_held_out
    from hoakscheck.training.data.sources import mirror_folder

    found = mirror_folder(mirror)
    for path in write_held_out(held_out_sets(build_corpus(data, found), found), folder):
        click.echo(path)


@main.group()
def models() -> None:
    """List, show and verify models."""


@models.command("list")
@_plain_errors
def list_models() -> None:
    """List the models that can be named, by place.

    \b
    Example:
      hoakscheck models list
    """
    from hoakscheck.model.artifact import read_manifest
    from hoakscheck.model.shelf import available

    for folder in available():
        manifest = read_manifest(folder)
        click.echo(f"{manifest['name']}@{manifest['version']}\t{folder}")


@models.command()
@click.argument("name", required=False)
@_plain_errors
def show(name: str | None) -> None:
    """Print the model card of NAME, by default of the default model.

    \b
    Example:
      hoakscheck models show hoakscheck-id@0.1.0
    """
    from hoakscheck.model.artifact import load
    from hoakscheck.model.shelf import find

    click.echo(load(find(name)).card)


@models.command()
@click.argument("names", nargs=-1)
@_plain_errors
def verify(names: tuple[str, ...]) -> None:
    """Check hashes, normaliser and golden texts of the models NAMES, by default of all.

    \b
    Example:
      hoakscheck models verify hoakscheck-id
    """
    from hoakscheck.classifier import Classifier
    from hoakscheck.model.shelf import available, find

    failed = False
    for folder in [find(name) for name in names] or available():
        try:
            click.echo(f"{Classifier.load(folder).model_id}\tok\t{folder}")
        except HoaksCheckError as error:
            failed = True
            click.echo(f"failed: {error}", err=True)
    if failed:
        sys.exit(SOME_BAD)
