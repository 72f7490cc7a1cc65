"""What KPIs aim at, said from Python."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm


@pytest.fixture
def study(tmp_path: Path) -> cjm.Study:
    made = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    frame = pd.DataFrame(
        {"text": [f"comment number {i}" for i in range(30)], "nps": [9, 3, 10] * 10}
    )
    made.add(frame, text="text")
    return made


def test_a_kpi_of_ratings_gets_the_target_that_was_defined(study: cjm.Study) -> None:
    assert study.kpis().panels[0].target is None
    study.define_kpis(cjm.Kpi("nps", target=30))
    panel = study.kpis().panels[0]
    assert (panel.name, panel.target, panel.on_target) == ("NPS", 30, True)
    study.define_kpis(cjm.Kpi("NPS", target=50))
    assert study.kpis().panels[0].on_target is False


def test_a_definition_goes_before_the_table_and_stays_with_the_study(
    study: cjm.Study, tmp_path: Path
) -> None:
    table = pd.DataFrame({"kpi": ["wait"], "stage": ["Pay"], "value": [5.0], "direction": ["up"]})
    study.add_kpis(table)
    study.define_kpis(cjm.Kpi("Wait", stage="pay", direction="down", target=4, unit="minutes"))
    study.close()
    with cjm.Study(tmp_path / "s.cjm") as again:
        wait = next(panel for panel in again.kpis().panels if panel.name == "wait")
        assert (wait.direction, wait.target, wait.unit) == ("down", 4, "minutes")
        assert wait.on_target is False


def test_a_definition_for_an_unknown_stage_is_refused(study: cjm.Study) -> None:
    with pytest.raises(cjm.UnknownName, match="Pya"):
        study.define_kpis(cjm.Kpi("wait", stage="Pya"))


def test_what_was_defined_at_once_is_undone_at_once(study: cjm.Study) -> None:
    study.define_kpis(cjm.Kpi("NPS", target=30))
    study.define_kpis(cjm.Kpi("NPS", target=50), cjm.Kpi("Churn", direction="down", target=2))
    assert study.undo() == "KPIs"
    assert study.kpis().panels[0].target == 30
    study.redo()
    assert study.kpis().panels[0].target == 50
    study.define_kpis(cjm.Kpi("NPS", target=60), actor="ana")
    study.undo("ana")
    assert study.kpis().panels[0].target == 50


def test_definitions_of_older_studies_hold_until_a_new_one_is_given(study: cjm.Study) -> None:
    old = {"name": "NPS", "stage": None, "unit": "", "direction": "up", "target": 20.0}
    study._store.set_setting("kpis", [old])
    assert study.kpis().panels[0].target == 20
    assert [kpi.target for kpi in study.define_kpis(cjm.Kpi("nps ", target=40))] == [40]
    assert study.kpis().panels[0].target == 40
    study.undo()
    assert study.kpis().panels[0].target == 20
