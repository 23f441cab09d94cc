"""Recording as an order of the base, planned once per connection: it goes in every write, and to read and plan it again
took as long as to make it. It runs as whoever calls it, under the same policies."""

from django.db import migrations

# Without RETURNING: whoever may record is not therefore allowed to read (test_permisos).
ANOTAR = """
create function bitacora_anotar(
    actor bigint, rol text, accion text, tipo text, id text, texto text, solicitud bigint, entidad bigint,
    dependencias bigint[], antes text, despues text, motivo text, ip text, peticion text
) returns void language plpgsql as $$
begin
    insert into bitacora_suceso (actor_id, rol, accion, objeto_tipo, objeto_id, objeto_texto, solicitud_id, entidad_id,
        dependencias, antes, despues, motivo, ip, peticion, cadena, motivo_sal, motivo_huella, hash_anterior, hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '', '', '', '')
    on conflict do nothing;
end $$;
"""
QUITAR = """
drop function bitacora_anotar(bigint, text, text, text, text, text, bigint, bigint, bigint[], text, text, text, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [("bitacora", "0003_sellar_con_menos")]
    operations = [migrations.RunSQL(ANOTAR, QUITAR)]
