"""How much of a stranger's file this room is willing to hold."""

from __future__ import annotations

from dataclasses import dataclass, fields

from cjm_widgets.errors import ArgumentError, ReadError


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a file; a file beyond one of them is refused with a `ReadError`.

    Parameters
    ----------
    bytes
        Size of the file.
    rows
        Rows of data.
    columns
        Columns of the table.
    cell
        Characters of one cell; beyond it a quote was most likely never closed.
    unpacked
        Bytes a compressed file (XLSX) unpacks to.
    problems
        Problems the report lists one by one; the rest is counted.
    """

    bytes: int = 4_000_000_000
    rows: int = 20_000_000
    columns: int = 5_000
    cell: int = 1_000_000
    unpacked: int = 1_000_000_000
    problems: int = 10_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ArgumentError(
                    f"Limits({field.name}={value!r}): a whole number of at least 1 is needed"
                )

    def hold(self, name: str, found: int, what: str, file: str, row: int | None = None) -> None:
        """Refuse what is beyond a bound.

        Raises
        ------
        ReadError
            If `found` exceeds the bound called `name`; it says how to raise it.
        """
        bound = getattr(self, name)
        if found > bound:
            raise ReadError(
                f"{what} {found:,}, more than the {bound:,} allowed; if the file is right, "
                f"pass limits=cjm_widgets.read.Limits({name}={found})",
                file=file,
                row=row,
            )
