"""What is read with the turn of the series in the hand, planned once per connection: each order of a message is planned
when its turn comes, so others waited also for that."""

from django.db import migrations

SIGUIENTE = """
create function solicitudes_siguiente(
    cual text, del_anio int, primero int, cuantas int, lugares bigint[],
    out numero int, out solicitud bigint, out partes bigint[], out catalogo jsonb
) language plpgsql as $$
begin
    numero := coalesce((select c.ultimo + 1 from solicitudes_contador c where c.serie = cual and c.anio = del_anio),
                       primero);
    solicitud := nextval('solicitudes_solicitud_id_seq');
    partes := array(select nextval('solicitudes_parte_id_seq') from generate_series(1, cuantas));
    -- In the order of `Acuerdo` and `Regla` (solicitudes/services/relojes.py).
    catalogo := jsonb_build_array(
        (select jsonb_agg(jsonb_build_array(a.id, a.dependencia_id, a.modalidad_id, a.etapa, a.dias, a.inicio, a.fin,
                                            a.provisional, a.desde, a.hasta))
         from direcciones_acuerdoservicio a where a.dependencia_id = any(lugares)),
        (select jsonb_agg(jsonb_build_array(r.dependencia_id, r.criterio, r.desde, r.hasta))
         from direcciones_criterioatencion r where r.dependencia_id = any(lugares)));
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0030_tomar_al_confirmar")]
    operations = [
        migrations.RunSQL(SIGUIENTE, "drop function solicitudes_siguiente(text, int, int, int, bigint[]);"),
    ]
