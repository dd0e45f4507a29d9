"""What a browser calls itself, in words its owner knows. Pure: no Django.

Nothing is decided by it: it is what the list of one's own sessions says.
"""

# The first that fits: many names stand in the texts of others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_name(text: str) -> str:
    """``Chrome di Windows``, from the User-Agent of a request."""
    browser = next((name for mark, name in BROWSERS if mark in text), "Peramban lain")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    return f"{browser} di {system}" if system else browser
