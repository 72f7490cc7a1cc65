"""Bad things that happen while people code: nothing that was shown as saved is lost."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store_kit import TEXTS, desk, feedback, new_place

from cjm_widgets.model.desk import Op
from cjm_widgets.store import Store


class Coder:
    """Somebody who codes on and on, as the widget does: the same op again until it is saved."""

    def __init__(self, store: Store, name: str) -> None:
        self.desk = desk(store, name)
        self.saved: list[str] = []
        self.refused = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._code)

    def __enter__(self) -> Coder:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def wait(self, more: int) -> None:
        """Until so many more are saved."""
        wanted, end = len(self.saved) + more, time.monotonic() + 45
        while len(self.saved) < wanted:
            assert time.monotonic() < end, f"{len(self.saved)} of {wanted} saved"
            time.sleep(0.005)

    def _code(self) -> None:
        while not self._end.is_set():
            row = uuid.uuid4().hex
            body = {"feedback": 1, "start": 0, "stop": 3, "memo": row}
            op = Op(op=uuid.uuid4().hex, act="code", row=row, seen_version=1, body=body)
            while not (receipt := self.desk.apply(op)).ok:
                assert receipt.why in ("busy", "lost_file"), receipt.say
                self.refused += 1
                if self._end.wait(0.02):
                    return
            self.saved.append(row)


def coded(store: Store, during: Callable[[Coder], None]) -> tuple[list[str], list[str], int]:
    """What two coders had saved, what is there in the end, and how much was refused."""
    with Coder(store, "ana") as ana, Coder(store, "bo"):
        ana.wait(5)
        during(ana)
        ana.wait(5)
    there = store.codings()
    memos = there[there["coder"] == "ana"]["memo"]
    return sorted(ana.saved), sorted(memos), ana.refused


@pytest.mark.postgres
def test_a_server_that_restarts_loses_nothing_that_was_saved(own_server: Any) -> None:
    with Store.open(new_place(own_server.url), patience=2) as store:
        store.add([feedback(TEXTS)], source="s")

        def during(ana: Coder) -> None:
            own_server.restart()
            ana.wait(3)
            own_server.restart()

        saved, there, refused = coded(store, during)
        assert set(saved) <= set(there)
        assert len(there) == len(set(there))
        assert len(there) - len(saved) <= 1  # the one under way when we stopped
        assert refused


def test_a_file_that_is_away_for_a_while_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    path, aside = tmp_path / "s.cjm", tmp_path / "aside.cjm"
    with Store.open(path) as store:
        store.add([feedback(TEXTS)], source="s")

        def during(ana: Coder) -> None:
            path.rename(aside)
            end, before = time.monotonic() + 30, ana.refused
            while ana.refused < before + 3:
                assert time.monotonic() < end
                time.sleep(0.005)
            aside.rename(path)

        saved, there, refused = coded(store, during)
        assert set(saved) <= set(there)
        assert len(there) - len(saved) <= 1
        assert refused >= 3
    with Store.open(path) as store:
        store.check()
        assert set(saved) <= set(store.codings()["memo"])


def test_texts_replaced_while_somebody_codes_them_lose_nothing(store: Store) -> None:
    texts = [f"{text} Version" for text in TEXTS]
    store.add([feedback(texts, id=list("abcdef"))], source="s")

    def during(ana: Coder) -> None:
        for version in range(2, 5):
            words = [f"{text} {version}" for text in texts]
            count = store.add([feedback(words, id=list("abcdef"))], source="s")
            assert count.misfits == 0
            ana.wait(3)

    saved, there, _ = coded(store, during)
    assert set(saved) <= set(there)
    store.follow_corrections("eva")
    frame = store.codings()
    assert set(frame["version"]) == {4}
    assert set(frame["passage"]) == {texts[0][:3]}
    assert len(store.misfits()) == 0


def test_a_person_forgotten_while_somebody_codes_leaves_the_others_codings(store: Store) -> None:
    store.add([feedback(["kept words", "gone words"], respondent=["bo", "ana"])], source="s")

    def during(ana: Coder) -> None:
        store.forget("ana", "eva")
        ana.wait(2)

    saved, there, _ = coded(store, during)
    assert set(saved) <= set(there)
    assert store.feedback_frame()["text"].tolist() == ["kept words"]
