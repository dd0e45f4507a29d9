"""A real browser before the running site. Whatever its console complains about fails the test."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.e2e.person import Person

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-quic", "--no-first-run"]
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 120_000


@pytest.fixture(scope="session")
def browser():
    """Chromium: CHROMIUM (`make test` sets it), else one on the PATH, else the one Playwright has installed."""
    # Playwright's loop runs in this thread; Django would take every query of a test for one inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ON_PATH)), None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(live_stack, browser):
    """Somebody opens the site: ``visit("operator")`` is logged in, ``visit()`` is not."""
    people = []

    def arrive(username=None, **context):
        person = Person(browser, live_stack.base_url, **context)
        people.append(person)
        if username:
            person.log_in(username)
        return person

    yield arrive
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.leave()
    assert complaints == []
