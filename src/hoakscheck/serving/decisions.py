"""Decisions on many texts, by column: what :mod:`hoakscheck.model.decision` says of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from hoakscheck.labels import Label
from hoakscheck.model.decision import Decision, ReviewReason, Thresholds

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Decisions(Sequence[Decision]):
    """The decisions on several texts, by column; each of them as a :class:`Decision` by its place.

    Attributes:
        probabilities: of each label, in the order of :class:`hoakscheck.Label`, shape (n_texts, 3).
        labels: place of the label of each text in that order, shape (n_texts,).
        reasons: why a person should look, as a place in :data:`REASONS`; 0 when the decision can stand; shape (n_texts,).
    """

    def __init__(self, probabilities: Floats, labels: Places, reasons: Places) -> None:
        self.probabilities, self.labels, self.reasons = probabilities, labels, reasons

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, place: int) -> Decision: ...
    @overload
    def __getitem__(self, place: slice) -> Decisions: ...
    def __getitem__(self, place: int | slice) -> Decision | Decisions:
        """Return the decision on one text, or those on several."""
        if isinstance(place, slice):
            return Decisions(self.probabilities[place], self.labels[place], self.reasons[place])
        found = tuple(self.probabilities[place].tolist())
        label = int(self.labels[place])
        return Decision(_LABELS[label], found[label], found, REASONS[self.reasons[place]])

    def __iter__(self) -> Iterator[Decision]:
        found = zip(map(tuple, self.probabilities.tolist()), self.labels.tolist(), self.reasons.tolist(), strict=True)
        for probabilities, label, reasons in found:
            yield Decision(_LABELS[label], probabilities[label], probabilities, REASONS[reasons])

    @property
    def probability(self) -> Floats:
        """Probability of the label of each text, shape (n_texts,)."""
        return self.probabilities[np.arange(len(self.labels)), self.labels]

    @property
    def needs_review(self) -> NDArray[np.bool_]:
        """Whether a person should look before anything follows from the label, shape (n_texts,)."""
        return self.reasons > 0

    def review_reasons(self) -> list[tuple[ReviewReason, ...]]:
        """Return why a person should look, for each text."""
        return [REASONS[reasons] for reasons in self.reasons.tolist()]


_LABELS: Final = tuple(Label)
_CODES: Final = {
    ReviewReason.NO_WORDS: 1,
    ReviewReason.FEW_WORDS: 2,
    ReviewReason.UNKNOWN_WORDS: 4,
    ReviewReason.LOW_CONFIDENCE: 8,
}
#: Every combination of reasons by the sum of their codes, see :attr:`Decisions.reasons`.
REASONS: Final = tuple(tuple(reason for reason, code in _CODES.items() if codes & code) for codes in range(16))


def decide_all(probabilities: Floats, *, words: Places, known: Places, thresholds: Thresholds) -> Decisions:
    """Return :func:`decide` of several texts.

    Args:
        probabilities: of each label, shape (n_texts, 3).
        words: number of words of each text, shape (n_texts,).
        known: how many of them the model knows, shape (n_texts,).
        thresholds: where decisions change.

    >>> decisions = decide_all(np.array([[0.1, 0.1, 0.8]]), words=np.array([0]), known=np.array([0]), thresholds=Thresholds())
    >>> from hoakscheck.model.decision import decide
    >>> decisions[0] == decide((0.1, 0.1, 0.8), words=0, known=0, thresholds=Thresholds())
    True
    """
    hoax, political_ad, benign = probabilities.T
    is_ad = political_ad >= thresholds.political_ad * (political_ad + benign)
    labels = np.where(hoax >= thresholds.hoax, 0, np.where(is_ad, 1, 2))
    probability = probabilities[np.arange(len(labels)), labels]
    reasons = np.where(
        words == 0, _CODES[ReviewReason.NO_WORDS], (words < thresholds.fewest_words) * _CODES[ReviewReason.FEW_WORDS]
    )
    reasons += (known < words * thresholds.known_share) * _CODES[ReviewReason.UNKNOWN_WORDS]
    reasons += (probability < thresholds.review) * _CODES[ReviewReason.LOW_CONFIDENCE]
    return Decisions(probabilities, labels, reasons)
