"""`migrate` as the migrator (security.md §4.7): the web role owns nothing and changes no schema."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections


class Command(migrate.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="migrador")

    def execute(self, *args: Any, **options: Any) -> Any:
        if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_URL_MIGRADOR"):
            raise CommandError("Defina DATABASE_URL_MIGRADOR: el rol de la web no cambia el esquema.")
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        solo_mirar = options["plan"] or options["check_unapplied"]
        if options["app_label"] or solo_mirar:
            return
        call_command("createcachetable", database=options["database"], verbosity=options["verbosity"])
        with connections[options["database"]].cursor() as cursor:
            cursor.execute("revoke insert, update, delete on django_migrations from sdfi_web")
