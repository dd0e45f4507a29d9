"""Calls of the API as programs make them: a token in the header, JSON or a file in the body."""

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from foundation.accounts.models import ApiToken
from tests import factories


def client_of(user) -> APIClient:
    """A client that shows a token of the user."""
    _row, token = ApiToken.objects.create(user=user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def send(client, pair, content, name="data.csv", key=None, **fields):
    """Hand a file in; ``content`` is bytes or rows. Fields of the form come after the file."""
    data = factories.as_csv(content) if isinstance(content, list) else content
    body = {"file": SimpleUploadedFile(name, data, "text/csv"), **fields}
    more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client.post(f"/api/v1/pairs/{pair.pk}/uploads/", body, format="multipart", **more)
