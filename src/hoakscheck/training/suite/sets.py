"""The sets and slices that the suite asks about."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hoakscheck.labels import Facet, Label
from hoakscheck.training.corpus.build import Corpus, part_of
from hoakscheck.training.corpus.surface import cut_addressing
from hoakscheck.training.data import sources
from hoakscheck.training.data.catalogue import read_catalogue
from hoakscheck.training.data.example import Example, text_hash

FOLDS: Final = 5
TWEETS_2019: Final = "pilpres2019-tweets-leiden"
_LEIDEN: Final = "leiden/"
_MAFINDO: Final = "MAFINDO"
#: Slice -> facets of its texts, and their rules; no rules mean any.
SLICES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "fact-checks and debunks": (frozenset({Facet.FACT_CHECK}), frozenset()),
    "official voter information": (frozenset({Facet.VOTER_INFO, Facet.TIME, Facet.PLACE, Facet.MANNER}), frozenset({"R17"})),
    "plain criticism": (frozenset({Facet.CRITICISM}), frozenset()),
    "calls to vote for nobody in particular": (frozenset(Facet), frozenset({"R19"})),
}
REGISTERS: Final = {
    "formal": {"formal", "official"},
    "slang": {"slang", "alay"},
    "javanese": {"javanese"},
    "sundanese": {"sundanese"},
    "betawi": {"betawi"},
    "english_mix": {"english_mix"},
}


#: Authored files in which every content is written once in each register.
_IN_EACH_REGISTER: Final = frozenset({"authored-registers", "authored-everyday-ragam", "authored-everyday-laras"})
#: Authored files of what is seen every day of an election year, in the words that everybody uses; the others are hard neighbours,
#: contrived so that one word decides.
_EVERYDAY: Final = "authored-everyday-"


def random_posts(corpus: Corpus) -> list[Example]:
    """Return the labelled posts that were drawn at random and read, none of them a hoax: what campaigns are left out on."""
    return [
        example
        for example in corpus.examples
        if example.kind == "post" and example.provenance == "read" and example.label in {Label.POLITICAL_AD, Label.BENIGN}
        and not example.group.startswith(_LEIDEN)
    ]  # fmt: skip


def tweets_2019(data: Path, mirror: Path) -> list[Example]:
    """Return the hand-labelled tweets of 2019 under their published labels."""
    loaded = sources.load(mirror, [TWEETS_2019], catalogue=read_catalogue(data))
    return [example for example in loaded if example.label is not None]


def campaign(example: Example) -> str:
    """Unit of leave-one-campaign-out; texts of no campaign are never left out."""
    return example.campaign


def topic_fold(example: Example) -> str:
    """Unit of the topic folds; only the tweets of 2019 have one."""
    return f"topics {part_of(example.group, parts=FOLDS)}" if example.group.startswith(_LEIDEN) else ""


def random_fold(example: Example) -> str:
    """Unit of the random folds over the same tweets: near texts on one topic fall on both sides, which flatters."""
    learnt = text_hash(cut_addressing(example.text))  # a tweet and what is learnt of it fall on one side
    return f"random {part_of(learnt, parts=FOLDS)}" if example.group.startswith(_LEIDEN) else ""


def desk(example: Example) -> str:
    """Unit of leave-one-desk-out: all that a fact-check desk collected, its hoaxes and its own prose."""
    return example.publisher if example.publisher.startswith(_MAFINDO) else ""


def desk_hoaxes(corpus: Corpus) -> list[Example]:
    """Return the hoaxes of the desks that can be left out, as far as they were read one by one."""
    return [e for e in corpus.examples if desk(e) and e.label is Label.HOAX and e.provenance == "read"]


def pair_fold(example: Example) -> str:
    """Unit of the folds over authored texts: a pair is never split."""
    return f"pairs {part_of(example.group, parts=FOLDS)}" if example.provenance == "authored" else ""


def is_in_slice(name: str, example: Example) -> bool:
    """Tell whether an authored text belongs to a guarded slice: what a civic tool must not get wrong.

    Raises:
        KeyError: there is no slice of that name; :data:`SLICES` holds them.
    """
    facets, rules = SLICES[name]
    return example.label is Label.BENIGN and example.facet in facets and (not rules or example.rule in rules)


def is_in_register(name: str, example: Example) -> bool:
    """Tell whether a text is of those whose content was written once in each register, and in this one."""
    return example.campaign in _IN_EACH_REGISTER and example.kind in REGISTERS[name]


def is_everyday(example: Example) -> bool:
    """Tell whether an authored text is of those with everyday content in everyday words."""
    return example.campaign.startswith(_EVERYDAY)
