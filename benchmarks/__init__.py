"""Benchmarks: one module each, all run by ``python -m benchmarks``; see docs/benchmarks.md."""
