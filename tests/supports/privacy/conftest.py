"""One team with a loaded list, and nobody counted so far."""

import pytest
from django.core.cache import cache
from django.test import Client

from foundation.accounts.matrix import Role
from tests import factories
from tests.supports.privacy.listing import listed


@pytest.fixture(autouse=True)
def nobody_asked_yet():
    """The cache outlives the tests."""
    cache.clear()


@pytest.fixture
def pair(db):
    """Bontang, with a list of three people."""
    found = factories.pair()
    listed(found, [factories.person(n) for n in range(3)])
    return found


@pytest.fixture
def kpu(db):
    """Somebody of KPU Kota Bontang."""
    return factories.user("kpu", Role.KPU_REGENCY, 6474)


@pytest.fixture
def desk(kpu):
    """Their browser."""
    client = Client()
    client.force_login(kpu)
    return client
