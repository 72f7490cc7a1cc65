"""What a browser may say to the kernel: checked here, once, before any desk sees it.

docs/protocol.md describes the messages. Everything that arrives is data from outside: a
message of another shape is `BadMessage`, never an exception of Python's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from cjm_widgets.model.desk import Act, Op, Order, Query, Status
from cjm_widgets.model.suggestion import By
from cjm_widgets.widgets.bodies import body_of_deed
from cjm_widgets.widgets.checks import BadMessage, mapping, optional_whole, shown, text, whole

PROTOCOL = 1
"""Version of the messages; another one is refused."""

_WORDS = 1_000
_MEMO = 100_000
_CODES = 500

_BODY: dict[str, tuple[str, ...]] = {
    "code": (
        "feedback",
        "start",
        "stop",
        "stage",
        "valence",
        "codes",
        "memo",
        "origin",
        "suggestion",
    ),
    "edit": ("start", "stop", "stage", "valence", "codes", "memo"),
    "remove": (),
    "undo": (),
    "redo": (),
    "refuse": (
        "feedback",
        "start",
        "stop",
        "stage",
        "codes",
        "valence",
        "probability",
        "by",
        "model",
    ),
}


def query_of(value: object) -> Query:
    """The queue a browser asks for."""
    given = mapping({} if value is None else value, "query")
    status = given.get("status", "all")
    if status not in get_args(Status):
        raise BadMessage(f"status is all, todo or done, not {shown(status)}")
    filters = mapping(given.get("filters", {}), "filters")
    if len(filters) > 100:
        raise BadMessage("at most 100 filters")
    order = given.get("order", "order")
    if order not in get_args(Order):
        raise BadMessage(f"order is one of {', '.join(get_args(Order))}, not {shown(order)}")
    return Query(
        order=cast(Order, order),
        status=cast(Status, status),
        search=text(given.get("search", ""), "search", longest=_WORDS, empty=True),
        filters={
            text(key, "filter"): text(item, "filter value", longest=_WORDS, empty=True)
            for key, item in filters.items()
        },
    )


def op_of(message: Mapping[str, Any]) -> Op:
    """One thing a coder does."""
    act = message.get("act")
    if not isinstance(act, str) or act not in get_args(Act):
        raise BadMessage(f"act is one of {', '.join(get_args(Act))}, not {shown(act)}")
    body = message.get("body")
    row = message.get("row")
    base = message.get("base")
    expect = message.get("expect")
    if act in ("code", "edit", "remove", "refuse", "memo", "link"):
        text(row, "row")
    return Op(
        op=text(message.get("op"), "op"),
        act=cast(Act, act),
        row=None if row is None else text(row, "row"),
        base=text(base, "base") if isinstance(base, str) else optional_whole(base, "base"),
        seen_version=optional_whole(message.get("seen_version"), "seen_version"),
        expect=None if expect is None else text(expect, "expect"),
        body=_body_of(act, mapping({} if body is None else body, "body")),
    )


def _body_of(act: str, body: Mapping[str, Any]) -> dict[str, Any]:
    if act not in _BODY:
        return body_of_deed(act, body)
    allowed = _BODY[act]
    if unknown := sorted(set(body) - set(allowed)):
        raise BadMessage(f"{act} knows no {shown(unknown[0])} in its body")
    missing = {"feedback", "start", "stop"} - set(body) if act in ("code", "refuse") else set()
    if missing:
        raise BadMessage(f"{act} needs {', '.join(sorted(missing))} in its body")
    return {key: _CHECKS[key](value) for key, value in body.items()}


def said_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody says of a passage, checked: any of the fields of an edit."""
    return _body_of("edit", body)


def _stage(value: object) -> str | None:
    return None if value is None else text(value, "stage")


def _valence(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadMessage(f"valence is a number from -1 to 1 or null, not {shown(value)}")
    number = float(value)
    if not math.isfinite(number) or abs(number) > 1:
        raise BadMessage(f"valence is a number from -1 to 1 or null, not {shown(value)}")
    return number


def _codes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > _CODES:
        raise BadMessage(f"codes is a list of at most {_CODES} keys, not {shown(value)}")
    return tuple(text(item, "code") for item in value)


def _memo(value: object) -> str:
    return text(value, "memo", longest=_MEMO, empty=True)


def _origin(value: object) -> str:
    if value not in ("human", "suggestion"):
        raise BadMessage(f"origin is human or suggestion, not {shown(value)}")
    return str(value)


_PROPOSED = ("uid", "stage", "codes", "valence", "probability", "by", "model")


def _suggestion(value: object) -> dict[str, Any]:
    given = mapping(value, "suggestion")
    if unknown := sorted(set(given) - set(_PROPOSED)):
        raise BadMessage(f"a suggestion knows no {shown(unknown[0])}")
    return {
        key: text(item, "uid") if key == "uid" else _CHECKS[key](item)
        for key, item in given.items()
    }


def _chance(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadMessage(f"probability is a number from 0 to 1 or null, not {shown(value)}")
    return float(value)


def _by(value: object) -> str:
    if value not in get_args(By):
        raise BadMessage(f"by is one of {', '.join(get_args(By))}, not {shown(value)}")
    return str(value)


_CHECKS: dict[str, Callable[[object], Any]] = {
    "feedback": lambda value: whole(value, "feedback"),
    "start": lambda value: whole(value, "start"),
    "stop": lambda value: whole(value, "stop", least=1),
    "stage": _stage,
    "valence": _valence,
    "codes": _codes,
    "memo": _memo,
    "origin": _origin,
    "suggestion": _suggestion,
    "probability": _chance,
    "by": _by,
    "model": lambda value: text(value, "model", longest=64, empty=True),
}


_QUEUE = ("order", "status", "search", "filters")


def marks_of(value: object) -> dict[str, Any]:
    """Where the coder is: small plain values only."""
    given = mapping(value, "values")
    known = ("text", "pos", "sentence", "keys", "suggest", *_QUEUE)
    if unknown := sorted(set(given) - set(known)):
        raise BadMessage(f"a bookmark knows no {shown(unknown[0])}")
    made: dict[str, Any] = {
        key: whole(given[key], key) for key in ("text", "pos", "sentence") if key in given
    }
    if "keys" in given:
        made["keys"] = _keys(given["keys"])
    if "suggest" in given:
        if not isinstance(given["suggest"], bool):
            raise BadMessage(f"suggest is true or false, not {shown(given['suggest'])}")
        made["suggest"] = given["suggest"]
    if set(_QUEUE) & set(given):
        query = query_of({key: given[key] for key in _QUEUE if key in given})
        wanted = {
            "order": query.order,
            "status": query.status,
            "search": query.search,
            "filters": dict(query.filters),
        }
        made |= {key: item for key, item in wanted.items() if key in given}
    return made


def _keys(value: object) -> dict[str, str]:
    """The keys a coder has chosen: a command's name and its chord."""
    given = mapping(value, "keys")
    if len(given) > 100:
        raise BadMessage("at most 100 keys")
    return {
        text(name, "command", longest=40): text(given[name], "key", longest=40) for name in given
    }
