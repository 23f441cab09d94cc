"""Third net of conceptos: internal until sent, then the entity's; in the bank, its audience's."""

from django.db import migrations

from alcance.migraciones import ActivarRLS, SinBorrado, SoloAnexar

POR_SOLICITUD = "exists (select 1 from solicitudes_solicitud s where s.id = solicitud_id)"
# Cheapest first: the bank is read by everybody.
EN_EL_BANCO = """estado in ('notificado', 'sustituido') and (
    audiencia = 'publico'
    or (audiencia = 'entidades' and {persona} is not null)
    or (audiencia = 'sda' and {persona} is not null and ({entidad} is null or exists (
        select 1 from direcciones_entidad e where e.id = {entidad} and e.integra_sda)))
)"""
ENTREGADO = "estado in ('notificado', 'sustituido', 'anulado')"
VER = f"({EN_EL_BANCO}) or (({{entidad}} is null or {ENTREGADO}) and {POR_SOLICITUD})"
ESCRIBIR = f"{{nivel}} = '' and {{entidad}} is null and {POR_SOLICITUD}"
# Deliberation (drafts, reviews, signatures) is never for an entity nor for the bank's readers.
DE_CONCEPTO = """{entidad} is null and {persona} is not null and exists (
    select 1 from conceptos_concepto c join solicitudes_solicitud s on s.id = c.solicitud_id where c.id = concepto_id)"""
DE_CONCEPTO_ESCRIBIR = f"{{nivel}} = '' and {DE_CONCEPTO}"


class Migration(migrations.Migration):
    dependencies = [("conceptos", "0001_initial"), ("solicitudes", "0002_alcance")]
    operations = [
        ActivarRLS("conceptos_concepto", VER, ESCRIBIR),
        ActivarRLS("conceptos_version", DE_CONCEPTO, DE_CONCEPTO_ESCRIBIR),
        ActivarRLS("conceptos_revision", DE_CONCEPTO, DE_CONCEPTO_ESCRIBIR),
        ActivarRLS("conceptos_firma", DE_CONCEPTO, DE_CONCEPTO_ESCRIBIR),
        SinBorrado("conceptos_concepto", "conceptos_version", "conceptos_firma", "conceptos_verificacion"),
        SoloAnexar("conceptos_revision"),
    ]
