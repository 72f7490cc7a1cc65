"""The scorers by name: those that come with the package, and those that others plug in."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib import metadata

from cjm_widgets.errors import ArgumentError, UnknownName
from cjm_widgets.score.calls import FunctionScorer, TextToNumber
from cjm_widgets.score.lexical.scorer import LexicalScorer
from cjm_widgets.score.protocol import Scorer
from cjm_widgets.score.textblob import TextBlobScorer
from cjm_widgets.score.transformer import PREFIX, TransformersScorer
from cjm_widgets.score.vader import VaderScorer

GROUP = "cjm_widgets.scorers"
"""Entry-point group: a name, and either a `Scorer` or a function from a language code to one."""

AnyScorer = str | Scorer | TextToNumber

_OWN: dict[str, Callable[[str], Scorer]] = {
    "cjm-en": lambda language: LexicalScorer("en"),
    "cjm-fr": lambda language: LexicalScorer("fr"),
    "textblob": TextBlobScorer,
    "textblob-fr": lambda language: TextBlobScorer("fr"),
    "vader": lambda language: VaderScorer(),
}
_NEEDS = {"vader": "vaderSentiment"}
"""Scorers that come with an extra, and the module that must be there."""
PREFERRED = {"en": ("cjm-en", "textblob"), "fr": ("cjm-fr", "textblob-fr")}
"""Language to the scorers to draw from when none is named, the best first.

The second was the default before there was the first; studies may hold its scores alone."""


def scorer_names() -> list[str]:
    """Names of all scorers, those of plugged-in packages included."""
    return sorted({*_OWN, *metadata.entry_points(group=GROUP).names})


def installed() -> list[str]:
    """Names of the scorers that could score now: those of extras only where they are there."""
    return [
        name
        for name in scorer_names()
        if name not in _NEEDS or importlib.util.find_spec(_NEEDS[name]) is not None
    ]


def knows(name: str) -> bool:
    """Whether a scorer can be had by that name."""
    return name.startswith(PREFIX) or name in scorer_names()


def default_scorer(language: str) -> Scorer | None:
    """The scorer of a language when none is named; None where there is none."""
    code = _code(language)
    return scorer(PREFERRED[code][0], code) if code in PREFERRED else None


def scorer(wanted: AnyScorer, language: str = "en") -> Scorer:
    """A scorer from whatever a user may name it by.

    Parameters
    ----------
    wanted
        A name (see `scorer_names`), ``"transformers:"`` and a folder with a model (see
        `TransformersScorer`), a function from a text to a number from −1 to 1 (or None where
        it knows nothing), or a `Scorer`.
    language
        ISO 639-1 code of the texts; ``"textblob"`` means textblob-fr for French.

    Raises
    ------
    UnknownName
        If no scorer has that name, or the one that has does not know the language.
    ArgumentError
        If it is none of the above.
    """
    if isinstance(wanted, str):
        return _named(wanted, _code(language))
    if isinstance(wanted, type):
        raise ArgumentError(f"{wanted.__name__} is a class; give one of its objects: write …()")
    if isinstance(wanted, Scorer):
        return wanted
    if callable(wanted):
        name = getattr(wanted, "__name__", type(wanted).__name__)
        version = str(getattr(wanted, "version", ""))
        return FunctionScorer(wanted, str(name), version, _code(language))
    raise ArgumentError(
        f"a scorer is a name ({', '.join(scorer_names())}), a function from a text to a number, "
        f"or an object with name, version, language and score; not {type(wanted).__name__}"
    )


def _code(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


def _named(name: str, language: str) -> Scorer:
    if name.startswith(PREFIX):
        return TransformersScorer(name.removeprefix(PREFIX))
    if name in _OWN:
        if name == "textblob" and language not in PREFERRED:
            raise UnknownName(f"scorer for texts in {language!r}", name, sorted(_plugged()))
        return _OWN[name](language)
    found = _plugged().get(name)
    if found is None:
        raise UnknownName("scorer", name, scorer_names())
    plugged = found.load()
    made = plugged if isinstance(plugged, Scorer) and not isinstance(plugged, type) else None
    if made is None and callable(plugged):
        made = plugged(language)
    if not isinstance(made, Scorer):
        raise ArgumentError(
            f"the entry point {name!r} of {GROUP} ({found.value}) is neither a scorer nor a "
            f"function from a language to one"
        )
    return made


def _plugged() -> dict[str, metadata.EntryPoint]:
    return {point.name: point for point in metadata.entry_points(group=GROUP)}
