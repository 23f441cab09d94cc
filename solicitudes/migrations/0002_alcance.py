"""Third net of the solicitud and all that hangs from it.

A child is visible exactly when its solicitud is: the EXISTS reads the solicitud under its own policy, by primary key.
The parte has scalar columns of its own because queues, trays and the register read it first (docs/decisiones/0002).
"""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado, SoloAnexar

ALCANZA = (
    "entidad_id = {entidad} or dependencias && {dependencias}"
    " or radicada_por_id = {persona} or registrada_por_id = {persona}"
)
# Reserved: only who filed it, who attends it and the heads of the dependencia (and the auditor, above).
ABRE_RESERVA = (
    "not reservada or radicada_por_id = {persona} or responsables @> array[{persona}] or dependencias && {jefaturas}"
)
SOLICITUD_VER = f"{{nivel}} = 'auditor' or (({{nivel}} = 'todas' or {ALCANZA}) and ({ABRE_RESERVA}))"
# Oversight reads and never writes.
SOLICITUD_ESCRIBIR = f"({ALCANZA}) and ({ABRE_RESERVA})"

PARTE_ALCANZA = "dependencia_id = any({dependencias}::bigint[]) or entidad_id = {entidad} or asesor_id = {persona}"
PARTE_ABRE = "not reservada or asesor_id = {persona} or dependencia_id = any({jefaturas}::bigint[])"
POR_SOLICITUD = "exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id)"
PARTE_VER = (
    f"{{nivel}} = 'auditor' or (({{nivel}} = 'todas' or {PARTE_ALCANZA}) and ({PARTE_ABRE})) or {POR_SOLICITUD}"
)
PARTE_ESCRIBIR = f"{{nivel}} = '' and ((({PARTE_ALCANZA}) and ({PARTE_ABRE})) or {POR_SOLICITUD})"

HIJA_ESCRIBIR = f"{{nivel}} = '' and {POR_SOLICITUD}"
# Internal notes and moves are not for the entity.
SIN_INTERNOS = f"{POR_SOLICITUD} and (not interno or {{entidad}} is null)"


class Migration(migrations.Migration):
    dependencies = [("solicitudes", "0001_initial"), ("direcciones", "0002_alcance")]
    operations = [
        ActivarRLS("solicitudes_solicitud", SOLICITUD_VER, SOLICITUD_ESCRIBIR),
        ActivarRLS("solicitudes_parte", PARTE_VER, PARTE_ESCRIBIR),
        ActivarRLS("solicitudes_movimiento", SIN_INTERNOS, f"{{nivel}} = '' and {SIN_INTERNOS}"),
        ActivarRLS("solicitudes_mensaje", SIN_INTERNOS, f"{{nivel}} = '' and {SIN_INTERNOS}"),
        ActivarRLS("solicitudes_actuacion", POR_SOLICITUD, HIJA_ESCRIBIR),
        ActivarRLS("solicitudes_excepcionorden", POR_SOLICITUD, HIJA_ESCRIBIR),
        ActivarRLS("solicitudes_borrador", "persona_id = {persona}"),
        # A parte can never point at another entity than its solicitud's, not even by a bug.
        migrations.RunSQL(
            """
            alter table solicitudes_parte add constraint solicitudes_parte_misma_entidad
                foreign key (solicitud_id, entidad_id) references solicitudes_solicitud (id, entidad_id);
            """,
            "alter table solicitudes_parte drop constraint solicitudes_parte_misma_entidad;",
        ),
        SinBorrado(
            "solicitudes_solicitud",
            "solicitudes_parte",
            "solicitudes_actuacion",
            "solicitudes_borrador",
            "solicitudes_contador",
        ),
        SoloAnexar("solicitudes_movimiento", "solicitudes_mensaje", "solicitudes_excepcionorden"),
    ]
