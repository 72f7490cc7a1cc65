"""Run the benchmarks that are named, or all: ``python -m benchmarks [NAME …]``."""

from __future__ import annotations

import importlib
import platform
import sys

NAMES = (
    "imports",
    "saving",
    "reading",
    "maps",
    "scoring",
    "curves",
    "calibration",
    "coder",
    "suggestions",
)


def main(names: list[str]) -> None:
    unknown = set(names) - set(NAMES)
    if unknown:
        raise SystemExit(
            f"no such benchmark: {', '.join(sorted(unknown))}; known: {', '.join(NAMES)}"
        )
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}\n")
    for name in names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"## {name}: {(module.__doc__ or '').strip().splitlines()[0]}\n")
        module.run()
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
