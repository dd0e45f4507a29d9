"""Which of the two database roles does what."""

from typing import Any


class OwnerMigrates:
    """Everything runs through "default"; only ``migrate --database owner`` changes the schema."""

    def db_for_read(self, model: type, **hints: Any) -> str:
        return "default"

    def db_for_write(self, model: type, **hints: Any) -> str:
        return "default"

    def allow_relation(self, first: object, second: object, **hints: Any) -> bool:
        return True
