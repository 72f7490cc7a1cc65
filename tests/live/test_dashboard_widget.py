"""The dashboard's widget without a browser: what it answers, and what it sends by itself."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

import cjm_widgets as cjm
from cjm_widgets.live import DashboardWidget
from cjm_widgets.live.watch import Watch


class Wire:
    """A dashboard and everything it sends."""

    def __init__(self, widget: DashboardWidget) -> None:
        self.widget = widget
        self.sent: list[dict[str, Any]] = []
        widget.send = lambda content, buffers=None: self.sent.append(content)  # type: ignore[method-assign]

    def ask(self, **fields: Any) -> dict[str, Any]:
        message = {"v": 1, "id": uuid.uuid4().hex, "session": "s", **fields}
        self.widget._handle_custom_msg(message, [])
        return next(one for one in self.sent if one.get("id") == message["id"])

    def board(self, want: str, **fields: Any) -> dict[str, Any]:
        answer = self.ask(do="board", want=want, **fields)
        assert answer["ok"], answer
        found: dict[str, Any] = answer["board"]
        return found

    def code(self, feedback: int, stage: str, valence: float) -> None:
        body = {"feedback": feedback, "start": 0, "stop": 8, "stage": stage, "valence": valence}
        row, op = uuid.uuid4().hex, uuid.uuid4().hex
        answer = self.ask(do="apply", op=op, act="code", row=row, seen_version=1, body=body)
        assert answer["ok"], answer

    def pushed(self, n: int = 1, seconds: float = 60) -> list[dict[str, Any]]:
        """The boards that were sent without being asked for."""
        end = time.monotonic() + seconds
        while True:
            found = [one["board"] for one in self.sent if "board" in one and "id" not in one]
            if len(found) >= n:
                return found
            assert time.monotonic() < end, "nothing was sent"
            time.sleep(0.02)


@pytest.fixture
def wire(shop: cjm.Study) -> Iterator[Wire]:
    made = Wire(shop.dashboard("zoe"))
    yield made
    made.widget.close()


def test_a_coding_is_answered_first_and_the_figures_follow_as_a_patch(wire: Wire) -> None:
    whole = wire.board("open")
    assert whole["item"]["doc"]["roots"]
    before = whole["face"]["rows"][3]
    wire.sent.clear()
    wire.code(3, "purchase", 1.0)
    assert "op" in wire.sent[0], "the receipt comes first"
    told = wire.pushed()[0]
    assert told["n"] == whole["n"] + 1
    assert "item" not in told
    assert {event["attr"] for event in told["patch"]["events"]} == {"data", "text"}
    assert told["face"]["rows"][3] != before


def test_after_own_codings_the_map_is_what_a_fresh_one_would_be(
    wire: Wire, shop: cjm.Study
) -> None:
    wire.board("open")
    for turn, stage in enumerate(("purchase", "advocacy", "purchase"), 1):
        wire.code(turn, stage, -0.5)
        wire.pushed(turn)
    shop.note("goals", "purchase", "A note beside the codings")
    wire.code(9, "discovery", 1.0)
    wire.widget.changed()
    end = time.monotonic() + 15
    while "A note beside" not in str(wire.pushed(4)):
        assert time.monotonic() < end
        time.sleep(0.05)
    board = wire.widget._board
    assert board is not None
    fresh = shop.map(filters=False).facts
    assert dataclasses.replace(board.facts, made=None) == dataclasses.replace(fresh, made=None)


def test_nothing_is_sent_while_nothing_changes(shop: cjm.Study) -> None:
    wire = Wire(shop.dashboard("zoe"))
    wire.board("open")
    wire.widget._look()
    wire.widget._look()
    assert wire.pushed(0) == []
    wire.widget.close()


def test_others_changes_are_seen_by_looking(shop: cjm.Study) -> None:
    wire = Wire(shop.dashboard("zoe"))
    wire.widget._watch.every = 0.05
    wire.board("open")
    shop.note("goals", "purchase", "Pay in one go, says the test")
    (told,) = wire.pushed()[:1]
    assert "Pay in one go, says the test" in str(told["patch"])
    wire.widget.close()


def test_selected_takes_keys_and_names_and_refuses_others(wire: Wire) -> None:
    seen: list[Any] = []
    wire.widget.observe(lambda change: seen.append(change["new"]), "selected")
    wire.widget.selected = "purchase"
    wire.widget.selected = "Discovery"
    assert seen == ["purchase", "discovery"]
    with pytest.raises(cjm.UnknownName, match="purchase"):
        wire.widget.selected = "nowhere"
    assert wire.widget.selected == "discovery"
    wire.widget.selected = None
    assert wire.widget.selected is None


def test_passages_behind_a_stage_a_code_and_a_kpi(wire: Wire) -> None:
    whole = wire.board("open")
    all_of = wire.board("behind", stage="purchase")
    assert all_of["title"].endswith("Purchase")
    assert {"text", "source", "memo", "feedback", "uid", "feeling"} <= set(all_of["rows"][0])
    assert any("coded by" in part for part in all_of["rows"][0]["source"])
    board = wire.widget._board
    assert board is not None
    place = next(i for i, c in enumerate(board.facts.stages) if c.key == "purchase")
    number = next(int(k.split(":")[1]) for k in board.evidence.sizes if k.startswith(f"{place}:"))
    some = wire.board("behind", stage="purchase", number=number)
    assert 0 < len(some["rows"]) <= len(all_of["rows"])
    again = wire.board("behind", stage="purchase", ref=some["ref"])
    assert again["rows"] == some["rows"]
    assert 'data-kpi="NPS||"' in whole["face"]["kpis"]
    periods = wire.board("behind", kpi="NPS||")
    assert len(periods["history"]) > 1
    assert periods["rows"] == []
    assert wire.board("behind", stage="gone")["rows"] == []


def test_hidden_quotes_are_hidden_here_too(shop: cjm.Study) -> None:
    shop.privacy(quotes="hide")
    wire = Wire(shop.dashboard("zoe"))
    whole = wire.board("open")
    found = wire.board("behind", stage="purchase")
    assert found["rows"] == []
    assert "hidden" in found["told"]
    assert "<blockquote>" not in str(whole)
    wire.widget.close()


def test_a_lane_is_kept_with_the_study_and_undone_as_one_action(
    wire: Wire, shop: cjm.Study
) -> None:
    wire.board("open")
    wire.board("lane", lane="pains", title="What hurts")
    (told,) = wire.pushed()
    assert "What hurts" in str(told["patch"])
    lanes = shop.lanes().set_index("lane")
    assert lanes.loc["pains", "title"] == "What hurts"
    wire.board("lane", lane="pains", hidden=True)
    told = wire.pushed(2)[1]
    assert [one["hidden"] for one in told["face"]["lanes"] if one["key"] == "pains"] == [True]
    shop.undo()
    assert not shop.lanes().set_index("lane").loc["pains", "hidden"]


@pytest.mark.parametrize(
    "message",
    [
        {"do": "board"},
        {"do": "board", "want": "open the door"},
        {"do": "board", "want": "behind", "stage": 7},
        {"do": "board", "want": "behind", "number": -1},
        {"do": "board", "want": "lane", "lane": ""},
        {"do": "board", "want": "lane", "lane": "pains", "hidden": "yes"},
        {"do": "board", "want": "lane", "lane": "pains", "title": "x" * 300},
        {"do": "board", "want": "lane", "lane": "pains", "before": "no such lane"},
    ],
)
def test_whatever_a_page_sends_is_answered(wire: Wire, message: dict[str, Any]) -> None:
    wire.board("open")
    answer = wire.ask(**message)
    assert answer["ok"] is False
    assert answer["say"]


def test_an_empty_study_and_one_with_one_stage_have_a_dashboard(bare: cjm.Study) -> None:
    wire = Wire(bare.dashboard("zoe"))
    whole = wire.board("open")
    assert whole["trouble"] == ""
    assert {row[3] for row in whole["face"]["rows"]} == {"no evidence yet"}
    wire.code(1, "purchase", -1.0)
    assert "patch" in wire.pushed()[0]
    bare.undo("zoe")
    bare.set_journey(["Only one"])
    wire.widget.changed()
    end = time.monotonic() + 15
    while len(wire.pushed(2)[-1].get("face", {}).get("stages", "")) != 1:
        assert time.monotonic() < end, "the one stage was never told"
        time.sleep(0.02)
    wire.widget.close()


def test_scores_that_are_missing_are_told_and_come_in_later(bare: cjm.Study) -> None:
    wire = Wire(bare.dashboard("zoe", estimate="automatic"))
    whole = wire.board("open")
    assert "study.score()" in whole["trouble"]
    assert whole["item"] is None
    bare.score()
    wire.widget.changed()
    told = wire.pushed()[-1]
    assert told["trouble"] == ""
    assert told["item"]
    wire.widget.close()


def test_the_choice_of_an_estimate_stays_with_the_dashboard(shop: cjm.Study) -> None:
    wire = Wire(shop.dashboard("zoe", estimate="coded"))
    wire.board("open")
    assert shop._store.setting("estimate") is None
    with pytest.raises(cjm.UnknownName, match="estimate"):
        shop.dashboard("zoe", estimate="guessed")
    wire.widget.close()


def test_a_study_that_is_closed_is_told_and_ends_nothing(shop: cjm.Study) -> None:
    wire = Wire(shop.dashboard("zoe"))
    wire.board("open")
    wire.widget._watch.stop()
    shop.close()
    wire.widget._look()
    (told,) = wire.pushed()
    assert told["trouble"]
    assert told["face"]["rows"], "what was known stands"


class Seen:
    """Something that is looked after."""

    def __init__(self) -> None:
        self.looked: list[float] = []
        self.done = threading.Event()

    def look(self) -> None:
        self.looked.append(time.monotonic())
        self.done.set()


def test_a_watch_looks_soon_after_a_poke_and_once_for_a_burst() -> None:
    seen = Seen()
    watch = Watch(seen.look, every=30)
    watch.start()
    for _ in range(5):
        watch.poke()
    assert seen.done.wait(15)
    time.sleep(0.2)
    assert len(seen.looked) == 1
    watch.stop()
    watch.poke()
    time.sleep(0.1)
    assert len(seen.looked) == 1
    watch.start()
    seen.done.clear()
    watch.poke()
    assert seen.done.wait(15), "what was stopped can begin again"
    watch.stop()


def test_a_watch_ends_with_what_it_looks_after() -> None:
    seen = Seen()
    watch = Watch(seen.look, every=0.02)
    watch.start()
    assert seen.done.wait(15)
    del seen
    wait_for(lambda: not watch.alive)


def test_a_program_that_ends_while_a_dashboard_is_open_ends() -> None:
    code = """if True:
        import tempfile, pandas as pd, cjm_widgets as cjm
        study = cjm.Study(tempfile.mkdtemp() + "/x.cjm")
        study.add(pd.DataFrame({"comment": ["The checkout failed twice."]}), text="comment")
        board = study.dashboard("zoe")
        board.send = lambda content, buffers=None: None
        board._watch.every = 0.001
        ask = {"v": 1, "id": "1", "session": "s", "do": "board", "want": "open"}
        board._handle_custom_msg(ask, [])
        assert board._watch.alive
        print("open")
    """
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "open", "")


def test_nothing_is_looked_after_while_no_page_shows_the_dashboard(wire: Wire) -> None:
    wire.board("open", view="one")
    wire.board("open", view="two")
    wire.board("leave", view="one")
    assert wire.widget._watch.alive
    wire.board("leave", view="two")
    wait_for(lambda: not wire.widget._watch.alive)
    wire.board("open", view="three")
    wire.code(3, "purchase", 1.0)
    assert wire.pushed()


def test_language_and_estimate_show_without_any_other_change(wire: Wire, shop: cjm.Study) -> None:
    wire.board("open")
    wire.widget.language = "fr"
    told = wire.pushed()[0]
    assert told["item"], "another language draws anew"
    assert "Objectifs" in str(told["item"])
    wire.widget.estimate = "automatic"
    assert "study.score()" in wire.pushed(2)[1]["trouble"]
    shop.score()
    wire.widget.changed()
    told = wire.pushed(3)[2]
    assert told["trouble"] == ""
    assert told["face"]["estimate"] == "automatic"
    with pytest.raises(cjm.UnknownName, match="estimate"):
        wire.widget.estimate = "guessed"
    wire.widget.estimate = None
    assert wire.pushed(4)[3]["face"]["estimate"] == "coded"
    assert shop._store.setting("estimate") is None, "the study's own choice stays"


def test_the_studys_settings_show_without_any_other_change(wire: Wire, shop: cjm.Study) -> None:
    wire.board("open")
    shop.privacy(quotes="hide")
    wire.widget.changed()
    assert "patch" in wire.pushed()[0]
    assert wire.board("behind", stage="purchase")["rows"] == []


def test_the_summary_of_a_saved_notebook_has_counts_and_no_words(shop: cjm.Study) -> None:
    widget = shop.dashboard("zoe")
    assert "zoe" in widget.summary()
    texts = pd.Series(shop.feedback()["text"])
    assert not any(text in widget.summary() for text in texts)
    widget.close()


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_closing_ends_the_thread(shop: cjm.Study) -> None:
    wire = Wire(shop.dashboard("zoe"))
    wire.board("open")
    thread = wire.widget._watch._thread
    assert thread is not None
    assert thread.is_alive()
    wire.widget.close()
    wait_for(lambda: not thread.is_alive())
