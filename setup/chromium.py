"""Print the path of a Chromium for the browser tests, fetching one by Playwright where there is none."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = (
    "No Chromium for the browser tests. Install one (Debian, Ubuntu: apt-get install chromium),"
    " or set CHROMIUM to the path of a Chromium or Chrome."
)

WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def main() -> int:
    path = given() or on_path() or by_playwright()
    if not path:
        sys.stderr.write(HOW + "\n")
        return 1
    sys.stdout.write(path + "\n")
    return 0


def given() -> str | None:
    path = os.environ.get("CHROMIUM")
    if path and not shutil.which(path):
        sys.exit(f"CHROMIUM is {path}, which is not an executable file.")
    return path


def on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def by_playwright() -> str | None:
    """Playwright's own Chromium, downloaded if it is not there yet and the network allows."""
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(fetch, stdout=sys.stderr).returncode:
        return None
    found = subprocess.run([sys.executable, "-c", WHERE], capture_output=True, text=True)
    path = found.stdout.strip()
    return path if works(path) else None


def works(path: str) -> bool:
    """A downloaded Chromium may lack system libraries; then it does not even tell its version."""
    try:
        return subprocess.run([path, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
