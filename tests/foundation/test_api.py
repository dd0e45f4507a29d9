"""What every call of the API has in common: errors, pages, tokens, the schema."""

import json

import pytest
from django.core.management import call_command
from rest_framework import exceptions

from foundation.accounts.attempts import FAILURES_PER_ACCOUNT, network_of
from foundation.accounts.matrix import Role
from foundation.accounts.models import ApiToken, User
from foundation.api import refusal_of
from tests.foundation.accounts.people import somebody, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.accounts.pages")]
PASSWORD = "kata-sandi-contoh"


@pytest.fixture
def header():
    return token_of(somebody(Role.OPERATOR))


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "status", "code", "field"),
        [
            ("refused", 422, "not_so", "nik"),
            ("conflict", 409, "moved", None),
            ("large", 413, "file_too_large", None),
            ("many", 429, "too_many", None),
            ("missing", 404, "not_found", None),
            ("denied", 403, "permission_denied", None),
            ("body", 413, "too_large", None),
        ],
    )
    def test_every_error_has_the_one_form(self, client, header, error, status, code, field):
        response = client.get("/api/uji/echo/", {"error": error}, **header)
        body = response.json()
        assert response.status_code == status
        assert body == {"code": code, "message": body["message"], "field": field}
        assert body["message"]

    def test_too_many_says_when_to_come_back(self, client, header):
        assert client.get("/api/uji/echo/", {"error": "many"}, **header)["Retry-After"] == "7"

    @pytest.mark.parametrize(
        ("body", "code", "field", "message"),
        [
            ({}, "required", "nik", "Isian “nik” tidak ada. Tambahkan, lalu kirim lagi."),
            ({"nik": None}, "null", "nik", "Isian “nik” bernilai null. Isi, lalu kirim lagi."),
            ({"nik": " "}, "blank", "nik", "Isian “nik” kosong. Isi, lalu kirim lagi."),
            ({"nik": "1", "rows": [{"a": 1}, {"b": "x"}]}, "invalid", "rows.1.b", None),
            (
                {"nik": ["1"]},
                "invalid",
                "nik",
                "Isian “nik” tidak dapat diterima: kirim sebagai teks di antara tanda kutip.",
            ),
            (
                [1],
                "invalid",
                None,
                "Isi permintaan bukan objek JSON. Kirim isian beserta namanya di antara kurung kurawal.",
            ),
        ],
    )
    def test_faulty_body_names_the_field(self, client, header, body, code, field, message):
        response = client.post("/api/uji/echo/", json.dumps(body), "application/json", **header)
        told = response.json()
        assert (response.status_code, told["code"], told["field"]) == (400, code, field)
        assert message is None or told["message"] == message

    @pytest.mark.parametrize(
        ("body", "content_type", "status", "code"),
        [
            ("{", "application/json", 400, "parse_error"),
            ("nik=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ],
    )
    def test_unreadable_body(self, client, header, body, content_type, status, code):
        response = client.post("/api/uji/echo/", body, content_type, **header)
        assert (response.status_code, response.json()["code"]) == (status, code)

    def test_what_cannot_be_answered_in_the_form_asked_for(self, client, header):
        response = client.get("/api/uji/echo/", HTTP_ACCEPT="text/csv", **header)
        assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")

    def test_unknown_address_is_json(self, client):
        response = client.get("/api/v1/nowhere/")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")

    def test_throttled_becomes_too_many(self):
        refusal, status = refusal_of(exceptions.Throttled(wait=12.3))
        assert (status, refusal.retry_after) == (429, 13)

    def test_fault_has_a_number_that_is_in_the_log(self, client, header, caplog):
        client.raise_request_exception = False
        response = client.get("/api/uji/echo/", {"error": "fault"}, **header)
        assert (response.status_code, response.json()["code"]) == (500, "fault")
        entry = next(record for record in caplog.records if record.name == "foundation.web")
        assert entry.args[0] in response.json()["message"]
        assert "boom" in entry.exc_text
        assert "boom" not in response.text

    def test_fault_of_a_page_has_a_number_too(self, client, caplog, django_assert_num_queries):
        client.raise_request_exception = False
        with django_assert_num_queries(0):
            response = client.get("/uji/fault/")
        assert response.status_code == 500
        entry = next(record for record in caplog.records if record.name == "foundation.web")
        assert f"nomor {entry.args[0]}" in response.text


class TestCursor:
    @pytest.fixture
    def everybody(self):
        return sorted((somebody().pk for _ in range(120)), reverse=True)

    def test_pages_lead_to_the_end_and_back(self, client, header, everybody):
        me = User.objects.exclude(pk__in=everybody).get().pk
        first = client.get("/api/uji/users/", **header).json()
        assert set(first) == {"next", "previous", "results"}
        assert (len(first["results"]), first["previous"]) == (50, None)
        second = client.get(first["next"], **header).json()
        third = client.get(second["next"], **header).json()
        seen = [row["id"] for page in (first, second, third) for row in page["results"]]
        assert seen == [*everybody, me] if me < everybody[0] else [me, *everybody]
        assert third["next"] is None
        assert client.get(third["previous"], **header).json()["results"] == second["results"]

    @pytest.mark.parametrize(("asked", "given"), [("7", 7), ("100000", 121), ("0", 50), ("x", 50)])
    def test_page_size_has_a_limit(self, client, header, everybody, asked, given):
        answer = client.get("/api/uji/users/", {"page_size": asked}, **header).json()
        assert len(answer["results"]) == given

    @pytest.mark.parametrize("cursor", ["nonsense", "cD1hYmM=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="])
    def test_a_cursor_made_elsewhere_is_404_or_empty(self, client, header, cursor):
        response = client.get("/api/uji/users/", {"cursor": cursor}, **header)
        assert response.status_code == 404 or len(response.json()["results"]) <= 1


@pytest.mark.usefixtures("quick_log_ins")
class TestLogin:
    @pytest.fixture
    def user(self, settings):
        """By password alone, as in the demo; log-ins in two steps are in accounts/test_second_factor.py."""
        user = somebody((Role.OPERATOR, "pair", 5), name="Operator Contoh", two_factor_at=None)
        settings.TWO_FACTOR_EXEMPT = frozenset({user.username})
        user.set_password(PASSWORD)
        user.save()
        return user

    def login(self, client, username, password=PASSWORD, **extra):
        body = {"username": username, "password": password}
        return client.post("/api/v1/auth/login/", body, "application/json", **extra)

    def test_token_for_a_password_until_log_out(self, client, user):
        answer = self.login(client, user.username).json()
        assert set(answer) == {"token", "expiry"}
        header = {"HTTP_AUTHORIZATION": f"Token {answer['token']}"}
        assert client.get("/api/v1/me/", **header).json() == {
            "user": {"id": user.pk, "username": user.username, "name": "Operator Contoh"},
            "roles": [
                {
                    "role": "operator",
                    "title": "Operator bakal pasangan calon",
                    "scope_kind": "pair",
                    "scope_id": 5,
                }
            ],
            "pairs": [],
        }
        assert client.post("/api/v1/auth/logout/", **header).status_code == 204
        assert client.get("/api/v1/me/", **header).status_code == 401

    def test_token_is_stored_hashed_and_expires(self, client, user):
        token = self.login(client, user.username).json()["token"]
        row = ApiToken.objects.get()
        assert token not in row.digest
        assert row.expiry is not None

    def test_log_in_sweeps_the_tokens_that_ended(self, client, user):
        ApiToken.objects.create(user=user)
        ApiToken.objects.update(expiry="2020-01-01T00:00:00Z")
        ApiToken.objects.create(user=somebody(), name="another's")
        self.login(client, user.username)
        assert user.auth_token_set.count() == 1
        assert ApiToken.objects.count() == 2

    def test_wrong_password_is_401_in_words(self, client, user):
        response = self.login(client, user.username, "salah")
        assert (response.status_code, response.json()["code"]) == (401, "wrong_password")
        assert self.login(client, "tidak-ada", "salah").json() == response.json()

    def test_inactive_account_is_401(self, client, user):
        User.objects.update(is_active=False)
        assert self.login(client, user.username).status_code == 401

    def test_too_many_failures_are_429_for_this_account_and_network_only(self, client, user):
        other = somebody(two_factor_at=None)
        other.set_password(PASSWORD)
        other.save()
        for _ in range(FAILURES_PER_ACCOUNT):
            assert self.login(client, user.username, "salah").status_code == 401
        refused = self.login(client, user.username)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_logins")
        assert int(refused["Retry-After"]) > 0
        assert self.login(client, other.username).status_code == 200
        assert self.login(client, user.username, REMOTE_ADDR="192.0.2.9").status_code == 200

    def test_the_page_counts_with_the_api(self, client, user):
        for _ in range(FAILURES_PER_ACCOUNT):
            self.login(client, user.username, "salah")
        page = client.post("/akun/masuk/", {"login": user.username, "password": PASSWORD})
        assert page.status_code == 200
        assert "gagal terlalu sering" in page.text

    def test_who_knows_the_password_is_never_counted(self, client, user):
        for _ in range(FAILURES_PER_ACCOUNT + 5):
            assert self.login(client, user.username).status_code == 200


class TestNetwork:
    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("", ""),
        ],
    )
    def test_network_of_a_direct_request(self, rf, address, network):
        request = rf.get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.1")
        assert network_of(request) == network

    def test_behind_the_proxy_it_is_what_the_proxy_saw(self, rf, settings):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.1")
        assert network_of(request) == "198.51.100.1"


@pytest.mark.urls("silon.urls")
class TestSchema:
    def test_schema_is_valid_without_a_warning(self, tmp_path):
        call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))

    def test_every_call_tells_its_errors(self, client):
        schema = client.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()
        calls = [call for path in schema["paths"].values() for call in path.values() if "responses" in call]
        assert calls
        reference = {"$ref": "#/components/schemas/Error"}
        for call in calls:
            assert call["responses"]["4XX"]["content"]["application/json"]["schema"] == reference

    def test_documents_have_no_inline_script_or_style(self, client):
        page = client.get("/api/docs/").text
        assert "<script src=" in page
        assert "<script>" not in page
        assert "<style" not in page
