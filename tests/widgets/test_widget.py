"""The model on the Python side: traits, summary, what a notebook is given to show."""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from standin import Feedback, StandIn, Study

from cjm_widgets.errors import ArgumentError, LostFile
from cjm_widgets.model.desk import Op
from cjm_widgets.widgets import CoderWidget
from cjm_widgets.words import texts

JS = Path(__file__).resolve().parents[2] / "js"
SECRET = "Zanzibar refused my card"


def a_study() -> Study:
    study = Study([Feedback(f"{SECRET}. Twice.", title="Mrs Quimby"), Feedback("Fine.")])
    body = {"feedback": 0, "start": 0, "stop": 8, "stage": "purchase", "memo": "ask Quimby"}
    StandIn(study).apply(Op("o1", "code", "u1", seen_version=1, body=body))
    return study


def test_only_what_the_widget_is_travels_as_traits() -> None:
    widget = CoderWidget(StandIn(a_study()), language="fr")
    ours = {name for name in widget.keys if not name.startswith("_")}
    inherited = {"layout", "tabbable", "tooltip"}
    assert ours - inherited == {"protocol", "study", "coder", "language", "theme"}
    assert (widget.study, widget.coder, widget.protocol) == ("standin", "ana", 1)


@pytest.mark.parametrize("wrong", [{"language": "de"}, {"theme": "sepia"}])
def test_a_wrong_choice_names_the_right_ones(wrong: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=r"'fr'|'auto'"):
        CoderWidget(StandIn(a_study()), **wrong)


def test_the_summary_counts_and_tells_no_words_of_customers() -> None:
    widget = CoderWidget(StandIn(a_study()))
    summary = widget.summary()
    assert "1 of 2 texts coded" in summary
    assert re.search(r"Purchase</th><td[^>]*>1<", summary)
    assert "ana" in summary
    for word in ("Zanzibar", "Quimby", "Twice", "Fine"):
        assert word not in summary
        assert word not in repr(widget)


def test_the_summary_stands_when_the_file_is_gone() -> None:
    study = a_study()
    widget = CoderWidget(StandIn(study))
    study.failing = LostFile("gone")
    assert "1 of 2 texts coded" in widget.summary()


def test_the_names_of_a_study_are_not_markup_in_the_summary() -> None:
    study = a_study()
    study.stages = (("purchase", "<img src=x onerror=alert(1)>", "x"),)
    assert "<img" not in CoderWidget(StandIn(study), language="en").summary()


def test_a_notebook_is_given_the_summary_first_and_then_the_widget() -> None:
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    real, shell.display_pub = shell.display_pub, publisher
    try:
        shell.display_formatter.format(CoderWidget(StandIn(a_study())))
    finally:
        shell.display_pub = real
        InteractiveShell.clear_instance()
    summary, widget = (output["data"] for output in publisher.outputs)
    assert 'class="cjm-coder-summary"' in summary["text/html"]
    assert "1 of 2 texts coded" in summary["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in widget
    assert SECRET not in str(publisher.outputs)


def test_widgets_of_one_coder_hear_of_each_other_and_others_do_not() -> None:
    study = a_study()
    heard: dict[str, list[Any]] = {"one": [], "two": [], "ben": []}
    widgets = {
        "one": CoderWidget(StandIn(study)),
        "two": CoderWidget(StandIn(study)),
        "ben": CoderWidget(StandIn(study, "ben")),
    }
    for name, widget in widgets.items():
        widget.send = lambda content, buffers=None, name=name: heard[name].append(content)
    body = {"feedback": 1, "start": 0, "stop": 4}
    asked = {"v": 1, "id": "i", "do": "apply", "op": "o2", "act": "code", "row": "u2", "body": body}
    widgets["one"]._handle_custom_msg(asked, [])
    assert [told["ok"] for told in heard["one"]] == [True]
    assert heard["two"] == [{"push": "changed", "seq": 2}]
    assert heard["ben"] == []
    widgets["ben"].changed()
    assert heard["ben"] == [{"push": "changed", "seq": 0}]
    del widgets
    gc.collect()


def test_every_word_the_front_end_says_is_written_in_both_languages() -> None:
    said = set()
    for source in JS.glob("widgets/coder/**/*.ts*"):
        found = re.findall(r'\b(?:say|say\.value)\(\s*"([\w.]+)"', source.read_text("utf-8"))
        said |= set(found)
    assert len(said) > 60
    for language in ("en", "fr"):
        for key in said:
            place: Any = texts(language)["coder"]
            for part in key.split("."):
                assert part in place, f"{language}: {key}"
                place = place[part]


def test_the_front_end_makes_no_markup_out_of_text() -> None:
    for source in JS.glob("**/*.ts*"):
        if "node_modules" in source.parts:
            continue
        code = source.read_text("utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert way not in code, f"{source.name} uses {way}"


def test_the_lock_of_the_front_end_records_no_addresses() -> None:
    lock = (JS / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock
