"""Many texts at once get what each gets alone, bit for bit, whatever stands beside them and however often the memory is emptied."""

from __future__ import annotations

import itertools
import random
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck import inputs
from hoakscheck.model.decision import Thresholds, decide
from hoakscheck.serving import bulk
from hoakscheck.serving.decisions import decide_all
from hoakscheck.serving.reading import blocks as reading
from hoakscheck.serving.reading.blocks import BlockReader
from hoakscheck.serving.reading.chunks import ChunkTable, cut
from hoakscheck.serving.reading.lookup import KeyIndex
from hoakscheck.text.normaliser import packaged_normaliser
from hoakscheck.text.tokens import LONGEST_CHUNK

#: What every step across chunks is about, and what hides it.
HARD = [
    "",
    "a",
    "k p u",
    "k p u dan k p k c u r a n g",
    "x y z",
    "nomor 5 nomor 05 tps 05 rp 5 rp 5000 5 5 5",
    "joko widodo ma'ruf amin",
    "prabowo",
    "prabowo subianto",
    "prabowo subianto joko widodo",
    "@a @b #satu #dua https://a.example https://b.example",
    "https://a.example&amp;b https://a.example&nbsp;kpu http:// http://a",
    "Ayo\u3000ke\u2028TPS\x85besok\x1cpagi",
    "a\0b abcdefgh\0 abcdefgh \0",
    "\ud83d tunggal",
    f"sebelum {reading._GAP_CHUNK} sesudah",
    f"di{reading._GAP_CHUNK}dalam",
    "-" * 3_000,
    "memperjuangkan" * 90,
    "👍" * 40 + " 5 kali",
    "PEMILU pemilu, (pemilu) “Pemilu” pemilu! p3milu",
]
WORDS = st.sampled_from(sorted({word for text in HARD for word in text.split(" ") if len(word) < 100}))
TEXTS = st.lists(st.text(max_size=40) | st.lists(WORDS, max_size=12).map(" ".join), max_size=8)


def alone(classifier, text):
    tokens = classifier._normaliser.unplaced_tokens(text)
    score = classifier._scorer.score(tokens)
    return score.log_odds, (score.words, score.known)


def together(classifier, texts):
    scores = classifier._bulk.score([*texts, *["penyusul"] * bulk.FEW_TEXTS])
    return [
        (tuple(odds), (words, known))
        for odds, words, known in zip(scores.log_odds.tolist(), scores.words.tolist(), scores.known.tolist(), strict=True)
    ][: len(texts)]


class TestReading:
    @pytest.mark.parametrize("text", HARD, ids=lambda text: ascii(text)[:40])
    def test_the_tokens_are_those_of_the_normaliser(self, text):
        reader = BlockReader(packaged_normaliser())
        for texts in ([text], ["tunggal", text, text, "5"], [text, ""]):
            block, inventory = reader.read(texts), reader.inventory
            for index, own in enumerate(texts):
                tokens = block.tokens[block.starts[index] :][: block.lengths[index]].tolist()
                found = [(inventory.stems[number], inventory.surfaces[number]) for number in tokens]
                assert found == [(stem, surface) for _, _, stem, surface in packaged_normaliser().unplaced_tokens(own)]

    @pytest.mark.parametrize("count", range(bulk.FEW_TEXTS + 3))
    def test_few_texts_get_the_same_as_many(self, tiny, count):
        scores, texts = tiny._bulk.score(HARD[5 : 5 + count]), HARD[5 : 5 + count]
        assert [tuple(row) for row in scores.log_odds.tolist()] == [alone(tiny, text)[0] for text in texts]
        assert list(zip(scores.words.tolist(), scores.known.tolist(), strict=True)) == [alone(tiny, text)[1] for text in texts]

    def test_texts_are_cut_where_python_cuts_them(self):
        for first in range(0, sys.maxunicode + 1, 4_096):
            text = "".join(f"a{chr(code)}b " for code in range(first, min(first + 4_096, sys.maxunicode + 1)))
            found = cut(text)
            assert found.contents(np.arange(len(found.starts))) == [
                chunk.encode("utf-8", "surrogatepass") for chunk in text.split()
            ]

    @given(text=st.text(alphabet=" \t\n\x1c\x85\xa0\u2003\u3000a\0é👍\ud83d"))
    def test_and_so_are_odd_ones(self, text):
        found = cut(text)
        assert found.contents(np.arange(len(found.starts))) == [chunk.encode("utf-8", "surrogatepass") for chunk in text.split()]


