"""How a coder in training does against a gold sample."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from cjm_widgets.view.parts import cards, figures
from cjm_widgets.view.parts.shown import Shown
from cjm_widgets.view.parts.theme import Theme, notebook_variables
from cjm_widgets.words import number, say

MOST = 60
"""Differences drawn, and texts marked; the frames have all."""
_PARTS = ("stage", "valence", "codes")


class GoldView(Shown):
    """What a coder said of texts whose right answer is known.

    Parameters
    ----------
    frame
        A place a row: as `measure.training.by_place`, with `id`, `passage`.
    texts
        As `measure.training.by_text`.
    labels
        As `measure.training.by_label`.
    who
        The coder, and whose codings are the gold.
    names
        Key to name, of stages in the journey's order, then of codes.
    titles
        What a text is called where it is coded, by its number; its id where it is left out.
    language, theme
        As for every view.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        texts: pd.DataFrame,
        labels: pd.DataFrame,
        *,
        who: tuple[str, str],
        names: Mapping[str, str],
        titles: Mapping[int, str] | None = None,
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self.frame, self.texts, self.labels = frame, texts, labels
        self.who, self.names, self.titles = who, dict(names), dict(titles or {})

    def __repr__(self) -> str:
        if self.texts.empty:
            return self._say("none", coder=self.who[0], gold=self.who[1])
        last = self.texts.iloc[-1]
        kappa = "–" if pd.isna(last["kappa"]) else number(last["kappa"], self.language, digits=2)
        share = f"{figures.percent(float(last['share']), self.language)}\u202f%"
        same = int(self.texts["same"].sum())
        return self._say("counts", n=len(self.texts), same=same, share=share, kappa=kappa)

    def html(self) -> str:
        """Figures, stages and codes, and each difference side by side."""
        title = self._say("title", coder=self.who[0], gold=self.who[1])
        parts = [f"<p><strong>{escape(title)}</strong></p>", self._so_far(), self._labels()]
        if not self.frame.empty:
            apart = self.frame[~self.frame[[f"same_{part}" for part in _PARTS]].all(axis=1)]
            parts.append(self._differences(apart))
        return self._wrapped("".join(parts))

    def feedback(self, last: int | None) -> str:
        """The text that was handed in last, with the figures so far; HTML for below the widget."""
        if last is None:
            return self._wrapped(f'<p role="status">{escape(self._say("how"))}</p>')
        here = self.frame[self.frame["feedback"] == last]
        title = self._say("last", id=self._title(last, here))
        body = f"{self._so_far()}<p><strong>{escape(title)}</strong></p>{self._table(here)}"
        return self._wrapped(f'<div role="status">{body}</div>')

    def _say(self, key: str, **values: Any) -> str:
        return say(f"review.training.{key}", self.language, **values)

    def _wrapped(self, body: str) -> str:
        style = notebook_variables(self.theme, ".cjm-gold") + cards.static("gold.css")
        return f'<style>{style}</style><div class="cjm-gold" lang="{self.language}">{body}</div>'

    def _title(self, text: int, rows: pd.DataFrame) -> str:
        known = str(rows["id"].iloc[0]) if len(rows) else str(text)
        return self.titles.get(text) or known

    def _so_far(self) -> str:
        """The figures, and a mark for each text in the order of handing in."""
        same = self.texts["same"].tolist()[-MOST:]
        marks = "".join(
            f'<i class="{"good" if one else "bad"}">{"✓" if one else "×"}</i>' for one in same
        )
        row = f'<p class="marks" aria-hidden="true">{marks}</p>' if marks else ""
        return f"<p>{escape(repr(self))}</p>{row}"

    def _labels(self) -> str:
        if self.labels.empty:
            return ""
        heads = [self._say(f"columns.{name}") for name in ("label", "gold", "coder", "both")]
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
        order = {name: at for at, name in enumerate(self.names)}
        listed = sorted(self.labels.to_dict("records"), key=lambda row: order.get(row["label"], -1))
        rows = "".join(
            f'<tr><th scope="row">{escape(self.names.get(row["label"], row["label"]))}</th>'
            + "".join(
                f"<td>{number(row[name], self.language)}</td>" for name in ("gold", "coder", "both")
            )
            + "</tr>"
            for row in listed
        )
        return f'<table class="labels"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'

    def _differences(self, apart: pd.DataFrame) -> str:
        if apart.empty:
            return f"<p>{escape(self._say('all_same'))}</p>"
        more = len(apart) - MOST
        rest = f"<p>{escape(self._say('more', n=more))}</p>" if more > 0 else ""
        title = f"<p><strong>{escape(self._say('differences'))}</strong></p>"
        return title + self._table(apart.head(MOST), named=True) + rest

    def _table(self, places: pd.DataFrame, *, named: bool = False) -> str:
        """What the coder and gold say of each place, side by side."""
        heads = [
            *(["text"] if named else []),
            *("passage", "coder" if named else "you", "gold", "differs"),
        ]
        head = "".join(f'<th scope="col">{escape(self._say(f"columns.{h}"))}</th>' for h in heads)
        rows, before = [], None
        for row in places.to_dict("records"):
            text = int(row["feedback"])
            title = "" if text == before else self._title(text, places[places["feedback"] == text])
            first = f'<th scope="row">{escape(title)}</th>' if named else ""
            rows.append(f"<tr>{first}{self._cells(row)}</tr>")
            before = text
        return (
            f'<table class="places"><thead><tr>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
        )

    def _cells(self, row: Mapping[Any, Any]) -> str:
        passage = "" if pd.isna(row["passage"]) else str(row["passage"])
        words = passage if len(passage) <= 140 else passage[:139] + "…"
        apart = [part for part in _PARTS if not row[f"same_{part}"]]
        mine, gold = row["missing"] == "coder", row["missing"] == "gold"
        unmarked = f"<em>{escape(self._say('unmarked'))}</em>"
        if mine or gold:
            verdict = self._say("you_missed" if mine else "gold_nothing")
        else:
            verdict = ", ".join(say(f"review.on.{part}", self.language) for part in apart)
        mark = "×" if apart else "✓"
        return (
            f'<td class="passage"><q dir="auto">{escape(words)}</q></td>'
            f"<td>{unmarked if mine else self._answer(row, '', apart)}</td>"
            f"<td>{unmarked if gold else self._answer(row, 'gold_', apart)}</td>"
            f'<td class="{"bad" if apart else "good"}"><i aria-hidden="true">{mark}</i> '
            f"{escape(verdict or self._say('same'))}</td>"
        )

    def _answer(self, row: Mapping[Any, Any], of: str, apart: list[str]) -> str:
        """What somebody said of a place; what differs is marked."""
        valence = row[f"{of}valence"]
        said = {
            "stage": self._named(row[f"{of}stage"]),
            "valence": []
            if pd.isna(valence)
            else [number(valence * 2, self.language, digits=0, sign=True)],
            "codes": self._named(row[f"{of}codes"]),
        }
        parts = [
            f'<span class="{part}{" off" if part in apart else ""}">{escape(one)}</span>'
            for part, every in said.items()
            for one in every
        ]
        return ", ".join(parts) or f"<em>{escape(self._say('nothing'))}</em>"

    def _named(self, keys: object) -> list[str]:
        joined = keys if isinstance(keys, str) else ""
        return [self.names.get(key, key) for key in joined.split("; ") if key]
