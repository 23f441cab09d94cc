"""The same seal with less work, for it is made while others wait for the head of the chain.

The rows are read once and a head that exists is not inserted first; a row is compared with itself as it is kept, not as
JSON; and the field of the canonical text is put where it is used when that is planned: a number joined to a text hangs
from the session, a number written as one does not.
"""

import re
from importlib import import_module

from django.db import migrations

_CADENA = import_module("bitacora.migrations.0002_cadena")


def _antes(nombre: str) -> str:
    """How 0002 makes a function."""
    (hallada,) = [
        p for p in re.split(r"\n(?=create )", _CADENA.FUNCIONES) if p.startswith(f"create function {nombre}(")
    ]
    return hallada.replace("create function", "create or replace function", 1)


CAMPO = _antes("bitacora_campo").replace("octet_length(valor)", "octet_length(valor)::text")
SELLAR = """
create or replace function bitacora_sellar() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
    nivel text := coalesce(current_setting('app.nivel', true), '');
    cabeza bitacora_cabeza;
    fila bitacora_suceso;
begin
    perform set_config('app.nivel', 'sistema', true);
    -- Only this transaction's rows are unsealed: those of others are not visible before their commit seals them.
    for fila in select * from bitacora_suceso s where s.posicion is null order by s.cadena, s.id loop
        if fila.cadena is distinct from cabeza.cadena then
            update bitacora_cabeza c set posicion = cabeza.posicion, hash = cabeza.hash where c.cadena = cabeza.cadena;
            loop
                select * into cabeza from bitacora_cabeza c where c.cadena = fila.cadena for update;
                exit when cabeza.cadena is not null;
                insert into bitacora_cabeza (cadena, posicion, hash) values (fila.cadena, 0, repeat('0', 64))
                on conflict do nothing;
            end loop;
        end if;
        cabeza.posicion := cabeza.posicion + 1;
        fila.posicion := cabeza.posicion;
        fila.hash_anterior := cabeza.hash;
        cabeza.hash := encode(sha256(convert_to(cabeza.hash || bitacora_canonico(fila), 'UTF8')), 'hex');
        update bitacora_suceso s
           set posicion = fila.posicion, hash_anterior = fila.hash_anterior, hash = cabeza.hash
         where s.id = fila.id;
    end loop;
    if cabeza.cadena is not null then
        update bitacora_cabeza c set posicion = cabeza.posicion, hash = cabeza.hash where c.cadena = cabeza.cadena;
    end if;
    perform set_config('app.nivel', nivel, true);
    return null;
end $$;
"""
INMUTABLE = """
create or replace function bitacora_inmutable() returns trigger language plpgsql as $$
declare
    igual bitacora_suceso;
begin
    if tg_op = 'UPDATE' and tg_table_name = 'bitacora_suceso' then
        if old.posicion is null then
            igual := new;
            igual.posicion := old.posicion;
            igual.hash_anterior := old.hash_anterior;
            igual.hash := old.hash;
            if igual *= old then
                return new;
            end if;
        end if;
        -- Suppression of what a person wrote (Ley 1581 de 2012): the chain holds its digest, not its words.
        if new.motivo = '' and new.motivo_sal = '' then
            igual := new;
            igual.motivo := old.motivo;
            igual.motivo_sal := old.motivo_sal;
            if igual *= old then
                return new;
            end if;
        end if;
    end if;
    raise exception 'La bitácora no se modifica ni se borra.' using errcode = 'insufficient_privilege';
end $$;
"""
ANTES = "\n".join(_antes(f"bitacora_{nombre}") for nombre in ("campo", "sellar", "inmutable"))


class Migration(migrations.Migration):
    dependencies = [("bitacora", "0002_cadena")]
    operations = [migrations.RunSQL("\n".join((CAMPO, SELLAR, INMUTABLE)), ANTES)]
