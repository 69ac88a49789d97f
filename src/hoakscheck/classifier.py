"""The serving path on one screen: text, tokens, scores, probabilities, decision, verdict."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, Self, overload

import numpy as np
from numpy.typing import NDArray

from hoakscheck.errors import InvalidTextError, ModelCorruptError, ModelMismatchError
from hoakscheck.labels import Label
from hoakscheck.model import artifact, shelf, trust
from hoakscheck.model.decision import Decision, decide
from hoakscheck.model.folder import MANIFEST
from hoakscheck.model.manifest import model_id, read_manifest
from hoakscheck.model.scorer import Scorer, probabilities
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.text.tokens import Token
from hoakscheck.verdict import Evidence, Verdict

#: Golden texts must get their recorded probabilities to this; sums may differ in the last bits between machines.
GOLDEN_TOLERANCE: Final = 1e-9


class Classifier:
    """A loaded model.

    >>> classifier = Classifier.load()
    >>> classifier.classify("Ayo coblos nomor 3, pilih Bu Ratih untuk kabupaten yang lebih maju!").label.value
    'political_ad'
    """

    def __init__(self, model: artifact.Artifact) -> None:
        self._model = model
        self._normaliser = packaged_normaliser()
        self._scorer = Scorer(model.tables)

    @classmethod
    def load(
        cls,
        name_or_path: str | os.PathLike[str] | None = None,
        *,
        digest: str | None = None,
        require_signature: trust.KeyFiles = None,
    ) -> Self:
        """Load a model: a folder, ``name``, ``name@version``, or the default model.

        The hash of every file is checked, the normaliser is compared with that of training, and golden texts are replayed.

        Args:
            name_or_path: which model.
            digest: the digest that it must have, whole or from the first 12 digits on; None for any.
            require_signature: public Ed25519 key file, or several, one of which must have signed it. True for those that
                ``$HOAKSCHECK_REQUIRE_SIGNATURE`` names, False for none; by default those, if it is set.

        Raises:
            ModelNotFoundError: there is no such model.
            ModelFormatError: it was written in a format that this version does not read.
            ModelCorruptError: a file is damaged, a golden text gets another answer, or it is another model than it says.
            ModelMismatchError: normaliser, word lists or stemmer differ from those of training.
            ModelSignatureError: none of the keys has signed it.
        """
        folder = shelf.find(name_or_path)
        manifest = read_manifest(folder)
        if shelf.is_on_a_shelf(folder) and model_id(manifest) != f"{folder.parent.name}@{folder.name}":
            raise ModelCorruptError(folder / MANIFEST, f"is that of {model_id(manifest)}, which does not belong here")
        keys = trust.required_keys(require_signature)
        trust.check(folder, manifest, digest=digest, keys=keys, shelves=shelf.shelves())
        model = artifact.read(folder, manifest)
        classifier = cls(model)
        installed = classifier._normaliser.fingerprint
        if model.normaliser != installed:
            raise ModelMismatchError(folder, "normaliser", model=model.normaliser, installed=installed)
        classifier._replay(folder)
        return classifier

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels in the order of the columns of :meth:`predict_proba`."""
        return tuple(Label)

    @property
    def model_id(self) -> str:
        """Name and version of the model, as every verdict carries them."""
        return self._model.model_id

    @property
    def digest(self) -> str:
        """SHA-256 that seals the manifest of the model, and so every file of it; as every verdict carries it."""
        return self._model.digest

    def classify(self, text: str) -> Verdict:
        """Return the verdict on one text.

        Raises:
            InvalidTextError: it is no string.
        """
        if not isinstance(text, str):
            raise InvalidTextError(text)
        tokens = self._normaliser.tokens(text)
        log_odds = self._scorer.log_odds(tokens)
        decision = self._decide(tokens, log_odds)
        question, sign = _asked(decision)
        added = sign * self._scorer.contributions(tokens)[:, question]
        evidence = tuple(
            Evidence(text[token.start : token.end], token.start, token.end, contribution)
            for token, contribution in zip(tokens, added.tolist(), strict=True)
        )
        return Verdict(
            text=text,
            label=decision.label,
            probability=decision.probability,
            probabilities=dict(zip(Label, decision.probabilities, strict=True)),
            needs_review=decision.needs_review,
            review_reasons=decision.review_reasons,
            evidence=evidence,
            base=sign * self._scorer.intercept[question],
            score=sign * log_odds[question],
            model=self.model_id,
            digest=self.digest,
        )

    def classify_many(self, texts: Iterable[str]) -> Iterator[Verdict]:
        """Yield the verdict on each text, in order; any length, nothing is gathered.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.
        """
        for position, text in enumerate(_checked(texts)):
            if not isinstance(text, str):
                raise InvalidTextError(text, position=position)
            yield self.classify(text)

    def decide_many(self, texts: Iterable[str]) -> Iterator[Decision]:
        """Yield the decision on each text, in order, without its evidence: what bulk scoring needs.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.
        """
        for position, text in enumerate(_checked(texts)):
            tokens = self._unplaced(text, position)
            yield self._decide(tokens, self._scorer.log_odds(tokens))

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities, float64 of shape (n_texts, 3), columns in the order of :attr:`labels`.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.
        """
        rows = [
            probabilities(self._scorer.log_odds(self._unplaced(text, position))) for position, text in enumerate(_checked(texts))
        ]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(Label))

    def _unplaced(self, text: str, position: int) -> list[Token]:
        if not isinstance(text, str):
            raise InvalidTextError(text, position=position)
        return self._normaliser.unplaced_tokens(text)

    def _decide(self, tokens: Sequence[Token], log_odds: tuple[float, float]) -> Decision:
        words, known = self._scorer.count_words(tokens)
        return decide(probabilities(log_odds), words=words, known=known, thresholds=self._model.thresholds)

    def _replay(self, folder: Path) -> None:
        for case in self._model.golden:
            got = probabilities(self._scorer.log_odds(self._normaliser.tokens(case.text)))
            if max(abs(left - right) for left, right in zip(got, case.probabilities, strict=True)) > GOLDEN_TOLERANCE:
                raise ModelCorruptError(folder / "golden.json", f"{case.text[:40]!r} gets {got}, not {case.probabilities}")


@overload
def classify(texts: str) -> Verdict: ...  # type: ignore[overload-overlap]  # a str is an iterable of str, and comes first
@overload
def classify(texts: Iterable[str]) -> list[Verdict]: ...
def classify(texts: str | Iterable[str]) -> Verdict | list[Verdict]:
    """Return the verdict on one text, or the verdicts on several, by the default model.

    Raises:
        InvalidTextError: what was passed is neither a text nor an iterable of texts.

    >>> from hoakscheck import classify
    >>> classify("Ayo coblos nomor 3, pilih Bu Ratih untuk kabupaten yang lebih maju!").label
    <Label.POLITICAL_AD: 'political_ad'>
    >>> [verdict.needs_review for verdict in classify(["", "🗳️"])]
    [True, True]
    """
    classifier = default_classifier()
    if isinstance(texts, str):
        return classifier.classify(texts)
    return list(classifier.classify_many(texts))


@lru_cache(maxsize=1)
def default_classifier() -> Classifier:
    """Return the default model, loaded once per process."""
    return Classifier.load()


def _checked(texts: Iterable[str]) -> Iterable[str]:
    """Refuse what is one value rather than several: a string would be read letter by letter, bytes as numbers."""
    if isinstance(texts, (str, bytes, bytearray)) or not isinstance(texts, Iterable):
        raise InvalidTextError(texts)
    return texts


def _asked(decision: Decision) -> tuple[int, float]:
    """Return which question explains a decision, 0 hoax or 1 ad, and the sign that speaks for the label.

    Benign is explained against its stronger rival.
    """
    if decision.label is Label.HOAX:
        return 0, 1.0
    if decision.label is Label.POLITICAL_AD:
        return 1, 1.0
    hoax, political_ad, _ = decision.probabilities
    return (0 if hoax > political_ad else 1), -1.0
