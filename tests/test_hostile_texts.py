"""Text is hostile too: every public call answers, the same in any thread, process and order, and shows nothing that runs."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hostile import texts
from hypothesis import given, settings
from hypothesis import strategies as st

from hoakscheck import Classifier

#: Attacks written for this test: elements, attributes, addresses, entities, comments, encodings, unclosed and nested tags.
XSS = json.loads((Path(__file__).parent / "data" / "xss.json").read_text(encoding="utf-8"))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


class TestEveryText:
    """The full run is ``python tests/hostile/texts.py``; here is a part of it."""

    def test_no_text_breaks_a_promise(self):
        count, _, slowest = texts.run(Classifier.load(), range(5_000_000, 5_006_000))
        assert count == 6_000
        assert slowest < texts.LONGEST_ANSWER

    @given(st.text(st.characters()))
    @settings(deadline=None, max_examples=200)
    def test_no_text_that_hypothesis_finds_does_either(self, text):
        texts.check(_default(), text, deep=True)

    @pytest.mark.parametrize("moved", [1, -1])
    def test_the_check_notices_a_span_that_is_one_off(self, tiny, monkeypatch, moved):
        tokens = tiny._normaliser.tokens
        monkeypatch.setattr(
            type(tiny._normaliser), "tokens",
            lambda _, text: [token._replace(start=token.start + moved, end=token.end + moved) for token in tokens(text)],
        )  # fmt: skip
        with pytest.raises(AssertionError, match="text"):
            texts.run(tiny, range(300))

    def test_nothing_of_a_text_is_logged_or_printed(self, tiny, caplog, capfd):
        caplog.set_level(logging.DEBUG)
        for attack in XSS:
            tiny.classify(f"rahasia {attack}")
        assert caplog.records == []
        assert capfd.readouterr() == ("", "")


@cache
def _default():
    return Classifier.load()


class TestShared:
    """One classifier for all: what it remembers of one text changes nothing about another."""

    PROGRAM = """
import multiprocessing, os, sys, threading
sys.path.insert(0, {tests!r})
from hoakscheck import Classifier
from hostile.texts import run

NUMBERS = range(7_000_000, 7_001_200)
ORDERS = [NUMBERS, NUMBERS[::-1], *(range(NUMBERS.start + k, NUMBERS.stop, 7) for k in range(6))]
shared = Classifier.load()


def ask(order):
    from hostile.texts import check, text_of
    return {{number: check(shared, text_of(number), deep=False) for number in order}}


found = {{}}
start = threading.Barrier(8)


def thread(place):
    start.wait()
    found[place] = ask(ORDERS[place])


