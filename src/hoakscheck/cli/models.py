"""Commands on the models that are there: list, show, verify, sign, default, rollback."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hoakscheck.cli.conventions import KEY, SOME_BAD, plain_errors
from hoakscheck.errors import HoaksCheckError


@click.group()
def models() -> None:
    """List, show, verify, sign and compare models; release one, choose the default, go back."""


@models.command("list")
@plain_errors
def list_models() -> None:
    """List the models that can be named, by place: name and version, the start of the digest, whether it is the default.

    \b
    Example:
      hoakscheck models list
    """
    from hoakscheck.model.manifest import model_id, read_manifest
    from hoakscheck.model.shelf import available, history

    failed = False
    for folder in available():
        try:
            manifest = read_manifest(folder)
            default = "default" if history(folder.parent)[-1] == folder.name else ""
            click.echo(f"{model_id(manifest)}\t{manifest['seal'][:12]}\t{default}\t{folder}")
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

    card = load(find(name)).card
    click.echo("".join(letter if letter.isprintable() or letter in "\n\t" else "\ufffd" for letter in card))


@models.command()
@click.argument("names", nargs=-1)
@click.option("--key", "keys", multiple=True, type=KEY, help="Public Ed25519 key in PEM that must have signed; repeatable.")
@plain_errors
def verify(names: tuple[str, ...], keys: tuple[Path, ...]) -> None:
    """Check hashes, normaliser, golden texts, and with --key the signature, of the models NAMES, by default of all.

    \b
    Examples:
      hoakscheck models verify hoakscheck-id
      hoakscheck models verify mine@0.1.0 --key release.pub.pem
    """
    from hoakscheck.classifier import Classifier
    from hoakscheck.model.shelf import available, find

    failed = False
    for folder in [find(name) for name in names] or available():
        try:
            classifier = Classifier.load(folder, require_signature=keys or None)
            click.echo(f"{classifier.model_id}\tok{', signed' if keys else ''}\t{classifier.digest[:12]}\t{folder}")
        except HoaksCheckError as error:
            failed = True
            click.echo(f"failed: {error}", err=True)
    if failed:
        sys.exit(SOME_BAD)


@models.command()
@click.argument("name")
@click.option("--key", required=True, type=KEY, help="Private Ed25519 key in PEM; read, and not kept.")
@plain_errors
def sign(name: str, key: Path) -> None:
    """Sign the model NAME: a file beside the others says that the owner of the key stands for its digest.

    The model is checked first, as for serving. A signature that is there is replaced.

    \b
    Example:
      openssl genpkey -algorithm ed25519 -out release.pem
      openssl pkey -in release.pem -pubout -out release.pub.pem
      hoakscheck models sign mine@0.1.0 --key release.pem
    """
    from hoakscheck.classifier import Classifier
    from hoakscheck.model import trust
    from hoakscheck.model.folder import SIGNATURE, replace_file
    from hoakscheck.model.manifest import read_manifest
    from hoakscheck.model.shelf import find

    folder = find(name)
    manifest = read_manifest(folder)
    Classifier.load(folder, digest=manifest["seal"], require_signature=False)
    content = trust.sign(manifest, key, lambda: str(click.prompt("pass phrase", hide_input=True, err=True)))
    replace_file(folder / SIGNATURE, content)
    click.echo(f"{folder / SIGNATURE}: {manifest['seal'][:12]}")


@models.command()
@click.argument("name", required=False)
@plain_errors
def default(name: str | None) -> None:
    """Make NAME@VERSION the version that NAME stands for on its shelf; without NAME, print the default model.

    Whoever loads a model meanwhile gets the old one or the new one. "rollback" goes back.

    \b
    Examples:
      hoakscheck models default
      hoakscheck models default hoakscheck-id@0.1.0
    """
    from hoakscheck.classifier import Classifier
    from hoakscheck.model.shelf import find, is_on_a_shelf, set_default

    folder = find(name)
    if name is not None:
        if "@" not in name or not is_on_a_shelf(folder):
            raise click.UsageError("name the model as NAME@VERSION, one of those that 'hoakscheck models list' shows")
        Classifier.load(folder)
        set_default(folder)
    click.echo(f"{folder.parent.name}@{folder.name}\t{folder}")


@models.command()
@click.argument("name", default="hoakscheck-id", metavar="[NAME]")
@plain_errors
def rollback(name: str) -> None:
    """Make the version before the present default of NAME the default again.

    \b
    Example:
      hoakscheck models rollback
    """
    from hoakscheck.model.shelf import find, is_on_a_shelf, roll_back

    folder = find(name)
    if "@" in name or not is_on_a_shelf(folder):
        raise click.UsageError("give the name of a model without a version")
    click.echo(f"{name}@{roll_back(folder.parent)}\t{folder.parent}")
