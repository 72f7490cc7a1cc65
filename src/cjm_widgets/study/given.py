"""Codings made elsewhere, checked row by row before any of them is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cjm_widgets.errors import ArgumentError, ReadError, UnknownName
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store

if TYPE_CHECKING:
    import pandas as pd


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
    low, high = valence_scale
    if not low < high:
        raise ArgumentError(f"valence_scale is (worst, best) with worst < best, not {(low, high)}")
    if "id" not in table.columns:
        raise ReadError(
            f"codings need a column 'id' with the texts' own ids; it has: "
            f"{', '.join(map(str, table.columns))}",
            file=file,
        )
    texts = _texts(store, set(table["id"].astype("str")), of, file)
    codes = {code.key: code.key for code in store.codebook()}
    codes |= {code.name.casefold(): code.key for code in store.codebook()}
    made = []
    for row, record in _records(table):

        def wrong(problem: str, column: str, row: int = row) -> ReadError:
            return ReadError(problem, file=file, row=row, column=column)

        key = str(record["id"])
        if key not in texts:
            raise wrong(f"the study has no text with the id {key!r}; add the texts first", "id")
        feedback, version, words = texts[key]
        try:
            start, stop = _passage(record, words)
            stage = record.get("stage")
            made.append(
                Coding(
                    uid="",
                    feedback=feedback,
                    version=version,
                    start=start,
                    stop=stop,
                    coder=str(record[coder]) if coder in table.columns else coder,
                    stage=None if stage is None else journey.stage(str(stage)).key,
                    valence=_scaled(record.get("valence"), low, high),
                    codes=tuple(_codes(record.get("codes"), codes)),
                    memo=str(record.get("memo") or ""),
                    origin="import",
                )
            )
        except UnknownName as error:
            raise wrong(str(error), "stage" if "stage" in str(error) else "codes") from error
        except ArgumentError as error:
            raise wrong(str(error), "passage") from error
    return made


def _records(table: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows by the number a spreadsheet shows; missing cells are None."""
    plain = table.astype(object).where(table.notna(), None)
    yield from enumerate(plain.to_dict("records"), start=2)


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
    return found


def _passage(record: dict[str, Any], words: str) -> tuple[int, int]:
    """Where the passage stands, by its offsets, by its words, or the whole text."""
    start, stop, passage = (record.get(name) for name in ("start", "stop", "passage"))
    if start is not None and stop is not None:
        start, stop = int(start), int(stop)
        if stop > len(words):
            raise ArgumentError(
                f"[{start}, {stop}) reaches beyond the text, which has {len(words)} code points"
            )
        if passage is not None and words[start:stop] != passage:
            raise ArgumentError(
                f"[{start}, {stop}) holds {words[start:stop]!r}, not {passage!r}; offsets count "
                f"Unicode code points"
            )
        return start, stop
    if passage is None:
        return 0, len(words)
    place = words.find(str(passage))
    if place < 0:
        raise ArgumentError(f"the text does not hold {passage!r}")
    return place, place + len(str(passage))


def _scaled(value: Any, low: float, high: float) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(str(value).replace("−", "-").replace(",", "."))
    except ValueError:
        raise ArgumentError(f"the valence {value!r} is not a number") from None
    if not low <= number <= high:
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