class TestScoring:
    @pytest.mark.parametrize("text", HARD, ids=lambda text: ascii(text)[:40])
    def test_a_hard_text_gets_the_same(self, tiny, text):
        assert together(tiny, [text, "di antara", text]) == [alone(tiny, one) for one in (text, "di antara", text)]

    @given(texts=TEXTS)
    @settings(max_examples=300, deadline=None)
    def test_any_texts_get_the_same(self, tiny, texts):
        assert together(tiny, texts) == [alone(tiny, text) for text in texts]

    def test_the_shipped_model_gives_the_authored_texts_the_same(self, shipped, authored_texts):
        assert together(shipped, authored_texts[:2_000]) == [alone(shipped, text) for text in authored_texts[:2_000]]

    def test_the_order_and_the_size_of_blocks_change_nothing(self, shipped, authored_texts):
        texts = authored_texts[::5]
        expected = dict(zip(texts, together(shipped, texts), strict=True))
        random.Random(7).shuffle(texts)
        for size in (1, 3, 100):
            for start in range(0, len(texts), size):
                some = texts[start : start + size]
                assert together(shipped, some) == [expected[text] for text in some]
            texts = texts[: size * 200]

    def test_a_memory_that_overflows_changes_nothing(self, shipped, authored_texts, monkeypatch):
        texts = authored_texts[::9]
        expected = together(shipped, texts)
        monkeypatch.setattr(reading, "MOST_CHUNKS", 300)
        monkeypatch.setattr(reading, "MOST_TOKENS", 500)
        monkeypatch.setattr(reading, "MOST_LONG_CHUNKS", 5)
        small = bulk.BulkScorer(shipped._normaliser, shipped._scorer)
        found = [small.score([text] * (bulk.FEW_TEXTS + 1)) for text in texts for _ in range(2)]
        assert [tuple(scores.log_odds[0].tolist()) for scores in found[::2]] == [odds for odds, _ in expected]
        assert [tuple(scores.log_odds[0].tolist()) for scores in found[1::2]] == [odds for odds, _ in expected]

    def test_threads_take_turns(self, shipped, authored_texts):
        texts = authored_texts[::20]
        expected, found = together(shipped, texts), {}
        fresh = bulk.BulkScorer(shipped._normaliser, shipped._scorer)

        def run(number):
            found[number] = [fresh.score(texts[start : start + 7]).log_odds.tolist() for start in range(0, len(texts), 7)]

        threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for rows in found.values():
            assert [tuple(row) for row in itertools.chain.from_iterable(rows)] == [odds for odds, _ in expected]


class TestDecisions:
    @given(
        rows=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 9), st.integers(0, 9)), max_size=20),
        thresholds=st.builds(
            Thresholds,
            hoax=st.floats(0, 1),
            political_ad=st.floats(0, 1),
            review=st.floats(0, 1),
            fewest_words=st.integers(0, 5),
            known_share=st.floats(0, 1),
        ),
    )
    def test_they_are_those_on_each_text_alone(self, rows, thresholds):
        probabilities = [(hoax, (1 - hoax) * ad, (1 - hoax) * (1 - ad)) for hoax, ad, _, _ in rows]
        words, known = [row[2] for row in rows], [min(row[2:]) for row in rows]
        found = decide_all(
            np.array(probabilities).reshape(-1, 3), words=np.array(words, int), known=np.array(known, int), thresholds=thresholds
        )
        expected = [
            decide(own, words=count, known=met, thresholds=thresholds)
            for own, count, met in zip(probabilities, words, known, strict=True)
        ]
        assert list(found) == expected == [found[place] for place in range(len(found))]
        assert found.needs_review.tolist() == [decision.needs_review for decision in expected]
        assert found.probability.tolist() == [decision.probability for decision in expected]
        assert found.review_reasons() == [decision.review_reasons for decision in expected]
        assert list(found[1:3]) == expected[1:3]


