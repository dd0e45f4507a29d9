"""``pemeriksa.pyz``: the modules that check a receipt, in one file that Python runs as it is. Pure."""

import io
import zipfile
from functools import cache
from pathlib import Path

# What verify.py needs, and nothing else.
MODULES = ("ed25519", "merkle", "rows", "signed", "verify")
MAIN = "from supports.handing_in.verify import main\n\nraise SystemExit(main())\n"
# One and the same moment: the same modules are the same bytes, whose hash can be published.
MOMENT = (1980, 1, 1, 0, 0, 0)


@cache
def checker_archive() -> bytes:
    """The archive; equal modules give equal bytes."""
    here, out = Path(__file__).parent, io.BytesIO()
    texts = {"__main__.py": MAIN, "supports/__init__.py": "", "supports/handing_in/__init__.py": ""}
    texts |= {f"supports/handing_in/{name}.py": (here / f"{name}.py").read_text("utf-8") for name in MODULES}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()
