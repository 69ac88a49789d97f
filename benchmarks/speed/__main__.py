"""Speed of serving against its floor and its peers.

python benchmarks/speed                  # everything, a quarter of an hour; rewrites docs/speed.md and the table of the README
python benchmarks/speed --quick          # smaller sizes, about a minute; writes nothing
python benchmarks/speed --only cold      # one part; writes nothing
"""

from __future__ import annotations

import click
import growth
import hostile
import report
from rows import Bench, Row

PARTS = {
    "warm": Bench.warm,
    "cold": Bench.cold,
    "words": Bench.words,
    "first": Bench.first,
    "one": Bench.one,
    "artifact": Bench.artifact,
    "posts": growth.posts,
    "lengths": growth.lengths,
    "hostile": hostile.rows,
    "memory": growth.memory,
    "processes": growth.processes,
}


@click.command()
@click.option("--quick", is_flag=True, help="Smaller sizes; nothing is written.")
@click.option("--only", type=click.Choice(list(PARTS)), multiple=True, help="These parts alone; nothing is written.")
def main(*, quick: bool, only: tuple[str, ...]) -> None:
    """Measure, and show each row as it comes."""
    bench = Bench(quick=quick)
    found: list[Row] = []
    click.echo(f"{len(bench.texts):,} {bench.source}; model {bench.classifier.model_id}")
    for name, part in PARTS.items():
        if not only or name in only:
            for row in part(bench):
                found.append(row)
                click.echo(report.line(row))
    goals = [row for row in found if row.goal is not None]
    click.echo(f"{sum(bool(row.is_met) for row in goals)} of {len(goals)} goals met")
    if not quick and not only:
        count = len(bench.texts)
        words = sum(len(text.split()) for text in bench.texts) / count
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in bench.texts) / count
        results = report.document(found, model=bench.classifier.model_id, texts=bench.source, count=count, words=words, size=size)
        report.write(results)


if __name__ == "__main__":
    main()
