"""The texts that speed is measured on: short posts as people write them, and texts made to find a slow path."""

from __future__ import annotations

import json
import random
import re
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
    return [(a + b + base + c)[:40] for a in prefixes for b in prefixes for base in bases for c in suffixes]


def hostile_texts(size: int, seed: int) -> dict[str, str]:
    """Return a text of so many characters for each kind of trouble; another seed makes other words."""
    chance = random.Random(seed)

    def made(pieces: list[str]) -> str:
        length, found = 0, []
        while length < size:
            piece = chance.choice(pieces)
            found.append(piece)
            length += len(piece) + 1
        return " ".join(found)[:size]

    def invented() -> str:
        return "".join(chance.choice("bcdfghjklmnprstwy") + chance.choice("aeiou") for _ in range(chance.randrange(2, 6)))

    return {
        "unseen words with affixes": made([f"memper{invented()}kannya" for _ in range(size // 8)]),
        "unseen doubled words": made([f"ber{word}-{word}an" for word in (invented() for _ in range(size // 8))]),
        "hyphens": ("-" * size)[:size],
        "words joined by hyphens": ("saya-" * size)[:size],
        "letters one by one": made(list("abcdefghijklmnopqrstuvwxyz")),
        "letters with dots": ("k.p.u." * size)[:size],
        "alternating scripts": ("pеmiluпемилуpemіlu" * size)[:size],
        "alternating scripts, as words": made([f"{invented()}п{invented()}і" for _ in range(size // 8)]),
        "marks above marks": ("a" + "\u0301\u0323" * size)[:size],
        "words with marks": made([f"pe\u0301\u0323milu{invented()}" for _ in range(size // 8)]),
        "entities": ("&amp;&lt;&#65;&bogus;" * size)[:size],
        "underscores": ("kpu_ri_" * size)[:size],
        "hashtags run together": made([f"#pilihburatih{invented()}coblosnomor" for _ in range(size // 8)]),
        "leet": made([f"p3m1lu{chance.randrange(10)}h04x{invented()}" for _ in range(size // 8)]),
        "stars": made([f"c*bl{chance.choice('aeiou')}s*{invented()}" for _ in range(size // 8)]),
        "numbers": made([f"{chance.randrange(10**6)}" for _ in range(size // 4)]),
        "mentions": made([f"@{invented()}" for _ in range(size // 4)]),
        "addresses": made([f"https://{invented()}.example/{invented()}?a=1&amp;b={invented()}" for _ in range(size // 8)]),
        "addresses without a scheme": made([f"{invented()}.{invented()}.co.id/{invented()}" for _ in range(size // 8)]),
        "emoji": ("👍🏽🗳️" * size)[:size],
        "stretched letters": made([f"curaaaa{invented()}aaang" for _ in range(size // 8)]),
        "names begun": ("joko widodo ma'ruf joko " * size)[:size],
        "blanks": (" \u2003\u3000" * size)[:size],
        "nothing but quotes": ("'’‘" * size)[:size],
    }
