"""What tests of checks share; `plans.py` says how it is made."""

import plans
import pytest


@pytest.fixture
def filled():
    """Changes to the valid plan → the record of the changed plan."""
    return plans.filled


@pytest.fixture
def book():
    """Changes to the valid plan → the workbook of the changed plan."""
    return plans.book


@pytest.fixture
def found():
    """A record or a workbook → codes and cells of what is found in it."""
    return plans.found
