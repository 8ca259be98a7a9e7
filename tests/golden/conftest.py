"""The switch that takes over new documents."""

import pytest


@pytest.fixture(scope="session")
def accept(request):
    return request.config.getoption("--accept-golden")
