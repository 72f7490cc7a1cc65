"""Slides read back: native text, nothing beyond its slide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pptx
import pytest
from shop_example import quotes, shop

from cjm_widgets import _optional
from cjm_widgets.errors import MissingExtra
from cjm_widgets.export import write
from cjm_widgets.export.slides.deck import Para, fitted
from cjm_widgets.view.drawing.pen import BODY


def slides(tmp_path: Path, facts: Any) -> Any:
    [path] = write(facts, tmp_path / "map.pptx")
    return pptx.Presentation(str(path))


def words(slide: Any) -> str:
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def test_the_whole_then_each_stage_then_figures_and_method(tmp_path: Path) -> None:
    made = slides(tmp_path, shop(6))
    told = [slide.shapes.title.text for slide in made.slides]
    assert told[0] == "Buying online"
    assert told[1:7] == [f"{c.number} {c.name}" for c in shop(6).stages]
    assert told[7:] == ["KPIs"]
    assert "payment fails (54)" in words(made.slides[0])
    assert "Why must I open an account" in words(made.slides[4])
    assert "target 25 missed" in words(made.slides[7])
    assert "corrected by people’s ratings" in words(made.slides[7])


def test_the_curve_is_a_native_chart_with_values_gaps_and_intervals(tmp_path: Path) -> None:
    made = slides(tmp_path, shop(6))
    [chart] = [shape.chart for shape in made.slides[0].shapes if shape.has_chart]
    [series] = chart.plots[0].series
    assert list(series.values) == [-0.24, 0.35, 0.06, -0.61, 0.26, None]
    assert "errBars" in chart._chartSpace.xml


@pytest.mark.parametrize("count", [1, 3, 7, 8, 14])
def test_nothing_stands_beyond_its_slide(tmp_path: Path, count: int) -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "
    said = quotes()
    said["text"] = [f"{i} {long * 5}" for i in range(len(said))]
    facts = shop(count, quotes=said, title=long * 4, names={"discovery": long})
    made = slides(tmp_path, facts)
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made.slide_width + 20_000
            assert shape.top + shape.height <= made.slide_height + 20_000


def test_many_stages_are_shared_out_over_slides(tmp_path: Path) -> None:
    made = slides(tmp_path, shop(14))
    assert [slide.shapes.title.text for slide in made.slides][:2] == [
        "Buying online (1/2)",
        "Buying online (2/2)",
    ]
    assert "14 Leaving" in words(made.slides[1])


def test_hidden_quotes_are_not_in_the_file(tmp_path: Path) -> None:
    facts = shop(6)
    stages = tuple(replace(column, quotes=()) for column in facts.stages)
    hidden = replace(facts, stages=stages, quotes="hidden")
    made = slides(tmp_path, hidden)
    assert "Quotes are hidden in this copy." in words(made.slides[1])
    assert "cart" not in words(made.slides[1])


def test_words_of_customers_are_text_in_the_slides(tmp_path: Path) -> None:
    said = quotes()
    said["text"] = ["<a:t>&amp; _x000D_ \x00\x1b \u202e {{x}}" + str(i) for i in range(len(said))]
    made = slides(tmp_path, shop(6, quotes=said))
    assert "<a:t>&amp;" in words(made.slides[1])


def test_theme_colours_are_ours(tmp_path: Path) -> None:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    made = slides(tmp_path, shop(3))
    theme = made.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()
    assert '<a:accent1><a:srgbClr val="5069A5"/></a:accent1>' in theme


def test_an_empty_map_still_makes_slides(tmp_path: Path) -> None:
    made = slides(tmp_path, replace(shop(1), stages=(), kpis=()))
    assert [slide.shapes.title.text for slide in made.slides] == ["Buying online", "Method"]


def test_paragraphs_that_do_not_fit_are_cut_with_a_mark() -> None:
    paras = [Para("one two three four five six seven", BODY, 0), Para("eight", BODY, 0)]
    kept = fitted(paras, 60, 2 * BODY.leading)
    assert len(kept) == 1
    assert kept[0].text.endswith("…")
    assert kept[0].height(60) <= 2 * BODY.leading
    assert fitted(paras, 600, 100) == paras


def test_without_the_library_the_message_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(module: str) -> None:
        raise ImportError(module)

    monkeypatch.setattr(_optional.importlib, "import_module", gone)
    with pytest.raises(MissingExtra, match=r"cjm-widgets\[slides\]"):
        write(shop(3), tmp_path / "map.pptx")
