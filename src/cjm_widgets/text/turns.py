"""Who speaks where in a transcript, found from the labels at the beginnings of lines.

A line opens a turn where a short label stands at its beginning and a colon behind it, with
or without a time: ``Interviewer: …``, ``[00:01:02] Ana: …``, ``P1 : …``, ``Enquêtrice : …``;
or where a name and a time stand alone on the line. A text is a transcript only where enough
speaks for it: labels that only interviews have, or several names that keep coming back.
A complaint that has one colon is none.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cjm_widgets.text.fold import fold

Role = Literal["respondent", "interviewer"]


def _set(labels: str) -> frozenset[str]:
    return frozenset(labels.split("|"))


INTERVIEWERS = _set(
    "interviewer|interviewers|int|intervieweur|intervieweuse|enqueteur|enquetrice|"
    "enqueteur trice|moderator|mod|moderateur|moderatrice|animateur|animatrice|facilitator|"
    "facilitateur|facilitatrice|researcher|chercheur|chercheuse|q|question|i|iv"
)
"""Labels of those who ask, folded; with or without a number."""

RESPONDENTS = _set(
    "respondent|interviewee|participant|informant|customer|client|cliente|patient|"
    "patiente|user|utilisateur|utilisatrice|repondant|repondante|enquete|enquetee|interviewe|"
    "interviewee|participante|a|r|p|answer|reponse|speaker|locuteur|locutrice|intervenant|"
    "intervenante"
)
"""Labels of those who answer; with or without a number."""

_FORM = _set(
    "product|produit|rating|note|date|time|heure|price|prix|pros|cons|avantages|inconvenients|"
    "subject|sujet|objet|from|to|cc|re|de|a|tel|telephone|email|e-mail|mail|address|adresse|"
    "problem|probleme|solution|summary|resume|title|titre|ps|p.s|nb|n.b|edit|update|mise a jour|"
    "conclusion|order|commande|number|numero|name|nom|issue|reason|raison|comment|commentaire|"
    "quality|qualite|service|delivery|livraison|positive|negative|positif|negatif|points forts|"
    "points faibles|quantity|quantite|size|taille|color|colour|couleur|total|http|https|"
    "warning|attention|example|exemple|step|etape|version|status|statut|ref|reference"
)
"""What forms, reviews and letters put before a colon: no names."""

_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_STAMP = rf"(?:[\[(]?{_TIME}(?:\s*(?:-|–|-->)\s*{_TIME})?[\])]?)"
_GAP = r"[^\S\n]"
_LABEL = re.compile(
    rf"^{_GAP}*(?:{_STAMP}{_GAP}*[-–]?{_GAP}*)?\*{{0,2}}"
    rf"(?P<name>[^\W\d_][^\n:：\t\[\]()<>{{}}|*]{{0,39}}?)"
    rf"{_GAP}*\*{{0,2}}{_GAP}*(?:[\[(]{_TIME}[\])])?{_GAP}*"
    rf"(?:[:：]\*{{0,2}}(?=\s|$)|{_GAP}+{_TIME}{_GAP}*$)",
    re.MULTILINE,
)
_NAME = re.compile(r"(?:[^\W\d_]|[.'’\-])+\d{0,3}|\d{1,3}")
_CODE = re.compile(r"[A-Z]{1,4}[ _\-]?\d{1,3}")
_SPACES = re.compile(r"\s+")

MOST_WORDS = 4
"""Words of a speaker's name."""
FEWEST = 4
"""Turns by names nobody knows that make a text a transcript."""
PREAMBLE = 1_000
"""Code points before the first label: a title, a date, a page number."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says before another goes on."""

    start: int
    """Where the words begin, behind the label: code points."""
    stop: int
    """Where they end; without white space at the ends."""
    speaker: str
    """The label as it stands in the text."""
    role: Role
    respondent: str | None = None
    """Who this is among the study's respondents; None for the one of the whole text, and for
    interviewers."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What is known beforehand about the speakers of some texts.

    Parameters
    ----------
    interviewer
        Labels of those who ask. Where none is given they are guessed.
    respondents
        Label to the respondent this is.
    """

    interviewer: tuple[str, ...] = ()
    respondents: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    """Further labels that are speakers whatever they look like: a subtitle file tells them."""

    @property
    def known(self) -> frozenset[str]:
        """All labels given, as `key` has them."""
        return frozenset(map(key, (*self.interviewer, *self.respondents, *self.labels)))


