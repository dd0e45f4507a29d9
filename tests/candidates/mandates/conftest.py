"""What the tests of mandates share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nobody_sent_anything():
    """No document of this network is counted so far."""
    cache.clear()
