"""The three tables: where each stands, how its witnesses are put together, and what comes of it."""
