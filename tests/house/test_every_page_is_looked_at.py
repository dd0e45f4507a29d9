"""Every address that a browser may open is opened in the browser tests, or has a reason not to be."""

from urllib.parse import urlsplit

from django.urls import get_resolver, resolve

from foundation.accounts.declare import each_url
from tests.e2e.pages import EXCEPTIONS, PAGES, SECOND_STEP

# Calls of programs.
API = "api/v1/"


class Anything(dict):
    """Stands for every id in an address."""

    def __missing__(self, name):
        return "1"


def opened():
    return {
        resolve(urlsplit(page.format_map(Anything())).path).url_name
        for pages in (*PAGES.values(), SECOND_STEP)
        for page in pages
    }


def test_every_page_is_opened_or_has_a_reason():
    named = {
        pattern.name for route, pattern in each_url(get_resolver("silon.urls")) if not route.startswith(API)
    }
    excused = {name for names in EXCEPTIONS.values() for name in names}
    assert named - opened() - excused == set()
    assert (opened() & excused, excused - named) == (set(), set())
