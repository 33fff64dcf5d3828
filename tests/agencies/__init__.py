"""Tests of `pipeline/agencies`: names, evidence, regions, scope, and the data that they rest on."""
