"""One training run from data to a model on disk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from hoakscheck.errors import DatasetError
from hoakscheck.model.artifact import save
from hoakscheck.training.corpus.build import Corpus, build_corpus
from hoakscheck.training.data.sources import TRAINING
from hoakscheck.training.fit import BLAS_THREADS, Fitted, fit
from hoakscheck.training.recipe import Recipe
from hoakscheck.training.release.export import make_artifact


def train(corpus: Corpus, folder: Path, *, recipe: Recipe | None = None, ablations: Mapping[str, Any] | None = None) -> Fitted:
    """Fit on a corpus and save the model to ``folder``, whose last two parts are its name and version.

    Same corpus, same recipe, same ablations, same libraries, same kind of processor: the same bytes, on however many cores.

    Args:
        corpus: what to learn from.
        folder: where to save; it must not exist.
        recipe: settings; by default those of the released model.
        ablations: scores of :func:`hoakscheck.training.release.ablations.run_ablations` to tell in the card, by name.

    Raises:
        ModelExistsError: the folder exists.
        DatasetError: a label has too few examples.
    """
    recipe = recipe or Recipe()
    with threadpool_limits(BLAS_THREADS, user_api="blas"):
        fitted = fit(corpus, recipe)
        save(make_artifact(folder.parent.name, folder.name, fitted, corpus, recipe, ablations=ablations), folder)
    return fitted


def corpus_without(data: Path, mirror: Path | None, left_out: Collection[str]) -> Corpus:
    """Build the corpus without some sources or campaigns, to evaluate on them afterwards.

    Args:
        data: folder with ``authored/`` and ``labels/``.
        mirror: folder with one sub-folder per raw source, or None.
        left_out: names of raw sources or campaigns.

    Raises:
        DatasetError: the data are missing or malformed, or there is nothing of such a name.
    """
    corpus = build_corpus(data, mirror, names=[name for name in TRAINING if name not in left_out])
    campaigns = {example.campaign for example in corpus.examples}
    unknown = sorted(set(left_out) - campaigns - set(TRAINING))
    if unknown:
        raise DatasetError(data, f"no source or campaign {unknown[0]!r} to leave out; campaigns are {', '.join(sorted(campaigns))}")
    kept = tuple(example for example in corpus.examples if example.campaign not in left_out)
    return Corpus(kept, corpus.held_out, corpus.dropped)
