"""`manage.py check --database default` and `migrate` see a wrong key, too."""

from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from foundation.keys.keyring import CHECK, unwrap
from foundation.keys.models import SealedKey


@register(Tags.database)
def kek_is_right(
    app_configs: list[AppConfig] | None, databases: list[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The check value opens; a database that has none yet (before its first start) passes. Writes nothing."""
    errors = []
    for alias in databases or []:
        if SealedKey._meta.db_table not in connections[alias].introspection.table_names():
            continue
        row = SealedKey.objects.using(alias).filter(**CHECK).first()
        try:
            if row:
                unwrap(row, settings.SILON_KEK)
        except ImproperlyConfigured as error:
            errors.append(Error(str(error), id="keys.E001"))
    return errors
