"""What `make` does before any package is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SETUP = Path(__file__).resolve().parents[2] / "setup"


@pytest.fixture
def project(tmp_path):
    """A project that requires nothing, in a folder whose name has a space."""
    top = tmp_path / "a project"
    shutil.copytree(SETUP, top / "setup")
    (top / "requirements.txt").write_text("# nothing\n")
    return top


def make_venv(project):
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    command = [base, "setup/venv.py", "requirements.txt"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stderr


def test_environment_is_made_in_place_of_a_broken_one_and_only_once(project):
    (project / ".venv/bin").mkdir(parents=True)
    (project / ".venv/bin/python").symlink_to("/gone/python3")
    assert "Creating .venv" in make_venv(project)
    assert make_venv(project) == ""
    (project / "requirements.txt").write_text("# still nothing\n")
    assert make_venv(project).startswith("Installing requirements.txt")


def find_chromium(**environ):
    command = [sys.executable, SETUP / "chromium.py"]
    return subprocess.run(command, env=os.environ | environ, capture_output=True, text=True)


def test_chromium_that_is_named_is_taken(tmp_path):
    browser = tmp_path / "my-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert find_chromium(CHROMIUM=str(browser)).stdout == f"{browser}\n"


def test_chromium_that_is_named_but_not_there_is_an_error():
    done = find_chromium(CHROMIUM="/gone/chromium")
    assert (done.returncode, done.stdout) == (1, "")
    assert "/gone/chromium, which is not an executable file" in done.stderr


def test_chromium_on_the_path_is_found(tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    assert find_chromium(CHROMIUM="", PATH=str(tmp_path)).stdout == f"{browser}\n"
