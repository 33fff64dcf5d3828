"""Tests of pipeline.checking where several sentences, years or agencies meet."""
