"""The process that forks, by the name that these tests know it by."""

import pytest

from tests import commands
from tests.forks import Forks


@pytest.fixture(scope="session")
def server() -> Forks:
    return commands.server()