class TestTables:
    @given(keys=st.sets(st.integers(0, 2**62)), asked=st.lists(st.integers(0, 2**62)))
    def test_an_index_finds_its_keys_and_no_others(self, keys, asked):
        own, wanted = np.array(sorted(keys), dtype=np.int64), np.array([*asked, *sorted(keys)[::2]], dtype=np.int64)
        where, which = KeyIndex(own).find(wanted)
        assert own[which].tolist() == wanted[where].tolist()
        assert sorted(where.tolist()) == [place for place, key in enumerate(wanted.tolist()) if key in keys]

    def test_keys_of_a_regular_pattern_are_found_in_few_steps(self):
        index = KeyIndex((np.arange(30_000) * 4_096).astype(np.int32))
        slots = index._slots((np.arange(30_000) * 4_096).astype(np.int32))
        assert len(np.unique(slots)) > 0.8 * 30_000

    @settings(deadline=None)
    @given(st.sets(st.integers(0, 2**31 - 1)), st.lists(st.integers(0, 2**31 - 1)))
    def test_an_index_finds_its_own_keys_and_no_others(self, own, others):
        keys, asked = np.array(sorted(own), dtype=np.int32), np.array([*others, *sorted(own)], dtype=np.int32)
        where, which = KeyIndex(keys).find(asked)
        assert dict(zip(where.tolist(), keys[which].tolist(), strict=True)) == {
            place: key for place, key in enumerate(asked.tolist()) if key in own
        }

    def test_pairs_are_asked_for_in_the_kind_of_number_that_their_index_holds(self, tiny):
        tiny.decide_block(["Ayo coblos nomor 3"] * 10)
        asking = tiny._bulk._blocks
        kinds = {asking._left.values.dtype, asking._numbers.values.dtype, asking._rows.neighbour_index._keys.dtype}
        assert len(kinds) == 1, "each look-up casts what it asks for, a tenth of the time of warm scoring"

    def test_a_full_table_keeps_the_half_that_was_met_last(self):
        table = ChunkTable(100)
        keys = np.arange(1, 101, dtype=np.uint64)
        for start in range(0, 99, 33):
            table.add(keys[start : start + 33], keys[start : start + 33], np.arange(start, start + 33))
            table.find(keys[:10], keys[:10])
        table.add(keys[99:], keys[99:] * np.uint64(3), np.array([7]))
        found = table.find(keys[:10], keys[:10])
        assert found.tolist() == list(range(10))
        assert table.find(keys[99:], keys[99:] * np.uint64(3)).tolist() == [7]
        assert table.find(keys[99:], keys[99:]).tolist() == [-1]


class TestStream:
    def test_what_comes_before_an_error_is_decided_first(self, tiny):
        decisions = tiny.decide_many(["Ayo coblos nomor 3", None])
        assert next(decisions).label is not None
        with pytest.raises(TypeError, match="position 1"):
            next(decisions)

    def test_blocks_are_bounded_in_texts_and_in_characters(self):
        assert [len(block) for block in inputs.blocks(["a"] * (inputs.BLOCK_TEXTS + 1))] == [inputs.BLOCK_TEXTS, 1]
        assert [len(block) for block in inputs.blocks(["a" * inputs.BLOCK_CHARACTERS] * 3)] == [1, 1, 1]


def test_a_step_that_is_broken_off_leaves_nothing_half_remembered(tiny, monkeypatch):
    classifier = type(tiny)(tiny._model)
    texts = [f"kata baru nomor {number}" for number in range(9)]
    classifier.decide_block(HARD)

    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(classifier._bulk._reader._count, "extend", stop)  # between two columns that belong together
    with pytest.raises(KeyboardInterrupt):
        classifier.decide_block(texts)
    monkeypatch.undo()
    found = classifier.decide_block([*texts, *HARD])
    assert list(found) == [tiny.decide(text) for text in [*texts, *HARD]]


def test_what_was_half_remembered_is_thrown_away_even_if_making_it_anew_is_broken_off(tiny, monkeypatch):
    classifier = type(tiny)(tiny._model)
    texts = [f"kata anyar urutan {number}" for number in range(9)]
    classifier.decide_block(HARD)

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(classifier._bulk._reader._count, "extend", stop)
    with pytest.raises(KeyboardInterrupt):
        classifier.decide_block(texts)
    monkeypatch.setattr(type(classifier._bulk), "_start_anew", stop)
    with pytest.raises(KeyboardInterrupt):
        classifier.decide_block(texts)
    monkeypatch.undo()
    found = classifier.decide_block([*texts, *HARD])
    assert list(found) == [tiny.decide(text) for text in [*texts, *HARD]]


@pytest.mark.parametrize("sign", ["🔥", "!", "“", "\ud800"])
@pytest.mark.parametrize("before", [LONGEST_CHUNK - 3, LONGEST_CHUNK, 2 * LONGEST_CHUNK - 1])
def test_a_word_across_the_border_of_two_slices_is_cut_as_one_by_one(tiny, sign, before):
    text = sign * before + "pemilu"
    assert tiny.decide_block([text, *HARD])[0] == tiny.decide(text)


@pytest.mark.parametrize(
    "address", ["https://x.example/" + "a" * 1_500, "http://a/" + "pilih-" * 300, "https://x.example/" + "é" * 600]
)
def test_an_address_longer_than_a_slice_is_cut_as_one_by_one(tiny, address):
    assert tiny.decide_block([f"lihat {address} sekarang", *HARD])[0] == tiny.decide(f"lihat {address} sekarang")


def test_signs_without_a_word_fill_a_reader_too():
    reader = BlockReader(packaged_normaliser())
    signs = [chr(0x1F300 + number) for number in range(600)]
    before = reader._readings
    reader.read([" ".join(first + second for first in signs[:40] for second in signs[:40])])
    assert reader._readings - before >= 1_600
    assert not reader.is_full
    reader._readings = reading.MOST_TOKENS * 8 + 1
    assert reader.is_full
