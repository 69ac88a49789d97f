"""Who made a model: the digests of released ones, which nobody else may claim, and Ed25519 signatures.

A hash that stands beside what it is the hash of shows an accident. Against somebody who may write the folder only what lies
elsewhere helps: the list of digests inside the package, a digest or a public key that the caller holds. Keys are files of
their owners; none is kept, generated or shipped here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoakscheck.model.errors import ModelCorruptError, ModelSignatureError
from hoakscheck.model.folder import MANIFEST, RELEASES, SIGNATURE, read_file, strict_json
from hoakscheck.model.manifest import model_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KeyFiles = str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | bool | None

#: Names public key files, one of which must have signed every model that is loaded; several as in ``$PATH``.
KEYS_VARIABLE: Final = "HOAKSCHECK_REQUIRE_SIGNATURE"

_PURPOSE: Final = b"hoakscheck model signature 1\n"
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
_RELEASE: Final = re.compile(r"(\S+@\S+)\t([0-9a-f]{64})")
_SHORTEST_DIGEST: Final = 12
_LARGEST_KEY: Final = 16_384
_INSTALL: Final = "signatures need the cryptography package: pip install 'hoakscheck[signatures]'"


def required_keys(asked: KeyFiles) -> tuple[Path, ...]:
    """Return the public key files of which one must have signed; empty where no signature is required.

    Args:
        asked: key files; True for those of the environment, which must then name some; False for none; None for those of the
            environment, if it names some.

    Raises:
        ModelSignatureError: a signature is required, and no key is named: what nobody could have signed is not loaded.

    >>> [path.name for path in required_keys("release.pub.pem")]
    ['release.pub.pem']
    """
    if asked is False:
        return ()
    if isinstance(asked, (str, os.PathLike)):
        return (Path(asked),)
    named = os.environ.get(KEYS_VARIABLE, "")
    is_required = asked is not None or bool(named)
    keys = [part for part in named.split(os.pathsep) if part] if asked is None or asked is True else asked
    found = tuple(map(Path, keys))
    if is_required and not found:
        raise ModelSignatureError(KEYS_VARIABLE, "a signature is required, and no public key is named")
    return found


def check(folder: Path, manifest: Mapping[str, Any], *, digest: str | None, keys: Sequence[Path], shelves: Iterable[Path]) -> None:
    """Refuse a model that is not the one it says it is.

    Args:
        folder: where it stands.
        manifest: its manifest, read and checked.
        digest: the digest that it must have, or at least the first 12 digits; None for any.
        keys: public key files, of which one must have signed; none for no signature.
        shelves: folders of models whose lists of releases count; the package's own comes last and overrules.

    Raises:
        ModelCorruptError: it has another digest than it must have, or than the released model of its name and version.
        ModelSignatureError: none of the keys has signed it.
    """
    path, own = folder / MANIFEST, manifest["seal"]
    if digest is not None and not (len(digest) >= _SHORTEST_DIGEST and own.startswith(digest)):
        raise ModelCorruptError(path, f"has the digest {own}, asked for was {digest}")
    released = {name: value for shelf in shelves for name, value in read_releases(shelf).items()}.get(model_id(manifest), own)
    if released != own:
        raise ModelCorruptError(path, f"is not {model_id(manifest)} as released: its digest is {own}, not {released}")
    if keys:
        verify(folder, manifest, keys)


def read_releases(shelf: Path) -> dict[str, str]:
    """Return name@version -> digest, as a shelf lists its released models.

    Raises:
        ModelCorruptError: a line is none of such a list.
    """
    path = shelf / RELEASES
    if not os.path.lexists(path):
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(read_file(shelf, RELEASES).decode("utf-8", "replace").splitlines(), start=1):
        match = _RELEASE.fullmatch(line)
        if match is None or found.setdefault(match[1], match[2]) != match[2]:
            raise ModelCorruptError(path, f"line {number} is no name@version and digest, or contradicts another")
    return found


def sign(manifest: Mapping[str, Any], key: Path, password: Callable[[], str]) -> bytes:
    """Return what the signature file of a model holds.

    Args:
        manifest: of the model, read and checked.
        key: private Ed25519 key in PEM, as ``openssl genpkey -algorithm ed25519`` writes it.
        password: asked for the pass phrase where the key has one.

    Raises:
        ModelSignatureError: the file holds no such key, or cryptography is not installed.
    """
    private = _private_key(key, password)
    content = {
        "algorithm": "Ed25519",
        "model": model_id(manifest),
        "digest": manifest["seal"],
        "key": _fingerprint(private.public_key()),
        "signature": private.sign(_PURPOSE + manifest["seal"].encode()).hex(),
    }
    return (dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def verify(folder: Path, manifest: Mapping[str, Any], keys: Sequence[Path]) -> str:
    """Return the fingerprint of the key that signed a model, the first of ``keys`` that did.

    Raises:
        ModelSignatureError: none did, a file holds no public Ed25519 key, or cryptography is not installed.
    """
    public = [_public_key(key) for key in keys]  # a bad key file is an error even where another key would do
    path = folder / SIGNATURE
    if not path.is_file():
        raise ModelSignatureError(folder, "is not signed")
    from cryptography.exceptions import InvalidSignature

    try:
        content = strict_json(read_file(folder, SIGNATURE))
    except ValueError as error:
        raise ModelSignatureError(path, f"is no valid JSON ({error})") from error
    signature = content.get("signature") if isinstance(content, dict) else None
    if not isinstance(signature, str) or not _SIGNATURE.fullmatch(signature):
        raise ModelSignatureError(path, "holds no Ed25519 signature")
    for key in public:
        try:
            key.verify(bytes.fromhex(signature), _PURPOSE + manifest["seal"].encode())
        except InvalidSignature:
            continue
        return _fingerprint(key)
    names = ", ".join(str(key) for key in keys)
    raise ModelSignatureError(path, f"is no signature of this model by {names} ({', '.join(map(_fingerprint, public))})")


def _private_key(path: Path, password: Callable[[], str]) -> Ed25519PrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise ModelSignatureError(path, _INSTALL) from error
    content = _key_file(path)
    try:
        try:
            key = load_pem_private_key(content, None)
        except TypeError:  # so cryptography says that there is a pass phrase
            key = load_pem_private_key(content, password().encode())
    except (ValueError, TypeError) as error:
        raise ModelSignatureError(path, "holds no private key in PEM, or the pass phrase is wrong") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ModelSignatureError(path, "holds a key of another kind than Ed25519")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as error:
        raise ModelSignatureError(path, _INSTALL) from error
    try:
        key = load_pem_public_key(_key_file(path))
    except ValueError as error:
        raise ModelSignatureError(path, "holds no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ModelSignatureError(path, "holds a key of another kind than Ed25519")
    return key


def _key_file(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_LARGEST_KEY)
    except OSError as error:
        raise ModelSignatureError(path, f"cannot be read ({error.strerror})") from error


def _fingerprint(key: Ed25519PublicKey) -> str:
    """Return the first 16 digits of the SHA-256 of the raw public key."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]
