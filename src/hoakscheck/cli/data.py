"""Commands on the data of a training run: list, fetch, verify, build, audit."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hoakscheck.cli.conventions import FOLDER, SOME_BAD, data_option, mirror_option, plain_errors, printable

if TYPE_CHECKING:
    from hoakscheck.training.data.catalogue import Source


@click.group()
def data() -> None:
    """List, fetch and verify the raw sources; build the corpus; audit labelled texts."""


@data.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array with all that is known of each source.")
@data_option
@plain_errors
def list_sources(data: Path, as_json: bool) -> None:
    """List the raw sources: use, licence, size, labels, texts.

    \b
    Example:
      hoakscheck data list
    """
    from dataclasses import asdict

    from hoakscheck.training.data.catalogue import read_catalogue

    sources = read_catalogue(data).values()
    if as_json:
        rows = [asdict(source) | {"withheld": sorted(source.withheld)} for source in sources]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    width = max(len(source.slug) for source in sources)
    for source in sources:
        labels = ",".join(source.labels) or "none"
        size = f"{source.bytes / 1e6:.1f} MB"
        click.echo(f"{source.slug:<{width}}  {source.use:<10}  {source.licence:<15}  {size:>8}  {labels:<19}  {source.text_type}")


@data.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--to", "target", type=FOLDER, help="Folder to fetch to.  [default: raw in the data folder]")
@click.option("--mirror", type=FOLDER, help="Take the files from a local copy, instead of the network.")
@click.option(
    "--accept-unlicensed", is_flag=True, help="Fetch sources that state no licence, too: you answer for your use of them."
)
@data_option
@plain_errors
def fetch(names: tuple[str, ...], target: Path | None, mirror: Path | None, accept_unlicensed: bool, data: Path) -> None:
    """Fetch raw sources, by default all that are used; each file is checked by its SHA-256.

    Run again after a broken transfer: it goes on where it stopped. Sources that state no licence are refused, because texts
    without one may not be copied just like that; --accept-unlicensed fetches them for a use that the law allows you.

    \b
    Examples:
      hoakscheck data fetch visimisi2024
      hoakscheck data fetch --accept-unlicensed
      hoakscheck data fetch --mirror /mnt/raw --to data/raw --accept-unlicensed
    """
    from hoakscheck.errors import FetchError
    from hoakscheck.training.data import fetch as fetching
    from hoakscheck.training.data.catalogue import read_catalogue
    from hoakscheck.training.data.sources import RAW, mirror_folder

    wanted = _chosen(read_catalogue(data), names, data)
    local = mirror_folder(mirror) if mirror else None
    refused = [] if accept_unlicensed else [source for source in wanted if not source.is_licensed]
    failed = 0
    with _Bar() as bar:
        for source in wanted:
            if source in refused:
                continue
            try:
                paths = fetching.fetch(source, target or data / RAW, mirror=local, progress=bar)
                click.echo(f"{source.slug}\t{len(paths)} files\t{source.licence}")
            except FetchError as error:
                failed += 1
                click.echo(f"failed: {source.slug}: {error}", err=True)
    for source in refused:
        why = f" ({source.licence_note})" if source.licence_note else ""
        click.echo(f"refused: {source.slug}: states no licence{why}; see {source.address}", err=True)
    if refused:
        click.echo(f"{len(refused)} sources refused; --accept-unlicensed fetches them, if your use is lawful without one", err=True)
    if refused or failed:
        sys.exit(SOME_BAD)


@data.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@data_option
@mirror_option
@plain_errors
def verify(names: tuple[str, ...], data: Path, mirror: Path | None) -> None:
    """Check size and SHA-256 of the raw files that are there, by default of all sources that are used.

    \b
    Example:
      hoakscheck data verify --mirror /mnt/raw
    """
    from hoakscheck.training.data import fetch as fetching
    from hoakscheck.training.data.catalogue import read_catalogue
    from hoakscheck.training.data.sources import RAW, mirror_folder

    folder = mirror_folder(mirror, data=data) or data / RAW
    states = [state for source in _chosen(read_catalogue(data), names, data) for state in fetching.verify(source, folder)]
    for state in states:
        if state.state != "ok":
            click.echo(f"{state.state}: {state.path}", err=True)
    counts = Counter(state.state for state in states)
    click.echo(f"{folder}: {counts['ok']} files ok, {counts['missing']} missing, {counts['changed']} changed")
    if counts["ok"] < len(states):
        sys.exit(SOME_BAD)


@data.command()
@click.option("--out", type=FOLDER, help="Folder to write.  [default: built in the data folder]")
@click.option("--split", "by", type=click.Choice(["claim", "campaign", "publisher", "time", "random"]), default="claim",
              show_default=True, help="What never lies in both parts.")  # fmt: skip
@click.option("--test", "test", multiple=True, metavar="UNIT", help="Claim, campaign or publisher of the test part; repeatable.")
@click.option("--since", default="", metavar="YYYY-MM-DD", help="First day of the test part, for --split time.")
@click.option("--allow-random", is_flag=True, help="Really split at random, which flatters every figure.")
@data_option
@mirror_option
@plain_errors
def build(
    *, out: Path | None, by: Any, test: tuple[str, ...], since: str, allow_random: bool, data: Path, mirror: Path | None
) -> None:
    """Build the training corpus: labels joined, duplicates dropped, registers balanced, split.

    Writes corpus.jsonl, dropped.csv (every text left out, why, and what stays for it) and summary.json. The folder holds texts
    of others: keep it to yourself. A corpus that is there already is replaced.

    \b
    Examples:
      hoakscheck data build
      hoakscheck data build --split campaign --test pilgub-banten-2024 --out banten
      hoakscheck data build --split time --since 2024-01-01
    """
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.corpus.folder import write_corpus
    from hoakscheck.training.corpus.splits import split
    from hoakscheck.training.data.sources import MIRROR_VARIABLE, mirror_folder

    found = mirror_folder(mirror, data=data)
    if found is None:
        click.echo(f"no raw sources: --mirror and ${MIRROR_VARIABLE} are not set; building from authored texts alone", err=True)
    click.echo("reading, joining, dropping duplicates, balancing registers ...", err=True)
    corpus = build_corpus(data, found)
    try:
        parted = split(corpus.examples, by, test=test, since=since, allow_random=allow_random)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    target = out or data / "built"
    summary = write_corpus(corpus, target, split=parted, overwrite=True)
    click.echo(f"{target}: {summary['texts']:,} texts, {summary['held_out']:,} held out, fingerprint {summary['fingerprint'][:12]}")
    for part, labels in summary["split"]["parts"].items():
        click.echo(f"  {part:<6}" + "".join(f"{count:>9,} {label}" for label, count in labels.items()))
        for label, count in labels.items():
            if not count:
                click.echo(f"  the {part} part has no {label}: this split cannot tell how a model does on it", err=True)
    for reason, count in summary["left_out"].items():
        click.echo(f"  left out {count:>8,}  {reason}")


@data.command()
@click.argument("source", metavar="[FILE|DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--text-column", default="text", show_default=True, help="Column that holds the text.")
@click.option("--label-column", default="label", show_default=True, help="Column that holds the label, any names.")
@click.option("--group-column", help="Column of what belongs together.  [default: group, pair, claim or topic]")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write the report as a page with plots, too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of the report.")
@click.option("--seed", default=0, show_default=True, help="Decides which texts are drawn where not all are needed.")
@data_option
@plain_errors
def audit(
    *, source: Path | None, text_column: str, label_column: str, group_column: str | None, html: Path | None, as_json: bool,
    seed: int, data: Path,
) -> None:  # fmt: skip
    """Look for what gives a label away in a labelled CSV or JSON-lines FILE, or a built corpus DIR.

    Columns named source, publisher, date, group and part (or the like) are used where they are there. The exit code is 1 when
    a leak was found.

    \b
    Examples:
      hoakscheck data audit                       # the corpus that "data build" wrote
      hoakscheck data audit posts.csv --label-column kelas --html audit.html
    """
    from hoakscheck.errors import DatasetError
    from hoakscheck.training.audit.page import write_page
    from hoakscheck.training.audit.run import audit as run
    from hoakscheck.training.audit.table import read_table

    place = source or data / "built"
    if source is None and not place.is_dir():
        raise DatasetError(place, "no corpus here; run 'hoakscheck data build' first, or name a labelled file")
    table = read_table(place, text_column=text_column, label_column=label_column, group_column=group_column)
    report = run(table, str(place), seed=seed, progress=lambda step: click.echo(f"looking at {step} ...", err=True))
    click.echo(printable(json.dumps(report.to_dict(), ensure_ascii=False) if as_json else str(report)))
    if html:
        write_page(report, table, html)
        click.echo(f"page: {html}", err=True)
    if report.leaks:
        sys.exit(SOME_BAD)


def _chosen(catalogue: dict[str, Source], names: Iterable[str], data: Path) -> list[Source]:
    """Return the named sources, or all that are used."""
    from hoakscheck.errors import DatasetError

    unknown = sorted(set(names) - set(catalogue))
    if unknown:
        raise DatasetError(data, f"no source {unknown[0]!r}; 'hoakscheck data list' shows them")
    return [catalogue[name] for name in names] or [source for source in catalogue.values() if source.use != "unused"]


class _Bar:
    """A progress bar over the bytes of the file that is being fetched; quiet when standard error is no terminal."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self._bar = tqdm(unit="B", unit_scale=True, disable=not sys.stderr.isatty(), leave=False)

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def start(self, name: str, size: int) -> None:
        """Begin a file."""
        self._bar.reset(total=size)
        self._bar.set_description(name)

    def advance(self, size: int) -> None:
        """Count a piece."""
        self._bar.update(size)
