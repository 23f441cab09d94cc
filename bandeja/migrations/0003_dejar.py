"""Leaving facts as an order of the base, planned once per connection: nearly every write leaves one. It runs as whoever
calls it, under the same policies."""

from django.db import migrations

# Without a conflict target and without RETURNING: with either of them PostgreSQL would ask for the right to read the
# outbox, which only the system has. A column of values each, and not a row each: a sweep leaves thousands.
DEJAR = """
create function bandeja_dejar(
    estado text, cuando timestamptz, claves text[], tipos text[], cargas text[], destinatarios text[],
    solicitudes bigint[], proximos timestamptz[]
) returns void language plpgsql as $$
begin
    insert into bandeja_entrega (clave_idempotencia, tipo, carga, destinatario, solicitud_id, proximo_intento, estado,
                                 intento, tomada_por, posible_duplicado, error, creada_en, descarte_motivo)
    select h.clave, h.tipo, h.carga::jsonb, h.destinatario, h.solicitud_id, h.proximo_intento, $1, 0, '', false, '', $2, ''
    from unnest($3, $4, $5, $6, $7, $8) as h (clave, tipo, carga, destinatario, solicitud_id, proximo_intento)
    on conflict do nothing;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("bandeja", "0002_alcance")]
    operations = [
        migrations.RunSQL(
            DEJAR,
            "drop function bandeja_dejar(text, timestamptz, text[], text[], text[], text[], bigint[], timestamptz[]);",
        )
    ]
