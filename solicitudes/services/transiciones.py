"""The only writer of `estado`: checks the table, moves under lock, records who, when, from, to and why."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bandeja.services import anotar
from bitacora.services import registrar
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import Alcance, como_sistema, exigir
from direcciones.models import Dependencia, Membresia, Persona
from direcciones.roles import ATIENDEN, JEFES
from plazos.reloj import ahora
from solicitudes.estados import ABIERTOS, TRANSICIONES, EstadoParte, EstadoSolicitud, Transicion, estado_comun
from solicitudes.models import Movimiento, Parte, Solicitud


class NoSePuede(ValidationError):
    """The transition is not possible now. The message says why and what to do."""


def acciones_posibles(parte: Parte, alcance: Alcance) -> list[Transicion]:
    """Rows of the table open to this person on this parte: the page draws one button for each."""
    return [t for t in TRANSICIONES.values() if por_que_no(parte, t, alcance) is None]


def por_que_no(parte: Parte, transicion: Transicion, alcance: Alcance) -> str | None:
    """Why this person can't do it now, in Spanish; None when they can."""
    if parte.estado not in transicion.desde:
        return f"La solicitud está «{EstadoParte(parte.estado).label}»: alguien la cambió. Recargue la página."
    if alcance.es_sistema and not alcance.rol:
        return None
    if alcance.rol not in transicion.roles:
        return "Su rol no permite esta acción."
    if transicion.solo_responsable and parte.asesor_id != alcance.persona_id and not _dirige(parte, alcance):
        return "Solo la persona responsable puede hacerlo. Pida a la dirección que se la reasigne."
    return None


def _dirige(parte: Parte, alcance: Alcance) -> bool:
    return alcance.rol in JEFES and parte.dependencia_id in alcance.jefaturas


def mover(
    *,
    parte: Parte,
    accion: str,
    motivo: str = "",
    cambios: Mapping[str, Any] | None = None,
    datos: Mapping[str, Any] | None = None,
    etiquetas: Mapping[str, str] | None = None,
    en: datetime | None = None,
) -> Parte:
    """Apply `accion` of the table to `parte`, under lock, and return it fresh.

    `cambios` are other fields of the parte that change with it (asesor, dependencia, dates). `etiquetas` fill the
    sentence of the history. Raises NoSePuede when the table, the role or the moment forbids it.
    """
    transicion, alcance = TRANSICIONES[accion], exigir()
    with transaction.atomic(), como_sistema(f"mover: {accion}"):
        # Always the solicitud first: two partes moved at once would otherwise wait for each other.
        solicitud = Solicitud.objects.select_for_update(of=("self",)).get(pk=parte.solicitud_id)
        actual = Parte.objects.select_for_update(of=("self",)).get(pk=parte.pk)
        razon = por_que_no(actual, transicion, alcance)
        if razon:
            raise NoSePuede(razon)
        if "motivo" in transicion.pide and not motivo.strip():
            raise NoSePuede("Escriba el motivo: queda en la historia.")
        de = actual.estado
        _aplicar(actual, transicion, dict(cambios or {}), en or ahora())
        _actualizar_solicitud(solicitud)
        Movimiento.objects.create(
            solicitud=solicitud,
            parte=actual,
            accion=accion,
            de=de,
            a=actual.estado,
            texto=transicion.historia.format_map(_Etiquetas(etiquetas or {})),
            motivo=motivo.strip(),
            datos=dict(datos or {}),
            persona_id=alcance.persona_id,
            rol=alcance.rol,
            en=en or ahora(),
        )
        registrar(
            accion=f"parte.{accion}",
            objeto=actual,
            antes={"estado": de},
            despues={"estado": actual.estado, "asesor": actual.asesor_id, "dependencia": actual.dependencia_id},
            motivo=motivo,
        )
        _anotar_avisos(actual, accion)
    return actual


class _Etiquetas(dict[str, str]):
    def __missing__(self, clave: str) -> str:
        return "…"


def _aplicar(parte: Parte, transicion: Transicion, cambios: dict[str, Any], instante: datetime) -> None:
    cambios["estado"] = transicion.hacia
    if transicion.hacia == EstadoParte.EN_COLA:
        cambios |= {"asesor": None, "asignada_en": None}
    elif transicion.hacia == EstadoParte.ASIGNADA:
        cambios["asignada_en"] = instante
    cambios["cerrada_en"] = None if transicion.hacia in ABIERTOS else instante
    if transicion.hacia != EstadoParte.EN_COMPLEMENTO:
        cambios["complemento_hasta"] = None
    for campo, valor in cambios.items():
        setattr(parte, campo, valor)
    parte.save(update_fields=list(cambios))


