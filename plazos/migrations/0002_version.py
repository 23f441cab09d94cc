"""Any change of the calendar, whoever makes it, renews its version: a cache can never serve an old deadline.

The function runs as its owner, and the web role may only read the version.
"""

from django.db import migrations

TABLAS = ("plazos_diaextraordinario", "plazos_festivoanual", "plazos_horarioatencion")

CREAR = """
insert into plazos_versioncalendario (id, numero, clave, cambiado_en) values (1, 0, gen_random_uuid(), now());
revoke insert, update, delete on plazos_versioncalendario from sdfi_web;

create function plazos_renovar_version() returns trigger language plpgsql security definer
set search_path from current as $$
begin
    update plazos_versioncalendario
    set numero = numero + 1, clave = gen_random_uuid(), cambiado_en = clock_timestamp();
    return null;
end $$;
""" + "\n".join(
    f"create trigger plazos_renovar_version after insert or update or delete or truncate on {tabla} "
    "for each statement execute function plazos_renovar_version();"
    for tabla in TABLAS
)

QUITAR = (
    "\n".join(f"drop trigger plazos_renovar_version on {tabla};" for tabla in TABLAS)
    + """
drop function plazos_renovar_version();
delete from plazos_versioncalendario;
"""
)


class Migration(migrations.Migration):
    dependencies = [("plazos", "0001_initial")]

    operations = [migrations.RunSQL(CREAR, QUITAR)]
