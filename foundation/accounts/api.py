"""Tokens: given for a password, taken back at log-out."""

from http import HTTPStatus

from django.contrib.auth import authenticate
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.accounts.access import lacks_second_step, second_step_missing
from foundation.accounts.attempts import count_failure, refuse_too_many
from foundation.accounts.matrix import Permission
from foundation.accounts.models import ApiToken, User
from foundation.accounts.owner import WrongPassword
from foundation.accounts.second_factor import WrongCode, check_code


class Credentials(serializers.Serializer):
    """What a program shows to get a token."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=500, trim_whitespace=False, write_only=True)
    otp = serializers.CharField(
        max_length=20,
        required=False,
        write_only=True,
        help_text="Kode aplikasi autentikator atau kode pemulihan; wajib bagi akun dengan verifikasi dua langkah.",
    )


class IssuedToken(serializers.Serializer):
    """A token and when it ends."""

    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class LoginView(APIView):
    """Masuk: memperoleh token untuk header ``Authorization: Token …``."""

    permission = Permission.LOG_IN
    authentication_classes = ()

    @extend_schema(request=Credentials, responses=IssuedToken, auth=[], operation_id="login")
    def post(self, request: Request) -> Response:
        form = Credentials(data=request.data)
        form.is_valid(raise_exception=True)
        username, password = form.validated_data["username"], form.validated_data["password"]
        refuse_too_many(request, username)
        user = authenticate(request._request, username=username, password=password)
        if user is None:
            count_failure(request, username)
            message = _("Nama pengguna atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")
            raise WrongPassword("wrong_password", message)
        _refuse_without_second_step(request._request, user, form.validated_data.get("otp", ""))
        user.auth_token_set.filter(expiry__lt=Now()).delete()
        row, token = ApiToken.objects.create(user=user)
        return Response(IssuedToken({"token": token, "expiry": row.expiry}).data)


def _refuse_without_second_step(request: HttpRequest, user: User, otp: str) -> None:
    """The same second step as in the browser: who has it must take it, who needs it must have it."""
    if user.two_factor_at and not otp:
        message = _("Akun ini memakai verifikasi dua langkah. Kirim juga kode dari aplikasi sebagai “otp”.")
        raise WrongCode("otp_required", message, "otp")
    if user.two_factor_at:
        check_code(request, user, otp, field="otp")
    elif lacks_second_step(user):
        raise second_step_missing()


class LogoutView(APIView):
    """Keluar: token yang dipakai tidak berlaku lagi."""

    permission = Permission.OWN_PROFILE

    @extend_schema(request=None, responses={204: None}, operation_id="logout")
    def post(self, request: Request) -> Response:
        request.auth.delete()
        return Response(status=HTTPStatus.NO_CONTENT)
