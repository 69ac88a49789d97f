"""Many texts: files on one machine, data frames, record batches, clusters; never a row lost.

>>> from hoakscheck.scoring import score_partition
>>> [row["label"] for row in score_partition([{"id": 1, "text": "Ayo coblos nomor 3, pilih Bu Ratih!"}])]
['political_ad']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hoakscheck.scoring.batches import score_batches as score_batches
    from hoakscheck.scoring.batches import score_partition as score_partition
    from hoakscheck.scoring.frames import score_frame as score_frame
    from hoakscheck.scoring.local.run import score_files as score_files

# Fetched on first use, as the root does it: whoever scores rows need not have pyarrow.
_HOMES = {
    "score_batches": "batches",
    "score_files": "local.run",
    "score_frame": "frames",
    "score_partition": "batches",
}

__all__ = ["score_batches", "score_files", "score_frame", "score_partition"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'hoakscheck.scoring' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"hoakscheck.scoring.{_HOMES[name]}"), name)
