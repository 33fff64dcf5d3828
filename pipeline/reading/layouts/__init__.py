"""Layouts that are turned, line by line, into those that the reader knows, before anything is read."""
