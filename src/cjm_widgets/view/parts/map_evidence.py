"""From each figure on a map to the passages behind it: numbers that the page's script follows."""

from __future__ import annotations

from typing import Any

from cjm_widgets.journeymap.facts import Entry, JourneyMap, Quote


class Evidence:
    """Numbers of codes, touchpoints and channels of which the map has passages.

    Parameters
    ----------
    facts
        What is drawn, after privacy.
    """

    def __init__(self, facts: JourneyMap) -> None:
        self.names: dict[str, int] = {}
        """What a passage bears, such as ``code:late``, to its number."""
        self.sizes: dict[str, int] = {}
        """``<column>:<number>`` to the texts counted there."""
        self.titles: list[str] = []
        """What each number is called."""
        borne = {key for c in facts.stages for quote in c.quotes for key in _borne(quote)}
        for place, column in enumerate(facts.stages):
            for entry in (e for entries in column.lanes.values() for e in entries):
                key = _key(entry)
                if key in borne:
                    if key not in self.names:
                        self.names[key] = len(self.names)
                        self.titles.append(entry.text)
                    self.sizes[f"{place}:{self.names[key]}"] = entry.n or 0

    def number(self, entry: Entry) -> int | None:
        """The number of an entry; None where the map has no passage of it."""
        return self.names.get(_key(entry))

    def of(self, quote: Quote) -> str:
        """The numbers of what a passage bears, as an attribute holds them."""
        return " ".join(str(self.names[k]) for k in _borne(quote) if k in self.names)

    def words(self) -> dict[str, Any]:
        """What the page's script must know."""
        return {"titles": self.titles, "sizes": self.sizes}


def _key(entry: Entry) -> str:
    if entry.key:
        return f"code:{entry.key}"
    return f"{entry.place}:{entry.text}" if entry.place else ""


def _borne(quote: Quote) -> list[str]:
    found = [f"code:{code}" for code in quote.codes]
    found += [f"touchpoint:{quote.touchpoint}"] if quote.touchpoint else []
    return found + ([f"channel:{quote.channel}"] if quote.channel else [])