def key(label: str) -> str:
    """A speaker's label as it is compared: without case, accents and signs around it.

    >>> key("Enquêtrice "), key("INT."), key("P 1")
    ('enquetrice', 'int', 'p 1')
    """
    return _SPACES.sub(" ", fold(label)).strip(" .*-#")


def may_be_transcript(text: str) -> bool:
    """Whether it is worth looking for turns at all: some lines, and two colons in them."""
    return "\n" in text and text.count(":") + text.count("：") > 1


def turns(text: str, speech: Speech | None = None, name: str = "") -> list[Turn]:
    """The turns of a transcript.

    Parameters
    ----------
    text
        Any text.
    speech
        What is known about its speakers.
    name
        What the text is called: several respondents of one text are called
        ``"name: label"`` where nobody says otherwise.

    Returns
    -------
    list of Turn
        In order, not overlapping; empty if the text is no transcript.

    Examples
    --------
    >>> for turn in turns("INT: How was it?\\nP1: Slow.\\nINT: Why?\\nP1: Nobody came."):
    ...     print(turn.start, turn.stop, turn.speaker, turn.role)
    5 16 INT interviewer
    21 26 P1 respondent
    32 36 INT interviewer
    41 53 P1 respondent
    >>> turns("Two problems\\nFirst: too slow.")
    []
    """
    if not may_be_transcript(text):
        return []
    speech = speech or Speech()
    found = _labels(text, speech.known)
    roles = _roles(found, speech) if found else {}
    if not found or not _convinces(text, found, roles, speech.known):
        return []
    who = _respondents(found, roles, speech, name)
    made = []
    ends = [*(one.begin for one in found[1:]), len(text)]
    for label, end in zip(found, ends, strict=True):
        start, stop = _trimmed(text, label.end, end)
        if start < stop:
            made.append(Turn(start, stop, label.name, roles[label.key], who.get(label.key)))
    return made


@dataclass(frozen=True, slots=True)
class _Label:
    begin: int
    end: int
    name: str
    key: str


def _labels(text: str, known: frozenset[str]) -> list[_Label]:
    made = []
    for match in _LABEL.finditer(text):
        name = _SPACES.sub(" ", match["name"]).strip(" *")
        found = key(name)
        # Where speakers are told, a single word beside them is a speaker too: ``bob: …``.
        beside = bool(known) and " " not in found and found not in _FORM
        if beside or found in known or _speaks(found) or _like_a_name(name, found):
            made.append(_Label(match.start(), match.end(), name, found))
    if not known and not any(_asks(one.key) for one in made):
        # Names that come once are headings more often than people.
        often = Counter(one.key for one in made)
        made = [one for one in made if often[one.key] > 1 or _speaks(one.key)]
    return made


def _asks(label: str) -> bool:
    return _numberless(label) in INTERVIEWERS


def _speaks(label: str) -> bool:
    bare = _numberless(label)
    return bare in INTERVIEWERS or bare in RESPONDENTS


def _numberless(label: str) -> str:
    return label.rstrip("0123456789").rstrip(" _-#") or label


def _like_a_name(name: str, folded: str) -> bool:
    """Whether this may be what somebody is called: ``Ana``, ``Dr. J. Dupont``, ``P1``."""
    if _numberless(folded) in _FORM:
        return False
    if _CODE.fullmatch(name):
        return True
    words = name.split()
    if not 1 <= len(words) <= MOST_WORDS:
        return False
    if not all(_NAME.fullmatch(word) for word in words):
        return False
    return words[0][0].isupper() and (len(words) == 1 or words[-1][0].isupper())


