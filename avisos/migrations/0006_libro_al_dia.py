"""The ledger says by itself what the outbox says of each mail, and of which solicitud it speaks.

Both are triggers, so that no way of closing an entrega (worker, page, by hand) leaves the ledger behind: what the
outbox writes and what the ledger says are one commit.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

# Written by the system, which reads any solicitud. The table belongs to a room above: it is looked for at run time.
DE_LA_SOLICITUD = """
create function avisos_envio_de_la_solicitud() returns trigger language plpgsql as $$
begin
    select s.radicado, s.dependencias into new.radicado, new.dependencias
        from solicitudes_solicitud s where s.id = new.solicitud_id;
    new.radicado := coalesce(new.radicado, '');
    new.dependencias := coalesce(new.dependencias, '{}');
    return new;
end $$;
create trigger envio_de_la_solicitud before insert on avisos_envio
    for each row when (new.solicitud_id is not null) execute function avisos_envio_de_la_solicitud();
"""
# Only the system updates the outbox. One row: the lines that a mail of the day carries say so themselves, so that
# handing it over and reading them in the portal never wait for each other.
DE_LA_BANDEJA = """
create function avisos_envio_de_la_bandeja() returns trigger language plpgsql as $$
begin
    if new.estado = 'hecha' then
        update avisos_envio set entregado_en = new.hecha_en
            where clave = new.clave_idempotencia and desenlace = '' and encolado_en is not null;
    elsif new.estado = 'muerta' then
        update avisos_envio set desenlace = 'muerto', desenlace_en = now(), motivo = left(new.error, 200)
            where clave = new.clave_idempotencia and desenlace = '';
    elsif new.estado = 'descartada' then
        update avisos_envio set desenlace = 'descartado', desenlace_en = now(), motivo = left(new.descarte_motivo, 200)
            where clave = new.clave_idempotencia and desenlace in ('', 'muerto');
    else
        update avisos_envio set desenlace = '', desenlace_en = null, motivo = ''
            where clave = new.clave_idempotencia and desenlace = 'muerto';
    end if;
    return null;
end $$;
create trigger entrega_en_el_libro after update of estado on bandeja_entrega
    for each row when (
        old.estado is distinct from new.estado
        and (new.estado in ('hecha', 'muerta', 'descartada') or old.estado = 'muerta')
    ) execute function avisos_envio_de_la_bandeja();
"""
# How many one has not read, a hundred at most, for the frame of every page. Asked with the session, when nobody acts
# yet: it says only a number.
SIN_LEER = """
create function avisos_sin_leer(quien bigint) returns integer language plpgsql strict as $$
declare antes text := coalesce(current_setting('app.nivel', true), ''); cuantos integer;
begin
    perform set_config('app.nivel', 'sistema', true);
    select count(*) into cuantos
        from (select from avisos_aviso where persona_id = quien and leido_en is null limit 100) suyos;
    perform set_config('app.nivel', antes, true);
    return cuantos;
end $$;
"""
QUITAR = """
drop function avisos_sin_leer(bigint);
drop trigger entrega_en_el_libro on bandeja_entrega;
drop function avisos_envio_de_la_bandeja();
drop trigger envio_de_la_solicitud on avisos_envio;
drop function avisos_envio_de_la_solicitud();
"""


class Migration(migrations.Migration):
    dependencies = [("avisos", "0005_politicas_iniciales"), ("bandeja", "0002_alcance")]

    operations = [
        migrations.AddField(
            model_name="envio",
            name="radicado",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddField(
            model_name="envio",
            name="dentro_de",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resumidos",
                to="avisos.envio",
            ),
        ),
        migrations.AlterField(model_name="envio", name="clave", field=models.CharField(max_length=400, unique=True)),
        migrations.AlterField(
            model_name="envio",
            name="desenlace",
            field=models.CharField(
                blank=True,
                choices=[
                    ("entregado", "Entregado"),
                    ("rebotado", "Rebotado"),
                    ("quejado", "Marcado como no deseado"),
                    ("rechazado", "Rechazado"),
                    ("muerto", "Sin entregar"),
                    ("descartado", "Descartado"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="envio",
            index=models.Index(django.db.models.functions.text.Upper("correo"), name="envios_correo"),
        ),
        migrations.AddIndex(
            model_name="envio",
            index=models.Index(
                condition=models.Q(("radicado", ""), _negated=True), fields=["radicado"], name="envios_radicado"
            ),
        ),
        migrations.AddIndex(
            model_name="envio",
            index=models.Index(
                condition=models.Q(("desenlace__in", ["rebotado", "quejado", "rechazado", "muerto"])),
                fields=["-debido_en", "-id"],
                name="envios_fallidos",
            ),
        ),
        migrations.RunSQL(DE_LA_SOLICITUD + DE_LA_BANDEJA + SIN_LEER, QUITAR),
    ]
