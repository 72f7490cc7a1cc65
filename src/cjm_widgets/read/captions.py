"""Subtitles and automatic transcripts (WebVTT, SRT, SBV) as one text with its speakers."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE = re.compile(rf"^\s*{_TIME}\s*(?:-->|,)\s*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>", re.IGNORECASE)
_TAG = re.compile(r"</?[^<>\n]{0,200}>")
_SAID_BY = re.compile(r"^(?P<name>[^\W\d_][^:：\n]{0,39}?)\s*[:：]\s+(?P<words>\S[\s\S]*)$")
_UNFIT = re.compile(r"[\[\](){}<>|*:：\t\n]+")
PAUSE = 3.0
"""Seconds of silence after which captions without speakers begin a new paragraph."""


@dataclass(slots=True)
class _Cue:
    begin: float
    end: float
    speaker: str
    words: str


def as_text(content: str) -> tuple[str, tuple[str, ...]]:
    """What was said, and the labels of those who said it.

    Cues of one speaker in a row are one turn: ``[00:01:02] Ana: …``. Without speakers the
    cues run on, with a new paragraph after a pause. Styles, notes, markup and the repeated
    lines of rolling captions are left out.

    Parameters
    ----------
    content
        The content of a WebVTT, SRT or SBV file.

    Returns
    -------
    tuple of (str, tuple of str)
        The text, and the speakers' labels in order of appearance.
    """
    cues = list(_cues(content))
    if not any(cue.speaker for cue in cues):
        _label(cues)
    if any(cue.speaker for cue in cues):
        names = dict.fromkeys(cue.speaker for cue in cues if cue.speaker)
        return "\n\n".join(_turns(cues)), tuple(names)
    return "".join(_running(cues)).strip(), ()


def _cues(content: str) -> Iterator[_Cue]:
    before: list[str] = []
    for block in _blocks(content):
        times, lines = block
        kept = [one for line in lines if (one := _clean(line))]
        shown = list(kept)
        while kept and before and kept[0] in before:
            kept.pop(0)  # rolling captions show the last line again
        before = shown
        if kept:
            voice = next((found for line in lines if (found := _VOICE.search(line))), None)
            speaker = " ".join(_UNFIT.sub(" ", html.unescape(voice[1])).split()) if voice else ""
            yield _Cue(*times, speaker[:40].strip(), "\n".join(kept))


def _blocks(content: str) -> Iterator[tuple[tuple[float, float], list[str]]]:
    """Times and lines of each cue; what stands before the first one is no cue."""
    times: tuple[float, float] | None = None
    lines: list[str] = []
    for line in [*content.splitlines(), ""]:
        found = _CUE.match(line)
        if found:
            if times is not None:
                yield times, lines[:-1] if lines and lines[-1].strip().isdigit() else lines
            parts = found.groups()
            times, lines = (_seconds(parts[:4]), _seconds(parts[4:])), []
        elif not line.strip():
            if times is not None and lines:
                yield times, lines
                times, lines = None, []
        elif times is not None:
            lines.append(line)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _clean(line: str) -> str:
    plain = html.unescape(_TAG.sub("", line)).replace("\u200e", "").replace("\u200f", "")
    return " ".join(plain.split())


def _label(cues: list[_Cue]) -> None:
    """Take ``Name: words`` for a speaker where the name comes back."""
    found = [_SAID_BY.match(cue.words) for cue in cues]
    often = Counter(match["name"] for match in found if match)
    if len(often) < 1 or sum(often.values()) < 0.2 * len(cues):
        return
    for cue, match in zip(cues, found, strict=True):
        if match and (often[match["name"]] > 1 or len(match["name"].split()) < 5):
            cue.speaker, cue.words = match["name"].strip(), match["words"]


def _turns(cues: list[_Cue]) -> Iterator[str]:
    speaker, begin, words = "", 0.0, [""]
    for cue in cues:
        if cue.speaker and cue.speaker != speaker:
            if any(words):
                yield _turn(speaker, begin, words)
            speaker, begin, words = cue.speaker, cue.begin, []
        words.append(cue.words.replace("\n", " "))
    yield _turn(speaker, begin, words)


def _turn(speaker: str, begin: float, words: list[str]) -> str:
    minutes, seconds = divmod(int(begin), 60)
    stamp = f"[{minutes // 60:02}:{minutes % 60:02}:{seconds:02}]"
    said = " ".join(word for word in words if word)
    return f"{stamp} {speaker}: {said}" if speaker else said


def _running(cues: list[_Cue]) -> Iterator[str]:
    end = None
    for cue in cues:
        # A dash begins what another person says.
        dialogue = cue.words.startswith("-") or "\n-" in cue.words
        if end is not None:
            yield "\n\n" if cue.begin - end >= PAUSE else "\n" if dialogue else " "
        yield cue.words if dialogue else cue.words.replace("\n", " ")
        end = cue.end
