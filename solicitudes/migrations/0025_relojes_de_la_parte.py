"""A clock ends when its event happens on its parte, whoever writes it: the instant is the parte's own, and what is over
is looked at by no sweep. Reopened, the clocks of the answer run again; a milestone that passed does not come back."""

from django.db import migrations

ABIERTOS = "('en_cola', 'asignada', 'en_atencion', 'en_complemento')"
CREAR = f"""
create function solicitudes_relojes_de_parte() returns trigger language plpgsql as $$
begin
    update solicitudes_termino t set cumplido_en = suyo.cumplido_en, cerrado = suyo.cerrado
    from (
        select h.id, h.cumplido_en, case
            when new.estado not in {ABIERTOS} then true
            when old.estado not in {ABIERTOS} and h.fin = 'entregada' then false
            else h.cerrado or h.cumplido_en is not null
        end as cerrado
        from (
            select u.id, u.fin, u.cerrado, case u.fin
                when 'asignada' then new.asignada_en
                when 'programada' then new.programada_en
                when 'realizada' then new.realizada_en
                when 'entregada' then new.prestada_en
                when 'acta' then case when new.estado = 'atendida' then new.cerrada_en end
                when 'informe' then case when new.estado = 'atendida' then new.cerrada_en end
            end as cumplido_en
            from solicitudes_termino u where u.parte_id = new.id
        ) h
    ) suyo
    where t.id = suyo.id and (t.cumplido_en, t.cerrado) is distinct from (suyo.cumplido_en, suyo.cerrado);
    return null;
end $$;
create trigger relojes_de_parte
    after update of estado, asignada_en, programada_en, realizada_en, prestada_en, cerrada_en on solicitudes_parte
    for each row
    when ((old.asignada_en, old.programada_en, old.realizada_en, old.prestada_en, old.cerrada_en)
          is distinct from (new.asignada_en, new.programada_en, new.realizada_en, new.prestada_en, new.cerrada_en))
    execute function solicitudes_relojes_de_parte();
"""
QUITAR = """
drop trigger relojes_de_parte on solicitudes_parte;
drop function solicitudes_relojes_de_parte();
"""


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0024_atencion_de_lo_anterior")]
    operations = [migrations.RunSQL(CREAR, QUITAR)]
