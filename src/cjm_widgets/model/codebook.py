"""The codebook: a tree of codes."""

from __future__ import annotations

import html
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self, get_args

from cjm_widgets.errors import ArgumentError, UnknownName

if TYPE_CHECKING:
    import pandas as pd

CodeKind = Literal["touchpoint", "pain", "emotion", "opportunity", "theme"]
CODE_KINDS: tuple[CodeKind, ...] = get_args(CodeKind)

_NAMESPACE = uuid.UUID("6f1c8a52-7f4e-5f0b-9d0e-3f2f0a5c7b11")

COLOURS = ("#5069a5", "#127d5d", "#6d7619", "#7e2525", "#6a2bca", "#5b2e60")
"""What codes without a colour of their own get, in turn."""


def key_of(name: str) -> str:
    """A key made from a name: lower case, without accents, words joined by hyphens.

    >>> key_of("Échec du paiement")
    'echec-du-paiement'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or name.strip()


def guid_of(key: str) -> str:
    """The GUID of a code in files of REFI-QDA, made from its key: the same in every file.

    >>> guid_of("hidden-fees")
    '0780a8ea-b069-5564-a2c3-3115a7f8e8cf'
    """
    return str(uuid.uuid5(_NAMESPACE, key))


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of the codebook."""

    key: str
    """Short name that never changes; codings refer to it."""
    name: str
    """As people see it."""
    kind: CodeKind = "theme"
    parent: str | None = None
    """Key of the code it stands under."""
    definition: str = ""
    """When to use it."""
    colour: str = ""
    """``#rrggbb``; empty lets the codebook choose."""

    def __post_init__(self) -> None:
        if not self.key.strip() or not self.name.strip():
            raise ArgumentError("a code needs a key and a name")
        if self.kind not in CODE_KINDS:
            raise UnknownName("kind of code", self.kind, CODE_KINDS)
        if self.colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise ArgumentError(
                f"the colour of code {self.key!r} is written #rrggbb, not {self.colour!r}"
            )


