"""The chain: assigned by the database, under the lock on its head, when the transaction commits.

A deferred trigger seals all rows of the transaction at once, taking the heads in order of name. Business rows are
therefore always locked before heads and heads always in one order: two transactions can't wait for each other here,
and a head is held for the length of a commit only (security.md §5.8; docs/decisiones/0008).

The sealing function runs as the owner of the tables, who obeys the policies too (FORCE): it acts as *sistema*.
"""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SoloAnexar

# The auditor and the administrator read all; a head, what touches their dependencias; no entity reads any.
VER = "{nivel} = 'auditor' or {rol} = 'administrador' or dependencias && {jefaturas}"
# Nobody records in another's name.
ESCRIBIR = "actor_id is not distinct from {persona} and rol = {rol}"

FUNCIONES = """
create function bitacora_campo(valor text) returns text language sql immutable as $$
    select coalesce(octet_length(valor) || ':' || valor, '-') || ';'
$$;

create function bitacora_canonico(fila bitacora_suceso) returns text language sql immutable as $$
    select bitacora_campo(fila.cadena) || bitacora_campo(fila.posicion::text)
        || bitacora_campo(to_char(fila.en at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || bitacora_campo(fila.actor_id::text) || bitacora_campo(fila.rol) || bitacora_campo(fila.accion)
        || bitacora_campo(fila.objeto_tipo) || bitacora_campo(fila.objeto_id) || bitacora_campo(fila.objeto_texto)
        || bitacora_campo(fila.solicitud_id::text) || bitacora_campo(fila.entidad_id::text)
        || bitacora_campo(array_to_string(fila.dependencias, ','))
        || bitacora_campo(fila.antes) || bitacora_campo(fila.despues) || bitacora_campo(fila.motivo_huella)
        || bitacora_campo(fila.ip) || bitacora_campo(fila.peticion)
$$;

create function bitacora_nacer() returns trigger language plpgsql as $$
begin
    new.cadena := case when new.entidad_id is null then 'sistema' else 'entidad-' || new.entidad_id end;
    new.en := clock_timestamp();
    new.posicion := null;
    new.hash_anterior := '';
    new.hash := '';
    new.motivo_sal := case when new.motivo = '' then '' else gen_random_uuid()::text end;
    new.motivo_huella := case when new.motivo = '' then ''
        else encode(sha256(convert_to(new.motivo_sal || ':' || new.motivo, 'UTF8')), 'hex') end;
    return new;
end $$;

create function bitacora_sellar() returns trigger language plpgsql security definer set search_path = public, pg_temp
as $$
declare
    nivel text := coalesce(current_setting('app.nivel', true), '');
    nombre text;
    cabeza bitacora_cabeza;
    fila bitacora_suceso;
begin
    perform set_config('app.nivel', 'sistema', true);
    -- Only this transaction's rows are unsealed: those of others are not visible before their commit seals them.
    for nombre in select distinct s.cadena from bitacora_suceso s where s.posicion is null order by 1 loop
        insert into bitacora_cabeza (cadena, posicion, hash) values (nombre, 0, repeat('0', 64)) on conflict do nothing;
        select * into strict cabeza from bitacora_cabeza c where c.cadena = nombre for update;
        for fila in select * from bitacora_suceso s where s.posicion is null and s.cadena = nombre order by s.id loop
            cabeza.posicion := cabeza.posicion + 1;
            fila.posicion := cabeza.posicion;
            fila.hash_anterior := cabeza.hash;
            cabeza.hash := encode(sha256(convert_to(cabeza.hash || bitacora_canonico(fila), 'UTF8')), 'hex');
            update bitacora_suceso s
               set posicion = fila.posicion, hash_anterior = fila.hash_anterior, hash = cabeza.hash
             where s.id = fila.id;
        end loop;
        update bitacora_cabeza c set posicion = cabeza.posicion, hash = cabeza.hash where c.cadena = nombre;
    end loop;
    perform set_config('app.nivel', nivel, true);
    return null;
end $$;

create function bitacora_inmutable() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_table_name = 'bitacora_suceso' then
        if old.posicion is null and to_jsonb(new) - '{posicion,hash_anterior,hash}'::text[]
                                  = to_jsonb(old) - '{posicion,hash_anterior,hash}'::text[] then
            return new;
        end if;
        -- Suppression of what a person wrote (Ley 1581 de 2012): the chain holds its digest, not its words.
        if new.motivo = '' and new.motivo_sal = '' and to_jsonb(new) - '{motivo,motivo_sal}'::text[]
                                                     = to_jsonb(old) - '{motivo,motivo_sal}'::text[] then
            return new;
        end if;
    end if;
    raise exception 'La bitácora no se modifica ni se borra.' using errcode = 'insufficient_privilege';
end $$;

create trigger bitacora_nacer before insert on bitacora_suceso
    for each row execute function bitacora_nacer();
create constraint trigger bitacora_sellar after insert on bitacora_suceso
    deferrable initially deferred for each row execute function bitacora_sellar();
create trigger bitacora_inmutable before update or delete on bitacora_suceso
    for each row execute function bitacora_inmutable();
create trigger bitacora_sin_vaciar before truncate on bitacora_suceso
    for each statement execute function bitacora_inmutable();
create trigger bitacora_cabeza_inmutable before delete on bitacora_cabeza
    for each row execute function bitacora_inmutable();
create trigger bitacora_cabeza_sin_vaciar before truncate on bitacora_cabeza
    for each statement execute function bitacora_inmutable();
revoke execute on function bitacora_sellar(), bitacora_nacer(), bitacora_inmutable() from public;
revoke insert, update, delete on bitacora_cabeza from sdfi_web, sdfi_sistema;
revoke update, delete on bitacora_suceso from sdfi_sistema;
grant update (motivo, motivo_sal) on bitacora_suceso to sdfi_sistema;
"""
DESHACER = """
drop trigger if exists bitacora_nacer on bitacora_suceso;
drop trigger if exists bitacora_sellar on bitacora_suceso;
drop trigger if exists bitacora_inmutable on bitacora_suceso;
drop trigger if exists bitacora_sin_vaciar on bitacora_suceso;
drop trigger if exists bitacora_cabeza_inmutable on bitacora_cabeza;
drop trigger if exists bitacora_cabeza_sin_vaciar on bitacora_cabeza;
drop function if exists bitacora_nacer(), bitacora_sellar(), bitacora_inmutable();
drop function if exists bitacora_canonico(bitacora_suceso);
drop function if exists bitacora_campo(text);
"""


class Migration(migrations.Migration):
    dependencies = [("bitacora", "0001_initial")]
    operations = [
        ActivarRLS("bitacora_suceso", VER, ESCRIBIR),
        ActivarRLS("bitacora_cabeza", "{nivel} = 'auditor'", "false"),
        SoloAnexar("bitacora_suceso"),
        migrations.RunSQL(FUNCIONES, DESHACER),
    ]
