"""Run as a process of its own: codes at random, or until it is killed.

python store_worker.py PLACE CODER N SEED      N acts on shared rows, one line per answer
python store_worker.py PLACE CODER kill SEED   acts until killed, one line per receipt
python store_worker.py PLACE - import SEED     an import that takes long
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from store_kit import desk, feedback

from cjm_widgets.model.desk import Op
from cjm_widgets.model.journey import Journey
from cjm_widgets.store import Store

ROWS = 12


def one(made: object, text_length: int = 2) -> Op:
    """Something a coder might do to one of a dozen shared rows."""
    draw = random.random()
    name = uuid.uuid4().hex
    row = f"row{random.randrange(ROWS)}"
    if draw < 0.3:
        stop = random.randint(1, text_length)
        says = {
            "stage": random.choice(["Search", "Buy", None]),
            "codes": random.choice([[], ["fees"]]),
        }
        return Op(name, "code", row=row if draw < 0.15 else name, body={
            "feedback": random.randint(1, 6), "start": 0, "stop": stop, **says})  # fmt: skip
    if draw < 0.55:
        body = {
            "valence": random.choice([-1, -0.5, 0, 0.5, 1]),
            "codes": random.choice([["pains"], []]),
        }
        return Op(name, "edit", row=row, body=body)
    if draw < 0.65:
        return Op(name, "remove", row=row)
    return Op(name, "undo" if draw < 0.85 else "redo")


def main() -> None:
    place, coder, what, seed = sys.argv[1:5]
    random.seed(int(seed))
    if what == "nursery":
        nursery(place, coder)
        return
    store = Store.open(place, patience=30)
    if what == "import":
        store.add(slow(), source="slow.csv")
        return
    work(store, coder, what)


def nursery(place: str, coder: str) -> None:
    """Nothing is open here, so that a fork is safe."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            random.seed(line)
            work(Store.open(place, patience=30), coder, "kill")
        print(json.dumps({"pid": pid}), flush=True)
        os.waitpid(pid, 0)
        print("\n" + json.dumps({"end": True}), flush=True)


def work(store: Store, coder: str, what: str) -> None:
    made = desk(store, coder)
    print(json.dumps({"ready": True}), flush=True)
    for _ in range(10**9 if what == "kill" else int(what)):
        if what != "kill" and random.random() < 0.15:
            # Stages belong to all: here one actor's undo meets another's changes.
            journey = Journey.of("Search", "Buy", {"en": random.choice("ABC"), "fr": "D"}, "Use")
            print(json.dumps({"ok": store.set_journey(journey, coder).seq > 0}), flush=True)
        op = one(made)
        receipt = made.apply(op)
        if receipt.ok:
            again = made.apply(op) if random.random() < 0.1 else receipt
            assert again.seq == receipt.seq
        if what != "kill":
            time.sleep(random.random() * 0.002)
        line = {
            "op": op.op,
            "act": op.act,
            "ok": receipt.ok,
            "why": receipt.why,
            "seq": receipt.seq,
        }
        print(json.dumps(line), flush=True)
        assert receipt.ok or receipt.why in ("conflict", "moved", "invalid"), receipt.say
    store.close()


def slow() -> Iterator[pd.DataFrame]:
    """Chunks without end, told one by one."""
    for i in range(1_000):
        yield feedback([f"text {i} {k}" for k in range(500)], valence=[0.5] * 500, plan=["a"] * 500)
        print(i, flush=True)


if __name__ == "__main__":
    main()
