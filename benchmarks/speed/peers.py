"""What else one might take, fitted on the same texts: pipelines of scikit-learn, and fastText where its wheel is installed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import naive

#: Texts to an answer on each.
Peer = Callable[[Sequence[str]], Any]

FASTTEXT: Final = "fastText, words 1-2 and characters 3-5"
#: The distribution whose wheel brings it; the extra ``bench`` asks for it.
FASTTEXT_DISTRIBUTION: Final = "fasttext-community"


def fitted(texts: list[str], labels: list[str], same_families: Any) -> dict[str, Peer | None]:
    """Return the peers by name; None stands for one that is not installed."""
    return {
        "naive, same features": same_families.predict_proba,
        "naive, stems alone": naive.words_alone(texts, labels).predict_proba,
        "hashed words, no stems": naive.hashed(texts, labels).predict_proba,
        FASTTEXT: fast_text(texts, labels),
    }


def fast_text(texts: list[str], labels: list[str]) -> Peer | None:
    """Return a fitted fastText, which reads lines: a text must not hold a line end. None if it is not installed.

    Its table of n-grams has 200,000 rows in place of 2,000,000, which would take 800 MB; a look-up costs no less for it.
    """
    try:
        import fasttext
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "labelled.txt")
        lines.write_text("".join(f"__label__{label} {_line(text)}\n" for text, label in zip(texts, labels, strict=True)), "utf-8")
        model = fasttext.train_supervised(str(lines), wordNgrams=2, minn=3, maxn=5, bucket=200_000, thread=1, verbose=0)
    return lambda posts: model.predict([_line(post) for post in posts], k=3)


def versions() -> dict[str, str]:
    """Return the versions of what was measured beside us, as far as it is installed."""
    found = {}
    for name in ("scikit-learn", "PySastrawi", FASTTEXT_DISTRIBUTION):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _line(text: str) -> str:
    return text.replace("\n", " ")
