"""Which quotes stand for a stage.

Each candidate gets a weight between 0 and 1, the same on every machine and in every run:

- **fit** (0.4): ``1 − |valence − the stage's mean| / 2``; a passage without valence counts 0.5;
- **central** (0.4): cosine between its words and the sum of all candidates' words, divided by
  the largest such cosine of the stage. Words of four letters or more and of shorter content,
  folded to lower case without accents, hashed by CRC-32 into 4,096 places, each text's vector
  of unit length; no inverse document frequencies, since a stage's common words are the point;
- **length** (0.2): 1 from 30 to 180 characters, falling to 0 at 8 and at 400.

What somebody pinned comes before all others, in the order of weights; what somebody banned is
left out before anything is weighed.

The best come first, with two rules for the first few, which the map draws in full: none of
them shares its respondent with another, and none resembles another (a cosine above 0.6).
Of literally equal quotes one is kept.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from cjm_widgets.journeymap.facts import Quote

Numbers = npt.NDArray[np.float64]

PLACES = 4096
SHORTEST, LONGEST = 30, 180
MOST_TEXT = 400
_LIKE = 0.6
_WEIGHTS = np.array([0.4, 0.4, 0.2])
_REMEMBERED = 65_536
"""Texts whose words' places are remembered, about 150 bytes each."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_OF_CODE = 3
"""Quotes of each code that are kept, where there is room, as evidence of its count."""
_COMMON = frozenset(
    re.findall(
        r"\S+",
        "that this with from have were they them then than there their what when which would "
        "could about been your just very into also because more some will only "
        "avec pour dans plus tout mais sans cette etait etre vous nous leur elle sont faire fait "
        "avait meme bien comme j'ai c'est n'est qu'il",
    )
)


