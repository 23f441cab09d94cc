"""Drafts ready for their last step, of people who file."""

import uuid
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from direcciones.models import Dependencia, Persona, Tema
from rendimiento.cliente import Cliente
from rendimiento.escena import Escena, sistema
from solicitudes.models import Borrador


def con_borradores(escena: Escena, cuantos: int, quien: int = 0) -> tuple[Cliente, Iterator[str]]:
    """The enlace of that number, signed in, and the addresses where each of their drafts is filed."""
    correos = Persona.objects.filter(correo__startswith="enlace.", correo__endswith="@semilla.example")
    correo = correos.order_by("pk").values_list("correo", flat=True)[quien]
    return escena.entra(correo), iter(borradores_de(correo, cuantos))


def borradores_de(correo: str, cuantos: int) -> list[str]:
    """As many drafts of that person, to every queue in turn: where each is filed."""
    with sistema():
        persona = Persona.objects.get(correo=correo)
        entidad = persona.membresias.get().entidad
        temas = [
            Tema.objects.vigentes().filter(dependencia=d, reservado=False, modalidad__formulario="concepto").first()
            for d in Dependencia.objects.filter(codigo__in=["SSDA", "SGPD", "IMPR"]).order_by("codigo")
        ]
        elegidos = cycle([tema for tema in temas if tema])
        borradores = Borrador.objects.bulk_create(
            Borrador(persona=persona, entidad=entidad, datos=_datos(next(elegidos), correo), clave=uuid.uuid4())
            for _ in range(cuantos)
        )
    return [f"/solicitudes/borrador/{uno.pk}/revisar/" for uno in borradores]


def _datos(tema: Tema, correo: str) -> dict[str, Any]:
    return {
        "temas": [str(tema.pk)], "modalidad": str(tema.modalidad_id), "asunto": "Aplicación de la TRD",
        "necesidad": "Tenemos dudas sobre la aplicación de la tabla de retención en tres dependencias.",
        "pregunta_1": "¿Desde cuándo se aplica?", "n_preguntas": "1", "contacto_nombre": "Laura Pérez",
        "contacto_correo": correo,
    }  # fmt: skip
