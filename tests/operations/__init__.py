"""The nightly operation under attack: kills, full disks, readers at all times, files that vanish.

Everything goes through real processes. Belongs here: what happens to the warehouse when a night is disturbed.
Does not belong here: what a night without trouble gives (tests/test_warehouse.py).
"""
