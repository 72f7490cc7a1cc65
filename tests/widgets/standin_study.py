"""What the stand-in's desks share: texts, codes, codings and the list of what was done."""

from __future__ import annotations

import dataclasses
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from cjm_widgets.errors import CjmError
from cjm_widgets.model.coding import Coding
from cjm_widgets.model.desk import (
    Receipt,
    Refusal,
)

STAGES = (
    ("discovery", "Discovery", "Découverte"),
    ("consideration", "Consideration", "Considération"),
    ("decision", "Decision", "Décision"),
    ("purchase", "Purchase", "Achat"),
    ("use", "Use and service", "Usage et service"),
    ("advocacy", "Advocacy", "Recommandation"),
)
CODES = (
    ("payment-page", "payment page", "touchpoint", None, "The page where the customer pays"),
    ("adviser", "adviser", "touchpoint", None, "A person in a shop or on the phone"),
    ("payment-failed", "payment failed", "pain", None, "A payment was refused or broke off"),
    ("3ds", "3-D Secure loop", "pain", "payment-failed", "The bank's page comes back again"),
    ("forced-account", "forced account", "pain", None, "No purchase without an account"),
    ("late", "late delivery", "pain", None, ""),
    ("relief", "relief", "emotion", None, ""),
    ("anger", "anger", "emotion", None, ""),
    ("guest", "guest checkout", "opportunity", None, ""),
)


@dataclass
class Feedback:
    text: str
    title: str = ""
    channel: str = "survey"
    language: str = "en"
    persona: str = ""
    version: int = 1


@dataclass
class Action:
    seq: int
    op: str
    coder: str
    label: str
    before: Coding | None
    after: Coding | None
    state: str = "done"
    books: tuple[Book, Book] | None = None
    """For an edit of the codebook: codes and rows before and after."""


Codes = tuple[tuple[str, str, str, str | None, str], ...]
Book = tuple[Codes, dict[str, Coding]]


def absent(row: Coding) -> Coding:
    return dataclasses.replace(row, gone=True, rev=0)


def folded(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


@dataclass
class Study:
    """Texts, codings and a journal, shared by the desks of its coders."""

    texts: list[Feedback]
    stages: tuple[tuple[str, str, str], ...] = STAGES
    codes: tuple[tuple[str, str, str, str | None, str], ...] = CODES
    rows: dict[str, Coding] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: Refusal | None = None
    failing: CjmError | None = None
    asked: list[str] = field(default_factory=list)
    reopen: bool = False
    merged: dict[str, str] = field(default_factory=dict)
    """Codes that were merged away, and into which."""
    retired: set[str] = field(default_factory=set)
    colours: dict[str, str] = field(default_factory=dict)

    @property
    def seq(self) -> int:
        return len(self.actions)

    def live(self, coder: str) -> list[Coding]:
        return sorted(
            (row for row in self.rows.values() if row.coder == coder and not row.gone),
            key=lambda row: (row.feedback, row.start, -row.stop, row.uid),
        )
