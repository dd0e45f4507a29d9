"""An anonymous or unpermitted 60 MB POST is answered without reading it, and leaves no byte on disk."""

import io

import pytest
from django.test import Client

from foundation.accounts.matrix import Role
from tests.foundation.accounts.people import somebody, token_of

SIZE = 60 * 1024 * 1024
PAGES = [
    "/akun/masuk/",
    "/akun/keluar/",
    "/akun/kata-sandi/",
    "/api/v1/auth/login/",
    "/api/v1/auth/logout/",
    "/api/v1/me/",
    "/api/schema/",
    "/api/docs/",
    "/api/v1/nowhere/",
    "/nowhere/",
]


class Untouched(io.RawIOBase):
    """A body that may not be read."""

    def readable(self):
        return True

    def readinto(self, buffer):
        raise AssertionError("the body was read")


def post(client, path, size=SIZE, **environ):
    """POST a body of that size, unread, and give the answer."""
    environ |= {"CONTENT_LENGTH": str(size), "wsgi.input": Untouched()}
    return client.generic("POST", path, content_type="multipart/form-data; boundary=b", **environ)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_anonymous_body_is_not_read(page, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    response = post(Client(enforce_csrf_checks=True), page)
    assert response.status_code in (401, 404, 405, 413)
    assert response.content
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/akun/keluar/", "/akun/kata-sandi/"])
def test_body_of_a_user_who_sends_too_much_is_not_read(page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody(Role.OBSERVER))
    assert post(client, page).status_code == 413


@pytest.mark.django_db
@pytest.mark.urls("tests.foundation.accounts.pages")
@pytest.mark.parametrize("page", ["/uji/rows/", "/uji/upload/", "/uji/pair/"])
def test_body_of_the_unpermitted_is_not_read(page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(somebody())
    assert post(client, page).status_code == 403
    assert post(Client(), "/api/uji/echo/", **token_of(somebody(Role.OBSERVER))).status_code == 403


@pytest.mark.django_db
@pytest.mark.urls("tests.foundation.accounts.pages")
def test_the_body_that_may_be_sent_is_read():
    """The measure measures: whoever may upload is read."""
    client = Client()
    client.force_login(somebody(Role.OPERATOR))
    with pytest.raises(AssertionError, match="the body was read"):
        post(client, "/uji/upload/", size=2000)
