"""KPIs of a study: those brought in, and those computed from ratings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.model.columns import KPIS, check
from cjm_widgets.study import Study


def frame(texts: list[str], **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"id": [f"t{i}" for i in range(len(texts))], "words": texts} | columns)


def test_kpis_come_from_tables_and_from_ratings(study: Study) -> None:
    study.set_journey(["Search", "Pay"])
    study.add(
        frame(
            ["a b", "c d", "e f"],
            day=["2025-01-05", "2025-02-07", "2025-05-01"],
            nps=[10, 9, 0],
            csat=[5, 4, 1],
            ces=[7, 6, 1],
        ),
        text="words",
        id="id",
        at="day",
    )
    computed = study.kpis().frame.set_index("kpi")
    assert sorted(computed.index) == ["CES", "CSAT", "NPS"]
    assert computed.loc["NPS", ["value", "n"]].tolist() == [-100, 1]
    assert computed.loc["NPS", "previous"] == 100
    monthly = study.kpis(freq="M").frame.set_index("kpi")
    assert monthly.loc["CSAT", "value"] == 0

    given = pd.DataFrame(
        {
            "kpi": ["NPS", "Conversion"],
            "stage": [None, "Pay"],
            "value": [31, 2.5],
            "date": ["2025-04-01"] * 2,
            "target": [40, 2],
            "unit": ["points", "%"],
        }
    )
    check(study.add_kpis(given), KPIS, "test")
    frame_ = study.kpis().frame
    measured = frame_[(frame_["kpi"] == "NPS") & frame_["segment"].isna()]
    assert measured["value"].tolist() == [31]
    assert measured["on_target"].tolist() == [False]
    beside = frame_[(frame_["kpi"] == "NPS") & frame_["segment"].notna()]
    assert beside["segment"].tolist() == ["from the comments"]
    conversion = frame_.set_index("kpi").loc["Conversion"]
    assert (conversion["stage"], conversion["on_target"]) == ("Pay", True)
    assert "Conversion" in study.kpis().html()
    study.add_kpis(given)
    assert len(study.kpis().frame) == len(frame_)
    assert study.undo() == "KPIs"
    assert "Conversion" not in study.kpis().frame["kpi"].tolist()


def test_odd_ratings_are_no_reason_to_have_no_map(study: Study) -> None:
    study.add(
        frame(
            ["a b", "c d"],
            csat=[4.5, 3.2],
            nps=[11, 2],
            ces=["easy", "hard"],
            step=["a", "a"],
            mark=[1, 2],
        ),
        text="words",
        id="id",
        stage="step",
        valence="mark",
        valence_scale=(1, 2),
    )
    assert len(study.map().page()) > 1000
    assert "NPS" not in study.kpis().frame["kpi"].tolist()


def test_a_wrong_kpi_is_named_by_file_row_and_column(study: Study, tmp_path: Path) -> None:
    study.set_journey(["Search", "Pay"])
    file = tmp_path / "kpis.csv"
    file.write_text("kpi,stage,value,row\nNPS,,5,x\n\nReach,Paying,7,y\n", encoding="utf-8")
    with pytest.raises(cjm.ReadError, match=r"kpis\.csv, row 4, column 'stage'.*mean 'Pay'"):
        study.add_kpis(file)
    assert len(study.kpis().frame) == 0
    file.write_text("kpi,amount\nNPS,5\n", encoding="utf-8")
    with pytest.raises(cjm.ReadError, match=r"kpis\.csv.*value"):
        study.add_kpis(file)
