"""Verbs about several coders: how far they agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cjm_widgets.errors import ArgumentError, NoEvidence, UnknownName
from cjm_widgets.measure.agreement.agreement_table import By, On, agreement_table
from cjm_widgets.store.tables.lengths import coded_lengths
from cjm_widgets.study.base import StudyBase
from cjm_widgets.study.evidence import evidence
from cjm_widgets.view.coding.agreement_view import AgreementView

if TYPE_CHECKING:
    from cjm_widgets.view.parts.theme import Theme


class Agreement(StudyBase):
    """Several coders of the same texts."""

    def agreement(
        self,
        coders: Iterable[str] | None = None,
        on: On = "stage",
        by: By | None = None,
        *,
        theme: Theme = "auto",
    ) -> AgreementView:
        """How far coders agree on the texts that two or more of them coded.

        Parameters
        ----------
        coders
            Whose codings to compare; None for all people who coded (a settled consensus is
            nobody's own coding and left out).
        on
            ``"stage"``, ``"valence"``: of each coder's main coding of a text, the longest
            passage that has one. ``"codes"``: all codes a coder gave in the text.
        by
            None: all texts together. ``"stage"``, ``"code"``: each one. ``"text"``: each text.
            ``"pair"``: each two coders.
        theme
            ``auto`` follows the notebook.

        Returns
        -------
        AgreementView
            Shows itself as a table. `frame` has `measure`, `level`, `scope`, `value`, `low`,
            `high` (95 % bootstrap interval, by respondent), `n` (texts; per text: coders) and
            `reading`: what the figure says, and what to beware of.

        Raises
        ------
        NoEvidence
            If no text has been coded by two of the coders.
        UnknownName
            If a coder, `on` or `by` is unknown.
        ArgumentError
            If fewer than two coders are named.

        Notes
        -----
        Percent agreement, Cohen's kappa (two coders), Fleiss' kappa, Krippendorff's alpha and
        Gwet's AC1 on texts; the unitised alpha and agreement on characters, with and without
        uncoded text, on passages. Stages that the journey has no more count as not given. See
        docs/agreement.md for what each means.
        """
        known = self._store.coders()
        people = known.loc[~known["kind"].isin(["consensus", "training"]), "coder"].tolist()
        chosen = people if coders is None else self._named(coders, known["coder"].tolist())
        codings = self._store.codings()
        codings = evidence.current(codings[codings["coder"].isin(chosen)], self.journey)
        table = agreement_table(codings, coded_lengths(self._store.base), on, by, self.language)
        shared = codings.groupby("feedback")["coder"].nunique()
        texts = int((shared > 1).sum())
        if not texts or not len(table):
            raise NoEvidence(
                f"no text has been coded{'' if on == 'stage' and not texts else f' with {on}'} by "
                f"two of the coders ({', '.join(map(repr, chosen)) or 'nobody has coded yet'}): "
                f"let another person code the same texts, with study.coder(name)"
            )
        return AgreementView(
            table,
            on=on,
            by=by,
            coders=tuple(chosen),
            texts=texts,
            names=self._names_of(by),
            language=self.language,
            theme=theme,
        )

    def _named(self, coders: Iterable[str], known: list[str]) -> list[str]:
        chosen = [coders] if isinstance(coders, str) else list(dict.fromkeys(coders))
        for name in chosen:
            if name not in known:
                raise UnknownName("coder", name, known)
        if len(chosen) < 2:
            raise ArgumentError(
                f"coders={chosen!r}: two names or more are needed, since agreement is between "
                f"people; known: {', '.join(map(repr, known))}"
            )
        return chosen

    def _names_of(self, by: By | None) -> dict[str, str]:
        """What scopes are called when they are shown."""
        if by == "stage":
            return {stage.key: stage.name(self.language) for stage in self.journey}
        if by == "code":
            return {code.key: code.name for code in self.codebook}
        if by == "text":
            rows = self._store.codings()[["feedback", "source_id"]].drop_duplicates()
            return {
                str(n): name for n, name in zip(rows["feedback"], rows["source_id"], strict=True)
            }
        return {}