@dataclass(frozen=True, slots=True)
class Codebook:
    """The codes of a study, parents before children.

    Examples
    --------
    >>> book = Codebook((Code("pains", "Pain points", "pain"),
    ...                  Code("fees", "Hidden fees", "pain", "pains")))
    >>> [code.key for code in book.below("pains")]
    ['fees']
    """

    codes: tuple[Code, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for code in self.codes:
            if code.key in seen:
                raise ArgumentError(f"two codes have the key {code.key!r}; keys must differ")
            if code.parent is not None and code.parent not in seen:
                raise ArgumentError(
                    f"code {code.key!r} stands under {code.parent!r}, which does not come before it"
                )
            seen.add(code.key)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def code(self, key: str) -> Code:
        """The code with this key or name.

        Raises
        ------
        UnknownName
            If there is none.
        """
        folded = key.strip().casefold()
        for code in self.codes:
            if code.key == key:
                return code
        for code in self.codes:
            if folded in (code.key.casefold(), code.name.casefold()):
                return code
        raise UnknownName("code", key, [code.key for code in self.codes])

    def __repr__(self) -> str:
        shown = ", ".join(code.name for code in self.codes[:6])
        more = ", …" if len(self.codes) > 6 else ""
        return f"Codebook({len(self.codes)} codes{': ' if shown else ''}{shown}{more})"

    def _repr_html_(self) -> str | None:
        """The tree of codes, as a notebook shows it; None where there are none."""
        under: dict[str | None, list[Code]] = {}
        for code in self.codes:
            under.setdefault(code.parent, []).append(code)
        return _listed(None, under) or None

    def below(self, key: str) -> tuple[Code, ...]:
        """The codes that stand directly under a code."""
        return tuple(code for code in self.codes if code.parent == key)

    def frame(self) -> pd.DataFrame:
        """The codebook as a frame.

        Returns
        -------
        pandas.DataFrame
            Columns `code` (key), `parent` (key or missing), `kind`, `name`, `definition`,
            `colour`; all text.
        """
        import pandas as pd

        rows = [(c.key, c.parent, c.kind, c.name, c.definition, c.colour) for c in self.codes]
        columns = ["code", "parent", "kind", "name", "definition", "colour"]
        return pd.DataFrame(rows, columns=columns).astype("str")

    @classmethod
    def of(cls, codes: Iterable[Code | str]) -> Self:
        """A codebook of codes, or of names of codes.

        Raises
        ------
        ArgumentError
            If something is neither, or two have the same key.

        Examples
        --------
        >>> Codebook.of(["Hidden fees", Code("joy", "Joy")])
        Codebook(2 codes: Hidden fees, Joy)
        """
        if isinstance(codes, str):
            raise ArgumentError(
                f"a codebook is a list of codes or of their names, not {codes!r}; a file is read "
                f"by study.load_codebook(path)"
            )
        made: list[Code] = []
        for given in codes:
            if not isinstance(given, Code | str):
                raise ArgumentError(f"a codebook holds codes or names of codes, not {given!r}")
            colour = COLOURS[len(made) % len(COLOURS)]
            if isinstance(given, str):
                made.append(Code(key_of(given), given.strip(), colour=colour))
            else:
                made.append(given)
        return cls(tuple(made))

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Self:
        """A codebook from a frame, a code a row, in any order.

        Parameters
        ----------
        frame
            Column `name` or `code`; optional `parent`, `kind`, `definition`, `colour`.
            A child without a kind takes its parent's.

        Raises
        ------
        ArgumentError
            If neither `name` nor `code` is there, a parent is unknown, or parents form a circle.
        """
        if not {"name", "code"} & set(frame.columns):
            raise ArgumentError(
                f"a codebook's frame needs a column 'name' or 'code'; it has: "
                f"{', '.join(map(str, frame.columns))}"
            )
        waiting: dict[str, dict[str, str | None]] = {}
        for record in frame.astype(object).where(frame.notna(), None).to_dict("records"):
            entry = {
                str(k): None if v is None else str(v).strip() or None for k, v in record.items()
            }
            key = entry.get("code") or key_of(entry.get("name") or "")
            if not key:
                raise ArgumentError(f"row {len(waiting) + 1} of the codebook has no name")
            if key in waiting:
                raise ArgumentError(f"two codes have the key {key!r}; keys must differ")
            waiting[key] = entry
        made: dict[str, Code] = {}

        def place(key: str, above: tuple[str, ...]) -> None:
            entry = waiting[key]
            parent = entry.get("parent")
            if parent is not None and parent not in made:
                if parent not in waiting or parent in above:
                    raise ArgumentError(
                        f"code {key!r} stands under {parent!r}, which is not in the codebook or "
                        f"stands under {key!r} itself"
                    )
                place(parent, (*above, key))
            inherited = made[parent].kind if parent else "theme"
            made[key] = Code(
                key,
                entry.get("name") or key,
                entry.get("kind") or inherited,  # type: ignore[arg-type]  # Code checks it
                parent,
                entry.get("definition") or "",
                entry.get("colour") or COLOURS[len(made) % len(COLOURS)],
            )

        for key in waiting:
            if key not in made:
                place(key, (key,))
        return cls(tuple(made.values()))


def _listed(parent: str | None, under: Mapping[str | None, Sequence[Code]]) -> str:
    """The codes below one, and what stands below these, as a list in HTML."""
    if parent not in under:
        return ""
    items = []
    for code in under[parent]:
        mark = f'<span aria-hidden="true" style="color:{code.colour or "inherit"}">■</span>'
        name = f"<strong>{html.escape(code.name)}</strong> <code>{html.escape(code.key)}</code>"
        told = f": {html.escape(code.definition)}" if code.definition else ""
        items.append(f"<li>{mark} {name}{told}{_listed(code.key, under)}</li>")
    return f"<ul>{''.join(items)}</ul>"
