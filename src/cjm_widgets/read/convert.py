"""Rows of a table -> a feedback frame, and the problems on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cjm_widgets.model.columns import FEEDBACK
from cjm_widgets.read import dates, numbers, scales
from cjm_widgets.read.arrowed import texts
from cjm_widgets.read.cells import REPLACEMENT
from cjm_widgets.read.languages import code
from cjm_widgets.read.plan import Plan
from cjm_widgets.read.report import Problems
from cjm_widgets.read.survey import Findings, Hashes, filled_cells, hashes
from cjm_widgets.read.table import Batch, Table


@dataclass(slots=True)
class Converter:
    """Turns batch after batch into frames, counting as it goes."""

    table: Table
    plan: Plan
    findings: Findings
    problems: Problems
    rows: int = 0
    kept: int = 0
    left_out: int = 0
    replaced: int = 0
    _seen: set[int] = field(default_factory=set)

    def frame(self, batch: Batch) -> pd.DataFrame:
        """The texts of some rows, with all that belongs to them."""
        self.rows += len(batch)
        every = [self._texts(j, batch) for j in self.plan.text]
        filled = [filled_cells(one) for one in every]
        any_text = filled[0]
        for more in filled[1:]:
            any_text = pc.or_(any_text, more)
        if not pc.all(any_text).as_py():
            self._leave_out(batch, any_text)
            keep = pc.indices_nonzero(any_text)
            every = [one.take(keep) for one in every]
            filled = [one.take(keep) for one in filled]
            batch = Batch(batch.rows.take(keep), [one.take(keep) for one in batch.columns])
        about = self._about(batch)
        if self.plan.several:
            about, chosen = self._each_question(about, every, filled)
        else:
            about["text"], chosen = every[0], None
        self.kept += len(about["text"])
        return self._assembled(batch, about, chosen)

    def _texts(self, j: int, batch: Batch) -> Any:
        column = self._held(pc.fill_null(texts(batch.columns[j]), ""), j, batch)
        self._note("garbled", pc.match_substring_regex(column, _GARBLED), j, batch)
        ghosts = self.table.ghosts.get(j)
        if ghosts:
            # A merged cell is one text, however many rows it lies across.
            mask = pa.array(np.isin(batch.rows.to_numpy(), list(ghosts)))
            column = pc.if_else(mask, "", column)
        return column

    def _held(self, column: Any, j: int, batch: Batch) -> Any:
        """A text column without NUL, which no engine holds."""
        if not self.table.nul:
            return column
        wrong = pc.fill_null(pc.match_substring(column, "\x00"), False)
        if not pc.any(wrong).as_py():
            return column
        for i in pc.indices_nonzero(wrong).to_pylist():
            value = column[i].as_py()
            self.replaced += value.count("\x00")
            self.problems.add(
                "replaced",
                batch.rows[i].as_py(),
                self.table.columns[j],
                value.replace("\x00", REPLACEMENT),
            )
        return pc.replace_substring(column, "\x00", REPLACEMENT)

    def _leave_out(self, batch: Batch, any_text: Any) -> None:
        out = pc.indices_nonzero(pc.invert(any_text))
        self.left_out += len(out)
        blank = np.ones(len(out), dtype=bool)
        for column in batch.columns:
            blank &= ~filled_cells(column.take(out)).to_numpy(zero_copy_only=False)
        name = None if self.plan.several else self.table.columns[self.plan.text[0]]
        ghosts = self.table.ghosts.get(self.plan.text[0], set())
        for row, nothing in zip(batch.rows.take(out).to_pylist(), blank, strict=True):
            if nothing:
                self.problems.add("blank_row", row)
            else:
                self.problems.add("merged_text" if row in ghosts else "no_text", row, name)

    def _about(self, batch: Batch) -> dict[str, Any]:
        """The columns with a role, but for the text."""
        about: dict[str, Any] = {"row": batch.rows}
        for role in ("id", "respondent", "channel", "touchpoint", "language", "stage"):
            about[role] = self._label(role, batch)
        about["at"], about["valence"] = self._at(batch), self._valence(batch)
        if self.findings.twice is not None:
            self._note_twice(batch, self.findings.twice)
        return about

    def _label(self, role: str, batch: Batch) -> Any:
        j = self.plan.roles.get(role)
        if j is None:
            return pa.nulls(len(batch), pa.string())
        column = self._held(pc.utf8_trim_whitespace(texts(batch.columns[j])), j, batch)
        column = pc.if_else(pc.equal(pc.binary_length(column), 0), _NO_TEXT, column)
        return self._language(column, j, batch) if role == "language" else column

    def _language(self, column: Any, j: int, batch: Batch) -> Any:
        coded = column.dictionary_encode()
        known = [code(one) for one in coded.dictionary.to_pylist()]
        found = pa.array(known, pa.string()).take(coded.indices)
        self._note("unknown_language", pc.and_(pc.is_valid(column), pc.is_null(found)), j, batch)
        return found

    def _at(self, batch: Batch) -> Any:
        j = self.plan.roles.get("at")
        if j is None:
            return pa.nulls(len(batch), pa.timestamp("us"))
        moments, wrong = dates.parsed(batch.columns[j], self.findings.day_first)
        self._note("no_date", wrong, j, batch)
        return moments

    def _valence(self, batch: Batch) -> Any:
        j = self.plan.roles.get("valence")
        if j is None or self.findings.scale is None:
            return pa.nulls(len(batch), pa.float64())
        valence, wrong, off = scales.scaled(batch.columns[j], self.findings.scale)
        self._note("no_number", wrong, j, batch)
        self._note("off_scale", off, j, batch)
        return valence

    def _note(self, kind: str, mask: Any, j: int, batch: Batch) -> None:
        for i in pc.indices_nonzero(mask).to_pylist():
            self.problems.add(
                kind, batch.rows[i].as_py(), self.table.columns[j], batch.columns[j][i].as_py()
            )

    def _note_twice(self, batch: Batch, twice: Hashes) -> None:
        j = self.plan.roles["id"]
        found = hashes(batch.columns[j])
        for i in np.flatnonzero(np.isin(found, twice)).tolist():
            one = int(found[i])
            if one in self._seen:
                self.problems.add(
                    "id_twice", batch.rows[i].as_py(), self.table.columns[j], batch.columns[j][i]
                )
            self._seen.add(one)

    def _each_question(
        self, about: dict[str, Any], every: list[Any], filled: list[Any]
    ) -> tuple[dict[str, Any], Any]:
        """One feedback for each question answered, in the order of rows, then of questions."""
        names = [self.table.columns[j] for j in self.plan.text]
        where = [mask.to_numpy(zero_copy_only=False).nonzero()[0] for mask in filled]
        rows = np.concatenate(where)
        asked = np.concatenate([np.full(len(one), k) for k, one in enumerate(where)])
        order = np.lexsort((asked, rows))
        chosen, questions = pa.array(rows[order]), pa.array(asked[order])
        text = pa.concat_arrays([one.filter(mask) for one, mask in zip(every, filled, strict=True)])
        about = {name: column.take(chosen) for name, column in about.items()}
        about["text"] = text.take(pa.array(order))
        about["id"] = pc.binary_join_element_wise(about["id"], pa.array(names).take(questions), ":")
        labels = pa.array([self.table.labels.get(name, name) for name in names])
        about["question"] = labels.take(questions)
        return about, chosen

    def _assembled(self, batch: Batch, about: dict[str, Any], chosen: Any) -> pd.DataFrame:
        order = (*_ORDER, "question") if self.plan.several else _ORDER
        columns = {name: about[name] for name in order}
        whole = []
        for j, name in self.plan.attributes:
            column = self._attribute(j, batch)
            if pa.types.is_integer(column.type):
                whole.append(name)
            columns[name] = column if chosen is None else column.take(chosen)
        frame: pd.DataFrame = pa.table(list(columns.values()), names=list(columns)).to_pandas(
            types_mapper=_KINDS.get
        )
        frame["row"] = frame["row"].astype("int64")
        return frame

    def _attribute(self, j: int, batch: Batch) -> Any:
        column = batch.columns[j]
        style = self.findings.styles.get(j)
        if style is not None:
            return numbers.parsed(column, style)
        if pa.types.is_timestamp(column.type):
            column = texts(column)
        if not pa.types.is_string(column.type):
            return column
        column = self._held(column, j, batch)
        return pc.if_else(pc.equal(pc.binary_length(column), 0), _NO_TEXT, column)


_GARBLED = "Ã[\u0080-\u00bfƒŒœŠšŸŽžˆ˜–—‘’‚“”„†‡•…‰‹›€™]|â€[™œž“”˜¦¢\u009d]|Â[«»°\u00a0]"
"""é, ’ and their like, written as UTF-8 and then read as cp1252."""
_ORDER = tuple(column.name for column in FEEDBACK)
_NO_TEXT = pa.scalar(None, pa.string())
_KINDS = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype(na_value=np.nan)}
