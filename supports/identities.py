"""Opening the identity of one supporter: for a person who has to see it, and never without an Event."""

from foundation.accounts.models import User
from foundation.workflow import engine
from supports.models import Support
from supports.opening import open_row
from supports.standards import standards_of


def open_identity(support: Support, *, by: User) -> dict[str, str | bool | None]:
    """Every field of a row in clear, what could not be read as it was given; that it was opened is an Event.

    Refuses when the keys of the election were destroyed.
    """
    opened = open_row(support, standards_of(support.submission).keys())
    shown = sorted(name for name, value in opened.items() if value is not None)
    engine.record("identity_opened", support, by=by, fields=shown)
    return opened
