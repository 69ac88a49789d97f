"""The texts that speed is measured on: short posts as people write them, and texts made to find a slow path."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

#: A post has so many words: around the mean of 24 in six public sets.
FEWEST, MOST = 12, 40


def posts(count: int) -> tuple[list[str], str]:
    """Return different posts and where they come from: the mirror of the raw sources if there is one, else the authored texts."""
    from hoakscheck.training.data import sources

    mirror = sources.mirror_folder()
    if mirror is None:
        return cut_from_authored(count), "cut from the authored texts of the project"
    found = dict.fromkeys(e.text for e in sources.load(mirror) if e.kind == "post" and FEWEST <= len(e.text.split()) <= MOST)
    texts = list(found)
    random.Random(1).shuffle(texts)
    return texts[:count], "real posts of the public sources"


def authored() -> list[tuple[str, str]]:
    """Return the authored texts with their labels."""
    paths = sorted((ROOT / "data" / "authored").glob("*.jsonl"))
    rows = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row["label"]) for row in rows]


def cut_from_authored(count: int) -> list[str]:
    """Return pieces of the authored texts as long as posts are."""
    chance = random.Random(1)
    words = [text.split(" ") for text, _ in authored()]
    found = []
    for _ in range(count):
        own = chance.choice(words)
        start = chance.randrange(max(len(own) - MOST, 0) + 1)
        found.append(" ".join(own[start : start + chance.randrange(FEWEST, MOST + 1)]))
    return found


def word_types(texts: list[str]) -> list[str]:
    """Return the different plain words of some texts."""
    return sorted({word for text in texts for word in re.findall(r"[a-z]{2,40}", text.lower())})


def hostile_words() -> list[str]:
    """Return words that no text holds and that go through as many rules as a word of 40 letters can."""
    prefixes = ("memper", "keber", "diper", "seper", "penge", "menge", "terper", "berke", "mempel", "kuper")
    suffixes = ("kannyalah", "iankah", "isasinya", "anmupun", "kankutah", "ismenya")
    bases = ("qwrtz", "gerigi", "telunjuk", "kinerja", "nyanyi", "ngengat", "xxxx")
    piled = [(a + b + base + c)[:40] for a in prefixes for b in prefixes for base in bases for c in suffixes]
    chained = ["-".join([base[:size]] * (41 // (size + 1))) for base in (*bases, *prefixes) for size in (1, 2, 3, 5)]
    units = ("a", "nya", "men", "ber-ber", "er", "el", "kah")
    repeated = [(unit * 40)[: size - size % len(unit)] for unit in units for size in (20, 40)]
    return list(dict.fromkeys([*piled, *chained, *repeated]))


@cache
def _frequent() -> list[str]:
    """Return the words that stand in most texts: those that pair with each other wherever they stand."""
    found = Counter(word for text, _ in authored() for word in set(re.findall(r"[a-z]+", text.lower())))
    return [word for word, _ in found.most_common(400)]


def hostile_texts(size: int, seed: int) -> dict[str, str]:
    """Return a text of so many characters for each kind of trouble; another seed makes other words."""
    chance = random.Random(seed)

    def made(piece: Callable[[], str]) -> str:
        length, found = 0, []
        while length < size:
            found.append(piece())
            length += len(found[-1]) + 1
        return " ".join(found)[:size]

    def invented() -> str:
        return "".join(chance.choice("bcdfghjklmnprstwy") + chance.choice("aeiou") for _ in range(chance.randrange(2, 6)))

    return {
        "unseen words with affixes": made(lambda: f"memper{invented()}kannya"),
        "unseen doubled words": made(lambda: "ber{0}-{0}an".format(invented())),
        "hyphens": ("-" * size)[:size],
        "words joined by hyphens": ("saya-" * size)[:size],
        "letters one by one": made(lambda: chance.choice("abcdefghijklmnopqrstuvwxyz")),
        "letters with dots": ("k.p.u." * size)[:size],
        "alternating scripts": ("pеmiluпемилуpemіlu" * size)[:size],
        "alternating scripts, as words": made(lambda: f"{invented()}п{invented()}і"),
        "marks above marks": ("a" + "\u0301\u0323" * size)[:size],
        "words with marks": made(lambda: f"pe\u0301\u0323milu{invented()}"),
        "entities": ("&amp;&lt;&#65;&bogus;" * size)[:size],
        "underscores": ("kpu_ri_" * size)[:size],
        "hashtags run together": made(lambda: f"#pilihburatih{invented()}coblosnomor"),
        "leet": made(lambda: f"p3m1lu{chance.randrange(10)}h04x{invented()}"),
        "stars": made(lambda: f"c*bl{chance.choice('aeiou')}s*{invented()}"),
        "numbers": made(lambda: f"{chance.randrange(10**6)}"),
        "mentions": made(lambda: f"@{invented()}"),
        "addresses": made(lambda: f"https://{invented()}.example/{invented()}?a=1&amp;b={invented()}"),
        "addresses without a scheme": made(lambda: f"{invented()}.{invented()}.co.id/{invented()}"),
        "emoji": ("👍🏽🗳️" * size)[:size],
        "stretched letters": made(lambda: f"curaaaa{invented()}aaang"),
        "frequent words, nearly all that there are": made(lambda: chance.choice(_frequent())),
        "new words between wide blanks": made(lambda: f"{invented()}\u2003{invented()}\u3000{invented()}"),
        "zero bytes": made(lambda: f"{invented()}\0{invented()}"),
        "halves of characters": made(lambda: f"{invented()}\ud800"),
        "letters that spell a word, again and again": ("p e m i l u . " * size)[:size],
        "names begun": ("joko widodo ma'ruf joko " * size)[:size],
        "blanks": (" \u2003\u3000" * size)[:size],
        "nothing but quotes": ("'’‘" * size)[:size],
    }
