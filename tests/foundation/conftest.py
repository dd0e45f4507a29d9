"""What the tests of the ground floor share."""

import pytest
from django.core.cache import cache


@pytest.fixture
def quick_log_ins(settings):
    """No failed log-ins counted so far, and a hash that costs nothing: these tests log in hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
