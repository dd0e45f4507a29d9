"""Make the virtual environment and install a requirements file into it, once per content of that file.

`python3 setup/venv.py requirements.txt` from the project's folder; standard library only. Two calls at the
same time wait for each other.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(requirements: str) -> int:
    wanted = digest_of(ROOT / requirements)
    stamp = VENV / f".installed-{Path(requirements).stem}"
    (ROOT / ".data").mkdir(mode=0o700, exist_ok=True)
    with (ROOT / ".data" / "venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not works():
            tell(f"Creating .venv with Python {sys.version.split()[0]} …")
            shutil.rmtree(VENV, ignore_errors=True)
            run([sys.executable, "-m", "venv", str(VENV)])
        if stamp.exists() and stamp.read_text() == wanted:
            return 0
        tell(f"Installing {requirements} (a minute or two, once) …")
        run(
            [
                str(PYTHON),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
                requirements,
            ]
        )
        stamp.write_text(wanted)
    return 0


def digest_of(path: Path) -> str:
    """A digest of the file and of those it includes by `-r`, and of the Python it was installed for."""
    text = path.read_text()
    included = [path.parent / line[3:].strip() for line in text.splitlines() if line.startswith("-r ")]
    parts = [sys.version, str(VENV), text, *map(digest_of, included)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def works() -> bool:
    """Whether .venv has a Python that runs, with pip: not a half-made one, nor one whose Python is gone."""
    try:
        return subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode:
        sys.exit(f"`{' '.join(command)}` failed; its reason is above. Mend it and call make again.")


def tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
