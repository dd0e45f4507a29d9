"""A person before a browser."""

from django.conf import settings

DESKTOP = {"width": 1440, "height": 900}
# Answers of ours that say what is to be mended; the browser reports them too.
EXPECTED = ("status of 401", "status of 409", "status of 422", "net::ERR_INTERNET_DISCONNECTED")
PHONE = {"width": 390, "height": 844}


class Person:
    """One browser context; ``page`` is its page, ``complaints`` what its console reported as wrong."""

    def __init__(self, browser, base_url, **context):
        context.setdefault("viewport", DESKTOP)
        self._context = browser.new_context(base_url=base_url, locale="id-ID", **context)
        self._context.set_default_timeout(120_000)
        self.page = self._context.new_page()
        self.complaints = []
        self._network = None
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        if message.type in ("error", "warning") and not any(one in message.text for one in EXPECTED):
            self.complaints.append(message.text)

    def log_in(self, username):
        """As somebody of the demo."""
        self.page.goto("/akun/masuk/")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi").fill(settings.DEMO_PASSWORD)
        self.page.locator("main").get_by_role("button", name="Masuk").click()
        self.page.wait_for_url(lambda url: "/akun/" not in url)

    def narrow_network(self, bytes_per_second):
        """Bytes go no faster than that; at 0 the network is away."""
        if self._network is None:
            self._network = self._context.new_cdp_session(self.page)
            self._network.send("Network.enable")
        conditions = {
            "offline": bytes_per_second == 0,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_per_second,
        }
        self._network.send("Network.emulateNetworkConditions", conditions)

    def forget_session(self):
        """As if it had ended."""
        self._context.clear_cookies(name="sessionid")

    def text(self):
        """What the page says."""
        return self.page.locator("main").inner_text()

    def overflows(self):
        """Whether the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def leave(self):
        self._context.close()
