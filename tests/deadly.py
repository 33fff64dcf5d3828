"""Work that kills its process, for tests of the process pool: other processes import this module alone."""

import os


def lengths_or_death(words: list[str]) -> list[int]:
    """Return the length of each word; the word `kill` ends the process."""
    if "kill" in words:
        os._exit(9)
    return [len(word) for word in words]
