"""Puts the example shop and the shared browser helpers within reach."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
for folder in (TESTS, TESTS / "view"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
