"""Run the benchmarks that are named, or all: ``python -m benchmarks [NAME …]``."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import traceback

NAMES = (
    "imports",
    "saving",
    "reading",
    "size",
    "maps",
    "map_filters",
    "scoring",
    "curves",
    "calibration",
    "coder",
    "dashboard",
    "suggestions",
    "classifier",
)


def main(names: list[str]) -> int:
    """Run benchmarks one after the other; gives how many failed."""
    unknown = set(names) - set(NAMES)
    if unknown:
        raise SystemExit(
            f"no such benchmark: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}"
        )
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}\n")
    failed = 0
    for name in names or NAMES:
        try:
            module = importlib.import_module(f"benchmarks.{name}")
            print(f"## {name}: {(module.__doc__ or '').strip().splitlines()[0]}\n", flush=True)
            module.run()
        except Exception:
            # The others are worth running all the same.
            failed += 1
            traceback.print_exc()
        print(f"\nLoad of the machine, last minute: {os.getloadavg()[0]:.1f}\n", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
