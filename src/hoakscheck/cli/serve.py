"""The command for those who ask about one text: classify."""

from __future__ import annotations

import json
import sys

import click

from hoakscheck.cli.conventions import model_option, plain_errors, printable


@click.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with probabilities and evidence.")
@model_option
@plain_errors
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
    click.echo(printable(json.dumps(verdict.to_dict(), ensure_ascii=False) if as_json else str(verdict)))
