"""What ends a run: a figure that would not mean what it says."""


class Failed(Exception):
    """The run cannot go on, or its result would be wrong; the message says why."""
