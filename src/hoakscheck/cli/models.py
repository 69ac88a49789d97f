"""Commands on the models that are there: list, show, verify."""

from __future__ import annotations

import sys

import click

from hoakscheck.cli.conventions import SOME_BAD, plain_errors
from hoakscheck.errors import HoaksCheckError


@click.group()
def models() -> None:
    """List, show and verify models."""


@models.command("list")
@plain_errors
def list_models() -> None:
    """List the models that can be named, by place.

    \b
    Example:
      hoakscheck models list
    """
    from hoakscheck.model.manifest import read_manifest
    from hoakscheck.model.shelf import available

    failed = False
    for folder in available():
        try:
            manifest = read_manifest(folder)
            click.echo(f"{manifest['name']}@{manifest['version']}\t{folder}")
        except HoaksCheckError as error:
            failed = True
            click.echo(f"failed: {error}", err=True)
    if failed:
        sys.exit(SOME_BAD)


@models.command()
@click.argument("name", required=False)
@plain_errors
def show(name: str | None) -> None:
    """Print the model card of NAME, by default of the default model.

    \b
    Example:
      hoakscheck models show hoakscheck-id@0.1.0
    """
    from hoakscheck.model.artifact import load
    from hoakscheck.model.shelf import find

    click.echo(load(find(name)).card)


@models.command()
@click.argument("names", nargs=-1)
@plain_errors
def verify(names: tuple[str, ...]) -> None:
    """Check hashes, normaliser and golden texts of the models NAMES, by default of all.

    \b
    Example:
      hoakscheck models verify hoakscheck-id
    """
    from hoakscheck.classifier import Classifier
    from hoakscheck.model.shelf import available, find

    failed = False
    for folder in [find(name) for name in names] or available():
        try:
            click.echo(f"{Classifier.load(folder).model_id}\tok\t{folder}")
        except HoaksCheckError as error:
            failed = True
            click.echo(f"failed: {error}", err=True)
    if failed:
        sys.exit(SOME_BAD)
