"""What the study's KPIs aim at, where their tables do not tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pandas as pd

from cjm_widgets.model.journey import Journey
from cjm_widgets.model.kpi import Kpi
from cjm_widgets.store import Store

SETTING = "kpis"


def define(store: Store, journey: Journey, definitions: Iterable[Kpi]) -> list[Kpi]:
    """Keep definitions, one per name and stage; gives all that hold now."""
    kept = {(kpi.name.casefold(), kpi.stage): kpi for kpi in defined(store)}
    for kpi in definitions:
        stage = None if kpi.stage is None else journey.stage(kpi.stage).key
        kept[kpi.name.casefold(), stage] = dataclasses.replace(kpi, stage=stage)
    store.set_setting(SETTING, [dataclasses.asdict(kpi) for kpi in kept.values()])
    return list(kept.values())


def defined(store: Store) -> list[Kpi]:
    """The definitions the study keeps."""
    return [Kpi(**entry) for entry in store.setting(SETTING) or []]


def aimed(figures: pd.DataFrame, definitions: Iterable[Kpi]) -> pd.DataFrame:
    """The figures with the unit, direction and target that the definitions give."""
    made = figures.copy()
    names = made["kpi"].str.casefold()
    for kpi in definitions:
        here = names == kpi.name.casefold()
        here &= made["stage"].isna() if kpi.stage is None else made["stage"] == kpi.stage
        made.loc[here, "direction"] = kpi.direction
        if kpi.target is not None:
            made.loc[here, "target"] = float(kpi.target)
        if kpi.unit:
            made.loc[here, "unit"] = kpi.unit
    return made