def _actualizar_solicitud(solicitud: Solicitud) -> None:
    partes = list(Parte.objects.filter(solicitud=solicitud).order_by("-lidera", "id"))
    solicitud.estado = estado_comun([parte.estado for parte in partes])
    solicitud.dependencias = [parte.dependencia_id for parte in partes]
    solicitud.responsables = sorted({parte.asesor_id for parte in partes if parte.asesor_id})
    solicitud.save(update_fields=["estado", "dependencias", "responsables"])


def _anotar_avisos(parte: Parte, accion: str) -> None:
    """Facts for whoever must be told; the handler decides whom and how."""
    vez = Movimiento.objects.filter(parte=parte).count()
    anotar(
        tipo="solicitudes.movimiento",
        clave=f"movimiento:{parte.pk}:{vez}:{accion}",
        carga={"parte": parte.pk, "accion": accion},
        solicitud_id=parte.solicitud_id,
    )
    if parte.estado not in ABIERTOS:
        anotar(
            tipo="solicitudes.parte_cerrada",
            clave=f"cerrada:{parte.pk}:{vez}",
            carga={"parte": parte.pk, "solicitud": parte.solicitud_id},
            solicitud_id=parte.solicitud_id,
        )


def trasladar(*, parte: Parte, dependencia: Dependencia, motivo: str) -> Parte:
    """Move a parte to the queue of another dependencia; radicado, instant and term stay (architecture §8.8)."""
    with como_sistema("trasladar: ver si la otra dependencia ya participa"):
        if Parte.objects.filter(solicitud_id=parte.solicitud_id, dependencia=dependencia).exists():
            raise NoSePuede(f"{dependencia} ya atiende otra parte de esta solicitud.")
    tema = dependencia.temas.vigentes().order_by("codigo").first()
    if tema is None or not dependencia.atiende:
        raise NoSePuede(f"{dependencia} no atiende solicitudes.")
    return mover(
        parte=parte,
        accion="trasladar",
        motivo=motivo,
        cambios={"dependencia": dependencia},
        datos={"de": parte.dependencia_id, "a": dependencia.pk},
        etiquetas={"dependencia": dependencia.nombre},
    )


def pedir_complemento_hasta(hoy: date) -> date:
    """At most one month to complete (Ley 1755 de 2015, art. 17)."""
    siguiente = hoy.month % 12 + 1
    anio = hoy.year + (1 if siguiente == 1 else 0)
    for dia in range(hoy.day, 0, -1):
        try:
            return date(anio, siguiente, dia)
        except ValueError:
            continue
    raise AssertionError("inalcanzable")


def cerrar_solicitud(*, solicitud: Solicitud) -> Solicitud:
    """ATENDIDA → CERRADA, once the survey was answered or its time passed. Impossible with an open parte."""
    with transaction.atomic(), como_sistema("cerrar la solicitud"):
        actual = Solicitud.objects.select_for_update(of=("self",)).get(pk=solicitud.pk)
        if actual.estado == EstadoSolicitud.CERRADA:
            return actual
        if Parte.objects.abiertas().filter(solicitud=actual).exists():
            raise NoSePuede("Falta responder una parte de la solicitud.")
        de, actual.estado, actual.cerrada_en = actual.estado, EstadoSolicitud.CERRADA, ahora()
        actual.save(update_fields=["estado", "cerrada_en"])
        Movimiento.objects.create(
            solicitud=actual, accion="cerrar", de=de, a=actual.estado, texto="Se cerró la solicitud", en=ahora()
        )
        registrar(accion="solicitud.cerrar", objeto=actual, antes={"estado": de}, despues={"estado": actual.estado})
    return actual


def asesores_de(dependencia: Dependencia | int) -> list[Persona]:
    """People who may take work of a dependencia today, by name."""
    clave = dependencia if isinstance(dependencia, int) else dependencia.pk
    with como_sistema("asesores de la dependencia"):
        del_lugar = Membresia.objects.activas().filter(dependencia=clave, rol__in=sorted(ATIENDEN))
        return list(Persona.objects.filter(pk__in=del_lugar.values("persona"), is_active=True).order_by("nombre"))
