"""The serving path on one screen: text, tokens, scores, probabilities, decision, verdict."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, tee
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray

from hoakscheck.errors import InvalidTextError
from hoakscheck.garbage import collector_paused
from hoakscheck.inputs import blocks, checked, paired
from hoakscheck.labels import Label
from hoakscheck.model import artifact, shelf, trust
from hoakscheck.model.decision import Decision, decide
from hoakscheck.model.errors import ModelCorruptError, ModelMismatchError
from hoakscheck.model.folder import MANIFEST
from hoakscheck.model.manifest import model_id, read_manifest
from hoakscheck.serving.decisions import Decisions, decide_all
from hoakscheck.serving.scorer import Score, Scorer, all_probabilities, probabilities
from hoakscheck.text.normaliser import normaliser_with, packaged_normaliser
from hoakscheck.text.tokens import Token
from hoakscheck.verdict import Basis, Evidence, Verdict, asked_question

if TYPE_CHECKING:
    from hoakscheck.civic.context import Context
    from hoakscheck.civic.rules import Ruling
    from hoakscheck.serving.bulk import BulkScorer

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
        self._normaliser = normaliser_with(model.normaliser) or packaged_normaliser()
        self._scorer = Scorer(model.tables)

    @classmethod
    @collector_paused()
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

    def classify(self, text: str, context: Context | None = None) -> Verdict:
        """Return the verdict on one text.

        Args:
            text: what was posted.
            context: what is known beside it; the verdict names the rules that applied.

        Raises:
            InvalidTextError: it is no string.

        >>> from hoakscheck import Context
        >>> known = Context(is_paid=True, platform="tiktok", published_at="2024-02-12")
        >>> verdict = Classifier.load().classify("Bupati Rawit meninjau jembatan bersama warga.", known)
        >>> verdict.label.value, verdict.flags
        ('political_ad', ('silence_period', 'not_allowed_as_ad'))
        """
        if not isinstance(text, str):
            raise InvalidTextError(text)
        tokens = self._normaliser.tokens(text)
        score = self._scorer.score(tokens)
        decision, ruling = self._decide(tokens, score, context)
        question, sign = asked_question(decision)
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
            score=sign * score.log_odds[question],
            model=self.model_id,
            digest=self.digest,
            basis=Basis.TEXT_ONLY if ruling is None else Basis.TEXT_AND_CONTEXT,
            rules=() if ruling is None else ruling.rules,
            flags=() if ruling is None else ruling.flags,
        )

    def classify_many(self, texts: Iterable[str], contexts: Iterable[Context | None] | None = None) -> Iterator[Verdict]:
        """Yield the verdict on each text, in order; any length, nothing is gathered.

        Args:
            texts: what was posted.
            contexts: what is known beside each text, as many as there are texts; None where nothing is.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.
            ValueError: there are more texts than contexts, or fewer.
        """
        for position, (text, context) in enumerate(paired(texts, contexts)):
            if not isinstance(text, str):
                raise InvalidTextError(text, position=position)
            yield self.classify(text, context)

    def decide(self, text: str, context: Context | None = None) -> Decision:
        """Return the decision on one text without its evidence, in a quarter to a third of the time of a verdict.

        Raises:
            InvalidTextError: it is no string.

        >>> Classifier.load().decide("Ayo coblos nomor 3, pilih Bu Ratih!").label.value
        'political_ad'
        """
        if not isinstance(text, str):
            raise InvalidTextError(text)
        tokens = self._normaliser.unplaced_tokens(text)
        return self._decide(tokens, self._scorer.score(tokens), context)[0]

    def decide_many(self, texts: Iterable[str], contexts: Iterable[Context | None] | None = None) -> Iterator[Decision]:
        """Yield the decision on each text, in order, without its evidence; texts are drawn some thousand at a time.

        Args:
            texts: what was posted.
            contexts: what is known beside each text, as many as there are texts; None where nothing is.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.
            ValueError: there are more texts than contexts, or fewer.
        """
        if contexts is None:
            for block in blocks(checked(texts)):
                yield from self.decide_block(block)
            return
        pairs, known = tee(paired(texts, contexts))
        for block in blocks(text for text, _ in pairs):
            yield from self._decide_known(block, [context for _, context in islice(known, len(block))])

    def decide_block(self, texts: Sequence[str]) -> Decisions:
        """Return the decisions on some texts by column: the quickest way, for up to some thousand texts at a time.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.

        >>> decisions = Classifier.load().decide_block(["Ayo coblos nomor 3, pilih Bu Ratih!", "Besok hujan di Lembah Rawit"])
        >>> decisions.probabilities.shape, [decision.label.value for decision in decisions]
        ((2, 3), ['political_ad', 'benign'])
        """
        for position, text in enumerate(checked(texts)):
            if not isinstance(text, str):
                raise InvalidTextError(text, position=position)
        scores = self._bulk.score(texts)
        found = all_probabilities(scores.log_odds)
        return decide_all(found, words=scores.words, known=scores.known, thresholds=self._model.thresholds)

    def _decide_known(self, texts: Sequence[str], contexts: Sequence[Context | None]) -> Iterator[Decision]:
        """Yield the decision on each text of a block with what is known beside it."""
        from hoakscheck.civic.decision import decide_known

        scores, thresholds = self._bulk.score(texts), self._model.thresholds
        alone = decide_all(all_probabilities(scores.log_odds), words=scores.words, known=scores.known, thresholds=thresholds)
        about = zip(scores.words.tolist(), scores.known.tolist(), self._bulk.electoral(texts).tolist(), strict=True)
        for decision, context, (words, known, electoral) in zip(alone, contexts, about, strict=True):
            if context is None or context.is_empty:
                yield decision
            else:
                by_text = decision.probabilities
                yield decide_known(by_text, context, electoral=electoral, words=words, known=known, thresholds=thresholds)[0]

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities, float64 of shape (n_texts, 3), columns in the order of :attr:`labels`.

        Raises:
            InvalidTextError: an item is no string; the error tells its position.
        """
        found = [all_probabilities(self._bulk.score(block).log_odds) for block in blocks(checked(texts))]
        return np.concatenate(found) if found else np.zeros((0, len(Label)))

    @cached_property
    def _bulk(self) -> BulkScorer:
        from hoakscheck.serving.bulk import BulkScorer  # 8 ms, and one text needs none of it

        return BulkScorer(self._normaliser, self._scorer)

    def _decide(self, tokens: Sequence[Token], score: Score, context: Context | None) -> tuple[Decision, Ruling | None]:
        words, known, thresholds = score.words, score.known, self._model.thresholds
        by_text = probabilities(score.log_odds)
        if context is None or context.is_empty:
            return decide(by_text, words=words, known=known, thresholds=thresholds), None
        from hoakscheck.civic.decision import decide_known  # 13 ms with the rules, and only needed where a context is known
        from hoakscheck.civic.electoral import is_electoral

        return decide_known(by_text, context, electoral=is_electoral(tokens), words=words, known=known, thresholds=thresholds)

    def _replay(self, folder: Path) -> None:
        for case in self._model.golden:
            found = probabilities(self._scorer.score(self._normaliser.unplaced_tokens(case.text)).log_odds)
            if max(abs(left - right) for left, right in zip(found, case.probabilities, strict=True)) > GOLDEN_TOLERANCE:
                raise ModelCorruptError(folder / "golden.json", f"{case.text[:40]!r} gets {found}, not {case.probabilities}")
