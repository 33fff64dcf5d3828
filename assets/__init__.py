"""The thin outside of gongkai: Dagster's assets, storage and the commands. No logic of the data."""
