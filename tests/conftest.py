"""Settings every test shares. Fixtures of one subject stay beside its tests."""

import os

from hypothesis import settings

# The same examples every time: a red run can be run again. GONGKAI_TESTS=search looks for new ones.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("GONGKAI_TESTS", "fixed"))
