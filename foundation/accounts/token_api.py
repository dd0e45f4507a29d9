"""One's own tokens, through the API."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.accounts.matrix import TOKEN_SCOPES, Permission
from foundation.accounts.models import ApiToken
from foundation.accounts.owner import confirm_owner
from foundation.accounts.tokens import MOST_DAYS, make_token, number_of, revoke_token, tokens_of


class Token(serializers.ModelSerializer):
    """A token without its secret."""

    id = serializers.SerializerMethodField(help_text="Nomor token; bukan rahasianya.")

    class Meta:
        model = ApiToken
        fields = ("id", "name", "scope", "created", "expiry")

    def get_id(self, token: ApiToken) -> str:
        """How it is named when it is revoked."""
        return number_of(token)


class NewToken(serializers.Serializer):
    """What a token is for, and that its owner asks for it."""

    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(
        list(TOKEN_SCOPES), default="", help_text="Kosong: semua; read: hanya membaca."
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)
    password = serializers.CharField(max_length=500, trim_whitespace=False, write_only=True)
    otp = serializers.CharField(
        max_length=20,
        required=False,
        write_only=True,
        help_text="Kode aplikasi autentikator atau kode pemulihan, bila akun memakai verifikasi dua langkah.",
    )


class MadeToken(Token):
    """A token with its secret, once."""

    token = serializers.CharField()

    class Meta(Token.Meta):
        fields = (*Token.Meta.fields, "token")


class TokensView(ListAPIView):
    """Token milik sendiri: daftar, dan membuat yang baru (rahasianya hanya sekali ditampilkan)."""

    permissions = {"GET": Permission.OWN_PROFILE, "POST": Permission.MANAGE_TOKENS}
    serializer_class = Token
    ordering = ("-created", "digest")

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Those that still hold."""
        return tokens_of(self.request.user) if self.request else ApiToken.objects.none()

    @extend_schema(responses=Token(many=True), operation_id="list_own_tokens")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NewToken, responses={201: MadeToken}, operation_id="make_own_token")
    def post(self, request: Request) -> Response:
        form = NewToken(data=request.data)
        form.is_valid(raise_exception=True)
        values = form.validated_data
        confirm_owner(
            request._request,
            request.user,
            password=values["password"],
            code=values.get("otp", ""),
            fields=("password", "otp"),
        )
        token, secret = make_token(
            request.user, name=values["name"], scope=values["scope"], days=values["days"]
        )
        token.token = secret
        return Response(MadeToken(token).data, status=HTTPStatus.CREATED)


class TokenView(APIView):
    """Satu token milik sendiri."""

    permissions = {"DELETE": Permission.MANAGE_TOKENS}

    @extend_schema(responses={204: None}, operation_id="revoke_own_token")
    def delete(self, request: Request, number: str) -> Response:
        """Cabut: program yang memakainya langsung tidak dapat masuk lagi."""
        revoke_token(request.user, number)
        return Response(status=HTTPStatus.NO_CONTENT)
