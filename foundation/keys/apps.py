"""The app of keys."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Registers the system check of the key-encryption key."""

    name = "foundation.keys"

    def ready(self) -> None:
        """Import the check: Django registers it on import."""
        from foundation.keys import checks  # noqa: F401, PLC0415 - models are ready only now
