"""Tests of the nightly operation with Dagster: checks, retries, failures, and the running UI."""
