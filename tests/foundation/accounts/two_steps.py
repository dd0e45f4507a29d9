"""Logging in in two steps, as a person with a phone does it."""

import base64
import hashlib
import hmac
import struct
import time

from allauth.mfa.models import Authenticator

from foundation.accounts.matrix import Role
from foundation.accounts.second_factor import set_up
from tests.foundation.accounts.people import somebody

PASSWORD = "melati-di-tepi-kali"
SECRET = base64.b32encode(b"12345678901234567890").decode()


def app_code(secret, later=0):
    """What an app on a phone shows, by RFC 6238 and without any part of ours."""
    moment = struct.pack(">Q", int(time.time()) // 30 + later)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def writer(**fields):
    """An operator with a password and no second step yet."""
    user = somebody(Role.OPERATOR, two_factor_at=None, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def type_password(client, user, password=PASSWORD, **extra):
    return client.post("/akun/masuk/", {"login": user.username, "password": password}, **extra)


def type_code(client, code, **extra):
    return client.post("/akun/masuk/kode/", {"code": code}, **extra)


def ask_token(client, user, password=PASSWORD, **more):
    body = {"username": user.username, "password": password} | more
    return client.post("/api/v1/auth/login/", body, "application/json")


def set_up_before(user, secret=SECRET, **options):
    """The second step as if it had been set up half a minute ago: the code of that moment is used up, no later one.

    That code itself would be too old for the half minute that may begin before it is looked at.
    """
    set_up(user, secret=secret, code=app_code(secret), **options)
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    app.data["last_moment"] -= 1
    app.save()


def writer_with_app():
    """An operator with both; the code of the last half minute is used up."""
    user = writer()
    set_up_before(user)
    return user


def log_in(client, user, code=None, **extra):
    """Both steps; the answer to the second."""
    answer = type_password(client, user, **extra)
    if answer.status_code != 302:
        return answer
    return type_code(client, code or app_code(SECRET), **extra)
