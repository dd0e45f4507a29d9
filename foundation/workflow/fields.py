"""What a model field takes from the table of states."""

from django.db.models import Q

from foundation.workflow.table import Machine


def status_choices(machine: Machine) -> list[tuple[str, str]]:
    """The choices of the model field that holds this machine's state."""
    return list(machine.states.items())


def check_status(machine: Machine) -> Q:
    """The CHECK constraint's condition: the stored value is a state of the table."""
    return Q(**{f"{machine.field}__in": list(machine.states)})
