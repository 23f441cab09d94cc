"""Within a chain the ids go up as the places do, so that an id that somebody changed is told (security.md A04).

`id` is in no digest, and it is what the page of the audit is ordered by. It is taken when the row is written and the
place when its transaction commits: of two at once, the ids could go one way and the places the other. Now the seal,
under the lock on the head, gives another id to a row that would come out of its order. What was sealed before is as it
was: each head says until where (`ordenada_desde`).
"""

from importlib import import_module

from django.db import migrations, models

_ANTERIOR = import_module("bitacora.migrations.0003_sellar_con_menos")


SELLAR = """
create or replace function bitacora_sellar() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
    nivel text := coalesce(current_setting('app.nivel', true), '');
    cabeza bitacora_cabeza;
    fila bitacora_suceso;
    suyo bigint;
begin
    perform set_config('app.nivel', 'sistema', true);
    -- Only this transaction's rows are unsealed: those of others are not visible before their commit seals them.
    for fila in select * from bitacora_suceso s where s.posicion is null order by s.cadena, s.id loop
        if fila.cadena is distinct from cabeza.cadena then
            update bitacora_cabeza c
               set posicion = cabeza.posicion, hash = cabeza.hash, ultimo_id = cabeza.ultimo_id
             where c.cadena = cabeza.cadena;
            loop
                select * into cabeza from bitacora_cabeza c where c.cadena = fila.cadena for update;
                exit when cabeza.cadena is not null;
                insert into bitacora_cabeza (cadena, posicion, hash) values (fila.cadena, 0, repeat('0', 64))
                on conflict do nothing;
            end loop;
        end if;
        suyo := fila.id;
        if suyo <= cabeza.ultimo_id then
            suyo := nextval('bitacora_suceso_id_seq');
        end if;
        cabeza.ultimo_id := suyo;
        cabeza.posicion := cabeza.posicion + 1;
        fila.posicion := cabeza.posicion;
        fila.hash_anterior := cabeza.hash;
        cabeza.hash := encode(sha256(convert_to(cabeza.hash || bitacora_canonico(fila), 'UTF8')), 'hex');
        update bitacora_suceso s
           set id = suyo, posicion = fila.posicion, hash_anterior = fila.hash_anterior, hash = cabeza.hash
         where s.id = fila.id;
    end loop;
    if cabeza.cadena is not null then
        update bitacora_cabeza c
           set posicion = cabeza.posicion, hash = cabeza.hash, ultimo_id = cabeza.ultimo_id
         where c.cadena = cabeza.cadena;
    end if;
    perform set_config('app.nivel', nivel, true);
    return null;
end $$;
"""
INMUTABLE = _ANTERIOR.INMUTABLE.replace(
    "            igual.posicion := old.posicion;\n",
    "            igual.id := old.id;\n            igual.posicion := old.posicion;\n",
)
# Before the heads: whoever writes holds the events first. Nobody is halfway when the functions change.
SIN_NADIE = "lock table bitacora_suceso in share row exclusive mode"
HASTA_AQUI = """
select set_config('app.nivel', 'sistema', true);
update bitacora_cabeza set ordenada_desde = posicion;
select set_config('app.nivel', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("bitacora", "0004_anotar")]
    operations = [
        migrations.RunSQL(SIN_NADIE, SIN_NADIE),
        migrations.AddField("cabeza", "ordenada_desde", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("cabeza", "ultimo_id", models.BigIntegerField(default=0, db_default=0)),
        migrations.RunSQL("\n".join((SELLAR, INMUTABLE)), "\n".join((_ANTERIOR.SELLAR, _ANTERIOR.INMUTABLE))),
        migrations.RunSQL(HASTA_AQUI, migrations.RunSQL.noop),
    ]