def words(text: str) -> list[str]:
    """The words of a text that say something, lower case and without accents.

    >>> words("Le paiement a échoué trois fois")
    ['paiement', 'echoue', 'trois', 'fois']
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return [word for word in _WORD.findall(plain) if len(word) > 3 and word not in _COMMON]


def cut(text: str, most: int) -> str:
    """A text of at most `most` characters, cut after a sentence if that keeps a third of them.

    >>> cut("It failed. I tried again and again, and then I left.", 30)
    'It failed. …'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    room = text[: most - 2]
    ends = [found.end() for found in re.finditer(r"[.!?…][\"”»’)]*(?=\s|$)", room)]
    if ends and ends[-1] >= most // 3:
        return room[: ends[-1]] + " …"
    space = room.rfind(" ")
    return (room[:space] if space >= most // 2 else room).rstrip(" ,;:") + "…"


def _length_weights(lengths: npt.NDArray[np.int64]) -> Numbers:
    short = np.clip((lengths - 8) / (SHORTEST - 8), 0, 1)
    long = np.clip(1 - (lengths - LONGEST) / (MOST_TEXT - LONGEST), 0, 1)
    return np.asarray(np.minimum(short, long), dtype=np.float64)


class Vectors:
    """Hashed word counts of some texts, each of unit length; only places that are not 0 are kept.

    Where a text's words fall is remembered by the text's hash, for texts are weighed again with
    each map; no word of them is.
    """

    _known: ClassVar[dict[int, tuple[bytes, float]]] = {}

    def __init__(self, texts: Sequence[str]) -> None:
        found = [self._of(text) for text in texts]
        sizes = np.array([len(places) // 2 for places, _ in found], dtype=np.int64)
        self._n = len(found)
        self._row = np.repeat(np.arange(self._n), sizes)
        self._place = np.frombuffer(b"".join(places for places, _ in found), dtype=np.uint16)
        lengths = np.array([length for _, length in found], dtype=np.float64)
        self._share = 1 / np.repeat(lengths, sizes)

    @classmethod
    def _of(cls, text: str) -> tuple[bytes, float]:
        key = hash(text)
        if (known := cls._known.get(key)) is not None:
            return known
        counts = Counter(zlib.crc32(word.encode()) % PLACES for word in words(text))
        places = np.fromiter(counts.elements(), dtype=np.uint16).tobytes()
        found = places, math.sqrt(sum(n * n for n in counts.values()))
        if len(cls._known) >= _REMEMBERED:
            cls._known.clear()
        cls._known[key] = found
        return found

    def centre(self) -> Numbers:
        """The sum of all texts' vectors."""
        return _sums(self._place, self._share, PLACES)

    def row(self, text: int) -> Numbers:
        """The vector of one text."""
        own = self._row == text
        return _sums(self._place[own], self._share[own], PLACES)

    def along(self, vector: Numbers) -> Numbers:
        """The product of each text's vector with another; with one of unit length the cosine."""
        return _sums(self._row, self._share * vector[self._place], self._n)


def _sums(groups: npt.NDArray[np.integer[Any]], values: Numbers, size: int) -> Numbers:
    return np.asarray(np.bincount(groups, values, minlength=size), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is known of the quotes of one stage to choose from, an entry a quote."""

    texts: Sequence[str]
    valences: Numbers
    """−1…1; NaN where nobody said."""
    respondents: Sequence[str]
    codes: Sequence[Sequence[str]]
    pinned: Sequence[bool]

    @classmethod
    def of(cls, quotes: Sequence[Quote]) -> Candidates:
        """The same of quotes."""
        felt = [np.nan if quote.valence is None else quote.valence for quote in quotes]
        return cls(
            [quote.text for quote in quotes],
            np.array(felt, dtype=np.float64),
            [quote.respondent for quote in quotes],
            [quote.codes for quote in quotes],
            [quote.pinned for quote in quotes],
        )

    def only(self, some: Sequence[int]) -> Candidates:
        """Some of them."""
        return Candidates(
            [self.texts[i] for i in some],
            self.valences[list(some)],
            [self.respondents[i] for i in some],
            [self.codes[i] for i in some],
            [self.pinned[i] for i in some],
        )


@dataclass(frozen=True, slots=True)
class Pick:
    """A quote that was chosen, and why."""

    place: int
    """Its place among the candidates."""
    fit: float
    central: float
    clear: float
    drawn: bool
    """Whether it is one of the first few, which the map draws in full."""


def weigh(quotes: Sequence[Quote], mean: float | None) -> Numbers:
    """How well each quote stands for its stage, 0…1; see this module's own text.

    Parameters
    ----------
    quotes
        The candidates of one stage.
    mean
        The stage's mean valence; None if it has none, which makes every fit 0.5.
    """
    found = Candidates.of(quotes)
    return np.asarray(_parts(found, mean, Vectors(found.texts)) @ _WEIGHTS, dtype=np.float64)


def _parts(found: Candidates, mean: float | None, rows: Vectors) -> Numbers:
    """Fit, centrality and length of each quote, 0…1 each, a quote a row."""
    if not found.texts:
        return np.zeros((0, 3))
    central = rows.along(rows.centre())
    top = central.max()
    central = central / top if top > 0 else central
    fit = np.full(len(found.texts), 0.5)
    if mean is not None:
        known = np.isfinite(found.valences)
        fit[known] = 1 - np.abs(found.valences[known] - mean) / 2
    lengths = np.array([len(text) for text in found.texts], dtype=np.int64)
    return np.column_stack([fit, central, _length_weights(lengths)])


def pick(found: Candidates, mean: float | None, *, most: int, different: int = 2) -> list[Pick]:
    """Which quotes stand for a stage, the best first.

    Parameters
    ----------
    found
        All candidates, with their full texts.
    mean
        The stage's mean valence, if it has one.
    most
        How many to give at most.
    different
        How many of the first differ in respondent and in words.
    """
    own = _without_repeats(found.texts)
    found = found.only(own)
    rows = Vectors(found.texts)
    why = _parts(found, mean, rows)
    pinned = np.array(found.pinned, dtype=bool)
    order = np.lexsort((-np.round(why @ _WEIGHTS, 9), ~pinned)).tolist()
    first = _first(found, rows, order, different)
    taken = set(first)
    rest = [i for i in order if i not in taken]
    kept = _covering(found.codes, [*first, *rest], max(0, most))
    parts = zip(kept, np.round(why[kept], 4).tolist(), strict=True)
    return [Pick(own[i], fit, central, clear, i in taken) for i, (fit, central, clear) in parts]


def choose(
    quotes: Sequence[Quote], mean: float | None, *, most: int, different: int = 2
) -> tuple[Quote, ...]:
    """The quotes that stand for a stage, the best first: see `pick`.

    Returns
    -------
    tuple of Quote
        As `finished` gives them.
    """
    picked = pick(Candidates.of(quotes), mean, most=most, different=different)
    return tuple(finished(quotes[one.place], one) for one in picked)


def _without_repeats(texts: Sequence[str]) -> list[int]:
    """Places of the texts that say something, and say it first."""
    first: dict[str, int] = {}
    for place, text in enumerate(texts):
        first.setdefault(" ".join(text.casefold().split()), place)
    return [place for folded, place in first.items() if folded]


def _covering(codes: Sequence[Sequence[str]], order: Sequence[int], most: int) -> list[int]:
    """The first `most`, some of the last giving way so that every code keeps a few of its own."""
    kept = list(order[:most])
    if len(order) <= most or most < 2 * _OF_CODE:
        return kept
    counts = Counter(code for i in kept for code in codes[i])
    extra: list[int] = []
    for i in order[most:]:
        missing = [code for code in codes[i] if counts[code] < _OF_CODE]
        if missing and len(extra) < most // 2:
            extra.append(i)
            counts.update(codes[i])
    return [*kept[: most - len(extra)], *extra]


def _first(found: Candidates, rows: Vectors, order: Sequence[int], different: int) -> list[int]:
    taken: list[int] = []
    people: set[str] = set()
    like = np.zeros(len(found.texts))
    for i in order:
        if len(taken) == different:
            break
        who = found.respondents[i]
        alike = (who and who in people) or like[i] > _LIKE
        if alike and not found.pinned[i]:
            continue
        taken.append(i)
        like = np.maximum(like, rows.along(rows.row(i)))
        people.add(who)
    return taken


def finished(quote: Quote, picked: Pick) -> Quote:
    """A quote as the map keeps it: its text cut to 400 characters, ``short`` to 180, and why."""
    text = cut(quote.text, MOST_TEXT)
    fit, central, clear = picked.fit, picked.central, picked.clear
    return replace(
        quote,
        text=text,
        short=cut(text, LONGEST),
        weight=round(0.4 * fit + 0.4 * central + 0.2 * clear, 4),
        drawn=picked.drawn,
        fit=fit,
        central=central,
        clear=clear,
    )
