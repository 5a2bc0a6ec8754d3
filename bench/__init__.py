"""Benchmarks: figures go to docs/performance.md with machine, date and command."""
