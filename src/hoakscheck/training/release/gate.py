"""The gate: figures of a candidate beside those of the present default, and what speaks against releasing it.

``gate.toml`` beside this file names the figures, each with the reason why it is guarded.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from hoakscheck.errors import InputError
from hoakscheck.model.errors import ReleaseRefusedError, Shortfall

RULES: Final = Path(__file__).parent / "gate.toml"

Place = tuple[str, str]


@dataclass(frozen=True)
class Figure:
    """One figure of a suite; ``low`` and ``high`` are the ends of its interval, None where none was taken."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Figures:
    """What the suite measured of one model.

    Attributes:
        model, digest: which model.
        data: fingerprint of the corpus that it was asked on.
        figures: (block, measure) -> figure.
    """

    model: str
    digest: str
    data: str
    figures: Mapping[Place, Figure]

    @classmethod
    def read(cls, path: Path, *, digest: str) -> Self:
        """Read what ``hoakscheck evaluate --suite --json`` printed.

        Args:
            path: the file.
            digest: of the model whose figures it must hold.

        Raises:
            InputError: it cannot be read, is no such output, or holds the figures of another model.
        """
        try:
            content = json.loads(path.read_bytes())
        except OSError as error:
            raise InputError(path, error.strerror or str(error)) from error
        except (ValueError, RecursionError) as error:
            raise InputError(path, f"is no valid JSON ({error})") from error
        return cls.of(content, path=path, digest=digest)

    @classmethod
    def of(cls, content: Any, *, path: Path, digest: str) -> Self:
        """Take them from :meth:`hoakscheck.training.suite.rows.SuiteReport.to_dict`; ``path`` stands in errors."""
        try:
            rows = {(row["block"], row["measure"]): _figure(row) for row in content["rows"] if row["value"] is not None}
            found = cls(str(content["model"]), str(content["digest"]), str(content["data"]), rows)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(path, f"is no output of 'hoakscheck evaluate --suite --json' of this version ({error!r})") from error
        if found.digest != digest:
            raise InputError(path, f"holds figures of {found.model} {found.digest[:12]}, not of the model {digest[:12]}")
        return found


@dataclass(frozen=True)
class Guard:
    """A figure that may not become worse beyond noise."""

    block: str
    measure: str
    better: Literal["higher", "lower"]

    def shortfall(self, own: Figure, default: Figure | None) -> str:
        """Return what is wrong with a candidate's figure; empty where nothing is."""
        if default is None:
            return ""
        sign = 1.0 if self.better == "higher" else -1.0
        if sign * (own.value - default.value) >= 0 or _holds(default, own.value) or _holds(own, default.value):
            return ""
        return f"worse beyond noise, {self.better} is better"


@dataclass(frozen=True)
class Limit:
    """A figure that may not exceed a limit."""

    block: str
    measure: str
    most: float
    slack: float

    def shortfall(self, own: Figure, default: Figure | None) -> str:
        """Return what is wrong with a candidate's figure; empty where nothing is."""
        if own.value <= self.most:
            return ""
        if default is not None and default.value > self.most and own.value <= default.value + self.slack:
            return ""
        return f"above the limit of {self.most:g}"


def read_rules(path: Path = RULES) -> tuple[Guard | Limit, ...]:
    """Read the rules.

    Raises:
        InputError: the file cannot be read, or says something else than rules.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        guards = [Guard(**entry) for entry in content.pop("guard", ())]
        limits = [Limit(**entry) for entry in content.pop("limit", ())]
    except OSError as error:
        raise InputError(path, error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise InputError(path, f"is no list of rules ({error})") from error
    wrong = [guard.measure for guard in guards if guard.better not in {"higher", "lower"}]
    if content or wrong or not (guards or limits):
        raise InputError(path, f"is no list of rules ({next(iter([*content, *wrong]), 'there is none')})")
    return (*guards, *limits)


def require_release(candidate: Figures, default: Figures | None, rules: tuple[Guard | Limit, ...]) -> None:
    """Refuse a candidate that is worse than the present default, or breaks a limit.

    Raises:
        ReleaseRefusedError: it does; the error names each slice with both figures.
    """
    if default is not None and candidate.data != default.data:
        raise ReleaseRefusedError(
            candidate.model, default.model, f"its figures were taken on the corpus {candidate.data[:12]}, those of the default on "
            f"{default.data[:12]}; run 'hoakscheck evaluate --suite --json' for both on the same data",
        )  # fmt: skip
    found = tuple(_shortfalls(candidate, default, rules))
    if found:
        raise ReleaseRefusedError(candidate.model, default.model if default else None, "the gate refuses it", shortfalls=found)


def _shortfalls(candidate: Figures, default: Figures | None, rules: tuple[Guard | Limit, ...]) -> Iterator[Shortfall]:
    for rule in rules:
        place = rule.block, rule.measure
        own, other = candidate.figures.get(place), default.figures.get(place) if default else None
        wrong = "was not measured" if own is None else rule.shortfall(own, other)
        if wrong:
            yield Shortfall(f"{rule.block}, {rule.measure}", _rounded(own), _rounded(other), wrong)


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(float(row["value"]), *(None if row[end] is None else float(row[end]) for end in ("low", "high")))


def _holds(figure: Figure, value: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= value <= figure.high


def _rounded(figure: Figure | None) -> float | None:
    return None if figure is None else round(figure.value, 4)
