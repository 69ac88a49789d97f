"""Our stems against those of PySastrawi itself, over real word types and over words made to reach every rule.

python benchmarks/stems.py                       # every type of the mirror, and 1,000,000 made ones: ten minutes on two cores
python benchmarks/stems.py --made 20000 --json stems.json
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import Pool
from pathlib import Path

import click
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from hoakscheck.text import affixes, stemmer
from hoakscheck.text.stemmer import LONGEST_WORD
from hoakscheck.training.data import sources

PREFIXES: list[str] = re.findall(
    "[a-z]+",
    """di ke se ber be bel ter te me mem men meng menge meny memper mempel pe per pem pen peng penge peny pel ku kau diper keber
    seper mempe memp memb menc perer berer terer bej tej pej""",
)
SUFFIXES: list[str] = re.findall("[a-z]+", "lah kah tah pun ku mu nya i kan an is isme isasi kannya annya inya kanlah nyalah anku")
INFIXES = ("er", "el", "em", "in")
CLITICS = ("ku", "mu", "nya", "lah", "kah", "tah", "pun")
#: What else stands in Indonesian posts: English, Javanese, Sundanese, Malay, Arabic in Latin letters, and laughter.
FOREIGN: list[str] = re.findall(
    "[a-z]+",
    """the president election people please because internet because beautiful selection member dinner selling perfect penguin
    matur nuwun kulo panjenengan sampun mboten wonten meniko ojo gelem piye iki nggih hatur nuhun kumaha abdi teu bade kerajaan
    assalamualaikum insyaallah alhamdulillah masyaallah bismillah berjaya wkwkwkwk hahahahaha hehehe xixixixi""",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CLEAN = re.compile(r"[a-z]+(?:-[a-z]+)*")
#: So many words of a set are timed, three times each; the least counts, since everything else is the machine's.
TIMED = 60_000

ROOTS: frozenset[str] = frozenset(root for root in StemmerFactory().get_words() if root.strip())
_THEIRS = Stemmer(ArrayDictionary(StemmerFactory().get_words()))


class Maker:
    """Makes words: roots, broken roots and noise, with piles of affixes, infixes, hyphens and clitics."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.plain: list[str] = sorted(root for root in ROOTS if root.isalpha())

    def base(self) -> str:
        """Return a root, as it is or broken, a word of another language, or a few letters."""
        chance, root = self.chance, self.chance.choice(self.plain)
        place = chance.randrange(len(root))
        noise = "".join(chance.choice(_LETTERS) for _ in range(chance.randrange(1, 7)))
        infixed = root[:1] + chance.choice(INFIXES) + root[1:]
        broken = root[:place] + chance.choice(_LETTERS) + root[place + 1 :]
        return chance.choice([root] * 5 + [infixed, noise, noise, broken, root[1:] or root, chance.choice(FOREIGN)])

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

    def hostile_word(self) -> str:
        """Return a word as long as it may be that is nothing but affixes, often two such piles and a clitic."""
        chance = self.chance
        heads = "".join(
            chance.choices(("menge", "penge", "memper", "keber", "diper", *PREFIXES, *INFIXES), k=chance.randrange(2, 10))
        )
        one = heads + "".join(chance.choices(SUFFIXES, k=chance.randrange(1, 5)))
        half = (LONGEST_WORD - len("-nya")) // 2
        return chance.choice(
            [one, one[:half] + "-" + one[-half:], f"{heads[:half]}kan-{one[-half + 4 :]}-{chance.choice(CLITICS)}"]
        )


#: Hostile words that no chance need find; the first is the worst of 96,000 bred to ask the roots often.
HOSTILE = (
    "pememengeakan-memengemengeuaakukankupun",
    "memengemengkan-memengemengeasirkannyalah",
    "pengemengemeterpemmeanankannyakah",
    *("a" * 40, "nya" * 13, "di" * 20, "kan" * 13, "menge" * 8, "memper" * 6, "gerigi" * 6),
    *("-".join("a" * 20), "ber-" * 9 + "an", "menge-" * 6 + "kan", "anak-" * 7 + "anak", "terelemin" * 4),
)


