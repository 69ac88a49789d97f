"""The default model behind one function, loaded once per process."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, overload

from hoakscheck.classifier import Classifier
from hoakscheck.inputs import checked
from hoakscheck.verdict import Verdict

if TYPE_CHECKING:
    from hoakscheck.civic.context import Context


@overload
def classify(texts: str, context: Context | None = None) -> Verdict: ...  # type: ignore[overload-overlap]  # a str is an iterable of str, and comes first
@overload
def classify(texts: Iterable[str], context: Context | None = None) -> list[Verdict]: ...
def classify(texts: str | Iterable[str], context: Context | None = None) -> Verdict | list[Verdict]:
    """Return the verdict on one text, or the verdicts on several, by the default model.

    Args:
        texts: one text, or several.
        context: what is known beside the text; of several it holds for each. :meth:`Classifier.classify_many` takes one each.

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
        return classifier.classify(texts, context)
    texts = list(checked(texts))
    return list(classifier.classify_many(texts, repeat(context, len(texts))))


@lru_cache(maxsize=1)
def default_classifier() -> Classifier:
    """Return the default model, loaded once per process."""
    return Classifier.load()
