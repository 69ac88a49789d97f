"""Commands for those who make a model: train, held-out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hoakscheck.cli.conventions import FOLDER, data_option, mirror_option, plain_errors


@click.command()
@click.argument("folder", metavar="NAME/VERSION", type=click.Path(path_type=Path))
@data_option
@mirror_option
@click.option("--without", "left_out", multiple=True, metavar="NAME", help="Leave out a source or campaign; repeatable.")
@click.option("--seed", type=int, help="Decides which group falls into which fold.  [default: 0, or that of the recipe]")
@click.option("--recipe-of", metavar="NAME|PATH", help="Take the settings that the manifest of this model records.")
@click.option("--ablations", "ablating", is_flag=True, help="Train without each part too, and tell the scores in the card.")
@plain_errors
def train(
    *,
    folder: Path,
    data: Path,
    mirror: Path | None,
    left_out: tuple[str, ...],
    seed: int | None,
    recipe_of: str | None,
    ablating: bool,
) -> None:
    """Train a model and save it to the folder NAME/VERSION, which must not exist.

    \b
    Examples:
      hoakscheck train models/mine/0.1.0
      hoakscheck train models/hoakscheck-id/0.2.0 --mirror /data/raw --ablations
      hoakscheck train candidates/loco/0.0.1 --mirror raw --without pilgub-banten-2024
      hoakscheck train again/hoakscheck-id/0.2.0 --mirror raw --recipe-of hoakscheck-id@0.2.0
    """
    from dataclasses import replace

    from tqdm import tqdm

    from hoakscheck.model.errors import ModelExistsError
    from hoakscheck.model.manifest import read_manifest, require_names
    from hoakscheck.model.shelf import find
    from hoakscheck.training.data.sources import mirror_folder
    from hoakscheck.training.recipe import Recipe
    from hoakscheck.training.release.ablations import ABLATIONS, run_ablations
    from hoakscheck.training.release.export import recorded_recipe
    from hoakscheck.training.train import corpus_without
    from hoakscheck.training.train import train as run

    if not folder.parent.name:
        raise click.UsageError(f"{folder}: name the folder NAME/VERSION, for instance models/mine/{folder}")
    if folder.exists():
        raise ModelExistsError(folder)
    require_names(folder)
    record = read_manifest(find(recipe_of)) if recipe_of else {}
    if recipe_of and "recipe" not in record:
        raise click.UsageError(f"the manifest of {recipe_of} records no recipe")
    recipe = recorded_recipe(record) if recipe_of else Recipe()
    click.echo("building the corpus ...", err=True)
    corpus = corpus_without(data, mirror_folder(mirror, data=data), left_out)
    click.echo(f"fitting on {len(corpus.examples):,} texts ...", err=True)
    recipe = recipe if seed is None else replace(recipe, seed=seed)
    scores = run_ablations(corpus, recipe) if ablating else iter(())
    shown = tqdm(scores, "ablations", total=len(ABLATIONS), disable=not (ablating and sys.stderr.isatty()))
    fitted = run(corpus, folder, recipe=recipe, ablations=dict(shown))
    click.echo(f"{folder}: thresholds {fitted.thresholds}", err=True)


@click.command("held-out")
@click.argument("folder", metavar="DIR", type=FOLDER)
@data_option
@mirror_option
@plain_errors
def held_out(folder: Path, data: Path, mirror: Path | None) -> None:
    """Write the held-out sets to DIR, one JSON-lines file each, to evaluate a model on them.

    Without a mirror of the raw sources there is only the authored set. The files hold texts of others: keep them local.

    \b
    Example:
      hoakscheck held-out held-out --mirror raw
      hoakscheck evaluate held-out/posts_double.jsonl
    """
    from hoakscheck.training.corpus.build import build_corpus
    from hoakscheck.training.corpus.heldout import held_out_sets, write_held_out
    from hoakscheck.training.data.sources import mirror_folder

    found = mirror_folder(mirror, data=data)
    for path in write_held_out(held_out_sets(build_corpus(data, found), found), folder):
        click.echo(path)