def many(make: Callable[[], str], count: int) -> list[str]:
    """Return so many different words, cut to what is stemmed."""
    found = dict[str, None]()
    while len(found) < count:
        one = make()[:LONGEST_WORD].strip("-")
        if _CLEAN.fullmatch(one):
            found[one] = None
    return list(found)


def made_words(count: int, seed: int) -> list[str]:
    """Return so many different words that reach every rule."""
    return many(Maker(seed).word, count)


def hostile_words(count: int, seed: int) -> list[str]:
    """Return so many different words that take the rules as long as they can."""
    return [*HOSTILE, *many(Maker(seed).hostile_word, count)]


def real_words() -> list[str]:
    """Return every word type of the raw sources; none where there is no mirror of them."""
    mirror = sources.mirror_folder()
    if mirror is None:
        return []
    texts = (example.text.lower() for example in sources.load(mirror))
    return sorted({word for text in texts for word in _CLEAN.findall(text) if len(word) <= LONGEST_WORD})


def differences(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the words whose stems differ, with ours and theirs."""
    pairs = ((word, affixes.stem(word, ROOTS), str(_THEIRS.stem_word(word))) for word in words)
    return [(word, ours, theirs) for word, ours, theirs in pairs if ours != theirs]


def all_differences(words: Sequence[str], processes: int) -> list[tuple[str, str, str]]:
    """Return the same for many words, shared out."""
    parts = [words[start : start + 5_000] for start in range(0, len(words), 5_000)]
    with Pool(processes) as pool, click.progressbar(pool.imap_unordered(differences, parts), len(parts), file=sys.stderr) as found:
        return [one for part in found for one in part]


def spent(words: Sequence[str]) -> dict[str, float]:
    """Return what a word costs that no cache holds, in µs; the 0.05 of the timer are in it."""
    some = [*words[:: max(len(words) // TIMED, 1)]]
    clock = time.perf_counter_ns
    least = [float("inf")] * len(some)
    for _ in range(3):
        for place, word in enumerate(some):
            began = clock()
            affixes.stem(word, ROOTS)
            least[place] = min(least[place], clock() - began)
    each = sorted(one / 1e3 for one in least)
    return {"mean": statistics.fmean(each), "median": each[len(each) // 2], "p99": each[len(each) * 99 // 100], "max": each[-1]}


def loading() -> float:
    """Return how long the roots take to be read, in ms: the median of eleven times."""
    taken = []
    for _ in range(11):
        stemmer._roots.cache_clear()
        began = time.perf_counter()
        stemmer._roots()
        taken.append((time.perf_counter() - began) * 1e3)
    return statistics.median(taken)


@click.command()
@click.option("--made", default=1_000_000, show_default=True, help="So many made words.")
@click.option("--hostile", default=20_000, show_default=True, help="So many hostile words.")
@click.option("--seed", default=1, show_default=True)
@click.option("--processes", default=2, show_default=True)
@click.option("--json", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here too.")
def main(made: int, hostile: int, seed: int, processes: int, report: Path | None) -> None:
    """Compare, and say how long a word takes; exit with 1 where a stem differs."""
    real = real_words()
    sets = {
        "real": real,
        "real, no root": [word for word in real if word not in ROOTS],
        "made": made_words(made, seed),
        "hostile": hostile_words(hostile, seed),
    }
    figures: dict[str, object] = {"pysastrawi": stemmer.installed_version(), "roots": len(ROOTS), "roots_ms": loading()}
    click.echo(f"PySastrawi {figures['pysastrawi']}; {len(ROOTS):,} roots, read in {figures['roots_ms']:.1f} ms")
    wrong = 0
    for name, words in sets.items():
        if not words:
            click.echo(f"{name}: none, since ${sources.MIRROR_VARIABLE} names no mirror")
            continue
        cost = spent(words)
        found = [] if name == "real, no root" else all_differences(words, processes)  # those are among the real ones
        wrong += len(found)
        figures[name] = {"words": len(words), "differ": len(found), "microseconds": cost}
        told = ", ".join(f"{kind} {value:.2f}" for kind, value in cost.items())
        click.echo(f"{name}: {len(words):,} words, {len(found)} differ, µs a word: {told}")
        for word, ours, theirs in found[:20]:
            click.echo(f"  {word}: {ours}, not {theirs}")
    if report is not None:
        report.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.exit(min(wrong, 1))


if __name__ == "__main__":
    main()
