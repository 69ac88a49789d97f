"""The command for those who judge a model: evaluate, on a labelled file or on everything that is held out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hoakscheck.cli.conventions import SOME_BAD, data_option, mirror_option, model_option, plain_errors

if TYPE_CHECKING:
    from hoakscheck.training.suite.rows import SuiteReport


@click.command()
@click.argument("source", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--label-column", default="label", show_default=True, help="Column that holds hoax, political_ad or benign.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--suite", "is_suite", is_flag=True, help="Ask everything that is held out, instead of a FILE; takes half an hour.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="With --suite: write a page with plots, too.")
@data_option
@mirror_option
@model_option
@plain_errors
def evaluate(
    *, source: Path | None, text_column: str, label_column: str, as_json: bool, is_suite: bool, html: Path | None, data: Path,
    mirror: Path | None, model: str | None,
) -> None:  # fmt: skip
    """Compare a model with the labels of a CSV or JSON-lines FILE, or ask it everything that is held out (--suite).

    Rows without a usable text or label are left out and counted on standard error; the exit code is then 1. The suite exits
    with 1 when a goal is not reached.

    \b
    Examples:
      hoakscheck evaluate labelled.jsonl
      hoakscheck evaluate labelled.csv --json | jq .macro_f1
      hoakscheck evaluate --suite --mirror /mnt/raw --html suite.html
    """
    if is_suite == (source is not None):
        raise click.UsageError("give either a FILE or --suite")
    if source is None:
        _suite(model, data, mirror, html, as_json=as_json)
        return
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


def _suite(model: str | None, data: Path, mirror: Path | None, html: Path | None, *, as_json: bool) -> None:
    from hoakscheck.training.suite.page import write_page

    report = run_suite(model, data, mirror)
    click.echo(json.dumps(report.to_dict(), ensure_ascii=False) if as_json else str(report))
    if html:
        write_page(report, html)
        click.echo(f"page: {html}", err=True)
    if any(row.reached is False for row in report.rows):
        sys.exit(SOME_BAD)


def run_suite(model: str | None, data: Path, mirror: Path | None) -> SuiteReport:
    """Ask a model everything that is held out, and tell on standard error what is being done."""
    from hoakscheck.classifier import Classifier
    from hoakscheck.model import shelf
    from hoakscheck.model.manifest import read_manifest
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.data.sources import mirror_folder
    from hoakscheck.training.release.export import recorded_recipe
    from hoakscheck.training.suite.run import run

    def progress(step: str) -> None:
        click.echo(f"asking: {step} ...", err=True)

    recipe = recorded_recipe(read_manifest(shelf.find(model)))
    found = mirror_folder(mirror, data=data)
    click.echo("building the corpus ...", err=True)
    return run(Classifier.load(model), build_corpus(data, found), data, found, recipe=recipe, progress=progress)
