"""Who asks is known, and may, before a byte of the body is read."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from foundation.accounts.access import Scopes, may, roles_of, scopes
from foundation.accounts.matrix import Permission, Role
from foundation.accounts.models import Assignment, User
from tests.foundation.accounts import pages
from tests.foundation.accounts.people import somebody, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.pages")]


class TestScopes:
    def test_scopes_are_those_of_the_roles_that_have_the_permission(self):
        user = somebody(
            (Role.OPERATOR, "pair", 7),
            (Role.TYPIST, "pair", 9),
            (Role.OBSERVER, "region", 6474),
        )
        assert scopes(user, Permission.UPLOAD) == Scopes(pairs=(7,))
        assert scopes(user, Permission.EDIT_SUPPORTS) == Scopes(pairs=(7, 9), own=(9,))
        assert scopes(user, Permission.VIEW_PROGRESS) == Scopes(regions=(6474,), pairs=(7, 9), own=(9,))
        assert not scopes(user, Permission.VIEW_PAIR_MATCHES)
        assert roles_of(user) == {Role.OPERATOR, Role.TYPIST, Role.OBSERVER}

    def test_assignments_are_read_once(self, django_assert_num_queries):
        user = User.objects.get(pk=somebody(Role.KPU_RI).pk)
        with django_assert_num_queries(1):
            assert scopes(user, Permission.VIEW_EVENTS) == Scopes(nation=True)
            assert may(user, Permission.APPROVE_RULING)
            assert roles_of(user) == {Role.KPU_RI}

    def test_nobody_and_the_inactive_hold_nothing(self):
        retired = somebody(Role.KPU_RI, is_active=False)
        for user in (AnonymousUser(), retired):
            assert roles_of(user) == frozenset()
            assert not scopes(user, Permission.VIEW_PAIR)
            assert not may(user, Permission.OWN_PROFILE)
            assert may(user, Permission.SIMULATE)

    def test_staff_flags_give_nothing(self):
        user = User.objects.create(username="root", is_staff=True, is_superuser=True)
        assert not may(user, Permission.VIEW_PAIR)

    @pytest.mark.parametrize(
        ("code", "inside"), [(6474, True), (647401, True), (64, False), (6471, False), (7474, False)]
    )
    def test_contains_region(self, code, inside):
        assert Scopes(regions=(6474,)).contains_region(code) is inside

    @pytest.mark.parametrize(
        ("role", "kind", "scope_id"),
        [
            (Role.LO, "region", 6474),
            (Role.KPU_RI, "region", 64),
            (Role.PPK, "pair", 1),
            (Role.OBSERVER, "nation", 5),
        ],
    )
    def test_the_database_refuses_a_scope_the_role_cannot_have(self, role, kind, scope_id):
        user = somebody()
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.create(user=user, role=role, scope_kind=kind, scope_id=scope_id)


class TestPages:
    def test_open_page_is_open(self, client):
        assert client.get("/uji/open/").status_code == 200

    def test_anonymous_get_goes_to_the_log_in_page_and_back(self, client):
        response = client.get("/uji/rows/?area=6474")
        assert (response.status_code, response["Location"]) == (
            302,
            "/akun/masuk/?next=%2Fuji%2Frows%2F%3Farea%3D6474",
        )

    def test_anonymous_fragment_sends_the_whole_page_to_the_log_in(self, client):
        response = client.get(
            "/uji/rows/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/uji/pair/"}
        )
        assert response["HX-Redirect"] == "/akun/masuk/?next=%2Fuji%2Fpair%2F"

    def test_anonymous_post_is_told_that_nothing_was_saved(self, client):
        response = client.post("/uji/rows/", {"a": 1})
        assert response.status_code == 401
        assert "tidak disimpan" in response.text

    def test_unpermitted_is_told_what_the_role_lacks(self, client):
        client.force_login(somebody(Role.OBSERVER))
        response = client.get("/uji/rows/")
        assert response.status_code == 403
        assert "melihat daftar pendukung" in response.text

    def test_permitted_sees(self, client):
        client.force_login(somebody(Role.OPERATOR))
        assert client.get("/uji/rows/").text == "rows"

    @pytest.mark.parametrize(
        ("role", "method", "status"),
        [
            (Role.OPERATOR, "get", 200),
            (Role.OPERATOR, "head", 200),
            (Role.OPERATOR, "options", 200),
            (Role.OPERATOR, "post", 403),
            (Role.KPU_REGENCY, "post", 200),
            (Role.KPU_REGENCY, "delete", 405),
        ],
    )
    def test_each_method_has_its_own_permission(self, client, role, method, status):
        client.force_login(somebody(role))
        assert getattr(client, method)("/uji/pair/").status_code == status

    @pytest.mark.parametrize(("error", "status"), [("refused", 422), ("conflict", 409), ("many", 429)])
    def test_what_a_page_refuses_is_told_in_words(self, client, error, status):
        response = client.get("/uji/refusing/", {"error": error})
        assert response.status_code == status
        assert str(pages.ERRORS[error]) in response.text
        assert response.get("Retry-After") == ("7" if error == "many" else None)

    def test_a_role_taken_away_ends_at_once(self, client):
        user = somebody(Role.OPERATOR)
        client.force_login(user)
        assert client.get("/uji/rows/").status_code == 200
        user.assignments.all().delete()
        assert client.get("/uji/rows/").status_code == 403


class TestApi:
    def test_token_opens(self, client):
        user = somebody(Role.OPERATOR)
        assert client.get("/api/uji/echo/", **token_of(user)).json() == {"user": user.username}

    def test_session_does_not_open(self, client):
        client.force_login(somebody(Role.OPERATOR))
        response = client.get("/api/uji/echo/")
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
        assert response["WWW-Authenticate"] == "Token"

    def test_unpermitted_is_403(self, client):
        response = client.post("/api/uji/echo/", **token_of(somebody(Role.VERIFIER)))
        assert (response.status_code, response.json()["code"]) == (403, "permission_denied")

    def test_undeclared_method_is_405(self, client):
        response = client.delete("/api/uji/echo/", **token_of(somebody(Role.OPERATOR)))
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")

    @pytest.mark.parametrize("header", ["Token 0123456789abcdef", "Token \xff\xfe", "Token", "Token a b"])
    def test_unknown_token_is_401(self, client, header):
        response = client.get("/api/uji/echo/", HTTP_AUTHORIZATION=header)
        assert (response.status_code, response.json()["code"]) == (401, "token_unknown")

    def test_expired_token_is_401(self, client):
        expired = token_of(somebody(Role.OPERATOR), expiry=None)
        assert client.get("/api/uji/echo/", **expired).status_code == 200
        User.objects.get().auth_token_set.update(expiry="2020-01-01T00:00:00Z")
        assert client.get("/api/uji/echo/", **expired).json()["code"] == "token_unknown"

    def test_token_of_the_inactive_is_401(self, client):
        user = somebody(Role.OPERATOR)
        header = token_of(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert client.get("/api/uji/echo/", **header).status_code == 401

    def test_public_call_does_not_mind_an_old_token(self, client):
        response = client.get("/api/uji/simulate/", HTTP_AUTHORIZATION="Token gone")
        assert response.json() == {"anonymous": True}

    def test_read_token_reads_and_writes_nothing(self, client):
        header = token_of(somebody(Role.OPERATOR), scope="read")
        assert client.get("/api/uji/echo/", **header).status_code == 200
        assert client.post("/api/uji/echo/", {"nik": "1"}, **header).status_code == 403

    def test_user_and_roles_cost_two_queries(self, client, django_assert_num_queries):
        header = token_of(somebody(Role.OPERATOR))
        with django_assert_num_queries(2):
            client.get("/api/uji/echo/", **header)


class TestLargeBodies:
    def test_more_than_a_page_needs_is_refused(self, client, settings):
        client.force_login(somebody(Role.KPU_REGENCY))
        body = {"data": b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), "content_type": "text/plain"}
        assert client.post("/uji/pair/", **body).status_code == 413

    def test_who_uploads_may_send_more(self, client, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        client.force_login(somebody(Role.OPERATOR))
        # The page itself reads the whole body, and Django's own limit then speaks: the view was reached.
        response = client.post("/uji/upload/", data=b"x" * 2000, content_type="text/plain")
        assert response.status_code == 400
