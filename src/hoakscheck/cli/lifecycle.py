"""Commands from a candidate to a released model: diff, release."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hoakscheck.cli.conventions import FOLDER, SOME_BAD, Failure, data_option, mirror_option, plain_errors, printable

if TYPE_CHECKING:
    from hoakscheck.training.release.gate import Figures

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--data", "source", required=True, type=FILE, help="CSV or JSON-lines file with texts, labelled or not.")
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--label-column", default="label", show_default=True, help="Column that holds the true label, where it is known.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Count by the values of this column, too; repeatable.")
@click.option("--largest", default=10, show_default=True, help="How many of the largest changes to show.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, without texts, instead of a table.")
@plain_errors
def diff(
    *, old: str, new: str, source: Path, text_column: str, label_column: str, by: tuple[str, ...], largest: int, as_json: bool
) -> None:
    """Show what changes on your texts if the model NEW takes the place of OLD.

    Label flips by slice, an exact McNemar test where true labels are there, and the texts whose probabilities change most with
    the words that speak for each label. Rows without a text are left out and told on standard error; the exit code is then 1.

    \b
    Examples:
      hoakscheck models diff hoakscheck-id@0.1.0 hoakscheck-id@0.2.0 --data labelled.csv --by source
      hoakscheck models diff hoakscheck-id models/mine/0.1.0 --data posts.jsonl --json | jq .slices.all
    """
    from tqdm import tqdm

    from hoakscheck.classifier import Classifier
    from hoakscheck.training.release.differences import compare, read_items

    left_out: list[str] = []
    items = read_items(source, text_column=text_column, label_column=label_column, by=by, left_out=left_out)
    bar = tqdm(items, unit=" texts", disable=not sys.stderr.isatty(), leave=False)
    found = compare(Classifier.load(old), Classifier.load(new), bar, largest=largest, left_out=left_out)
    click.echo(printable(json.dumps(found.to_dict(), ensure_ascii=False) if as_json else str(found)))
    for problem in found.left_out:
        click.echo(printable(f"left out: {problem}"), err=True)
    if found.left_out:
        sys.exit(SOME_BAD)


@click.command()
@click.argument("candidate", metavar="DIR", type=FOLDER)
@click.option("--to", type=FOLDER, help="Shelf to put it on.  [default: $HOAKSCHECK_MODELS, then the package's own]")
@click.option("--suite", type=FILE, help="Figures of the candidate, as 'evaluate --suite --json' prints them; else it is run.")
@click.option("--default-suite", type=FILE, help="The same of the present default.")
@click.option("--rules", type=FILE, help="What is guarded, a TOML file.  [default: gate.toml in the package]")
@data_option
@mirror_option
@plain_errors
def release(
    *, candidate: Path, to: Path | None, suite: Path | None, default_suite: Path | None, rules: Path | None, data: Path,
    mirror: Path | None,
) -> None:  # fmt: skip
    """Release the model in DIR: check it, run the gate, and put it on a shelf as the default of its name.

    The gate refuses a model that is worse than the present default on a guarded slice beyond noise, or breaks a limit on
    neutrality, robustness or calibration; every such figure is printed and the exit code is 1. An existing version is never
    overwritten. Figures belong to one model by its digest; without --suite they are measured, which takes half an hour each.

    \b
    Examples:
      hoakscheck models release candidates/hoakscheck-id/0.3.0 --mirror raw
      hoakscheck models release candidates/mine/0.2.0 --to models --suite new.json --default-suite old.json
    """
    from hoakscheck.model.errors import ReleaseRefusedError
    from hoakscheck.model.manifest import read_manifest
    from hoakscheck.model.shelf import shelves
    from hoakscheck.training.release.gate import RULES, Figures, read_rules, require_release
    from hoakscheck.training.release.publication import release as publish

    held = read_rules(rules or RULES)

    def figures(folder: Path, path: Path | None) -> Figures:
        digest = read_manifest(folder)["seal"]
        return Figures.read(path, digest=digest) if path else _measured(folder, digest, data, mirror)

    def gate(folder: Path, default: Path | None) -> None:
        require_release(figures(folder, suite), figures(default, default_suite) if default else None, held)

    try:
        click.echo(f"released: {publish(candidate, to or shelves()[0], gate)}")
    except ReleaseRefusedError as error:
        for what, own, other, why in error.shortfalls:
            click.echo(f"refused: {what}: {_shown(own)}, the default has {_shown(other)}: {why}", err=True)
        if not error.shortfalls:
            raise Failure(str(error)) from error
        sys.exit(SOME_BAD)


def _measured(folder: Path, digest: str, data: Path, mirror: Path | None) -> Figures:
    from hoakscheck.cli.judge import run_suite
    from hoakscheck.training.release.gate import Figures

    return Figures.of(run_suite(str(folder), data, mirror).to_dict(), path=folder, digest=digest)


def _shown(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.3f}"
