"""The concepto of an example, from its draft to the bank, by the people who would do it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from alcance import como_sistema
from conceptos import services
from conceptos.estados import Audiencia
from conceptos.models import Concepto, Firma, Version
from demo.actores import como, dia_habil
from demo.cuentas import CUENTAS
from demo.ejemplos import Ejemplo
from direcciones.models import Persona
from direcciones.roles import Rol
from plazos.reloj import ahora, con_reloj
from solicitudes.models import Parte

# What is recent stays half-way: the number of the example decides where.
HASTA_REVISION, HASTA_FIRMA = 0, 1
NORMAS = ["Ley 594 de 2000, artículo 24", "Decreto Distrital 828 de 2018", "Acuerdo 001 de 2024 del AGN"]


def vivir_concepto(
    *, ejemplo: Ejemplo, parte: Parte, asesor: Persona, personas: dict[str, Persona], hasta_el_final: bool
) -> None:
    """Draft, send, review, sign and seal; a recent one stops in review or waiting for the signature."""
    with como(asesor, dia_habil(parte, 4, 14)):
        concepto = services.empezar(parte=parte)
        services.guardar(concepto=concepto, visto=1, escrito=texto_de(ejemplo, concepto))
        services.enviar(concepto=concepto)
    etapa = int(ejemplo.id[3:]) % 3
    if not hasta_el_final and etapa == HASTA_REVISION:
        return
    with como(_de(personas, Rol.REVISOR, parte), dia_habil(parte, 5, 9)):
        services.aprobar(concepto=concepto, sha256_visto=_congelada(concepto).sha256)
    if not hasta_el_final and etapa == HASTA_FIRMA:
        return
    _firmar(concepto, parte, _de(personas, Rol.SUBDIRECTOR, parte, Rol.DIRECTOR), dia_habil(parte, 6, 11))


def texto_de(ejemplo: Ejemplo, concepto: Concepto) -> dict[str, Any]:
    """A believable text, the same for the same example."""
    with como_sistema("leer las preguntas del borrador de ejemplo"), transaction.atomic():
        preguntas = Version.objects.get(concepto=concepto, numero=1).contenido["respuestas"]
    quien = ejemplo.entidad.nombre
    return {
        "asunto": ejemplo.asunto,
        "respuesta_corta": "Sí es posible, si antes se cumplen las condiciones que se explican en este concepto.",
        "antecedentes": f"{quien} expuso lo siguiente: {ejemplo.cuerpo[:400]}…",
        "respuestas": [
            f"Para responder a «{p['pregunta'][:90]}»: aplique el procedimiento vigente, deje constancia en acta "
            "firmada por el comité y conserve los soportes en el expediente."
            for p in preguntas
        ],
        "marco_normativo": "\n".join(f"- {norma}" for norma in NORMAS),
        "normas": NORMAS,
        "analisis": (
            "Se revisaron los documentos enviados y la normativa vigente. Los hechos descritos corresponden a los "
            "supuestos de la norma. No se encontraron conceptos anteriores en sentido contrario.\n\n"
            f"El tema consultado es «{ejemplo.temas[0].nombre}»."
        ),
        "conclusiones": "1. La entidad puede avanzar.\n2. Debe documentar cada paso.\n3. Debe publicar el resultado.",
        "recomendaciones": "Programe una mesa de trabajo con el equipo técnico antes de iniciar.",
    }


def _congelada(concepto: Concepto) -> Version:
    return Version.objects.filter(concepto=concepto, congelada_en__isnull=False).order_by("-numero").first()  # type: ignore[return-value]


def _de(personas: dict[str, Persona], rol: Rol, parte: Parte, otro: Rol | None = None) -> Persona:
    """Who has that role in the dependencia, or above it."""
    lugares = {parte.dependencia.codigo, parte.dependencia.direccion.codigo}
    # A small dependencia borrows from above: there the head reviews what somebody else wrote.
    for buscado in filter(None, (rol, otro, Rol.SUBDIRECTOR)):
        for cuenta in CUENTAS:
            if cuenta.rol == buscado and cuenta.dependencia in lugares:
                return personas[cuenta.correo.split("@")[0]]
    raise LookupError(f"Nadie puede hacerlo en {parte.dependencia}.")


def _firmar(concepto: Concepto, parte: Parte, jefe: Persona, cuando: datetime) -> None:
    reservada = parte.solicitud.reservada
    with como(jefe, cuando):
        firma: Firma = services.firmar(
            concepto=concepto,
            sha256_visto=_congelada(concepto).sha256,
            audiencia=Audiencia.RESERVADO if reservada else _audiencia(parte),
            motivo_audiencia="La solicitud es reservada" if reservada else "",
            segundo_factor_en=ahora(),
        )
    with con_reloj(cuando):
        services.sellar(firma_id=firma.pk)


def _audiencia(parte: Parte) -> Audiencia:
    """Archive questions are mostly for the members of the SDA; the rest, public."""
    return Audiencia.SDA if parte.solicitud_id % 4 == 0 else Audiencia.PUBLICO
