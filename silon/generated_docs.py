"""Which files of docs/ are generated, and from what; a new one is a line here."""

from collections.abc import Callable

from foundation.accounts.document import permissions_document
from foundation.workflow.document import workflow_document
from supports.document import rules_document

DOCUMENTS: list[tuple[str, Callable[[], str]]] = [
    ("docs/permissions.md", permissions_document),
    ("docs/rules.md", rules_document),
    ("docs/workflow.md", workflow_document),
]
