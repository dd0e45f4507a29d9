"""The app of users, roles and permissions."""

from django.apps import AppConfig
from django.core import checks

from foundation.accounts.declare import check_urls


class AccountsConfig(AppConfig):
    """Registers the check that every URL declares its permission."""

    name = "foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        checks.register(check_urls, checks.Tags.urls)
