"""Proof: tests, golden truth of the real documents, made reports, benchmarks. Nothing here ships."""
