"""Where somebody's words and name stand in what others wrote, and how they are taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

RUN = 6
"""Words in a row that make a quotation."""
SHORTEST = 12
"""Code points of a whole text of fewer words that is known again as a quotation."""
MARK = "[…]"
"""What stands where a quotation stood."""

_WORD = re.compile(r"\w+")
_LISTS = ("feedback", "texts", "ids")
"""Keys of documents under which lists of numbers are texts."""
_LETTER = re.compile(r"[^\W\d_]")
_SIGN = re.compile(r"[^\w]|[\d_]")
GONE = object()


class Traces:
    """What must not be found any more.

    Parameters
    ----------
    words
        All that a person said, text by text.
    names
        What the person is called.
    texts
        Numbers of their texts.
    codings
        Uids of the codings on them.
    """

    def __init__(
        self, words: Iterable[str], names: Iterable[str], texts: set[int], codings: set[str]
    ) -> None:
        self.texts, self.codings = texts, codings
        self.names = frozenset(names)
        self.hits = 0
        self._runs: set[tuple[str, ...]] = set()
        self._whole: set[str] = set()
        for one in words:
            said = [word.casefold() for word in _WORD.findall(one)]
            self._runs.update(zip(*[said[k:] for k in range(RUN)], strict=False))
            if len(said) < RUN and len(one.strip()) >= SHORTEST:
                self._whole.add(one.strip())
        # A number says nothing: it may be a rating as well.
        marked = [name for name in self.names if len(name) > 2 and _LETTER.search(name)]
        self.telling = frozenset(name for name in marked if _SIGN.search(name))
        """Names that are no words: they mean the person wherever they stand."""
        self._name, self._telling = _any_of(marked), _any_of(sorted(self.telling))

    def clean(self, text: str) -> str:
        """A text without quotations of six words or more, short texts, and the names."""
        made = self._without_runs(text)
        for whole in self._whole:
            made = made.replace(whole, MARK)
        return self._counted(text, self._name.sub(MARK, made) if self._name else made)

    def clean_label(self, text: str) -> str:
        """A name or definition without quotations of six words and names that are no words.

        A code may be called what somebody said in three words: that is no quotation.
        """
        made = self._without_runs(text)
        return self._counted(text, self._telling.sub(MARK, made) if self._telling else made)

    def _counted(self, text: str, made: str) -> str:
        self.hits += made != text
        return made

    def _without_runs(self, text: str) -> str:
        found = list(_WORD.finditer(text)) if self._runs else []
        said = [one[0].casefold() for one in found]
        spans: list[tuple[int, int]] = []
        for at in range(len(said) - RUN + 1):
            if tuple(said[at : at + RUN]) in self._runs:
                begin, end = found[at].start(), found[at + RUN - 1].end()
                if spans and begin <= spans[-1][1]:
                    spans[-1] = (spans[-1][0], end)
                else:
                    spans.append((begin, end))
        for begin, end in reversed(spans):
            text = text[:begin] + MARK + text[end:]
        return text

    def purged(self, value: Any) -> Any:
        """A value of a JSON document without what refers to the person; `GONE` if all does."""
        if isinstance(value, str):
            return GONE if value in self.codings else self.clean(value)
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list):
            kept = [self.purged(one) for one in value]
            return [one for one in kept if one is not GONE]
        return value

    def _mapping(self, value: Mapping[str, Any]) -> Any:
        if self._mine(value.get("feedback")):
            return GONE
        made = {}
        for name, one in self._aligned(value).items():
            if name in self.codings:
                continue
            kept = self.purged(one)
            if kept is GONE:
                # An entry that says which passage it is about goes as a whole.
                return GONE
            made[self.clean_label(name)] = kept
        return made

    def _mine(self, value: Any) -> bool:
        """Whether this is the number of a text that is gone."""
        return isinstance(value, int) and not isinstance(value, bool) and value in self.texts

    def _aligned(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """Without texts that are gone in lists of numbers, nor what lists beside them say."""
        for name in _LISTS:
            listed = value.get(name)
            if isinstance(listed, list) and any(map(self._mine, listed)):
                kept = [at for at, one in enumerate(listed) if not self._mine(one)]
                value = {
                    key: [one[at] for at in kept]
                    if isinstance(one, list) and len(one) == len(listed)
                    else one
                    for key, one in value.items()
                }
        return value

    def purged_json(self, text: str) -> str | None:
        """A JSON document purged, as text; None if nothing of it is left."""
        kept = self.purged(json.loads(text))
        return None if kept is GONE else json.dumps(kept, ensure_ascii=False)


def _any_of(names: list[str]) -> re.Pattern[str] | None:
    """Any of some names as whole words."""
    if not names:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
