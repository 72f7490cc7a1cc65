"""Codings made elsewhere, checked row by row before any of them is stored."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store

if TYPE_CHECKING:
    import pandas as pd

_NAMELESS = re.compile(r"~\d{1,18}")


STEPS = (-2.0, 2.0)
"""The coding widget's scale of valence."""


def narrow(codings: Iterable[Coding]) -> bool:
    """Whether valences read as steps −2…2 would all fit −1…1, the scale of scores."""
    said = [abs(coding.valence) for coding in codings if coding.valence is not None]
    return 0 < max(said, default=0) <= 0.5


def codings_of(
    table: pd.DataFrame,
    file: str,
    coder: str,
    valence_scale: tuple[float, float],
    store: Store,
    journey: Journey,
    of: str | None,
) -> list[Coding]:
    """The codings of a table; see `Study.add_codings`."""
    try:
        low, high = (float(end) for end in valence_scale)
    except (TypeError, ValueError):
        low = high = 0.0
    if not math.isfinite(low + high) or low == high:
        raise ArgumentError(f"valence_scale is two numbers, (worst, best), not {valence_scale!r}")
    if "id" not in table.columns:
        raise ReadError(
            f"codings need a column 'id' with the texts' own ids; it has: "
            f"{', '.join(map(str, table.columns))}",
            file=file,
        )
    rows = list(_records(table))
    texts = _texts(store, {key for _, record in rows if (key := _id(record["id"]))}, of, file)
    codes = {code.name.casefold(): code.key for code in store.codebook()}
    codes |= {code.key: code.key for code in store.codebook()}
    named = coder in table.columns
    made = []
    for row, record in rows:
        try:
            column = "id"
            feedback, version, words = _text(texts, record["id"])
            column = "start"
            start, stop = _passage(record, words)
            column = "stage"
            stage = record.get("stage")
            stage_key = None if stage is None else journey.stage(str(stage)).key
            column = "valence"
            valence = _scaled(record.get("valence"), low, high)
            column = "codes"
            borne = tuple(_codes(record.get("codes"), codes))
            column = coder
            if named and record[coder] is None:
                raise ArgumentError("nobody is named as the coder")
            made.append(
                Coding(
                    uid="",
                    feedback=feedback,
                    version=version,
                    start=start,
                    stop=stop,
                    coder=str(record[coder]).strip() if named else coder,
                    stage=stage_key,
                    valence=valence,
                    codes=borne,
                    memo=str(record.get("memo") or ""),
                    origin="import",
                )
            )
        except ArgumentError as error:
            raise ReadError(str(error), file=file, row=row, column=column) from error
    return made


def _records(table: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows by their numbers; missing cells are None."""
    plain = table.astype(object).where(table.notna(), None)
    for row, record in zip(table.index, plain.to_dict("records"), strict=True):
        yield int(row), {str(name): value for name, value in record.items()}


def _id(value: Any) -> str:
    """An id as text; a column of numbers with gaps has made 7.0 of 7."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _text(texts: dict[str, tuple[int, int, str]], given: Any) -> tuple[int, int, str]:
    key = _id(given)
    if not key:
        raise ArgumentError("the coding names no text; give the id of one")
    if key not in texts:
        raise ArgumentError(f"the study has no text with the id {key!r}; add the texts first")
    return texts[key]


def _texts(
    store: Store, wanted: set[str], of: str | None, file: str
) -> dict[str, tuple[int, int, str]]:
    """Each wanted id's number, version and words."""
    found: dict[str, tuple[int, int, str]] = {}
    rows = store.by_source_id(sorted(wanted), of)
    columns = ("source_id", "source", "feedback", "version", "text")
    for key, _, number, version, text in zip(*(rows[c] for c in columns), strict=True):
        if key in found:
            sources = sorted(rows.loc[rows["source_id"] == key, "source"])
            raise ReadError(
                f"the id {key!r} stands in {' and in '.join(sources)}; say which is meant: of='…'",
                file=file,
            )
        found[str(key)] = (int(number), int(version), str(text))
    # Texts whose source has no ids are called by their numbers, as `codings` shows them.
    nameless = {int(key[1:]) for key in wanted - found.keys() if _NAMELESS.fullmatch(key)}
    rows = store.texts(nameless)
    for _, row in rows[rows["source_id"].isna()].iterrows():
        found[f"~{row['feedback']}"] = int(row["feedback"]), int(row["version"]), str(row["text"])
    return found


def _passage(record: dict[str, Any], words: str) -> tuple[int, int]:
    """Where the passage stands, by its offsets, by its words, or the whole text."""
    start, stop = (_offset(record.get(name)) for name in ("start", "stop"))
    passage = record.get("passage")
    if (start is None) != (stop is None):
        raise ArgumentError("a passage has a start and a stop; give both, or none of them")
    if start is not None and stop is not None:
        if not 0 <= start < stop:
            raise ArgumentError(f"[{start}, {stop}) is no passage; start is below stop, from 0")
        if stop > len(words):
            raise ArgumentError(
                f"[{start}, {stop}) reaches beyond the text, which has {len(words)} code points; "
                f"leave start and stop empty and give the words as passage"
            )
        if passage is not None and words[start:stop] != str(passage):
            raise ArgumentError(
                f"[{start}, {stop}) holds {_cut(words[start:stop])}, not {_cut(passage)}; offsets "
                f"count Unicode code points; leave them empty to have the passage looked for"
            )
        return start, stop
    if passage is None:
        return 0, len(words)
    place = words.find(str(passage))
    if place < 0:
        raise ArgumentError(f"the text does not hold {_cut(passage)}; correct the passage")
    if words.find(str(passage), place + 1) >= 0:
        raise ArgumentError(
            f"the text holds {_cut(passage)} more than once; give start and stop as well"
        )
    return place, place + len(str(passage))


def _offset(value: Any) -> int | None:
    if value is None:
        return None
    try:
        number = float(str(value))
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        raise ArgumentError(f"the offset {value!r} is not a whole number") from None
    return int(number)


def _cut(words: Any) -> str:
    """Words in a message: enough to recognise them."""
    text = str(words)
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def _scaled(value: Any, low: float, high: float) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(str(value).replace("−", "-").replace(",", "."))
    except ValueError:
        raise ArgumentError(f"the valence {value!r} is not a number") from None
    if not min(low, high) <= number <= max(low, high):
        raise ArgumentError(f"the valence {number:g} is not on the scale {low:g}…{high:g}")
    return 2 * (number - low) / (high - low) - 1


def _codes(cell: Any, known: dict[str, str]) -> Iterator[str]:
    for name in str(cell or "").split(";"):
        wanted = name.strip()
        if not wanted:
            continue
        if wanted not in known and wanted.casefold() not in known:
            raise UnknownName("code", wanted, known)
        yield known.get(wanted) or known[wanted.casefold()]
