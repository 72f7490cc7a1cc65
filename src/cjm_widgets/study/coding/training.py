"""Verbs for new coders: coding against a gold sample, with feedback after each text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.agreement.training import by_label, by_place, by_text
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.suggestion import Drawn
from cjm_widgets.store import StoreDesk
from cjm_widgets.store.contents.training import trainee, trainees
from cjm_widgets.study.base import StudyBase
from cjm_widgets.view.coding.gold_view import GoldView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme
    from cjm_widgets.widgets.trainer import TrainerWidget

TRAINED = " (training)"
"""Stands behind the name of whoever trains."""
HANDED = "training"
"""Setting: what was handed in, by trainee and gold, as it was when it was handed in."""


class Training(StudyBase):
    """Learning to code as others do."""

    def train(self, coder: str, gold: str = "consensus", *, theme: Theme = "auto") -> TrainerWidget:
        """The coding widget on a gold sample, for somebody who learns.

        Parameters
        ----------
        coder
            Who learns. What they code here stands under a name of its own (``… (training)``) and
            counts in no figure.
        gold
            Whose codings are right: a coder's, or ``"consensus"`` (what `review` settled).
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        TrainerWidget
            Shows the texts that gold has coded, without gold's codings. When the trainee goes to
            another text, what was coded is handed in, and feedback on it stands below: where
            they agree, where not, share and kappa so far.

        Raises
        ------
        UnknownName, NoEvidence
            If nobody of that name has coded anything.
        ArgumentError
            If the coder has no name, or is gold themselves.
        """
        from cjm_widgets.widgets.trainer import TrainerWidget

        if not isinstance(coder, str) or not coder.strip():
            raise ArgumentError(f"a coder needs a name that is a non-empty text, not {coder!r}")
        if coder.strip() == gold:
            raise ArgumentError(f"{coder!r} cannot learn from their own codings; name another gold")
        texts = sorted(self._gold(gold))
        name = trainee(self._store.base, coder.strip())
        drawn = Drawn(f"gold {gold}", tuple(texts), (1.0,) * len(texts))
        desk = StoreDesk(self._store, name, sample=drawn)

        def handed(here: int | None) -> str:
            last = None if here is None else self._hand_in(name, gold, here)
            return self._gold_view(name, gold, theme).feedback(last)

        return TrainerWidget(desk, handed, language=self.language, theme=theme)

    def gold(self, coder: str, gold: str = "consensus", *, theme: Theme = "auto") -> GoldView:
        """How somebody who trained did against gold.

        Parameters
        ----------
        coder
            Who trained.
        gold
            Whose codings are right.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        GoldView
            Shows itself with each difference in words. `frame` has a place a row: `feedback`,
            `id`, `start`, `stop`, `passage`, `gold_stage`, `stage`, `gold_valence`, `valence`,
            `gold_codes`, `codes`, `same_stage`, `same_valence`, `same_codes`, `missing`.
            `texts`: text by text in the order of handing in, with `share` and `kappa` up to it.
            `labels`: by stage and code how often gold gave it, the coder, and both.

        Raises
        ------
        UnknownName, NoEvidence
            If nobody of the name `gold` has coded anything, or nobody of the name `coder` has
            trained.

        Notes
        -----
        What counts is what was handed in first: a coding put right after the feedback proves
        nothing.
        """
        known = [name.removesuffix(TRAINED) for name in trainees(self._store.base)]
        if coder not in known:
            raise UnknownName("coder who has trained", coder, known)
        return self._gold_view(f"{coder}{TRAINED}", gold, theme)

    def _gold(self, gold: str) -> dict[int, list[Coding]]:
        """Gold's codings by text, in the texts' present version."""
        known = self._store.coders()
        names = known["coder"].tolist()
        if gold == "consensus" and gold not in names:
            raise NoEvidence(
                "nothing is settled yet: settle differences with study.review(who=…), or name a "
                "coder whose codings are right (gold=…)"
            )
        if gold not in names:
            raise UnknownName("coder (argument 'gold')", gold, names)
        found = _by_text(self._store.codings(gold))
        versions = self._store.texts(found).set_index("feedback")["version"]
        now = {
            text: [one for one in codings if one.version == versions.get(text)]
            for text, codings in found.items()
        }
        return {text: codings for text, codings in now.items() if codings}

    def _hand_in(self, name: str, gold: str, here: int) -> int | None:
        """Keep what was coded in texts that were left; gives the last of them."""
        every = self._store.setting(HANDED) or {}
        kept = every.setdefault(name, {}).setdefault(gold, {})
        mine = _by_text(self._store.codings(name))
        new = [t for t in self._gold(gold) if t in mine and t != here and str(t) not in kept]
        for text in new:
            kept[str(text)] = [
                [one.start, one.stop, one.stage, one.valence, list(one.codes)] for one in mine[text]
            ]
        if new:
            self._store.set_setting(HANDED, every)
        return int(list(kept)[-1]) if kept else None

    def _gold_view(self, name: str, gold: str, theme: Theme) -> GoldView:
        right = self._gold(gold)
        kept = ((self._store.setting(HANDED) or {}).get(name) or {}).get(gold) or {}
        mine = {
            int(text): [_coding(name, int(text), at, one) for at, one in enumerate(codings)]
            for text, codings in kept.items()
            if int(text) in right
        }
        places = by_place(right, mine)
        texts = self._store.texts(mine).set_index("feedback")
        ids = texts["source_id"].reindex(places["feedback"]).astype("str").to_numpy()
        words = texts["text"].to_dict()
        columns = (places[name] for name in ("feedback", "start", "stop"))
        passages = [words.get(text, "")[a:b] for text, a, b in zip(*columns, strict=True)]
        places.insert(1, "id", pd.Series(ids, dtype="str"))
        places.insert(4, "passage", pd.Series(passages, dtype="str"))
        return GoldView(
            places,
            by_text(right, mine),
            by_label(places),
            who=(name.removesuffix(TRAINED), gold),
            names={stage.key: stage.name(self.language) for stage in self.journey}
            | {code.key: code.name for code in self.codebook},
            titles=_titles(texts),
            language=self.language,
            theme=theme,
        )


def _titles(texts: pd.DataFrame) -> dict[int, str]:
    """What texts are called in the coding widget."""
    named = texts["respondent"].fillna(texts["source_id"]).dropna()
    return dict(zip(named.index.tolist(), named.astype("str").tolist(), strict=True))


def _coding(name: str, text: int, at: int, said: Sequence[Any]) -> Coding:
    start, stop, stage, valence, codes = said
    return Coding(str(at), text, 1, start, stop, name, stage, valence, tuple(codes))


def _by_text(codings: pd.DataFrame) -> dict[int, list[Coding]]:
    names = ("uid", "feedback", "version", "start", "stop", "coder", "stage", "valence", "codes")
    found: dict[int, list[Coding]] = {}
    for row in codings[list(names)].to_dict("records"):
        said: dict[str, Any] = {str(k): None if pd.isna(v) else v for k, v in row.items()}
        said["codes"] = tuple(code for code in (said["codes"] or "").split("; ") if code)
        found.setdefault(int(row["feedback"]), []).append(Coding(**said))
    return found
