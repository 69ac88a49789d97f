"""What a label can be told from without reading: characters, length, casing, publisher, date.

Each check asks one simple model for the label, on as many texts of each label, by texts that it has not seen. What it scores
above chance it owes to form. The limit lies a quarter of the way from chance to certainty: .50 for three labels, .62 for two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

from hoakscheck.training.audit.findings import Finding, Outcome
from hoakscheck.training.audit.table import Table
from hoakscheck.training.corpus.balance import character_model

Array = np.ndarray[Any, Any]

#: Texts of each label in the balanced sample, at most.
SAMPLE: Final = 2_000
FOLDS: Final = 5
_WORD_CHARACTER = re.compile(r"[\w\s]", re.UNICODE)
_WORD = re.compile(r"[^\W\d_]+")
_LEAF: Final = 10


def limit(labels: int) -> float:
    """Return the macro-F1 from which form tells too much.

    >>> limit(3), limit(2)
    (0.5, 0.625)
    """
    return 1 / labels + (1 - 1 / labels) / 4


def form_findings(table: Table, *, seed: int = 0) -> list[Finding]:
    """Return the findings on characters, punctuation, length and casing."""
    sample = balanced_sample(table, seed=seed)
    texts = [table.texts[index] for index in sample]
    shapes = np.array([_length(text) for text in texts])
    cases = np.array([_casing(text) for text in texts])
    marks = [_WORD_CHARACTER.sub("", text) or " " for text in texts]
    tree = DecisionTreeClassifier(max_depth=5, min_samples_leaf=_LEAF, random_state=0)
    asked: list[tuple[str, Any, BaseEstimator, str]] = [
        ("characters", texts, character_model(), "strip format, balance registers"),
        ("punctuation", marks, character_model(), "strip quotation marks and punctuation, or balance registers"),
        ("length", shapes, tree, "take texts of like length for each label"),
        ("casing", cases, tree, "fold case, or take texts of one style"),
    ]
    units = table.units()[sample]
    return [
        _ask(table, sample, check=check, values=values, model=model, units=units, advice=advice)
        for check, values, model, advice in asked
    ]


def origin_findings(table: Table, *, seed: int = 0) -> list[Finding]:
    """Return the findings on publisher, source and date: what the label can be told from without the text."""
    checks: list[tuple[str, str, Callable[[str], str], str]] = [
        ("publisher", "publisher", str, "collect the missing labels from each publisher; split by publisher"),
        ("source", "source", str, "find more labels in each source, or drop sources of one label; split by source"),
        ("date", "date", _month, "collect all labels over the same period; split by time"),
    ]
    findings = []
    for check, column, shorten, advice in checks:
        values = np.array([shorten(value) for value in getattr(table, column)])
        if len(set(values.tolist())) < 2:
            findings.append(Finding(check, Outcome.SKIPPED, f"no column that tells the {check}, or one value only"))
            continue
        sample = balanced_sample(table, seed=seed)
        model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeClassifier(min_samples_leaf=3, random_state=0))
        rows = np.arange(len(sample))
        finding = _ask(table, sample, check=check, values=values[sample, None], model=model, units=rows, advice=advice)
        findings.append(_with_purest(finding, table, values))
    return findings


def balanced_sample(table: Table, *, seed: int = 0) -> Array:
    """Return the indices of as many texts of each label as the rarest has, at most :data:`SAMPLE`."""
    labels = table.column("labels")
    random = np.random.default_rng(seed)
    size = min(SAMPLE, *(int((labels == name).sum()) for name in table.names))
    return np.concatenate([np.sort(random.choice(np.flatnonzero(labels == name), size, replace=False)) for name in table.names])


def held_out_labels(model: BaseEstimator, values: Any, labels: Array, units: Array) -> Array:
    """Return the label that a model gives each text without having seen its unit, shape (n_texts,)."""
    folds = GroupKFold(min(FOLDS, len(set(units.tolist()))), shuffle=True, random_state=0)
    found: Array = cross_val_predict(model, values, labels, groups=units, cv=folds)
    return found


def _ask(table: Table, sample: Array, *, check: str, values: Any, model: BaseEstimator, units: Array, advice: str) -> Finding:
    labels = table.column("labels")[sample].astype(str)
    predicted = held_out_labels(model, values, labels, units)
    figure = float(f1_score(labels, predicted, average="macro"))
    bound = limit(len(table.names))
    told = {name: float((predicted[labels == name] == name).mean()) for name in table.names}
    best = max(told, key=lambda name: told[name])
    message = f"macro-F1 {figure:.2f} from {check} alone (limit {bound:.2f}, chance {1 / len(table.names):.2f})"
    evidence = (f"best told: {best}, {told[best]:.0%} of its texts",)
    outcome = Outcome.LEAK if figure > bound else Outcome.CLEAR
    return Finding(check, outcome, message, round(figure, 4), round(bound, 4), evidence, advice)


def _with_purest(finding: Finding, table: Table, values: Array) -> Finding:
    labels = table.column("labels")
    rows = []
    for value in sorted(set(values.tolist()), key=lambda value: -int((values == value).sum())):
        own = labels[values == value]
        name, count = max(((name, int((own == name).sum())) for name in table.names), key=lambda item: item[1])
        if len(own) >= FOLDS and count / len(own) >= 0.95:
            rows.append(f"{value or '(none)'}: {count:,} of {len(own):,} {name}")
    return Finding(**{**vars(finding), "evidence": tuple(rows[:8])})


def _length(text: str) -> Sequence[float]:
    words = text.split()
    return len(text), len(words), len(text) / max(len(words), 1), text.count("\n")


def _casing(text: str) -> Sequence[float]:
    words = _WORD.findall(text)
    letters = max(sum(character.isalpha() for character in text), 1)
    count = max(len(words), 1)
    return (
        sum(character.isupper() for character in text) / letters,
        sum(word[0].isupper() for word in words) / count,
        sum(word.isupper() and len(word) > 1 for word in words) / count,
        float(text[:1].isupper()),
        float(text[:1].islower()),
    )


def _month(date: str) -> str:
    return date[:7]
