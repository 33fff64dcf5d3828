"""Tests of `pipeline/documents`: bytes of any format to the one stream."""
