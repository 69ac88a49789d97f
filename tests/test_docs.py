"""What the pages say is run."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


@pytest.mark.parametrize("page", [page for page in PAGES if ">>> " in page.read_text(encoding="utf-8")], ids=lambda page: page.name)
def test_a_page_does_what_it_shows(page):
    assert doctest.testfile(str(page), module_relative=False).failed == 0


def test_the_page_on_scoring_does_what_it_shows():
    assert doctest.testfile(str(ROOT / "docs" / "scoring.md"), module_relative=False).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_nothing_committed_names_a_path_of_some_machine():
    for path in [
        *PAGES,
        *ROOT.glob("*.toml"),
        *ROOT.glob("*.txt"),
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "notebooks").glob("*.ipynb"),
    ]:
        assert not re.search(r"/(?:home|root|work|Users)/", path.read_text(encoding="utf-8")), path
