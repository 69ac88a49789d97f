"""The command for those who ask about one text: classify."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from hoakscheck.civic.context import AccountType, Context
from hoakscheck.cli.conventions import model_option, plain_errors, printable


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
