"""Each line of the history and each message that the entity may read is told to whoever subscribed to it.

Written by the base, in the transaction of what happened, whoever writes it: nothing can happen and not be told, and
what is rolled back is told to nobody. Without an active subscription it is one look at an empty table. What is
internal or reserved is for nobody outside; what was imported from another system, it knows already.
"""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado

FUNCION = """
create function {nombre}() returns trigger language plpgsql as $$
declare antes text;
begin
    if not exists (select 1 from api_suscripcion where activa) then
        return null;
    end if;
    antes := coalesce(current_setting('app.nivel', true), '');
    perform set_config('app.nivel', 'sistema', true);
    insert into bandeja_entrega (clave_idempotencia, tipo, carga, destinatario, solicitud_id, proximo_intento, estado,
                                 intento, tomada_por, posible_duplicado, error, creada_en, descarte_motivo)
    select 'webhook:' || w.id || ':{letra}' || h.id, 'api.webhook',
           jsonb_build_object('suscripcion', w.id, 'evento', h.evento, '{que}', h.id),
           '', h.solicitud_id, now(), 'pendiente', 0, '', false, '', now(), ''
    from (select n.id, n.solicitud_id, {evento} as evento from nuevas n where not n.interno {menos}) h
    join solicitudes_solicitud s on s.id = h.solicitud_id and not s.reservada
    join api_suscripcion w on w.activa and h.evento = any (w.eventos)
        and (w.dependencias = '{{}}' or w.dependencias && s.dependencias)
    on conflict do nothing;
    perform set_config('app.nivel', antes, true);
    return null;
end $$;
"""
MOVIMIENTOS = FUNCION.format(
    nombre="api_webhooks_movimientos",
    letra="m",
    que="movimiento",
    evento="case n.accion when 'radicar' then 'solicitud.radicada' when 'atender' then 'solicitud.respondida'"
    " else 'solicitud.movida' end",
    menos="and not n.datos ? 'importada'",
)
MENSAJES = FUNCION.format(
    nombre="api_webhooks_mensajes", letra="n", que="mensaje", evento="'solicitud.mensaje'::text", menos=""
)
DISPARADORES = """
create trigger webhooks after insert on solicitudes_movimiento
    referencing new table as nuevas for each statement execute function api_webhooks_movimientos();
create trigger webhooks after insert on solicitudes_mensaje
    referencing new table as nuevas for each statement execute function api_webhooks_mensajes();
"""
QUITAR = """
drop trigger webhooks on solicitudes_mensaje;
drop trigger webhooks on solicitudes_movimiento;
drop function api_webhooks_mensajes();
drop function api_webhooks_movimientos();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("api", "0003_webhooks"),
        ("bandeja", "0003_dejar"),
        ("solicitudes", "0031_siguiente_con_su_catalogo"),
    ]
    operations = [
        # Read by the triggers of whoever acts; it holds no secret.
        ActivarRLS("api_suscripcion", "true", "{rol} = 'administrador'"),
        ActivarRLS("api_intentowebhook", "{rol} = 'administrador' or {nivel} = 'auditor'", "false"),
        SinBorrado("api_suscripcion"),
        migrations.RunSQL(MOVIMIENTOS + MENSAJES + DISPARADORES, QUITAR),
    ]
