"""What a long step tells the person who waits. Belongs here: the interface and its silent form."""


class Progress:
    """Told how far a step is; this one keeps silent. The command line brings one that draws."""

    def stage(self, name: str, total: int) -> None:
        """Say that a step begins, and of how many documents."""

    def advance(self, count: int) -> None:
        """Say that so many more documents are done."""
