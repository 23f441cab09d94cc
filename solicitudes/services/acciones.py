"""One door for every row of the table: what its `pide` asked comes in, the one service that does it runs.

Page and API call it; neither knows the services one by one.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from alcance import como_sistema, exigir
from solicitudes.estados import ACCIONES
from solicitudes.models import Actuacion, Mensaje, Parte
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from solicitudes.services.archivos import adjuntar
from solicitudes.services.articulacion import agregar_dependencia, cambiar_lider, cambiar_reserva
from solicitudes.services.asignacion import reasignar
from solicitudes.services.cola import asignar, empezar_a_atender
from solicitudes.services.contacto import corregir_correo
from solicitudes.services.conversacion import (
    cerrar_con_resultado,
    escribir_mensaje,
    pedir_complemento,
    responder,
    retomar,
)
from solicitudes.services.entidad import responder_complemento
from solicitudes.services.novedades import exigir_version
from solicitudes.services.prorroga import clasificar_peticion, prorrogar
from solicitudes.services.salidas import (
    declarar_no_competencia,
    marcar_duplicada,
    reabrir,
    trasladar,
    trasladar_fuera,
)
from solicitudes.services.transiciones import NoSePuede, mover, por_que_no
from solicitudes.services.turnos import tomar_turnos

Datos = Mapping[str, Any]


def ejecutar(*, parte: Parte, accion: str, datos: Datos, version: str = "") -> None:
    """Do `accion` on `parte` with the clean data of its form.

    `datos["clave"]` makes a second send of the same form harmless. Raises ValidationError (NoSePuede when the moment
    forbids it, HuboCambios when `version` is old); then nothing was written.
    """
    hacer = _HACER[accion]
    if _ya_se_hizo(datos.get("clave")):
        return
    with transaction.atomic():
        _tomar_turnos(parte, datos)
        exigir_version(parte.solicitud, version)
        with como_sistema("releer la parte con el turno tomado"):
            actual = Parte.objects.select_related("dependencia", "entidad", "solicitud").get(pk=parte.pk)
        razon = por_que_no(actual, ACCIONES[accion], exigir())
        if razon:
            raise NoSePuede(razon)
        hacer(actual, datos)


def _ya_se_hizo(clave: UUID | None) -> bool:
    return clave is not None and Mensaje.objects.filter(clave=clave, autor_id=exigir().persona_id).exists()


def _tomar_turnos(parte: Parte, datos: Datos) -> None:
    """Queues and trays before the solicitud that `exigir_version` locks (services/turnos.py)."""
    destino, asesor = datos.get("dependencia"), datos.get("asesor")
    tomar_turnos(
        colas=[parte.dependencia_id, destino.pk if destino else None],
        bandejas=[parte.asesor_id, asesor.pk if asesor else None],
    )


def _mover(accion: str) -> Callable[[Parte, Datos], Any]:
    return lambda parte, d: mover(parte=parte, accion=accion, motivo=d["motivo"])


def _escribir(tipo: str) -> Callable[[Parte, Datos], Any]:
    def hacer(parte: Parte, d: Datos) -> None:
        mensaje = escribir_mensaje(
            solicitud=parte.solicitud, parte=parte, tipo=tipo, texto=d["texto"], clave=d["clave"]
        )
        _adjuntar(parte, d, mensaje=mensaje)

    return hacer


def _adjuntar(parte: Parte, d: Datos, **donde: Any) -> None:
    if d.get("archivos"):
        adjuntar(solicitud=parte.solicitud, subidos=d["archivos"], parte=parte, **donde)


def _responder(parte: Parte, d: Datos) -> None:
    responder(parte=parte, texto=d["texto"], clave=d["clave"])
    _adjuntar(parte, d, mensaje=Mensaje.objects.get(clave=d["clave"]))


def _complementar(parte: Parte, d: Datos) -> None:
    responder_complemento(parte=parte, texto=d["texto"], clave=d["clave"], archivos=d.get("archivos") or ())


def _atender(parte: Parte, d: Datos) -> None:
    _adjuntar(parte, d)
    cerrar_con_resultado(parte=parte, resultado=d["resultado"])


def _programar(parte: Parte, d: Datos) -> None:
    _adjuntar(parte, d, actuacion=registrar_actuacion(parte=parte, datos=d["actuacion"]))


def cambiar_sesion(*, actuacion: Actuacion, cambios: Datos, archivos: Sequence[UploadedFile] = ()) -> None:
    """What happened with a scheduled session, with its products."""
    with transaction.atomic():
        cambiada = cambiar_actuacion(actuacion=actuacion, cambios=cambios)
        _adjuntar(cambiada.parte, {"archivos": archivos}, actuacion=cambiada)


_HACER: dict[str, Callable[[Parte, Datos], Any]] = {
    "asignar": lambda p, d: asignar(
        parte=p, asesor=d["asesor"], codigo=d.get("codigo", ""), motivo=d.get("motivo", "")
    ),
    "tomar": lambda p, d: empezar_a_atender(parte=p, codigo=d.get("codigo", ""), motivo=d.get("motivo", "")),
    "empezar": lambda p, d: empezar_a_atender(parte=p, codigo=d.get("codigo", ""), motivo=d.get("motivo", "")),
    "liberar": _mover("liberar"),
    "reasignar": lambda p, d: reasignar(parte=p, asesor=d["asesor"], motivo=d["motivo"]),
    "reasignar_en_espera": lambda p, d: reasignar(parte=p, asesor=d["asesor"], motivo=d["motivo"]),
    "pedir_complemento": lambda p, d: pedir_complemento(parte=p, texto=d["texto"], hasta=d["hasta"], clave=d["clave"]),
    "complementar": _complementar,
    "retomar": lambda p, d: retomar(parte=p, motivo=d["motivo"]),
    "trasladar": lambda p, d: trasladar(parte=p, dependencia=d["dependencia"], tema=d.get("tema"), motivo=d["motivo"]),
    "trasladar_fuera": lambda p, d: trasladar_fuera(parte=p, destino=d["destino"], motivo=d["motivo"]),
    "marcar_duplicada": lambda p, d: marcar_duplicada(parte=p, principal=d["principal"], motivo=d["motivo"]),
    "declarar_no_competencia": lambda p, d: declarar_no_competencia(
        parte=p, respuesta=d["respuesta"], clave=d["clave"]
    ),
    "atender": _atender,
    "clasificar_peticion": lambda p, d: clasificar_peticion(parte=p, peticion=d["peticion"], motivo=d["motivo"]),
    "prorrogar": lambda p, d: prorrogar(parte=p, dias=d["dias"], motivo=d["motivo"]),
    "reabrir": lambda p, d: reabrir(parte=p, motivo=d["motivo"]),
    "mensaje": _escribir(Mensaje.Tipo.MENSAJE),
    "nota": _escribir(Mensaje.Tipo.NOTA),
    "responder": _responder,
    "programar": _programar,
    "agregar_dependencia": lambda p, d: agregar_dependencia(parte=p, tema=d["tema"], motivo=d["motivo"]),
    "cambiar_lider": lambda p, d: cambiar_lider(parte=p, nueva=d["parte_lider"], motivo=d["motivo"]),
    "corregir_correo": lambda p, d: corregir_correo(parte=p, correo=d["correo"], motivo=d["motivo"]),
    "reservar": lambda p, d: cambiar_reserva(parte=p, reservada=True, motivo=d["motivo"]),
    "levantar_reserva": lambda p, d: cambiar_reserva(parte=p, reservada=False, motivo=d["motivo"]),
}
