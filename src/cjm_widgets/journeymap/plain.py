"""A map's facts as JSON, and back without loss.

The fields of the frozen parts are the format: what a part gains, the file gains. Fields that
have their usual value are left out. A file of a newer version says so instead of losing what
this one does not know.
"""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Union

from cjm_widgets.errors import ReadError
from cjm_widgets.journeymap import facts as parts
from cjm_widgets.journeymap.facts import JourneyMap

FORMAT = "cjm-map"
VERSION = 1


def dumped(facts: JourneyMap) -> dict[str, Any]:
    """The facts as what JSON can hold: ``format``, ``version``, ``map``."""
    return {"format": FORMAT, "version": VERSION, "map": _plain(facts)}


def to_json(facts: JourneyMap) -> str:
    """The facts as a JSON text; `from_json` gives an equal map."""
    return json.dumps(dumped(facts), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def loaded(given: Any, file: str | None = None) -> JourneyMap:
    """The facts out of what `dumped` made.

    Raises
    ------
    ReadError
        If it is no map, was written by a newer version, or a value is of the wrong kind.
    """
    if not isinstance(given, Mapping) or given.get("format") != FORMAT:
        raise ReadError(f'this is no map: "format": "{FORMAT}" is missing', file=file)
    version = given.get("version")
    if version != VERSION:
        raise ReadError(
            f"the map has version {version!r}, this package reads {VERSION}; "
            f"run: pip install -U cjm-widgets",
            file=file,
        )
    try:
        made: JourneyMap = _made(JourneyMap, given.get("map"), "map")
    except _Wrong as error:
        raise ReadError(str(error), file=file) from error
    return made


def from_json(text: str | bytes, file: str | None = None) -> JourneyMap:
    """The facts out of a JSON text.

    Parameters
    ----------
    text
        As `to_json` wrote it.
    file
        Named in messages.

    Raises
    ------
    ReadError
        If it is no JSON, no map, or was written by a newer version.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"this is no JSON: {error}", file=file) from error
    return loaded(given, file)


class _Wrong(ValueError):
    """A value that does not fit its field."""


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {field: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {f.name: _plain(found) for f, found in told.items() if not _usual(f, found)}
    if isinstance(value, Mapping):
        return {str(key): _plain(found) for key, found in value.items()}
    if isinstance(value, tuple):
        return [_plain(found) for found in value]
    return value.isoformat() if isinstance(value, date) else value


def _usual(field: dataclasses.Field[Any], value: Any) -> bool:
    if field.default is not dataclasses.MISSING:
        return bool(value == field.default and isinstance(value, type(field.default)))
    made = field.default_factory
    return made is not dataclasses.MISSING and bool(value == made())


def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, vars(parts) | {"date": date, "datetime": datetime})


def _made(kind: Any, value: Any, where: str) -> Any:
    """A value as its field's type has it."""
    if dataclasses.is_dataclass(kind):
        return _part(kind, value, where)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inner:
            return None
        [only] = [one for one in inner if one is not type(None)]
        return _made(only, value, where)
    if origin is Literal:
        if value not in inner:
            raise _Wrong(f"{where}: {value!r} is none of {', '.join(map(repr, inner))}")
        return value
    if origin is tuple:
        return _several(inner, value, where)
    if origin is not None:
        _need(isinstance(value, Mapping), value, "an object", where)
        return {key: _made(inner[1], found, f"{where}.{key}") for key, found in value.items()}
    return _single(kind, value, where)


def _part(kind: Any, value: Any, where: str) -> Any:
    _need(isinstance(value, Mapping), value, "an object", where)
    hints = _hints(kind)
    unknown = sorted(set(value) - set(hints))
    if unknown:
        raise _Wrong(
            f"{where}: nobody knows {unknown[0]!r}; a newer version wrote it, run: "
            f"pip install -U cjm-widgets"
        )
    given = {name: _made(hints[name], found, f"{where}.{name}") for name, found in value.items()}
    if kind is parts.Persona and not given.get("picture", "").startswith("data:image/"):
        # An address would be fetched by whoever opens the map.
        given.pop("picture", None)
    try:
        return kind(**given)
    except TypeError as error:
        raise _Wrong(f"{where}: {str(error).removeprefix(kind.__name__)}") from error


def _several(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _need(isinstance(value, list), value, "a list", where)
    if inner[1:] == (Ellipsis,):
        return tuple(_made(inner[0], found, f"{where}[{i}]") for i, found in enumerate(value))
    _need(len(value) == len(inner), value, f"a list of {len(inner)}", where)
    pairs = zip(inner, value, strict=True)
    return tuple(_made(one, found, f"{where}[{i}]") for i, (one, found) in enumerate(pairs))


def _single(kind: Any, value: Any, where: str) -> Any:
    if kind in (date, datetime):
        try:
            return kind.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise _Wrong(f"{where}: {value!r} is no {kind.__name__} such as 2026-03-14") from error
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        _need(math.isfinite(value), value, "a finite number", where)
        return value
    exact = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    _need(exact, value, kind.__name__, where)
    return value


def _need(fits: bool, value: Any, wanted: str, where: str) -> None:
    if not fits:
        raise _Wrong(f"{where} is {wanted}, not {value!r:.80}")
