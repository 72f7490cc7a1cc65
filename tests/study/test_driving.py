"""Drivers, forecasts and opportunities of a study, as a user asks for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.store.tables import facets


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> cjm.Study:
    from cjm_widgets.study.demo import sample_study

    return sample_study(tmp_path_factory.mktemp("driving") / "shop.cjm")


def test_drivers_of_the_sample_name_their_estimate_and_sum_to_one(sample: cjm.Study) -> None:
    view = sample.drivers()
    assert view.of == "nps"
    assert view.frame["share"].sum() == pytest.approx(1)
    page = view.html()
    assert "Valences given by people" in page
    assert "Association, not cause" in page


def test_drivers_do_not_change_what_the_curve_rests_on(sample: cjm.Study) -> None:
    before = sample.default_estimate()
    sample.drivers("csat", estimate="automatic")
    assert sample.default_estimate() == before


def test_drivers_without_the_figure_say_which_columns_there_are(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    study.add(pd.DataFrame({"text": ["a b", "c d"], "age": [3, 4]}), text="text")
    with pytest.raises(cjm.NoEvidence, match="there are: age"):
        study.drivers("nps")


def test_drivers_without_respondents_ask_for_them(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    study.add(pd.DataFrame({"text": ["a b", "c d"], "nps": [3, 4]}), text="text")
    with pytest.raises(cjm.NoEvidence, match="respondent='"):
        study.drivers(estimate="coded")


def test_a_kpi_of_eight_quarters_is_foreseen_against_its_target(tmp_path: Path) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey=["Search", "Pay"])
    quarters = pd.date_range("2024-01-01", periods=9, freq="QS")
    values = [20, 24, 19, 22, 25, 21, 23, 24, 22]
    study.add_kpis(
        pd.DataFrame(
            {"kpi": "NPS", "date": quarters, "value": values, "n": 400, "unit": "points"}
            | {"target": 60}
        )
    )
    view = study.forecast("nps", 2)
    coming = view.frame[view.frame["kind"] == "forecast"]
    assert [str(at)[:10] for at in coming["at"]] == ["2026-04-01", "2026-07-01"]
    assert (coming["low"] < 22.2).all()
    assert (coming["high"] > 22.2).all()
    assert "will be missed" in view.html()


def test_a_stage_s_valence_is_foreseen_by_month(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    days = pd.date_range("2025-01-01", periods=300, freq="D")
    frame = pd.DataFrame(
        {
            "text": [f"remark {i}" for i in range(300)],
            "date": days,
            "stage": ["Search", "Pay"] * 150,
            "rating": rng.integers(-2, 3, 300),
        }
    )
    study = cjm.Study(tmp_path / "s.cjm")
    study.add(frame, text="text", at="date", stage="stage", valence="rating",
              valence_scale=(-2, 2))  # fmt: skip
    view = study.forecast("valence", 1, stage="Pay", freq="M")
    assert view.frame["kind"].tolist().count("measured") == 10
    assert view.frame["low"].min() >= -1
    assert "Pay" in view.of


def test_an_unknown_kpi_is_answered_with_the_known_ones(sample: cjm.Study) -> None:
    with pytest.raises(cjm.UnknownName, match="NPS"):
        sample.forecast("NSP")


def test_a_stage_asked_for_as_a_kpi_is_answered_with_how_to_ask(sample: cjm.Study) -> None:
    with pytest.raises(cjm.ArgumentError, match=r"forecast\('valence', stage='purchase'\)"):
        sample.forecast("purchase")


@pytest.mark.parametrize(("kpi", "unit", "most"), [("NPS", None, 100.0), ("growth", "%", 400.0)])
def test_a_forecast_stays_on_the_scale_of_its_kpi(
    tmp_path: Path, kpi: str, unit: str | None, most: float
) -> None:
    quarters = pd.period_range("2023Q1", periods=12, freq="Q").astype(str)
    values = [most - 1 - 9 * (i % 2) for i in range(12)]
    table = pd.DataFrame({"kpi": kpi, "date": quarters, "value": values, "n": 30, "unit": unit})
    table["low"], table["high"] = table["value"] - 8, table["value"] + 8
    study = cjm.Study(tmp_path / "s.cjm")
    study.add_kpis(table)
    high = study.forecast(kpi, 4).frame["high"].max()
    assert (high <= 100) == (kpi == "NPS")


def test_efforts_are_kept_and_undone(sample: cjm.Study) -> None:
    code = sample.opportunities().frame["code"].iloc[0]
    assert sample.opportunities({code: 2}).frame["effort"].iloc[0] == 2
    assert sample.opportunities().frame["effort"].iloc[0] == 2
    sample.undo()
    assert np.isnan(sample.opportunities().frame["effort"].iloc[0])


def test_an_effort_off_the_scale_keeps_nothing(sample: cjm.Study) -> None:
    first, second = sample.opportunities().frame["code"].unique()[:2]
    with pytest.raises(cjm.ArgumentError):
        sample.opportunities({first: 2, second: 9})
    kept = sample.opportunities().frame.set_index("code")["effort"]
    assert kept[[first, second]].isna().all()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_hostile_names_stay_text(tmp_path: Path, language: str) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    study = cjm.Study(tmp_path / "s.cjm", journey=[nasty, "Pay"], language=language)
    study.set_codebook([cjm.Code("c1", nasty, "pain")])
    ids = [f"t{i}" for i in range(12)]
    texts = [f"remark {i}" for i in range(12)]
    study.add(pd.DataFrame({"id": ids, "text": texts}), text="text", id="id")
    rows = {"id": ids, "stage": study.journey.stages[0].key, "valence": [-2, 1] * 6}
    study.add_codings(pd.DataFrame(rows | {"codes": ["c1", ""] * 6}))
    page = study.opportunities({"c1": 1}).html()
    assert "<img" not in page
    assert "&lt;img" in page


def test_whole_numbers_are_the_same_from_the_filter_as_from_each_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = cjm.Study(tmp_path / "s.cjm", journey="six")

    def held() -> pd.Series:
        quick = study._store.values_of("nps")
        with monkeypatch.context() as patch:
            patch.setattr(facets, "whole_numbers", lambda *_: None)
            pd.testing.assert_series_equal(quick, study._store.values_of("nps"))
        return quick

    def rows(ids: list[str], nps: list[object]) -> pd.DataFrame:
        texts = [f"remark {name}" for name in ids]
        return pd.DataFrame({"id": ids, "text": texts, "who": ids, "nps": nps})

    given = {"text": "text", "id": "id", "respondent": "who", "name": "one"}
    study.add(rows(list("abcd"), [9, 0, None, -3]), **given)
    assert held().tolist() == [9.0, 0.0, -3.0]
    study.add(rows(list("ab"), [7, 0]), **given)
    assert held().tolist() == [7.0, 0.0, -3.0]
    study.add(rows(list("efg"), [1, 2, 2]), **given | {"name": "two"})
    assert len(held()) == 6
    study.forget("a")
    assert 7.0 not in held().tolist()
    study.undo("import")
    assert held().tolist() == [0.0, -3.0]
    study.add(rows(list("hi"), [2.5, 3]), **given | {"name": "three"})
    assert 2.5 in held().tolist()
