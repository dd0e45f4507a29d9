"""What the application's role may not do is refused by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.workflow.models import Event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_event SET name = 'other'",
        "DELETE FROM workflow_event",
        "TRUNCATE workflow_event",
        "INSERT INTO supports_tally (submission_id, area, key, n) VALUES (1, 0, 'MS', 1)",
        "UPDATE supports_tally SET n = 0",
        "DELETE FROM supports_uploadtally",
        "CREATE TABLE mine (id int)",
        "DROP TABLE supports_support",
        "ALTER TABLE supports_standing DISABLE TRIGGER ALL",
    ],
)
def test_the_application_is_refused(statement):
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_events_can_be_written_and_read():
    Event.objects.create(name="tried", subject_kind="pair", subject_id=1)
    assert Event.objects.get().name == "tried"
