"""A milestone that passed is not written again. What was assigned keeps its instant though it returns to the queue, and an
acta though the solicitud is reopened; one that ended without its event (the parte went to another dependencia) is not
met by what happens there. What is corrected of a session still corrects its milestone."""

from importlib import import_module

from django.db import migrations

ANTES = import_module("solicitudes.migrations.0025_relojes_de_la_parte")
CREAR = f"""
create or replace function solicitudes_relojes_de_parte() returns trigger language plpgsql as $$
begin
    update solicitudes_termino t set cumplido_en = suyo.cumplido_en, cerrado = suyo.cerrado
    from (
        select h.id, h.cumplido_en, case
            when new.estado not in {ANTES.ABIERTOS} then true
            when old.estado not in {ANTES.ABIERTOS} and h.fin = 'entregada' then false
            else h.cerrado or h.cumplido_en is not null
        end as cerrado
        from (
            select u.id, u.fin, u.cerrado, case
                when u.fin = 'entregada' then new.prestada_en
                when u.cerrado and u.cumplido_en is null then null
                when u.fin = 'programada' then new.programada_en
                when u.fin = 'realizada' then new.realizada_en
                when u.cumplido_en is not null then u.cumplido_en
                when u.fin = 'asignada' then new.asignada_en
                when new.estado = 'atendida' then new.cerrada_en  -- acta, informe
            end as cumplido_en
            from solicitudes_termino u where u.parte_id = new.id
        ) h
    ) suyo
    where t.id = suyo.id and (t.cumplido_en, t.cerrado) is distinct from (suyo.cumplido_en, suyo.cerrado);
    return null;
end $$;
"""
VOLVER = ANTES.CREAR.split("create trigger")[0].replace("create function", "create or replace function", 1)


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0037_indice_terminadas")]
    operations = [migrations.RunSQL(CREAR, VOLVER)]
