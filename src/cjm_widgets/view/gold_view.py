"""How a coder in training does against a gold sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from cjm_widgets.view import cards, figures
from cjm_widgets.view.shown import Shown
from cjm_widgets.view.theme import Theme, notebook_variables
from cjm_widgets.words import number, say

MOST = 60
"""Differences drawn; the frame has all."""


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
        Key to name, of stages and codes.
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
        language: str = "en",
        theme: Theme = "auto",
    ) -> None:
        super().__init__(language, theme)
        self.frame, self.texts, self.labels = frame, texts, labels
        self.who, self.names = who, dict(names)

    def __repr__(self) -> str:
        if self.texts.empty:
            return self._say("none", coder=self.who[0], gold=self.who[1])
        last = self.texts.iloc[-1]
        kappa = "–" if pd.isna(last["kappa"]) else number(last["kappa"], self.language, digits=2)
        share = f"{figures.percent(float(last['share']), self.language)}\u202f%"
        same = int(self.texts["same"].sum())
        return self._say("counts", n=len(self.texts), same=same, share=share, kappa=kappa)

    def html(self) -> str:
        """Figures, stages and codes, and each difference in words."""
        apart = self.frame[~self.frame[["same_stage", "same_valence", "same_codes"]].all(axis=1)]
        title = (
            f"<p><strong>{escape(self._say('title', coder=self.who[0], gold=self.who[1]))}</strong>"
            f"<br>{escape(repr(self))}</p>"
        )
        return self._wrapped(title + self._labels() + self._differences(apart))

    def feedback(self, last: int | None) -> str:
        """The text that was handed in last, with the figures so far; HTML for below the widget."""
        body = f"<p>{escape(repr(self) if len(self.texts) else self._say('how'))}</p>"
        if last is not None:
            here = self.frame[self.frame["feedback"] == last]
            words = "".join(self._line(row) for row in here.to_dict("records"))
            title = here["id"].iloc[0] if len(here) else str(last)
            body += f"<p><strong>{escape(self._say('last', id=str(title)))}</strong></p>"
            body += f"<ul>{words}</ul>"
        return self._wrapped(f'<div role="status">{body}</div>')

    def _say(self, key: str, **values: Any) -> str:
        return say(f"review.training.{key}", self.language, **values)

    def _wrapped(self, body: str) -> str:
        style = notebook_variables(self.theme, ".cjm-gold") + cards.static("gold.css")
        return f'<style>{style}</style><div class="cjm-gold" lang="{self.language}">{body}</div>'

    def _labels(self) -> str:
        if self.labels.empty:
            return ""
        heads = [self._say(f"columns.{name}") for name in ("label", "gold", "coder", "both")]
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
        rows = "".join(
            f'<tr><th scope="row">{escape(self.names.get(row["label"], row["label"]))}</th>'
            + "".join(
                f"<td>{number(row[name], self.language)}</td>" for name in ("gold", "coder", "both")
            )
            + "</tr>"
            for row in self.labels.to_dict("records")
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def _differences(self, apart: pd.DataFrame) -> str:
        if apart.empty:
            return "" if self.frame.empty else f"<p>{escape(self._say('all_same'))}</p>"
        lines = "".join(self._line(row, named=True) for row in apart.head(MOST).to_dict("records"))
        more = len(apart) - MOST
        rest = f"<p>{escape(self._say('more', n=more))}</p>" if more > 0 else ""
        return f"<p><strong>{escape(self._say('differences'))}</strong></p><ul>{lines}</ul>{rest}"

    def _line(self, row: Mapping[Any, Any], *, named: bool = False) -> str:
        """A place in words: what the coder said, and what gold says where it differs."""
        same = all(row[f"same_{name}"] for name in ("stage", "valence", "codes"))
        passage = "" if pd.isna(row["passage"]) else str(row["passage"])
        words = passage if len(passage) <= 140 else passage[:139] + "…"
        if row["missing"] == "coder":
            said = self._say("you_missed", gold=self._answer(row, "gold_"))
        elif row["missing"] == "gold":
            said = self._say("gold_nothing", you=self._answer(row, ""))
        elif same:
            said = self._say("same", you=self._answer(row, ""))
        else:
            said = self._say("apart", you=self._answer(row, ""), gold=self._answer(row, "gold_"))
        mark, kind = ("✓", "good") if same else ("≠", "bad")
        before = f"{escape(str(row['id']))}: " if named else ""
        return (
            f'<li class="{kind}"><span aria-hidden="true">{mark}</span> {before}'
            f'<q dir="auto">{escape(words)}</q> {escape(said)}</li>'
        )

    def _answer(self, row: Mapping[Any, Any], of: str) -> str:
        stage, valence, codes = row[f"{of}stage"], row[f"{of}valence"], row[f"{of}codes"]
        parts: Sequence[str] = [
            *self._named(stage),
            *(
                []
                if pd.isna(valence)
                else [number(valence * 2, self.language, digits=0, sign=True)]
            ),
            *self._named(codes),
        ]
        return ", ".join(parts) or self._say("nothing")

    def _named(self, keys: object) -> list[str]:
        joined = keys if isinstance(keys, str) else ""
        return [self.names.get(key, key) for key in joined.split("; ") if key]