def _roles(found: list[_Label], speech: Speech) -> dict[str, Role]:
    """Who asks: those named, else those whose label says so, else the one beside a participant."""
    labels = list(dict.fromkeys(one.key for one in found))
    asking = {key(name) for name in speech.interviewer}
    if not asking:
        mapped = {key(name) for name in speech.respondents}
        asking = {one for one in labels if _asks(one) and one not in mapped}
        others = [one for one in labels if one not in mapped and not _speaks(one)]
        if not asking and len(others) == 1 and len(labels) > 1:
            # "Dan" beside "Participant": Dan asks.
            asking = set(others)
    return {one: "interviewer" if one in asking else "respondent" for one in labels}


def _convinces(
    text: str, found: list[_Label], roles: Mapping[str, Role], known: frozenset[str]
) -> bool:
    often = Counter(one.key for one in found)
    if len(found) < 2 or len(text[: found[0].begin].strip()) > PREAMBLE:
        return False
    if any(one in known for one in often):
        return True
    asked = any(role == "interviewer" and _asks(one) for one, role in roles.items())
    answered = any(role == "respondent" for role in roles.values())
    if asked and answered:
        return True
    if any(_speaks(one) for one in often) and len(often) > 1:
        return len(found) >= FEWEST
    # Names only: they must come back, and one after the other.
    changes = sum(a.key != b.key for a, b in itertools.pairwise(found))
    return len(often) > 1 and len(found) >= max(FEWEST, 2 * len(often)) and changes >= FEWEST - 1


def _respondents(
    found: list[_Label], roles: Mapping[str, Role], speech: Speech, name: str
) -> dict[str, str]:
    """Label to respondent, where it is not simply the respondent of the whole text."""
    given = {key(label): who for label, who in speech.respondents.items()}
    shown: dict[str, str] = {}
    for one in found:
        shown.setdefault(one.key, one.name)
    answering = [label for label in shown if roles[label] == "respondent"]
    made = {label: given[label] for label in answering if label in given}
    if len(answering) > 1:
        made |= {label: called(name, shown[label]) for label in answering if label not in given}
    return made


def called(name: str, speaker: str) -> str:
    """What one of several respondents of a text is called.

    >>> called("group.docx", "Ana")
    'group.docx: Ana'
    """
    return f"{name}: {speaker}" if name else speaker


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def only(text: str, spoken: Iterable[tuple[int, int]]) -> str:
    """A text in which only some ranges are left: the rest is blank, of the same length.

    Offsets stay right, and a line break stands where a blank begins, so that no sentence
    runs from one turn into another.

    >>> only("INT: Why?\\nP1: Slow.", [(14, 19)])
    '\\n             Slow.'
    """
    pieces, at = [], 0
    for start, stop in sorted(spoken):
        begin = max(start, at)
        if begin < stop:
            pieces += [_blank(begin - at), text[begin:stop]]
            at = stop
    pieces.append(_blank(len(text) - at))
    return "".join(pieces)


def _blank(length: int) -> str:
    return "\n" + " " * (length - 1) if length else ""


def at(spoken: Iterable[tuple[int, int, str]], start: int, stop: int) -> str | None:
    """Whose turn a passage lies in: of several, the one that holds most of it.

    Parameters
    ----------
    spoken
        Start, stop and name of the turns, in order.
    start, stop
        The passage.
    weigh
        How much so many code points count.
    """
    held: Counter[str] = Counter()
    for begin, end, who in spoken:
        if begin >= stop:
            break
        shared = min(end, stop) - max(begin, start)
        if shared > 0:
            held[who] += shared
    return max(held, key=lambda who: held[who]) if held else None
