"""The word lists as the normaliser uses them: an entry that no text can reach is a promise not kept."""

from __future__ import annotations

import pytest

from hoakscheck.text.characters import plain
from hoakscheck.text.lexicon import packaged
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.text.stemmer import SastrawiStemmer

LEXICON = packaged()


def stems(text):
    return [token.stem for token in packaged_normaliser().tokens(text)]


def is_reachable(name):
    mark = [LEXICON.roles[name]]
    return stems(name) == mark or (" " not in name and stems(f"@{name}") == mark)


@pytest.mark.parametrize("field", ["slang", "overrides", "roles", "hashtag_words", "leet_exempt"])
def test_keys_are_written_as_characters_come_out(field):
    assert [key for key in getattr(LEXICON, field) if plain(key) != key] == []


def test_overrides_and_slang_are_of_plain_letters():
    assert [word for word in [*LEXICON.overrides, *LEXICON.slang] if not word.isalpha() or not word.isascii()] == []


def test_an_override_changes_what_sastrawi_says():
    alone = SastrawiStemmer()
    assert [word for word, stem in LEXICON.overrides.items() if alone.stem(word) == stem] == []


def test_what_is_exempt_stays_as_it_is():
    assert [word for word in LEXICON.leet_exempt if stems(word) != [word]] == []


def test_names_of_letters_are_found():
    names = [name for name in LEXICON.roles if name.replace(" ", "").isalpha()]
    unknown = [name for name in names if not is_reachable(name)]
    assert len(unknown) <= len(names) // 100, unknown


@pytest.mark.xfail(
    strict=True, reason="numbers are marks before names are looked for, and a handle's digits are split off outside mentions"
)
def test_names_with_numbers_are_found():
    assert [name for name in LEXICON.roles if not name.isalpha() and any(map(str.isdigit, name)) and not is_reachable(name)] == []


@pytest.mark.xfail(strict=True, reason="27 overrides are slang or names too, and those are looked up first")
def test_no_override_is_hidden_by_another_list():
    assert [word for word in LEXICON.overrides if word in LEXICON.slang or word in LEXICON.roles] == []


def test_roles_become_marks():
    assert set(LEXICON.roles.values()) <= {"<candidate>", "<party>", "<ticket>"}


def test_names_of_several_words_are_found_by_their_first():
    firsts = {name.split(" ")[0] for name in LEXICON.roles if " " in name}
    assert all(first in LEXICON.name_lengths for first in firsts)


def test_the_lists_are_read_once_and_have_a_fingerprint():
    assert packaged() is LEXICON
    assert len(LEXICON.fingerprint) == 64
    assert int(LEXICON.fingerprint, 16) > 0
