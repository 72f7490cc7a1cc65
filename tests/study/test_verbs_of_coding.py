"""The coder, undo and redo, history, progress: verbs that lead to the widget and the journal."""

from __future__ import annotations

import io
import sys

import pandas as pd
import pytest

from cjm_widgets.errors import ArgumentError, Conflict
from cjm_widgets.study import Study


def test_a_coder_gets_a_widget_on_a_study_with_stages(study: Study) -> None:
    study.add(pd.DataFrame({"words": ["hello there"]}), text="words")
    widget = study.coder(" ana ")
    assert widget.coder == "ana"
    assert next(stage.key for stage in study.journey) == "discovery"
    assert "hello there" in str(widget._repr_mimebundle_()) or widget.comm is not None
    for name in ("", "  ", None, 7):
        with pytest.raises(ArgumentError, match="needs a name"):
            study.coder(name)  # type: ignore[arg-type]


def test_each_actor_undoes_and_redoes_their_own(place: str) -> None:
    with Study(place, journey=["a", "b"]) as study:
        study.add(pd.DataFrame({"id": ["x"], "words": ["hello there"]}), text="words", id="id")
        study.add_codings(pd.DataFrame({"id": ["x"], "stage": ["a"]}), coder="ana")
        study.note("goals", "a", "Mine", author="ben")
        assert study.undo("ben") == "note"
        assert len(study.notes()) == 0
        assert len(study.codings("ana")) == 1
        assert study.redo("ben") == "note"
        assert study.undo("ana") == "import"
        assert study.undo() == "journey"
        with pytest.raises(Conflict, match="nothing to undo"):
            study.undo()
        history = study.history()
        assert history["kind"].tolist()[:4] == ["undo", "undo", "redo", "undo"]
        assert history["seq"].is_monotonic_decreasing
        assert set(study.history("ana")["actor"]) == {"ana"}
        assert list(history.columns) == [
            "seq", "at", "actor", "kind", "label", "state", "target", "rows", "words",
        ]  # fmt: skip


def test_a_stage_in_use_cannot_be_undone_away(study: Study) -> None:
    study.set_journey(["a", "b"])
    study.add(pd.DataFrame({"words": ["hello"], "step": ["a"]}), text="words", stage="step")
    with pytest.raises(Conflict):
        study.undo("editor")
    assert [stage.key for stage in study.journey] == ["a", "b"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_shown_where_somebody_can_see_it(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", seen := Terminal())
    study.add(pd.DataFrame({"words": ["hello"]}), text="words", progress=False)
    assert seen.getvalue() == ""
    study.add(pd.DataFrame({"words": ["bye"]}), text="words", name="[/b] x.csv")
    assert "Reading [/b] x.csv" in seen.getvalue()
    monkeypatch.setattr(sys, "stderr", unseen := io.StringIO())
    study.score()
    assert unseen.getvalue() == ""


def test_a_study_closes_at_the_end_of_a_block(place: str) -> None:
    with Study(place) as study:
        study.add(pd.DataFrame({"words": ["hello"]}), text="words")
    study.close()
    with Study(place, create=False) as again:
        assert len(again.feedback()) == 1
