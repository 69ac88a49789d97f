"""Commands for those who use a model: classify and score."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from hoakscheck.civic.context import AccountType, Context
from hoakscheck.cli.conventions import SOME_BAD, model_option, plain_errors, printable


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with probabilities and evidence.")
@click.option("--paid/--unpaid", "is_paid", default=None, help="Whether somebody paid for the post to be shown.")
@click.option("--branded/--not-branded", "branded_content", default=None, help="Whether its creator was paid to make it.")
@click.option("--account-type", type=click.Choice([kind.value for kind in AccountType]), help="Who speaks, as verified.")
@click.option("--platform", help="Where it was published, for instance tiktok.")
@click.option("--published-at", metavar="WHEN", help="ISO 8601 date or time of publication; without a zone, WIB.")
@model_option
@plain_errors
def classify(text: str, as_json: bool, model: str | None, **known: Any) -> None:
    """Classify TEXT, or what standard input holds when TEXT is -.

    What is known beside the text changes the decision by rules that the verdict names.

    \b
    Examples:
      hoakscheck classify "Ayo coblos nomor 3, pilih Bu Ratih!"
      hoakscheck classify "Bupati meninjau jembatan." --paid --platform tiktok --published-at 2024-02-12
      pbpaste | hoakscheck classify - --json
    """
    from hoakscheck.classifier import Classifier

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    verdict = Classifier.load(model).classify(text, Context(**known))
    click.echo(printable(json.dumps(verdict.to_dict(), ensure_ascii=False) if as_json else str(verdict)))


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="File to write (.csv, .jsonl).")
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--overwrite", is_flag=True, help="Replace the output if it exists.")
@model_option
@plain_errors
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

    summary = score_file(source, output, Classifier.load(model), text_column=text_column, overwrite=overwrite, progress=progress)
    labels = ", ".join(f"{count:,} {label}" for label, count in summary.labels.items())
    click.echo(f"{summary.rows:,} rows: {labels}; {summary.needs_review:,} need review; {summary.bad:,} bad -> {output}", err=True)
    if summary.bad:
        sys.exit(SOME_BAD)
