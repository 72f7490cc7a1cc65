"""Journeys and their stages: the presets, and those a user makes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from cjm_widgets.errors import ArgumentError, FileMissing, ReadError, UnknownName

if TYPE_CHECKING:
    import pandas as pd

Names = Mapping[str, str]
"""Language to text, such as ``{"en": "Discovery", "fr": "Découverte"}``."""
Lists = Mapping[str, tuple[str, ...]]
"""Language to several texts."""

PRESETS = ("six", "four", "five", "day", "blank")
"""Names of the journeys that come with the package."""

_LISTS = ("touchpoints", "difficulties", "remedies", "vocabulary")


def _in_language(names: Mapping[str, Any], language: str, fallback: Any) -> Any:
    if language in names:
        return names[language]
    if "en" in names:
        return names["en"]
    return next(iter(names.values()), fallback)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a journey."""

    key: str
    """Short name that never changes; codings refer to it."""
    names: Names = field(default_factory=dict)
    """Its name in each language; the key stands in where there is none."""
    parent: str | None = None
    """Key of the stage it is part of."""
    goal: Names = field(default_factory=dict)
    """What the customer wants here."""
    touchpoints: Lists = field(default_factory=dict)
    """Where customers typically meet the company."""
    difficulties: Lists = field(default_factory=dict)
    """What typically goes wrong."""
    remedies: Lists = field(default_factory=dict)
    """What typically helps; shown as ideas, never as findings."""
    vocabulary: Lists = field(default_factory=dict)
    """Words and phrases that point to this stage in a text."""

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not self.key.strip():
            raise ArgumentError(f"a stage needs a key that is a non-empty text, not {self.key!r}")

    def name(self, language: str = "en") -> str:
        """Its name in a language; English, any other, or the key where there is none."""
        return str(_in_language(self.names, language, self.key))

    def listed(self, what: str, language: str = "en") -> tuple[str, ...]:
        """Its ``touchpoints``, ``difficulties``, ``remedies`` or ``vocabulary`` in a language."""
        if what not in _LISTS:
            raise UnknownName("list of a stage", what, _LISTS)
        return tuple(_in_language(getattr(self, what), language, ()))


