"""Bodies of acts that do more than one coding: the codebook, many codings, memos, links.

The shape is checked here; whether the study accepts it is the desk's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cjm_widgets.widgets.checks import BadMessage, mapping, shown, text

_NAME, _DEFINITION, _MEMO = 200, 20_000, 100_000
_MOST = 20_000
"""Codings in one action."""

_FIELDS = ("name", "key", "kind", "definition", "colour")
_DO: dict[str, dict[str, tuple[str, ...]]] = {
    "codebook": {
        "add": (*_FIELDS, "parent", "before"),
        "change": ("code", "name", "kind", "definition", "colour"),
        "move": ("code", "parent", "before"),
        "merge": ("code", "into"),
        "split": ("code", "into", "codings"),
        "retire": ("code",),
        "revive": ("code",),
    },
    "memo": {"add": ("on", "text"), "change": ("text",), "remove": ()},
    "link": {"add": ("from", "to", "kind", "text"), "change": ("kind", "text"), "remove": ()},
}
_NEEDS = {"add": ("name",), "move": ("code",), "merge": ("code", "into"), "split": ("code", "into")}
_BULK = ("codings", "set", "add_codes", "remove_codes", "remove")


def body_of_deed(act: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a codebook, bulk, memo or link act, with nothing in it that is not known.

    Raises
    ------
    BadMessage
        If it is of another shape.
    """
    if act == "bulk":
        return _checked(act, body, _BULK)
    wanted = _DO[act]
    what = body.get("do")
    if not isinstance(what, str) or what not in wanted:
        raise BadMessage(f"{act} does one of {', '.join(wanted)}, not {shown(what)}")
    needed = _NEEDS.get(what, ()) if act == "codebook" else ()
    if missing := [key for key in needed if key not in body]:
        raise BadMessage(f"{what} needs {', '.join(missing)} in its body")
    return {"do": what} | _checked(what, body, wanted[what], past="do")


def _checked(
    what: str, body: Mapping[str, Any], allowed: tuple[str, ...], past: str = ""
) -> dict[str, Any]:
    given = {key: value for key, value in body.items() if key != past}
    if unknown := sorted(set(given) - set(allowed)):
        raise BadMessage(f"{what} knows no {shown(unknown[0])} in its body")
    return {
        key: _into(value) if key == "into" else _CHECKS[key](value) for key, value in given.items()
    }


def _key(value: object) -> str | None:
    return None if value is None else text(value, "a key")


def _keys(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > _MOST:
        raise BadMessage(f"a list of at most {_MOST} keys is needed, not {shown(value)}")
    return tuple(text(item, "a key") for item in value)


def _code(value: object) -> str | tuple[str, ...]:
    return text(value, "code") if isinstance(value, str) else _keys(value)


def _into(value: object) -> str | tuple[dict[str, Any], ...]:
    """A code to merge into, or the new codes of a split."""
    if isinstance(value, str):
        return text(value, "into")
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= 100:
        raise BadMessage(f"into is a key or a list of 1 to 100 new codes, not {shown(value)}")
    return tuple(_checked("a new code", mapping(item, "a new code"), _FIELDS) for item in value)


def _codings(value: object) -> dict[str, tuple[str, ...]] | tuple[str, ...]:
    """For a split a coding's uid and its new codes; for a bulk change the uids."""
    if not isinstance(value, Mapping):
        return _keys(value)
    given = mapping(value, "codings")
    if len(given) > _MOST:
        raise BadMessage(f"at most {_MOST} codings at once")
    return {text(uid, "a coding"): _keys(codes) for uid, codes in given.items()}


def _set(value: object) -> dict[str, Any]:
    given = mapping(value, "set")
    if unknown := sorted(set(given) - {"stage", "valence", "memo"}):
        raise BadMessage(f"set knows no {shown(unknown[0])}")
    made: dict[str, Any] = {}
    if "stage" in given:
        made["stage"] = _key(given["stage"])
    if "memo" in given:
        made["memo"] = text(given["memo"], "memo", longest=_MEMO, empty=True)
    if "valence" in given:
        made["valence"] = _valence(given["valence"])
    return made


def _valence(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise BadMessage(f"valence is a number from -1 to 1 or null, not {shown(value)}")
    return float(value)


def _on(value: object) -> tuple[str, str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise BadMessage(f"on is [kind, uid], not {shown(value)}")
    return text(value[0], "kind"), text(value[1], "uid", empty=True)


def _true(value: object) -> bool:
    if value is not True:
        raise BadMessage(f"remove is true or left out, not {shown(value)}")
    return True


def _words(longest: int, what: str) -> Callable[[object], str]:
    return lambda value: text(value, what, longest=longest, empty=True)


_CHECKS: dict[str, Callable[[object], Any]] = {
    "name": lambda value: text(value, "name", longest=_NAME),
    "key": lambda value: text(value, "key"),
    "kind": _words(_NAME, "kind"),
    "definition": _words(_DEFINITION, "definition"),
    "colour": _words(20, "colour"),
    "parent": _key,
    "before": _key,
    "code": _code,
    "codings": _codings,
    "set": _set,
    "add_codes": _keys,
    "remove_codes": _keys,
    "remove": _true,
    "on": _on,
    "text": _words(_MEMO, "text"),
    "from": lambda value: text(value, "from"),
    "to": lambda value: text(value, "to"),
}
