"""Our stems against those of PySastrawi itself, over real word types and over words made to reach every rule.

python benchmarks/stems.py                       # every type of the mirror, and 1,000,000 made ones: ten minutes on two cores
python benchmarks/stems.py --made 20000
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Sequence
from multiprocessing import Pool

import click
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from hoakscheck.text import affixes
from hoakscheck.text.stemmer import LONGEST_WORD
from hoakscheck.training.data import sources

PREFIXES = re.findall(
    "[a-z]+",
    """di ke se ber be bel ter te me mem men meng menge meny memper mempel pe per pem pen peng penge peny pel ku kau diper keber
    seper mempe memp memb menc perer berer terer bej tej pej""",
)
SUFFIXES = re.findall("[a-z]+", "lah kah tah pun ku mu nya i kan an is isme isasi kannya annya inya kanlah nyalah anku")
INFIXES = ("er", "el", "em", "in")
CLITICS = ("ku", "mu", "nya", "lah", "kah", "tah", "pun")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CLEAN = re.compile(r"[a-z]+(?:-[a-z]+)*")

ROOTS = frozenset(root for root in StemmerFactory().get_words() if root.strip())
_THEIRS = Stemmer(ArrayDictionary(StemmerFactory().get_words()))


class Maker:
    """Makes words: roots, broken roots and noise, with piles of affixes, infixes, hyphens and clitics."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.plain = sorted(root for root in ROOTS if root.isalpha())

    def base(self) -> str:
        """Return a root, as it is or broken, or a few letters."""
        chance, root = self.chance, self.chance.choice(self.plain)
        place = chance.randrange(len(root))
        noise = "".join(chance.choice(_LETTERS) for _ in range(chance.randrange(1, 7)))
        infixed = root[:1] + chance.choice(INFIXES) + root[1:]
        broken = root[:place] + chance.choice(_LETTERS) + root[place + 1 :]
        return chance.choice([root] * 5 + [infixed, noise, noise, broken, root[1:] or root])

    def pile(self, pieces: Sequence[str], most: int) -> str:
        """Return up to so many affixes."""
        return "".join(self.chance.choice(pieces) for _ in range(self.chance.choice([0, 1, 1, *range(1, most + 1)])))

    def form(self) -> str:
        """Return a base between affixes."""
        return self.pile(PREFIXES, 3) + self.base() + self.pile(SUFFIXES, 3)

    def word(self) -> str:
        """Return a form, often doubled, with clitics, or none at all."""
        chance, form, root = self.chance, self.form(), self.chance.choice(self.plain)
        before, behind, clitic = chance.choice(PREFIXES), chance.choice(SUFFIXES), chance.choice(CLITICS)
        shapes = [
            f"{form}-{form}",
            f"{form}-{self.form()}",
            f"{form}-{clitic}",
            f"{before}{root}-{root}{behind}",
            f"{before}{root}-{root[1:]}{behind}-{clitic}",
            "".join(chance.choice(_LETTERS) for _ in range(chance.randrange(1, 5))),
            self.pile([*PREFIXES, *SUFFIXES, *INFIXES], 7),
        ]
        return chance.choice([form] * 12 + shapes)


def made_words(count: int, seed: int) -> list[str]:
    """Return so many different words."""
    maker, found = Maker(seed), dict[str, None]()
    while len(found) < count:
        one = maker.word()[:LONGEST_WORD].strip("-")
        if _CLEAN.fullmatch(one):
            found[one] = None
    return list(found)


def differences(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the words whose stems differ, with ours and theirs."""
    pairs = ((word, affixes.stem(word, ROOTS), str(_THEIRS.stem_word(word))) for word in words)
    return [(word, ours, theirs) for word, ours, theirs in pairs if ours != theirs]


@click.command()
@click.option("--made", default=1_000_000, help="So many made words.")
@click.option("--seed", default=1)
def main(made: int, seed: int) -> None:
    """Compare, and say how long a word takes."""
    mirror = sources.mirror_folder()
    sets = {"made": made_words(made, seed)}
    if mirror is not None:
        texts = (example.text.lower() for example in sources.load(mirror))
        sets["real"] = sorted({word for text in texts for word in _CLEAN.findall(text) if len(word) <= LONGEST_WORD})
    wrong = 0
    for name, words in sets.items():
        began = time.perf_counter()
        for word in words:
            affixes.stem(word, ROOTS)
        spent = (time.perf_counter() - began) / len(words) * 1e6
        parts = [words[start : start + 5_000] for start in range(0, len(words), 5_000)]
        with Pool(2) as pool:
            found = [one for part in pool.imap_unordered(differences, parts) for one in part]
        wrong += len(found)
        click.echo(f"{name}: {len(words):,} words, {len(found)} differ, {spent:.2f} µs a word")
        for word, ours, theirs in found[:20]:
            click.echo(f"  {word}: {ours}, not {theirs}")
    sys.exit(min(wrong, 1))


if __name__ == "__main__":
    main()
