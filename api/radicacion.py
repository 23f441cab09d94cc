"""Filing and registering by the API: the forms that judge a draft, the service that files it, one solicitud per key.

The key of the client is tied to its membership: the same UUID from another person is another key, and opens nothing.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from alcance import exigir
from api.errores import Rehusada
from bitacora.services import registrar
from clasificador.services import sugerir_para
from direcciones.models import Entidad, Persona
from solicitudes.eleccion import modalidades_para_pedir, temas_para_pedir
from solicitudes.forms.revision import Revision
from solicitudes.models import Borrador, Solicitud
from solicitudes.propuestas import tema_del_texto
from solicitudes.services.borradores import limpiar, radicar_borrador, registrada_de

ESPACIO = UUID("5f0c9f5e-2c3b-4b0e-9b65-7d2f6f0a5d11")
OTRO_CONTENIDO = "Esa clave ya se usó con otro contenido. Use un UUID nuevo para cada cosa que envía."
NO_SE_PIDE = "Ese dato no se pide para esos temas y esa modalidad. Quítelo."
RESPUESTA = "respuesta_api"  # in the data of its draft
DE_CONTACTO = ("nombre", "cargo", "correo", "telefono")


def clave_propia(que: str, llave: UUID) -> UUID:
    return uuid5(ESPACIO, f"{que}:{exigir().membresia_id}:{llave}")


@dataclass(frozen=True, slots=True)
class Hecha:
    """What was filed, and whether now. `confianza`: of the theme that the portal proposed; None when it came."""

    solicitud: Solicitud
    borrador: Borrador
    nueva: bool
    confianza: int | None = None

    def responder(self, hacer: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], int]:
        """The answer and its code. The first one is kept with the draft of its key: whoever repeats gets it, whatever
        changed since."""
        datos = self.borrador.datos
        if self.nueva:
            Borrador.objects.filter(pk=self.borrador.pk).update(datos={**datos, RESPUESTA: (dicho := hacer())})
            return dicho, 201
        return datos.get(RESPUESTA) or hacer(), 200


def radicar_por_api(
    *, persona: Persona, entidad: Entidad, cuerpo: dict[str, Any], llave: UUID, credencial: int
) -> Hecha:
    """Raises Rehusada with every reason at once."""
    clave, resumen = clave_propia("radicar", llave), _resumen(cuerpo)
    anterior = _borrador_radicado(clave, resumen)
    if anterior is not None:
        return Hecha(_la_suya(anterior), anterior, nueva=False)
    if not cuerpo["autoriza_datos"]:
        raise Rehusada({"autoriza_datos": ["Para radicar, autorice el tratamiento de sus datos de contacto."]})
    if not entidad.esta_vigente():
        raise Rehusada({"general": ["La entidad ya no está vigente. Escriba a la SDFI para actualizarla."]})
    borrador = Borrador(
        persona=persona, entidad=entidad, clave=clave, datos=limpiar(_a_borrador(cuerpo)) | {"api": resumen}
    )
    revision = _revisada(borrador)
    ganador = _guardar(borrador, resumen)
    if ganador is not None:
        return Hecha(_la_suya(ganador), ganador, nueva=False)
    datos = replace(revision.datos(), peticion=cuerpo.get("peticion", ""))
    solicitud = radicar_borrador(borrador=borrador, datos=datos, recepcion=revision.recepcion())
    registrar(accion="api.radicar", objeto=solicitud, despues={"credencial": credencial})
    return Hecha(solicitud, borrador, nueva=True)


def registrar_por_api(*, persona: Persona, cuerpo: dict[str, Any], llave: UUID, credencial: int) -> Hecha:
    """What came by another channel, as the form of the window registers it. Raises Rehusada with every reason."""
    clave, resumen = clave_propia("registrar", llave), _resumen(cuerpo)
    anterior = _borrador_radicado(clave, resumen)
    if anterior is not None:
        return Hecha(registrada_de(anterior), anterior, nueva=False, confianza=_confianza(anterior))
    temas, confianza = (cuerpo["temas"], None) if cuerpo.get("temas") else _tema_del_texto(cuerpo)
    crudo = _a_borrador({**cuerpo, "temas": temas}) | _de_la_recepcion(cuerpo)
    borrador = Borrador(
        persona=persona,
        entidad=_entidad(cuerpo["entidad"]),
        clave=clave,
        es_registro=True,
        datos=limpiar(crudo) | {"api": resumen} | ({} if confianza is None else {"tema_propuesto": str(confianza)}),
    )
    revision = _revisada(borrador)
    ganador = _guardar(borrador, resumen)
    if ganador is not None:
        return Hecha(registrada_de(ganador), ganador, nueva=False, confianza=_confianza(ganador))
    solicitud = radicar_borrador(borrador=borrador, datos=revision.datos(), recepcion=revision.recepcion())
    registrar(accion="api.registrar", objeto=solicitud, despues={"credencial": credencial})
    return Hecha(solicitud, borrador, nueva=True, confianza=confianza)


def _guardar(borrador: Borrador, resumen: str) -> Borrador | None:
    """None, or the one that came first with the same key at the same instant: it has filed when we get here."""
    try:
        with transaction.atomic():
            borrador.save(force_insert=True)
    except IntegrityError:
        ganador = _borrador_radicado(borrador.clave, resumen)
        if ganador is None:
            raise
        return ganador
    return None


def _borrador_radicado(clave: UUID, resumen: str) -> Borrador | None:
    mios = Borrador.objects.visibles_para(exigir())
    borrador: Borrador | None = mios.filter(clave=clave, solicitud__isnull=False).first()
    if borrador is not None and borrador.datos.get("api") != resumen:
        raise Rehusada({"Idempotency-Key": [OTRO_CONTENIDO]})
    return borrador


def _la_suya(borrador: Borrador) -> Solicitud:
    solicitud: Solicitud = Solicitud.objects.visibles_para(exigir()).get(pk=borrador.solicitud_id)
    return solicitud


def _confianza(borrador: Borrador) -> int | None:
    propuesto = borrador.datos.get("tema_propuesto")
    return int(propuesto) if propuesto else None


def _resumen(cuerpo: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(cuerpo, sort_keys=True, default=str).encode()).hexdigest()


def _tema_del_texto(cuerpo: dict[str, Any]) -> tuple[list[str], int]:
    """The theme that the text says surely. Raises Rehusada with the nearest ones."""
    dicho = tema_del_texto(
        sugerir_para(f"{cuerpo['asunto']}\n{cuerpo['necesidad']}"), {tema.codigo: tema for tema in temas_para_pedir()}
    )
    if dicho.tema is None:
        cerca = [f"{tema.codigo} ({tema.nombre})" for tema in dicho.cercanos]
        raise Rehusada({"temas": ["Escriba el tema." + (f" Los más parecidos: {', '.join(cerca)}." if cerca else "")]})
    return [dicho.tema.codigo], dicho.confianza


def _entidad(codigo: str) -> Entidad:
    entidad: Entidad | None = Entidad.objects.vigentes().filter(codigo=codigo).first()
    if entidad is None:
        raise Rehusada({"entidad": [f"«{codigo}» no es el código de una entidad vigente."]})
    return entidad


def _de_la_recepcion(cuerpo: dict[str, Any]) -> dict[str, str | list[str]]:
    datos = {
        "canal": cuerpo["canal"],
        "recibido_en": cuerpo["recibido_en"].isoformat(),  # with its seconds: they order the queue
        "entidad": str(_entidad(cuerpo["entidad"]).pk),
        **{nombre: cuerpo.get(nombre, "") for nombre in ("siga_entrada", "evidencia", "peticion")},
        **{f"remitente_{nombre}": cuerpo["remitente"].get(nombre, "") for nombre in DE_CONTACTO},
    }
    return {nombre: valor for nombre, valor in datos.items() if valor}


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
            if not (borrador.es_registro and forma.paso == "detalle" and _se_pide_despues(borrador, nombre)):
                errores.setdefault(_nombre(nombre), []).extend(map(str, mensajes))
    conocidos = {nombre for forma in formas for nombre in forma.fields}
    for nombre in borrador.datos:
        if nombre not in conocidos | {"api", "tema_principal", "tema_propuesto", "n_preguntas"}:
            errores.setdefault(_nombre(nombre), []).append(NO_SE_PIDE)
    if errores:
        raise Rehusada(errores)
    return revision


def _se_pide_despues(borrador: Borrador, nombre: str) -> bool:
    """A letter says what it says: questions and dates that its modality needs are asked by whoever attends it."""
    return nombre not in borrador.datos and nombre not in {"asunto", "necesidad"}


_SUELTOS = frozenset(
    {"asunto", "necesidad", "antecedentes", "normas", "terminos", "fecha_requerida", "motivo_fecha", "motivo_reserva",
     "justificacion_alcance", "reservada", "temas", "modalidad", "canal", "recibido_en", "siga_entrada", "evidencia",
     "peticion", "entidad"}
)  # fmt: skip


def _nombre(campo: str) -> str:
    """The name by which the API calls a field of the forms."""
    if campo == "__all__":
        return "general"
    if campo == "tema_principal":
        return "temas"
    clase, _, resto = campo.partition("_")
    if clase == "llamada":
        return "evidencia"
    if clase == "pregunta":
        return f"preguntas.{int(resto) - 1}"
    if clase in {"contacto", "remitente"}:
        return f"{clase}.{resto}"
    return campo if campo in _SUELTOS else f"detalle.{campo}"
