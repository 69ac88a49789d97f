"""Labels Indonesian-language content as hoax, political_ad or benign, for election integrity.

>>> import hoakscheck
>>> verdict = hoakscheck.classify("KPU: pemungutan suara dimulai pukul 07.00, bawa KTP elektronik Anda.")
>>> verdict.label
<Label.BENIGN: 'benign'>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hoakscheck.civic.context import AccountType as AccountType
    from hoakscheck.civic.context import Context as Context
    from hoakscheck.classifier import Classifier as Classifier
    from hoakscheck.default import classify as classify
    from hoakscheck.errors import DatasetError as DatasetError
    from hoakscheck.errors import FrameError as FrameError
    from hoakscheck.errors import HoaksCheckError as HoaksCheckError
    from hoakscheck.errors import InputError as InputError
    from hoakscheck.errors import InvalidContextError as InvalidContextError
    from hoakscheck.errors import InvalidTextError as InvalidTextError
    from hoakscheck.errors import MissingExtraError as MissingExtraError
    from hoakscheck.errors import OutputBusyError as OutputBusyError
    from hoakscheck.errors import OutputExistsError as OutputExistsError
    from hoakscheck.errors import ResumeError as ResumeError
    from hoakscheck.errors import SastrawiError as SastrawiError
    from hoakscheck.errors import TooManyBadRowsError as TooManyBadRowsError
    from hoakscheck.labels import Facet as Facet
    from hoakscheck.labels import Label as Label
    from hoakscheck.model.decision import ReviewReason as ReviewReason
    from hoakscheck.model.errors import ModelCorruptError as ModelCorruptError
    from hoakscheck.model.errors import ModelError as ModelError
    from hoakscheck.model.errors import ModelExistsError as ModelExistsError
    from hoakscheck.model.errors import ModelFormatError as ModelFormatError
    from hoakscheck.model.errors import ModelMismatchError as ModelMismatchError
    from hoakscheck.model.errors import ModelNotFoundError as ModelNotFoundError
    from hoakscheck.model.errors import ModelSignatureError as ModelSignatureError
    from hoakscheck.model.errors import ReleaseRefusedError as ReleaseRefusedError
    from hoakscheck.verdict import Basis as Basis
    from hoakscheck.verdict import Evidence as Evidence
    from hoakscheck.verdict import Verdict as Verdict

__version__ = "0.9.0"

# Where each public name lives. They are fetched on first use, so that `import hoakscheck` does not wait for numpy
# (about 130 ms), which a shell command that only prints its help never needs.
_HOMES = {
    "civic.context": ("AccountType", "Context"),
    "classifier": ("Classifier",),
    "default": ("classify",),
    "errors": (
        "DatasetError", "FrameError", "HoaksCheckError", "InputError", "InvalidContextError", "InvalidTextError",
        "MissingExtraError", "OutputBusyError", "OutputExistsError", "ResumeError", "SastrawiError", "TooManyBadRowsError",
    ),
    "labels": ("Facet", "Label"),
    "model.decision": ("ReviewReason",),
    "model.errors": (
        "ModelCorruptError", "ModelError", "ModelExistsError", "ModelFormatError", "ModelMismatchError", "ModelNotFoundError",
        "ModelSignatureError", "ReleaseRefusedError",
    ),
    "verdict": ("Basis", "Evidence", "Verdict"),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = ["__version__", *sorted(_HOME_OF)]  # noqa: PLE0604  # all are strings


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'hoakscheck' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"hoakscheck.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
