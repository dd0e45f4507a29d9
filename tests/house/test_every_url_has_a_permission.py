"""Every URL, every method, every role.

The anonymous are asked to log in, the unpermitted are refused, the others get on.
"""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from foundation.accounts.declare import METHODS, declaration, each_url, methods_of, required
from foundation.accounts.matrix import ANY_USER, MATRIX, PUBLIC, Permission, Role
from tests.foundation.accounts.people import somebody, token_of

# Values for the arguments of a URL: nothing has them.
VALUES = {
    "int": "999999999",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12,
}

# Of who has just typed a password; everybody else begins there.
SECOND_STEP = "/akun/masuk/kode/"


def address(route):
    """A path that the route matches: <int:pk> → 999999999."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES[found[1] or "str"], route)


def calls():
    """(method, path, permission) of everything the site answers."""
    for route, pattern in each_url(get_resolver("silon.urls")):
        declared = declaration(pattern.callback)
        methods = set(declared) if isinstance(declared, dict) else methods_of(pattern.callback)
        # A function does not say which methods it answers: the two of a page are tried.
        for method in [method for method in METHODS if method in methods] or ["GET", "POST"]:
            yield method, address(route), required(pattern.callback, method)


CALLS = list(calls())
WALKED = [call for call in CALLS if call[2] not in PUBLIC]


def ask(client, method, path, user):
    """The answer to one call, by session or token as the address asks."""
    if not path.startswith("/api/"):
        client.force_login(user)
        return client.generic(method, path)
    return client.generic(method, path, b"{}", "application/json", **token_of(user))


def named(call):
    return f"{call[0]} {call[1]}"


def test_the_walk_sees_the_site():
    paths = {path for _method, path, _permission in CALLS}
    assert {"/", "/akun/masuk/", "/api/v1/me/", "/api/v1/auth/login/", "/pasangan/999999999/"} <= paths
    assert all(isinstance(permission, Permission) for _method, _path, permission in CALLS)


def test_no_address_is_served_twice():
    asked = [(method, path) for method, path, _permission in CALLS]
    assert sorted(asked) == sorted(set(asked))


@pytest.mark.django_db
@pytest.mark.parametrize("call", WALKED, ids=named)
def test_anonymous_is_asked_to_log_in(call):
    method, path, _permission = call
    response = Client().generic(method, path)
    if path.startswith("/api/"):
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    elif method == "GET":
        assert response.status_code == 302
        assert response["Location"].startswith("/akun/masuk/?next=")
    else:
        assert response.status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("call", WALKED, ids=named)
def test_each_role_may_or_may_not(call):
    method, path, permission = call
    for role in Role:
        response = ask(Client(), method, path, somebody(role, pair=999999998))
        permitted = permission in MATRIX[role] | ANY_USER
        assert (response.status_code == 403) is not permitted, role
        assert response.status_code != 401, role
        assert response.status_code < 500, role


@pytest.mark.django_db
@pytest.mark.parametrize("call", [call for call in CALLS if call[2] in PUBLIC], ids=named)
def test_public_is_open_to_the_anonymous(call):
    method, path, _permission = call
    response = Client().generic(method, path, b"{}", "application/json")
    if path == SECOND_STEP:
        assert (response.status_code, response["Location"]) == (302, "/akun/masuk/")
    else:
        assert response.status_code not in (302, 401, 403)
    assert response.status_code < 500 or path == "/readyz"  # no worker runs here


@pytest.mark.django_db
@pytest.mark.parametrize("call", [call for call in WALKED if "999999999" in call[1]], ids=named)
def test_what_does_not_exist_is_404_for_who_may(call):
    """The same answer as for what belongs to others: nobody learns whether an id exists.

    Unless the method is not answered at all, or what was sent is faulty whatever it is sent to.
    """
    method, path, permission = call
    role = next(role for role in Role if permission in MATRIX[role] | ANY_USER)
    status = ask(Client(), method, path, somebody(role, pair=999999998)).status_code
    assert status in (404, 405) or (status == 400 and method != "GET")
