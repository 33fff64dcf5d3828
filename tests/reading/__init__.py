"""Tests of `pipeline/reading` and `pipeline/checking`: from a stream to cells and findings."""
