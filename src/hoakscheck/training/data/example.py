"""One labelled or unlabelled text, with what is needed to trust it and to split it."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, replace

from hoakscheck.labels import Label

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Example:
    """A text of the training or evaluation data.

    Attributes:
        text: canonical text, see :func:`canonical`.
        label: None while nobody has decided.
        source: slug of the raw source, or ``authored``.
        group: what must never be split over training and test: a claim, a topic, an account.
        campaign: contest or movement that the text is about, the unit of leave-one-campaign-out; may be empty.
        kind: short word for the sort of text, such as ``headline``, ``post``, ``article``; for tables of errors.
        provenance: why the label is what it is: ``read``, ``selected``, ``published``,
            ``authored``, ``source``, ``presumed`` or ``evaluation``.
        weight: how much the label counts in training, 0 to 1.
        publisher: who wrote or collected the text, the unit of splits by publisher; may be empty.
        date: day the text is of as ``YYYY-MM-DD``, or its year alone; empty where it is not known.
        facet: civic matter that a reader or an author named; may be empty.
        rule: rule of the guideline that decides the label, where an author named it; may be empty.
        uncut: text as it was published, where what is learnt lacks some of it; empty where it does not.
    """

    text: str
    label: Label | None
    source: str
    group: str
    campaign: str = ""
    kind: str = "post"
    provenance: str = ""
    weight: float = 1.0
    publisher: str = ""
    date: str = ""
    facet: str = ""
    rule: str = ""
    uncut: str = ""

    @property
    def sha256(self) -> str:
        """Hash of the text, the key of stand-off labels."""
        return text_hash(self.text)

    @property
    def published(self) -> str:
        """Text as it was published: what a model is asked about."""
        return self.uncut or self.text

    def labelled(self, label: Label | None, provenance: str) -> Example:
        """Return the same text under another label."""
        return replace(self, label=label, provenance=provenance)


def canonical(text: str) -> str:
    r"""Return the form of a text under which it is hashed: entities decoded, blanks collapsed, stripped.

    Only ``&amp;`` is decoded, as the readings did; other entities are part of the text and handled by the normaliser.

    >>> canonical(" Jokowi &amp;  Ma'ruf\n")
    "Jokowi & Ma'ruf"
    """
    return _BLANKS.sub(" ", text.replace("&amp;", "&")).strip()


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal.

    >>> text_hash("pemilu")[:12]
    'f35f4c89aa0c'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain_html(markup: str) -> str:
    """Return the text of a fragment of HTML, as comment exports hold it.

    >>> plain_html("all in<br>02 <a href='x'>1:02</a>")
    'all in 02 1:02'
    """
    return canonical(html.unescape(re.sub(r"<[^>]+>", " ", markup)))
