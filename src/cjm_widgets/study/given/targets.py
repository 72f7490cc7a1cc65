"""What the study's KPIs aim at, where their tables do not tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cjm_widgets.model.journey import Journey
from cjm_widgets.model.kpi import Kpi
from cjm_widgets.store import Store

KIND = "kpi_definition"
"""Kind of the documents that hold definitions, a KPI and stage each."""
_OLD = "kpis"
"""The setting in which older studies keep them; what a document says goes before it."""
_LABEL = "kpi"


def define(store: Store, journey: Journey, definitions: Iterable[Kpi], actor: str) -> list[Kpi]:
    """Keep definitions, one per name and stage, as one action; gives all that hold now."""
    wanted = {}
    for kpi in definitions:
        stage = None if kpi.stage is None else journey.stage(kpi.stage).key
        named = dataclasses.replace(kpi, name=kpi.name.strip(), stage=stage)
        wanted[_uid(named)] = dataclasses.asdict(named)
    store.put_documents(KIND, wanted, actor, _LABEL)
    return defined(store)


def defined(store: Store) -> list[Kpi]:
    """The definitions the study keeps, in the order in which they were first made."""
    kept = {_uid(kpi): kpi for kpi in (Kpi(**entry) for entry in store.setting(_OLD) or [])}
    kept |= {uid: _kpi(body) for uid, body in store.documents(KIND).items()}
    return list(kept.values())


def aimed(figures: pd.DataFrame, definitions: Iterable[Kpi]) -> pd.DataFrame:
    """The figures with the unit, direction and target that the definitions give."""
    made = figures.copy()
    names = made["kpi"].str.strip().str.casefold()
    for kpi in definitions:
        here = names == kpi.name.casefold()
        here &= made["stage"].isna() if kpi.stage is None else made["stage"] == kpi.stage
        made.loc[here, "direction"] = kpi.direction
        if kpi.target is not None:
            made.loc[here, "target"] = float(kpi.target)
        if kpi.unit:
            made.loc[here, "unit"] = kpi.unit
    return made


def _uid(kpi: Kpi) -> str:
    return f"{kpi.stage or ''}/{kpi.name.casefold()}"


def _kpi(body: Mapping[str, Any]) -> Kpi:
    known = {field.name for field in dataclasses.fields(Kpi)}
    return Kpi(**{name: value for name, value in body.items() if name in known})
