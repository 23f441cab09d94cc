"""`python -m rendimiento.piso.preparar N`: the tables of the floor, N rows, and sessions of its people.

Prints the session keys, one a line: they are the cookies of the bench.
"""

import os
import sys

import django

SEMILLA = """
insert into piso_solicitud (radicado, asunto, entidad, dependencia, estado, asesor_id, recibido_en, vence)
select 'P-' || lpad(n::text, 7, '0'), 'Concepto técnico sobre eliminación de historias clínicas inactivas ' || n,
    'Entidad distrital número ' || n % 95, 1 + n % 3,
    case when n > {cerradas} then 'en_cola' else 'cerrada' end, null,
    now() - ({total} - n) * interval '731 days' / {total}, current_date
from generate_series(1, {total}) n
"""
# What an earlier run claimed waits again.
DEVOLVER = "update piso_solicitud set estado = 'en_cola', asesor_id = null where estado = 'en_atencion'"
PERSONAS = 40


def main(total: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rendimiento.piso.ajustes")
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 (after setup)
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from rendimiento.piso.models import Solicitud  # noqa: PLC0415

    call_command("migrate", "auth", verbosity=0)  # before the floor's own tables, which refer to its people
    call_command("migrate", run_syncdb=True, verbosity=0)
    if not Solicitud.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute(SEMILLA.format(total=total, cerradas=total - min(30_000, total * 3 // 10)))
            cursor.execute("vacuum analyze piso_solicitud")
    with connection.cursor() as cursor:
        cursor.execute(DEVOLVER)
    for k in range(PERSONAS):
        persona, _ = User.objects.get_or_create(
            username=f"p{k}", defaults={"first_name": "Persona", "last_name": str(k)}
        )
        sesion = SessionStore()
        sesion[SESSION_KEY] = str(persona.pk)
        sesion[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        sesion[HASH_SESSION_KEY] = persona.get_session_auth_hash()
        sesion.save()
        sys.stdout.write(f"{sesion.session_key}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
