"""Filing by the API: the same forms that judge a draft, the same service that files it, one solicitud per key.

The key of the client is tied to its membership: the same UUID from another person is another key, and opens nothing.
"""

import hashlib
import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from alcance import exigir
from api.errores import Rehusada
from bitacora.services import registrar
from direcciones.models import Entidad, Persona
from solicitudes.eleccion import modalidades_para_pedir, temas_para_pedir
from solicitudes.forms.revision import Revision
from solicitudes.models import Borrador, Solicitud
from solicitudes.services.borradores import limpiar, radicar_borrador

ESPACIO = UUID("5f0c9f5e-2c3b-4b0e-9b65-7d2f6f0a5d11")
OTRO_CONTENIDO = "Esa clave ya se usó con otro contenido. Use un UUID nuevo para cada cosa que envía."
NO_SE_PIDE = "Ese dato no se pide para esos temas y esa modalidad. Quítelo."
DE_CONTACTO = ("nombre", "cargo", "correo", "telefono")


def clave_propia(que: str, llave: UUID) -> UUID:
    return uuid5(ESPACIO, f"{que}:{exigir().membresia_id}:{llave}")


def radicar_por_api(
    *, persona: Persona, entidad: Entidad, cuerpo: dict[str, Any], llave: UUID, credencial: int
) -> tuple[Solicitud, bool]:
    """The solicitud, and whether it was filed now. Raises Rehusada with every reason at once."""
    clave, resumen = clave_propia("radicar", llave), _resumen(cuerpo)
    anterior = _ya_radicada(clave, resumen)
    if anterior is not None:
        return anterior, False
    if not cuerpo["autoriza_datos"]:
        raise Rehusada({"autoriza_datos": ["Para radicar, autorice el tratamiento de sus datos de contacto."]})
    if not entidad.esta_vigente():
        raise Rehusada({"general": ["La entidad ya no está vigente. Escriba a la SDFI para actualizarla."]})
    borrador = Borrador(
        persona=persona, entidad=entidad, clave=clave, datos=limpiar(_a_borrador(cuerpo)) | {"api": resumen}
    )
    revision = _revisada(borrador)
    try:
        with transaction.atomic():
            borrador.save(force_insert=True)
    except IntegrityError:
        # The same key at the same instant: whoever came first has already filed when we get here.
        anterior = _ya_radicada(clave, resumen)
        if anterior is None:
            raise
        return anterior, False
    datos = replace(revision.datos(), peticion=cuerpo.get("peticion", ""))
    solicitud = radicar_borrador(borrador=borrador, datos=datos, recepcion=revision.recepcion())
    registrar(accion="api.radicar", objeto=solicitud, despues={"credencial": credencial})
    return solicitud, True


def _ya_radicada(clave: UUID, resumen: str) -> Solicitud | None:
    alcance = exigir()
    borrador = Borrador.objects.visibles_para(alcance).filter(clave=clave, solicitud__isnull=False).first()
    if borrador is None:
        return None
    if borrador.datos.get("api") != resumen:
        raise Rehusada({"Idempotency-Key": [OTRO_CONTENIDO]})
    solicitud: Solicitud = Solicitud.objects.visibles_para(alcance).get(pk=borrador.solicitud_id)
    return solicitud


def _resumen(cuerpo: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(cuerpo, sort_keys=True, default=str).encode()).hexdigest()


# --- From the body to what a draft keeps -----------------------------------------------------------------------------
def _a_borrador(cuerpo: dict[str, Any]) -> dict[str, str | list[str]]:
    """The names and texts that the steps of the assistant read."""
    temas = _temas(cuerpo["temas"])
    datos: dict[str, str | list[str]] = {"temas": temas, "tema_principal": temas[0]}
    if cuerpo.get("modalidad"):
        datos["modalidad"] = _modalidad(cuerpo["modalidad"])
    preguntas = cuerpo.get("preguntas", [])
    if preguntas:
        datos["n_preguntas"] = str(len(preguntas))
        datos |= {f"pregunta_{n}": pregunta for n, pregunta in enumerate(preguntas, start=1)}
    sueltos = ("asunto", "necesidad", "antecedentes", "normas", "terminos", "fecha_requerida", "motivo_fecha",
               "motivo_reserva", "justificacion_alcance")  # fmt: skip
    datos |= {nombre: _texto(cuerpo[nombre]) for nombre in sueltos if nombre in cuerpo}
    if cuerpo.get("reservada"):
        datos["reservada"] = "on"
    datos |= {nombre: _texto(valor) for nombre, valor in cuerpo.get("detalle", {}).items()}
    contacto = cuerpo.get("contacto", {})
    datos |= {f"contacto_{nombre}": contacto[nombre] for nombre in DE_CONTACTO if nombre in contacto}
    return {nombre: valor for nombre, valor in datos.items() if valor}


def _temas(codigos: list[str]) -> list[str]:
    hallados = {tema.codigo: str(tema.pk) for tema in temas_para_pedir().filter(codigo__in=codigos)}
    faltan = [codigo for codigo in codigos if codigo not in hallados]
    if faltan:
        raise Rehusada({"temas": [f"«{codigo}» no está en el portafolio." for codigo in faltan]})
    return [hallados[codigo] for codigo in dict.fromkeys(codigos)]


def _modalidad(codigo: str) -> str:
    hallada = modalidades_para_pedir().filter(codigo=codigo).first()
    if hallada is None:
        raise Rehusada({"modalidad": [f"«{codigo}» no es una modalidad que se pueda pedir."]})
    return str(hallada.pk)


def _texto(valor: Any) -> str:
    if isinstance(valor, list):
        return "\n".join(valor)
    if hasattr(valor, "hour"):
        return str(timezone.localtime(valor).strftime("%Y-%m-%dT%H:%M"))
    return valor.isoformat() if hasattr(valor, "isoformat") else str(valor)


def _revisada(borrador: Borrador) -> Revision:
    """The draft judged by every step of the assistant, or Rehusada with every reason, by the names of the API."""
    revision = Revision(borrador)
    formas = [revision.formas[paso] for paso in revision.pasos]
    errores: dict[str, list[str]] = {}
    for forma in formas:
        for nombre, mensajes in forma.errors.items():
            errores.setdefault(_nombre(nombre), []).extend(map(str, mensajes))
    conocidos = {nombre for forma in formas for nombre in forma.fields}
    for nombre in borrador.datos:
        if nombre not in conocidos | {"api", "tema_principal", "n_preguntas"}:
            errores.setdefault(_nombre(nombre), []).append(NO_SE_PIDE)
    if errores:
        raise Rehusada(errores)
    return revision


_SUELTOS = frozenset(
    {"asunto", "necesidad", "antecedentes", "normas", "terminos", "fecha_requerida", "motivo_fecha", "motivo_reserva",
     "justificacion_alcance", "reservada", "temas", "modalidad"}
)  # fmt: skip


def _nombre(campo: str) -> str:
    """The name by which the API calls a field of the forms."""
    if campo == "__all__":
        return "general"
    if campo == "tema_principal":
        return "temas"
    clase, _, resto = campo.partition("_")
    if clase == "pregunta":
        return f"preguntas.{int(resto) - 1}"
    if clase == "contacto":
        return f"contacto.{resto}"
    return campo if campo in _SUELTOS else f"detalle.{campo}"