if {kind!r} == "threads":
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=thread, args=(place,)) for place in range(8)]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
else:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        found = dict(enumerate(pool.map(ask, ORDERS, chunksize=1)))
alone = Classifier.load()
assert len(found) == 8
expected = ask(NUMBERS)
assert all(answers == {{number: expected[number] for number in answers}} for answers in found.values())
print(len(expected), end="")
"""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "kind",
        ["threads", pytest.param("forks", marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is a matter of Unix"))],
    )
    def test_eight_agree_bit_for_bit(self, kind):
        program = self.PROGRAM.format(tests=str(Path(__file__).parent), kind=kind)
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "1200"), done.stderr

    @pytest.mark.slow
    def test_another_process_order_hash_seed_and_locale_give_the_same_answers(self):
        program = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from hostile.texts import run_part; print(run_part(None, 8_000_000, 1_500, {{step}})[1].hex(), end='')"
        answers = set()
        for step, seed, locale in ((1, "0", "C"), (-1, "777", "tr_TR.UTF-8")):
            environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale}
            done = subprocess.run(
                [sys.executable, "-c", program.format(step=step)], capture_output=True, text=True, check=True, env=environment
            )
            answers.add(done.stdout)
        assert len(answers) == 1


class TestPages:
    """What a notebook shows of a text is a page, and an author must not write pages."""

    @pytest.fixture
    def page(self, tmp_path_factory, tiny):
        verdicts = [tiny.classify(attack) for attack in XSS] + [replace(tiny.classify(attack), model=attack) for attack in XSS]
        body = "\n".join(f'<section id="v{number}">{verdict._repr_html_()}</section>' for number, verdict in enumerate(verdicts))
        path = tmp_path_factory.mktemp("page") / "verdicts.html"
        path.write_bytes(PAGE.format(body=body).encode("utf-8", "replace"))
        return path

    def test_the_attacks_reach_many_ways_in(self):
        assert len(XSS) == len(set(XSS)) >= 60

    def test_only_five_elements_are_ever_made(self, tiny):
        for attack in XSS:
            shown = texts._Shown()
            shown.feed(tiny.classify(attack)._repr_html_())
            assert set(shown.tags) <= {"div", "strong", "small", "p", "mark"}

    @pytest.mark.slow
    @pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; the pages are only read by a parser, not by a browser")
    def test_in_a_browser_nothing_runs_and_every_text_is_shown_as_written(self, page, tmp_path):
        shown = browse(page, tmp_path)
        assert shown["ran"] == []
        assert set(shown["elements"]) == {"DIV", "MARK", "P", "SMALL", "STRONG"}
        assert set(shown["attributes"]) <= {"style", "title"}
        expected = [_as_shown(attack) for attack in XSS]
        assert shown["texts"] == expected * 2

    @pytest.mark.slow
    @pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
    def test_nothing_runs_in_the_page_of_an_audit_whose_texts_labels_and_sources_are_attacks(self, tmp_path):
        from hoakscheck.training.audit.page import write_page
        from hoakscheck.training.audit.run import audit
        from hoakscheck.training.audit.table import read_table

        rows = [
            {"text": f"{attack} {XSS[(number + shift) % len(XSS)]}", "label": XSS[shift], "source": XSS[shift + 3]}
            for shift in (0, 1)
            for number, attack in enumerate(XSS)
        ]
        (tmp_path / "attacks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        table = read_table(tmp_path / "attacks.jsonl")
        write_page(audit(table, XSS[0]), table, tmp_path / "audit.html")
        page = (tmp_path / "audit.html").read_text(encoding="utf-8")
        hooks, report = PAGE.format(body="<!-- here -->").split("<!-- here -->")
        (tmp_path / "hooked.html").write_text(f"{hooks}<section>{page}</section>{report}", encoding="utf-8")
        shown = browse(tmp_path / "hooked.html", tmp_path)
        assert shown["ran"] == []
        assert {"TABLE", "TD"} <= set(shown["elements"])
        assert set(shown["elements"]).isdisjoint({"SCRIPT", "SVG", "IFRAME", "BODY", "OBJECT", "A", "INPUT", "FORM", "VIDEO"})

    @pytest.mark.slow
    @pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
    def test_the_browser_notices_a_page_that_escapes_nothing(self, tmp_path):
        path = tmp_path / "open.html"
        path.write_text(PAGE.format(body='<section id="v0"><p><img src=x onerror="hit(1)"></p></section>'), encoding="utf-8")
        shown = browse(path, tmp_path)
        assert shown["ran"] == ["1"]
        assert "IMG" in shown["elements"]


#: Attacks call ``hit`` or ``alert``; both are counted, and a report of the page is written into its title.
PAGE = """<!doctype html><meta charset="utf-8"><script>
const ran = []; const hit = what => ran.push(String(what));
window.alert = window.confirm = window.prompt = hit;
</script>{body}<script>
addEventListener("load", () => setTimeout(() => {{
  for (const e of document.querySelectorAll("section *")) {{ e.click(); e.dispatchEvent(new MouseEvent("mouseover")); }}
  const all = [...document.querySelectorAll("section *")];
  const report = {{
    ran, elements: [...new Set(all.map(e => e.tagName))], attributes: [...new Set(all.flatMap(e => e.getAttributeNames()))],
    texts: [...document.querySelectorAll("section > div > p")].map(p => p.textContent),
  }};
  const out = document.createElement("script"); out.type = "application/json"; out.id = "report";
  out.textContent = btoa(unescape(encodeURIComponent(JSON.stringify(report)))); document.body.append(out);
}}, 300));
</script>"""


def browse(page, folder):
    """Open a page in a real browser and return its report."""
    import base64
    import re

    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={folder / 'profile'}",
               "--virtual-time-budget=5000", "--dump-dom", page.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    found = re.search(rb'id="report">([A-Za-z0-9+/=]+)<', done.stdout)
    assert found, done.stderr[-2000:]
    return json.loads(base64.b64decode(found[1]))


def _as_shown(text):
    """Return what a page holds of a text: browsers read both other line ends as line feeds, and have no zero character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
