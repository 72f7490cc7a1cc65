"""Verbs that draw texts to be rated, and keep with which chance each was drawn."""

from __future__ import annotations

import hashlib
import html
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.model.suggestion import Drawn
from cjm_widgets.store.desks import learning
from cjm_widgets.study.base import EDITOR
from cjm_widgets.study.coding.suggesting import Suggesting
from cjm_widgets.study.evidence import evidence
from cjm_widgets.study.evidence.stages import stage_of_texts
from cjm_widgets.suggest.drawing import POOL, drawn, pool_of
from cjm_widgets.words import say

if TYPE_CHECKING:
    from cjm_widgets.widgets.coder import CoderWidget

DRAW = "draw"
QUEUE, QUEUE_POOL = 500, 5_000
"""Texts of a coder's stratified queue, and among how many they are drawn."""
PLAIN = ("respondent", "channel", "touchpoint", "language")
MOST_STRATA = 100
SOURCES = ("people", "column", "vocabulary", "classifier")
_COLUMNS = {"feedback": "int64", "stratum": "str", "probability": "float64"}


@dataclass(frozen=True, slots=True)
class Draw:
    """Texts that were drawn to be rated; see `Study.sample`."""

    uid: str
    """Name of the draw, which codings made in it bear."""
    by: str | None
    frame: pd.DataFrame
    """`feedback`, `stratum`, `probability`, in the order in which to rate them."""
    texts: int
    """Texts in the study when they were drawn."""
    language: str
    _open: Callable[..., CoderWidget]

    def coder(self, name: str, **options: Any) -> CoderWidget:
        """The coding widget of one coder, on these texts only; options are those of
        `Study.coder`."""
        return self._open(name, sample=self.uid, **options)

    @property
    def drawn(self) -> Drawn:
        """What a coder's desk is given."""
        return Drawn(
            self.uid,
            tuple(self.frame["feedback"].tolist()),
            tuple(self.frame["probability"].tolist()),
        )

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        return f"Draw({self.uid!r}: {len(self)} of {self.texts} texts by {self.by!r})"

    def _repr_html_(self) -> str:
        table = self.frame.groupby("stratum", as_index=False).agg(
            texts=("feedback", "size"), probability=("probability", "first")
        )
        head = say("suggest.draw", self.language, n=len(self), texts=f"{self.texts:,}")
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{html.escape(str(name)) or '–'}</th>"
            f"<td style='text-align:right'>{n}</td>"
            f"<td style='text-align:right'>{p:.3g}</td></tr>"
            for name, n, p in table.itertuples(index=False)
        )
        titles = "".join(
            f"<th scope='col'>{html.escape(say(f'suggest.{key}', self.language))}</th>"
            for key in ("stratum", "drawn", "chance")
        )
        return (
            f"<div lang='{self.language}'><p>{html.escape(head)}</p>"
            f"<table><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


class Sampling(Suggesting):
    """Samples of texts for rating."""

    def sample(
        self,
        n: int,
        by: str | None = "stage",
        *,
        seed: int = 0,
        min_per: int = 10,
        coder: str | None = None,
        actor: str = EDITOR,
    ) -> Draw:
        """Draw texts to be rated, so that a calibrated curve can rest on them.

        Parameters
        ----------
        n
            How many texts; all, if there are not so many.
        by
            Texts are drawn from each stratum: ``"stage"`` (as coded, else told by a column, the
            journey's vocabulary or the classifier; texts without a stage are a stratum too), a
            column such as ``"language"`` or ``"question"``, or None for a simple random sample.
        seed
            The same seed draws the same texts of the same study.
        min_per
            Texts of each stratum at least, as far as there are any; the rest goes by size.
        coder
            Who is to rate them, as a note for `samples`; any coder may.
        actor
            Who draws; undone by ``study.undo(actor)``.

        Returns
        -------
        Draw
            `frame` holds `feedback`, `stratum` and `probability` (the chance each text had);
            ``.coder("ana")`` opens the widget on these texts. It is kept in the study.

        Raises
        ------
        ArgumentError
            If `n` or `min_per` is out of range, or the column has more than 100 values.
        UnknownName
            If there is no such column.
        NoEvidence
            If the study holds no texts.

        Notes
        -----
        From more than 50,000 texts a random pool of 50,000 is sorted into strata first; the
        probabilities account for both steps. Rate every text of a sample, also those that
        speak of no stage. Who stops early has rated a random part of every stratum.
        """
        if n < 1 or min_per < 0:
            raise ArgumentError(f"n is at least 1 and min_per at least 0, not {n!r}, {min_per!r}")
        made = self._design(n, by, seed, min_per, POOL)
        uid = uuid.uuid4().hex[:12]
        self._store.put_document(DRAW, uid, made | {"coder": coder}, actor, DRAW)
        return self._as_draw(uid, made)

    def samples(self) -> pd.DataFrame:
        """The samples drawn so far, and how far they are rated.

        Returns
        -------
        pandas.DataFrame
            A row per draw, the oldest first: `draw` (its name), `by`, `n` (texts drawn), `rated`
            (texts of it with a valence by anybody), `texts` (in the study then), `seed`, `coder`
            (for whom), `at` (UTC).
        """
        rated = {text for _, text, *_, v in learning.sampled(self._store.base) if v is not None}
        rows = [
            (
                uid,
                body["by"],
                len(body["feedback"]),
                sum(number in rated for number in body["feedback"]),
                body["texts"],
                body["seed"],
                body.get("coder"),
                pd.Timestamp(body["at"]),
            )
            for uid, body in self._store.documents(DRAW).items()
        ]
        columns = ["draw", "by", "n", "rated", "texts", "seed", "coder", "at"]
        kinds = {"draw": "str", "by": "str", "coder": "str", "at": "datetime64[us]"}
        return pd.DataFrame(rows, columns=columns).astype(
            kinds | dict.fromkeys(("n", "rated", "texts", "seed"), "int64")
        )

    def stage_sources(self) -> pd.DataFrame:
        """What tells the stage of how many texts, for an automatic curve.

        Returns
        -------
        pandas.DataFrame
            A row per `source`: ``people`` (codings), ``column`` (a touchpoint or question that
            stands for a stage), ``vocabulary`` (of the journey), ``classifier`` (learned from
            codings, once there are thirty), ``none``; with `texts` and their `share`. All but
            the first are predictions, and no codings are made of them.
        """
        places = evidence.all_places(self._store, self._ensure_journey(), self.language)
        total = self._store.totals().texts
        told = places.drop_duplicates("feedback")["by"].value_counts()
        counts = [int(told.get(name, 0)) for name in SOURCES]
        counts.append(total - sum(counts))
        frame = pd.DataFrame({"source": [*SOURCES, "none"], "texts": counts})
        share = frame["texts"] / total if total else np.nan
        return frame.astype({"source": "str", "texts": "int64"}).assign(share=share)

    def _sample_of(self, sample: Draw | str | None) -> Drawn | None:
        """What a desk is given for a draw or its name."""
        if sample is None or isinstance(sample, Draw):
            return None if sample is None else sample.drawn
        there = self._store.documents(DRAW)
        if sample not in there:
            raise UnknownName("sample", sample, list(there))
        return self._as_draw(sample, there[sample]).drawn

    def _as_draw(self, uid: str, body: dict[str, Any]) -> Draw:
        names = body["strata"]
        frame = pd.DataFrame(
            {
                "feedback": body["feedback"],
                "stratum": [names[at] for at in body["stratum"]],
                "probability": body["probability"],
            }
        ).astype(_COLUMNS)
        opener: Callable[..., CoderWidget] = self.coder  # type: ignore[attr-defined]  # Study has it
        return Draw(uid, body["by"], frame, body["texts"], self.language, opener)

    def _design(self, n: int, by: str | None, seed: int, least: int, most: int) -> dict[str, Any]:
        """A draw as it is kept."""
        texts = learning.numbers(self._store.base)
        if not len(texts):
            raise NoEvidence("the study holds no feedback yet: bring some in with study.add(…)")
        pool = pool_of(texts, seed, most)
        strata = self._sample_strata(pool, by)
        share = len(pool) / len(texts)
        made = drawn(strata, min(n, len(pool)), seed=seed, least=least, share=share)
        names = sorted(made["stratum"].unique())
        return {
            "by": by,
            "seed": seed,
            "min_per": least,
            "at": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
            "texts": len(texts),
            "upto": int(texts[-1]),
            "pool": len(pool),
            "sizes": {str(k): int(v) for k, v in strata.value_counts().sort_index().items()},
            "strata": names,
            "feedback": made["feedback"].tolist(),
            "stratum": [names.index(name) for name in made["stratum"]],
            "probability": made["probability"].tolist(),
        }

    def _sample_strata(
        self, pool: np.ndarray[Any, np.dtype[np.int64]], by: str | None
    ) -> pd.Series[str]:
        index = pd.Index(pool, name="feedback")
        if by is None:
            return pd.Series("", index=index, dtype="str")
        if by == "stage":
            return stage_of_texts(self._store, self._ensure_journey(), self.language, pool)
        known = [*PLAIN, *self._store.attributes()["attribute"]]
        if by not in known:
            raise UnknownName("column to sample by", by, ["stage", *known])
        values = self._store.values_of(by).reindex(index)
        names = values.astype("str").fillna("")
        if (count := names.nunique()) > MOST_STRATA:
            raise ArgumentError(
                f"by={by!r}: the column has {count:,} different values; choose one with at most "
                f"{MOST_STRATA}"
            )
        return names

    def _stratified(self, coder: str) -> Drawn:
        """The stratified sample of a coder's queue: drawn once, then always the same."""
        digest = hashlib.blake2b(coder.encode(), digest_size=6)
        uid = f"queue-{digest.hexdigest()}"
        there = self._store.documents(DRAW)
        if uid not in there:
            seed = int.from_bytes(digest.digest()[:4], "big")
            made = self._design(QUEUE, "stage", seed, 10, QUEUE_POOL)
            self._store.put_document(DRAW, uid, made | {"coder": coder}, EDITOR, DRAW)
            there = self._store.documents(DRAW)
        return self._as_draw(uid, there[uid]).drawn
