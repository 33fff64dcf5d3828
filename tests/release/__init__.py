"""Releases, the gate before them, and what differs between two of them."""
