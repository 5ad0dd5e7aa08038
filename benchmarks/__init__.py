"""Workloads of performance.md, measured beside bare asyncpg in the same run."""
