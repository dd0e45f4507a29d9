"""How allauth's two-factor part keeps its secrets: sealed, as everything that a stolen dump must not tell."""

from allauth.mfa.adapter import DefaultMFAAdapter

from foundation.accounts.models import User
from foundation.accounts.sealing import open_secret, seal_secret

PURPOSE = "two-factor"


class MFAAdapter(DefaultMFAAdapter):
    """Secrets sealed under the key of accounts; the name under which a phone lists the account is its user name."""

    def get_totp_label(self, user: User) -> str:
        """As one logs in."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Sealed, as text for JSON."""
        return seal_secret(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """In clear. Raises SealBroken."""
        return open_secret(encrypted_text, PURPOSE)
