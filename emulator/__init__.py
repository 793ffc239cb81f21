"""Telegram on loopback, for newcomers, tests and benchmarks."""
