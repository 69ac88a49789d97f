"""The raw sources and where they lie: slug -> loader over a mirror folder with one sub-folder per source."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from hoakscheck.errors import DatasetError
from hoakscheck.training.data.catalogue import Source
from hoakscheck.training.data.example import Example, text_hash
from hoakscheck.training.data.loaders import hoaxes, news, posts, statements

MIRROR_VARIABLE: Final = "HOAKSCHECK_DATA_MIRROR"

Loader = Callable[[Path], Iterator[Example]]

#: Name of the source -> (its folder in the mirror, its loader).
TRAINING: Final[dict[str, tuple[str, Loader]]] = {
    "labib2023": ("labib2023", posts.labib2023),
    "lisyanaaa2023": ("lisyanaaa2023", posts.lisyanaaa2023),
    "flatmoon2023": ("flatmoon2023", posts.flatmoon2023),
    "prabowogibran2023": ("prabowogibran2023", posts.prabowogibran2023),
    "pilpres_debat2024": ("pilpres_debat2024", posts.pilpres_debat2024),
    "rnlyone2024": ("rnlyone2024", posts.rnlyone2024),
    "rizano2024": ("rizano2024", posts.rizano2024),
    "imawant2024": ("imawant2024", posts.imawant2024),
    "bdc2024": ("bdc2024", posts.bdc2024),
    "putuwistika-cawapres2024": ("putuwistika-cawapres2024", posts.putuwistika_cawapres2024),
    "wisnupri-blackcampaign": ("wisnupri-blackcampaign", posts.wisnupri_blackcampaign),
    "pilgub_dki2017_accounts": ("pilgub_dki2017_accounts", posts.pilgub_dki2017_accounts),
    "pilkada_dki2017_sent": ("pilkada_dki2017_sent", posts.pilkada_dki2017_sent),
    "banten2024": ("banten2024", posts.banten2024),
    "er0s0re-debat2024": ("er0s0re-debat2024", posts.er0s0re_debat2024),
    "tippoart-gerindra2025": ("tippoart-gerindra2025", posts.tippoart_gerindra2025),
    "capres2018_accounts": ("capres2018_accounts", posts.capres2018_accounts),
    "hs_ibrohim2019": ("hs_ibrohim2019", posts.hs_ibrohim2019),
    "tbh2024-alharkan": ("tbh2024-alharkan", hoaxes.tbh2024_alharkan),
    "tbh-politik-reynald": ("tbh-politik-reynald", hoaxes.tbh_politik_reynald),
    "tbh1k-itshiroto": ("tbh1k-itshiroto", hoaxes.tbh1k_itshiroto),
    "bdc2020-mafindo": ("bdc2020-mafindo", hoaxes.bdc2020_mafindo),
    "pilpres24-apta": ("pilpres24-apta", hoaxes.pilpres24_apta),
    "pilpres2019-tweets-leiden": ("pilpres2019-tweets-leiden", hoaxes.pilpres2019_leiden),
    "detik_paslon2024": ("detik_paslon2024", news.detik_paslon2024),
    "prabowogibran2023-headlines": ("prabowogibran2023", news.prabowogibran2023_headlines),
    "restuibu17-jateng2024": ("restuibu17-jateng2024", news.restuibu17_jateng2024),
    "clickid": ("clickid", news.clickid_headlines),
    "clickid-articles": ("clickid", news.clickid_articles),
    "visimisi2024": ("visimisi2024", statements.visimisi2024),
    "pemiluapi-pilkada2015": ("pemiluapi-pilkada2015", statements.pemiluapi_pilkada2015),
    "pemiluapi-partai2014": ("pemiluapi-partai2014", statements.pemiluapi_partai2014),
    "pemiluapi-pilpres2014": ("pemiluapi-pilpres2014", statements.pemiluapi_pilpres2014),
    "pemiluapi-video2015": ("pemiluapi-video2015", statements.pemiluapi_video2015),
    "pemiluapi-faq": ("pemiluapi-faq", statements.pemiluapi_faq),
    "pemiluapi-laporan2014": ("pemiluapi-laporan2014", statements.pemiluapi_laporan2014),
    "indonlu": ("indonlu", statements.indonlu),
    "nusax": ("nusax", statements.nusax),
}

#: Never trained on: they answer how the model does on a publisher, a desk and a length that it has not seen.
EVALUATION: Final[dict[str, tuple[str, Loader]]] = {
    "komdigi-stemmed": ("komdigi-stemmed", hoaxes.komdigi_titles),
    "pratiwi-mendeley": ("pratiwi-mendeley", hoaxes.pratiwi),
    "tribun-politik-valid": ("tribun-politik-valid", news.tribun_politik_valid),
}


#: Where ``hoakscheck data fetch`` puts the raw files, below the data folder.
RAW: Final = "raw"


def mirror_folder(given: Path | None = None, *, data: Path | None = None) -> Path | None:
    """Return the mirror: the folder given, else ``$HOAKSCHECK_DATA_MIRROR``, else ``data/raw`` if it is there, else None.

    Raises:
        DatasetError: a mirror is named that is no folder.
    """
    named = given or (Path(os.environ[MIRROR_VARIABLE]) if os.environ.get(MIRROR_VARIABLE) else None)
    if named is None:
        return data / RAW if data is not None and (data / RAW).is_dir() else None
    if not named.is_dir():
        raise DatasetError(named, f"no such folder; give the mirror of the raw sources, or unset ${MIRROR_VARIABLE}")
    return named


def load(mirror: Path, names: Iterable[str] | None = None, *, catalogue: Mapping[str, Source] | None = None) -> Iterator[Example]:
    """Yield the examples of the named sources, by default of all training sources, in a fixed order.

    Args:
        mirror: folder with one sub-folder per source.
        names: which sources.
        catalogue: tells each text's publisher and, where the text has no date of its own, its year; topics that it withholds
            do not come.

    Raises:
        DatasetError: a source is unknown, or a file of it is missing.
    """
    known = TRAINING | EVALUATION
    for name in TRAINING if names is None else names:
        if name not in known:
            raise DatasetError(mirror, f"unknown source {name!r}; known are {', '.join(sorted(known))}")
        folder, loader = known[name]
        source = catalogue.get(folder) if catalogue else None
        for example in loader(mirror / folder):
            if source is None:
                yield example
            elif not (source.withheld and text_hash(example.group.partition("/")[2]) in source.withheld):
                yield replace(example, publisher=example.publisher or source.publisher, date=example.date or _year(source))


def _year(source: Source) -> str:
    """Return the year of a source whose texts are all of one year, else an empty text."""
    first, last = source.period
    return first[:4] if first[:4] == last[:4] else ""
