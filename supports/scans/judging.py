"""How a page looks: blank, too dark, blurred, too small to read. Pure, and cheap: everything on a small grey copy.

The limits were set on rendered statements and cards, clean and spoilt (tests/supports/scans/test_judging.py); they
warn, they never refuse.
"""

from collections.abc import Iterator

from PIL import Image, ImageFilter, ImageStat

# The longest side of the copy everything is measured on, so that no limit depends on the resolution.
MEASURED = 1000
# KTP-el by a telephone from arm's length: below this its NIK has under ten pixels of height.
SMALLEST_SIDE = 500
BLANK_DEVIATION = 5.0
DARK_MEAN = 55.0
BLURRED_VARIANCE = 60.0
# Of the paper's edge, where a scanner leaves its own shadow.
EDGE = 0.04
SECOND_DERIVATIVE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=2, offset=128)


def problems_of(picture: Image.Image, size: tuple[int, int]) -> Iterator[str]:
    """Codes of ``words.PROBLEMS`` about one page; ``size`` is what it had before it was made smaller."""
    if max(size) < SMALLEST_SIDE:
        yield "SMALL"
    grey = picture.convert("L")
    grey.thumbnail((MEASURED, MEASURED))
    grey = _inside(grey)
    seen = ImageStat.Stat(grey)
    if seen.stddev[0] < BLANK_DEVIATION:
        yield "BLANK"
        return
    if seen.mean[0] < DARK_MEAN:
        yield "DARK"
    if sharpness(grey) < BLURRED_VARIANCE:
        yield "BLURRED"


def sharpness(grey: Image.Image) -> float:
    """The variance of the Laplacian, of the sharpest ninth of the page: a statement has much empty paper."""
    # The filter leaves the outermost pixels as they are.
    edges = grey.filter(SECOND_DERIVATIVE).crop((1, 1, max(grey.width - 1, 2), max(grey.height - 1, 2)))
    width, height = edges.size
    thirds = [
        edges.crop((width * x // 3, height * y // 3, width * (x + 1) // 3, height * (y + 1) // 3))
        for x in range(3)
        for y in range(3)
    ]
    return max((ImageStat.Stat(one).var[0] for one in thirds if min(one.size)), default=0.0)


def _inside(grey: Image.Image) -> Image.Image:
    width, height = grey.size
    across, down = int(width * EDGE), int(height * EDGE)
    return grey.crop((across, down, width - across, height - down))