@dataclass(frozen=True, slots=True)
class Journey:
    """An ordered tree of stages, one level of sub-stages deep.

    Examples
    --------
    >>> Journey.preset("six").names["fr"]
    'Parcours d’achat'
    >>> [stage.key for stage in Journey.of("Search", "Buy", "Use").top]
    ['Search', 'Buy', 'Use']
    """

    key: str
    stages: tuple[Stage, ...]
    """In order; a sub-stage follows its parent."""
    names: Names = field(default_factory=dict)
    kind: Literal["stages", "day"] = "stages"
    """``day``: ordered by time of day."""

    def __post_init__(self) -> None:
        seen: dict[str, Stage] = {}
        for stage in self.stages:
            if stage.key in seen:
                raise ArgumentError(f"two stages have the key {stage.key!r}; keys must differ")
            if stage.parent is not None:
                if stage.parent not in seen:
                    raise ArgumentError(
                        f"stage {stage.key!r} is part of {stage.parent!r}, which does not stand "
                        f"before it; put the parent first"
                    )
                if seen[stage.parent].parent is not None:
                    raise ArgumentError(
                        f"stage {stage.key!r} is a sub-stage of a sub-stage; one level is allowed"
                    )
            seen[stage.key] = stage
        if self.kind not in ("stages", "day"):
            raise ArgumentError(f"a journey's kind is 'stages' or 'day', not {self.kind!r}")

    def __iter__(self) -> Iterator[Stage]:
        return iter(self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    @property
    def top(self) -> tuple[Stage, ...]:
        """The stages that are not part of another."""
        return tuple(stage for stage in self.stages if stage.parent is None)

    def parts(self, key: str) -> tuple[Stage, ...]:
        """The sub-stages of a stage."""
        return tuple(stage for stage in self.stages if stage.parent == key)

    def top_of(self, key: str) -> str:
        """Key of the top stage that a stage is, or is part of."""
        stage = self.stage(key)
        return stage.key if stage.parent is None else stage.parent

    def name(self, language: str = "en") -> str:
        """Its name in a language; the key where there is none."""
        return str(_in_language(self.names, language, self.key))

    def stage(self, name: str) -> Stage:
        """The stage with this key or with this name in any language, whatever its case.

        Raises
        ------
        UnknownName
            If there is none.
        """
        folded = str(name).strip().casefold()
        for stage in self.stages:
            if stage.key == name:
                return stage
        for stage in self.stages:
            if folded in {stage.key.casefold(), *(n.casefold() for n in stage.names.values())}:
                return stage
        raise UnknownName("stage", name, [stage.key for stage in self.stages])

    def frame(self, language: str = "en") -> pd.DataFrame:
        """Its stages as a frame.

        Returns
        -------
        pandas.DataFrame
            Columns `stage` (key), `name`, `parent` (key or missing), `goal`.
        """
        import pandas as pd

        rows = [
            (s.key, s.name(language), s.parent, _in_language(s.goal, language, None))
            for s in self.stages
        ]
        return pd.DataFrame(rows, columns=["stage", "name", "parent", "goal"]).astype("str")

    @classmethod
    def of(cls, *stages: str | Stage | Names, name: str = "journey") -> Self:
        """A journey of one's own, from names.

        Parameters
        ----------
        stages
            In order, each a name, a mapping of language to name, or a `Stage`.
        name
            The journey's own name.
        """
        made: list[Stage] = []
        for stage in stages:
            if isinstance(stage, Stage):
                made.append(stage)
            elif isinstance(stage, str):
                made.append(Stage(stage.strip()))
            elif isinstance(stage, Mapping):
                made.append(Stage(str(_in_language(stage, "en", "")).strip(), dict(stage)))
            else:
                raise ArgumentError(
                    f"a stage is a name, a mapping of language to name, or a Stage, not {stage!r}"
                )
        return cls(name, tuple(made))

    @classmethod
    def preset(cls, name: str) -> Self:
        """A journey that comes with the package; see `PRESETS`."""
        if name not in PRESETS:
            raise UnknownName("preset journey", name, PRESETS)
        source = resources.files("cjm_widgets.model").joinpath(f"presets/{name}.toml")
        return cls._from_toml(source.read_text(encoding="utf-8"), f"{name}.toml")

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """A journey from a TOML file, laid out as the presets are.

        Raises
        ------
        FileMissing, ReadError
            If there is no such file, or it is not such a journey.
        """
        file = Path(path)
        try:
            text = file.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise FileMissing("there is no such file", file=str(path)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise ReadError(f"cannot be read as UTF-8 text ({error})", file=str(path)) from error
        return cls._from_toml(text, str(path))

    @classmethod
    def _from_toml(cls, text: str, file: str) -> Self:
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ReadError(f"is not TOML: {error}", file=file) from error
        try:
            return cls(
                str(table.get("key") or Path(file).stem),
                tuple(_stage_of(entry) for entry in table.get("stages", [])),
                dict(table.get("names", {})),
                table.get("kind", "stages"),
            )
        except (TypeError, KeyError, AttributeError, ArgumentError) as error:
            raise ReadError(
                f"is not a journey: {error}; it needs [[stages]] tables with a key each",
                file=file,
            ) from error

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, name: str = "journey") -> Self:
        """A journey from a frame, a stage a row, in order.

        Parameters
        ----------
        frame
            Column `stage` (key or name); optional `name`, `name_en`, `name_fr`… for names,
            `parent` (key) and `goal`.
        name
            The journey's own name.

        Raises
        ------
        ArgumentError
            If there is no column `stage`, or a row of it is empty.
        """
        if "stage" not in frame.columns:
            raise ArgumentError(
                f"a journey's frame needs a column 'stage'; it has: "
                f"{', '.join(map(str, frame.columns))}"
            )
        made = []
        for record in frame.astype(object).where(frame.notna(), None).to_dict("records"):
            names = {
                str(column)[5:]: str(value)
                for column, value in record.items()
                if str(column).startswith("name_") and value is not None
            }
            if record.get("name") is not None:
                names.setdefault("en", str(record["name"]))
            goal = record.get("goal")
            parent = record.get("parent")
            made.append(
                Stage(
                    "" if record["stage"] is None else str(record["stage"]).strip(),
                    names,
                    None if parent is None else str(parent),
                    {} if goal is None else {"en": str(goal)},
                )
            )
        return cls(name, tuple(made))

    @classmethod
    def any(cls, source: object) -> Self:
        """A journey from whatever a user may hold: a preset's name, a TOML file, names, a frame."""
        if isinstance(source, cls):
            return source
        if isinstance(source, str) and source in PRESETS:
            return cls.preset(source)
        if isinstance(source, Path) or (isinstance(source, str) and source.endswith(".toml")):
            return cls.from_toml(source)
        if hasattr(source, "columns"):
            return cls.from_frame(source)  # type: ignore[arg-type]  # a frame, by its columns
        if isinstance(source, str):
            raise UnknownName("preset journey", source, PRESETS)
        if isinstance(source, Iterable):
            return cls.of(*source)
        raise ArgumentError(
            f"a journey is a preset's name ({', '.join(PRESETS)}), a .toml file, a list of stage "
            f"names or a frame, not {type(source).__name__}"
        )


def _stage_of(entry: Mapping[str, Any]) -> Stage:
    known = {"key", "names", "parent", "goal", *_LISTS}
    if unknown := set(entry) - known:
        raise ArgumentError(f"unknown entries of a stage: {', '.join(sorted(unknown))}")
    lists = {
        what: {language: tuple(map(str, items)) for language, items in entry.get(what, {}).items()}
        for what in _LISTS
    }
    return Stage(
        str(entry["key"]),
        dict(entry.get("names", {})),
        entry.get("parent"),
        dict(entry.get("goal", {})),
        **lists,
    )
