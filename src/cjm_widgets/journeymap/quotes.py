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

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cjm_widgets.journeymap.facts import Quote

if TYPE_CHECKING:
    import numpy.typing as npt

PLACES = 4096
SHORTEST, LONGEST = 30, 180
MOST_TEXT = 400
_LIKE = 0.6
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
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return [
        word
        for word in re.findall(r"[^\W_]+(?:['’][^\W_]+)?", plain)
        if len(word) > 3 and word not in _COMMON
    ]


def vectors(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Hashed word counts of each text, one row a text, each of unit length."""
    made = np.zeros((len(texts), PLACES), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in words(text):
            made[row, zlib.crc32(word.encode()) % PLACES] += 1
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    np.divide(made, lengths, out=made, where=lengths > 0)
    return made


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


def _length_weight(length: int) -> float:
    if length < SHORTEST:
        return max(0.0, (length - 8) / (SHORTEST - 8))
    return 1.0 if length <= LONGEST else max(0.0, 1 - (length - LONGEST) / (MOST_TEXT - LONGEST))


def _without_repeats(quotes: Sequence[Quote]) -> list[Quote]:
    seen: set[str] = set()
    kept = []
    for quote in quotes:
        folded = " ".join(quote.text.casefold().split())
        if folded and folded not in seen:
            seen.add(folded)
            kept.append(quote)
    return kept


def weigh(quotes: Sequence[Quote], mean: float | None) -> npt.NDArray[np.float64]:
    """How well each quote stands for its stage, 0…1; see this module's own text.

    Parameters
    ----------
    quotes
        The candidates of one stage.
    mean
        The stage's mean valence; None if it has none, which makes every fit 0.5.
    """
    return np.asarray(parts(quotes, mean) @ np.array([0.4, 0.4, 0.2]), dtype=np.float64)


def parts(quotes: Sequence[Quote], mean: float | None) -> npt.NDArray[np.float64]:
    """Fit, centrality and length of each quote, 0…1 each, a quote a row."""
    if not quotes:
        return np.zeros((0, 3))
    rows = vectors([quote.text for quote in quotes])
    centre = rows.sum(axis=0)
    central = (rows @ centre).astype(np.float64)
    top = central.max()
    central = central / top if top > 0 else central
    fit = np.array(
        [
            0.5 if mean is None or quote.valence is None else 1 - abs(quote.valence - mean) / 2
            for quote in quotes
        ]
    )
    length = np.array([_length_weight(len(quote.text)) for quote in quotes])
    return np.column_stack([fit, central, length]).astype(np.float64)


def choose(
    quotes: Sequence[Quote], mean: float | None, *, most: int, different: int = 2
) -> tuple[Quote, ...]:
    """The quotes that stand for a stage, the best first.

    Parameters
    ----------
    quotes
        All candidates, with their full texts.
    mean
        The stage's mean valence, if it has one.
    most
        How many to give at most.
    different
        How many of the first differ in respondent and in words.

    Returns
    -------
    tuple of Quote
        Texts cut to 400 characters, ``short`` to 180, ``weight`` and ``drawn`` filled in.
    """
    candidates = _without_repeats(quotes)
    why = parts(candidates, mean)
    weights = why @ np.array([0.4, 0.4, 0.2])
    order = sorted(
        range(len(candidates)),
        key=lambda i: (not candidates[i].pinned, -round(float(weights[i]), 9), i),
    )
    first = _first(candidates, order, different)
    taken = set(first)
    rest = [i for i in order if i not in taken]
    kept = _covering(candidates, [*first, *rest], max(0, most))
    return tuple(_finished(candidates[i], why[i], drawn=i in taken) for i in kept)


def _covering(quotes: Sequence[Quote], order: Sequence[int], most: int) -> list[int]:
    """The first `most`, some of the last giving way so that every code keeps a few of its own."""
    kept = list(order[:most])
    if len(order) <= most or most < 2 * _OF_CODE:
        return kept
    counts = Counter(code for i in kept for code in quotes[i].codes)
    extra: list[int] = []
    for i in order[most:]:
        missing = [code for code in quotes[i].codes if counts[code] < _OF_CODE]
        if missing and len(extra) < most // 2:
            extra.append(i)
            counts.update(quotes[i].codes)
    return [*kept[: most - len(extra)], *extra]


def _first(quotes: Sequence[Quote], order: Sequence[int], different: int) -> list[int]:
    taken: list[int] = []
    rows: list[npt.NDArray[np.float32]] = []
    people: set[str] = set()
    for i in order:
        if len(taken) == different:
            break
        who = quotes[i].respondent
        row = vectors([quotes[i].text])[0]
        alike = (who and who in people) or any(float(row @ other) > _LIKE for other in rows)
        if alike and not quotes[i].pinned:
            continue
        taken.append(i)
        rows.append(row)
        people.add(who)
    return taken


def _finished(quote: Quote, why: npt.NDArray[np.float64], *, drawn: bool) -> Quote:
    text = cut(quote.text, MOST_TEXT)
    fit, central, clear = (round(float(part), 4) for part in why)
    weight = round(0.4 * fit + 0.4 * central + 0.2 * clear, 4)
    return replace(
        quote,
        text=text,
        short=cut(text, LONGEST),
        weight=weight,
        drawn=drawn,
        fit=fit,
        central=central,
        clear=clear,
    )
