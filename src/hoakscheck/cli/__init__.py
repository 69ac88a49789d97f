"""The shell face: text in, text out, no logic. Exit codes: 0 all well, 1 some rows or models bad, 2 usage or input."""

from __future__ import annotations

import click

from hoakscheck import __version__
from hoakscheck.cli.batch import score
from hoakscheck.cli.data import data
from hoakscheck.cli.judge import evaluate
from hoakscheck.cli.lifecycle import diff, release
from hoakscheck.cli.models import models
from hoakscheck.cli.retrain import held_out, train
from hoakscheck.cli.serve import classify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hoakscheck")
def main() -> None:
    """Label Indonesian-language content as hoax, political_ad or benign.

    A label is a triage, never a ruling: hoax means "resembles checked hoaxes", benign does not mean "safe".
    """


for command in (classify, score, evaluate, data, train, held_out, models):
    main.add_command(command)
for command in (diff, release):
    models.add_command(command)
