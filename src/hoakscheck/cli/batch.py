"""The command for batch scripts: score."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from hoakscheck.cli.conventions import SOME_BAD, model_option, plain_errors, printable
from hoakscheck.inputs import BLOCK_TEXTS

if TYPE_CHECKING:
    from hoakscheck.scoring.local.stream import Progress

#: What a shell adds to the number of the signal that ended a command.
_BY_SIGNAL: Final = 128


def _names(_: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
    return value.split(",") if value is not None else None


def _fields(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    for one in value:
        if "=" not in one:
            raise click.BadParameter(f"{one!r} is no FIELD=COLUMN, such as is_paid=sponsored")
    return dict(one.split("=", 1) for one in value)


@click.command()
@click.argument("inputs", metavar="IN...", nargs=-1, required=True)
@click.option("--output", "-o", required=True, metavar="OUT", help="File to write, or - for standard output.")
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--id-column", default="", help="Column that names a row in the quarantine.")
@click.option("--columns", callback=_names, metavar="A,B,...", help="Columns of the input to keep, in order.  [default: all]")
@click.option(
    "--context",
    "context_columns",
    multiple=True,
    callback=_fields,
    metavar="FIELD=COLUMN",
    help="Column that holds what is known beside the text: is_paid, branded_content, account_type, platform or published_at. "
    "May be given several times; adds the columns basis, rules and flags.",
)
@click.option("--explain", is_flag=True, help='Add the column "evidence": the words that speak most for the label.')
@click.option("--prefix", default="", help="What the names of the added columns begin with.")
@click.option("--guard-formulas", is_flag=True, help="In CSV and TSV, put ' before what a spreadsheet takes for a formula.")
@click.option("--jobs", "-j", default=1, show_default=True, help="Processes; -1 for one per core.")
@click.option("--chunk-size", default=BLOCK_TEXTS, show_default=True, type=click.IntRange(min=1), help="Rows taken at a time.")
@click.option(
    "--longest-row", default=16 * 1024 * 1024, show_default=True, type=click.IntRange(min=1), help="Bytes; longer is bad."
)
@click.option("--max-bad", type=click.IntRange(min=0), help="Stop when more rows than this cannot be read.  [default: never]")
@click.option("--quarantine", metavar="FILE", help="Where bad rows go, whole.  [default: OUT.quarantine.jsonl]")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it exists, and forget an unfinished run.")
@click.option("--resume", is_flag=True, help="Continue an unfinished run; begin where there is none.")
@click.option("--from", "input_format", metavar="FORMAT", help="Format of IN where its name does not tell, such as jsonl.gz.")
@click.option("--to", "output_format", metavar="FORMAT", help="Format of OUT where its name does not tell, such as csv.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object, on standard output if that is free.")
@model_option
@plain_errors
def score(*, inputs: tuple[str, ...], output: str, as_json: bool, **options: Any) -> None:
    """Score every row of the files IN: CSV, TSV, JSON lines or Parquet, plain, .gz or .zst.

    IN may be files, globs, folders, or - for standard input, all of one format. All columns are kept, in order, one output row
    for each input row; label, probabilities, review, model and error are added. A row that cannot be scored says why in
    "error" and goes whole to the quarantine file; the exit code is then 1.

    OUT is not there or whole. After a crash, a kill or Ctrl-C (exit code 130), --resume goes on, and the output is the same,
    byte for byte, as if nothing had happened.

    \b
    Examples:
      hoakscheck score posts.csv -o scored.csv
      hoakscheck score ads.csv --context is_paid=sponsored --context published_at=date -o scored.csv
      hoakscheck score 'posts/*.jsonl.gz' --text-column body --jobs 2 --resume -o scored.parquet
      zcat posts.jsonl.gz | hoakscheck score - --from jsonl -o - --to csv --columns id | head
    """
    from hoakscheck.scoring.local.run import score_files
    from hoakscheck.scoring.local.stream import Interrupted

    try:
        with _progress() as progress:
            summary = score_files(inputs, output, **options, progress=progress)
    except Interrupted as stop:
        again = "" if output == "-" else "; continue with --resume"
        click.echo(f"{output}: {stop}{again}", err=True)
        sys.exit(_BY_SIGNAL + stop.signal)
    if as_json:
        click.echo(json.dumps(summary.to_dict(), ensure_ascii=False), err=output == "-")
    else:
        click.echo(printable(str(summary)), err=True)
    if summary.bad:
        sys.exit(SOME_BAD)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Give what draws a bar with rate and time left; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bar = tqdm(unit="B", unit_scale=True, leave=False)

    def show(rows: int, read: int, total: int) -> None:
        bar.total = total or None
        elapsed = bar.format_dict["elapsed"]
        bar.set_postfix_str(f"{rows:,} rows, {rows / max(elapsed, 0.1):,.0f}/s", refresh=False)
        bar.update(max(read - bar.n, 0))

    try:
        yield show
    finally:
        bar.close()
