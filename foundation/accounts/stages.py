"""The step between the password and the session, in allauth's flow of a log-in."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondStep(AuthenticateStage):
    """Asked of everybody who has it set up: what allauth may skip (trusted browsers, passkeys) is not known here."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return bool(self.login.user.two_factor_at)
