"""The only writer of `estado`: checks the table, moves under lock, records who, when, from, to and why."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import JSONField, Model

from alcance import Alcance, como_sistema, exigir
from alcance.ordenes import Orden, en_json, fila, mandar, mandar_al_confirmar
from bandeja.services import Hecho, anotar_varios, dejar
from bitacora.services import registrar, suceso
from direcciones.ausencias import responsable_de
from direcciones.roles import DE_DEPENDENCIA, DE_ENTIDAD, JEFES
from plazos.reloj import ahora
from solicitudes.estados import (
    ABIERTOS,
    ACTOS,
    DIAS_PARA_REABRIR,
    SOLICITUD_ABIERTA,
    SOLICITUD_SIN_ENCUESTA,
    TRANSICIONES,
    EstadoParte,
    EstadoSolicitud,
    Transicion,
    estado_comun,
)
from solicitudes.models import Movimiento, Parte, Solicitud
from solicitudes.services.turnos import tomar_turnos

M = TypeVar("M", bound=Model)


class NoSePuede(ValidationError):
    """The transition is not possible now. The message says why and what to do."""


def acciones_posibles(parte: Parte, alcance: Alcance) -> list[Transicion]:
    """Rows of the table open to this person on this parte: the page draws one button for each."""
    return [t for t in TRANSICIONES.values() if se_puede(parte, t, alcance)]


def actos_posibles(parte: Parte, alcance: Alcance) -> list[Transicion]:
    """What this person may do on this parte without moving its state."""
    return [t for t in ACTOS.values() if se_puede(parte, t, alcance)]


def se_puede(parte: Parte, transicion: Transicion, alcance: Alcance) -> bool:
    """Without saying why not. The moment first: of what is closed, nobody is asked who answers for it today."""
    return no_es_momento(parte, transicion) is None and no_le_corresponde(parte, transicion, alcance) is None


def por_que_no(parte: Parte, transicion: Transicion, alcance: Alcance) -> str | None:
    """Why this person can't do it now, in Spanish; None when they can."""
    return no_le_corresponde(parte, transicion, alcance) or no_es_momento(parte, transicion)


def no_le_corresponde(parte: Parte, transicion: Transicion, alcance: Alcance) -> str | None:
    """Why it is not for this person, whatever the moment."""
    if alcance.es_sistema and not alcance.rol:
        return None
    if alcance.rol not in transicion.roles:
        return "Su rol no permite esta acción."
    if not _es_de_su_lugar(parte, alcance):
        return "Esta parte la atiende otra dependencia. Escríbale con una nota interna."
    if parte.asesor_id in {None, alcance.persona_id}:
        return None
    es_de_otra = transicion.personal or (transicion.solo_responsable and not _dirige(parte, alcance))
    if es_de_otra and not responde_hoy(parte, alcance):
        return "Solo la persona responsable puede hacerlo. Pida a la dirección que se la reasigne."
    return None


def responde_hoy(parte: Parte, alcance: Alcance) -> bool:
    """Whoever has it is away, and this is who answers for it meanwhile. Asked once for each parte that was read; of
    one that was not, only the table speaks."""
    if parte._state.adding:
        return False
    de_que, quien = parte.__dict__.get("_quien_responde", (None, None))
    if de_que != _de_que(parte):
        responsable = responsable_de(parte.asesor_id or 0, parte.dependencia_id, reservada=parte.reservada)
        quien = responsable.pk if responsable else None
        recordar_quien_responde(parte, quien)
    return quien == alcance.persona_id


def recordar_quien_responde(parte: Parte, quien: int | None) -> None:
    """For whoever read it with the parte."""
    parte.__dict__["_quien_responde"] = (_de_que(parte), quien)


def _de_que(parte: Parte) -> tuple[int | None, int, bool]:
    return parte.asesor_id, parte.dependencia_id, parte.reservada


def no_es_momento(parte: Parte, transicion: Transicion) -> str | None:
    """Why it can't be done in the state the parte is in, whoever asks."""
    if parte.estado not in transicion.desde:
        return f"La solicitud está «{EstadoParte(parte.estado).label}»: alguien la cambió. Recargue la página."
    if transicion.accion == "reabrir" and not _se_puede_reabrir(parte):
        return f"Pasaron más de {DIAS_PARA_REABRIR} días desde la respuesta. Pida a la entidad que radique otra."
    if transicion.accion == "cambiar_lider" and not parte.lidera:
        return "Esta dependencia no lidera la solicitud."
    if transicion.accion in {"reservar", "levantar_reserva"} and parte.reservada == (transicion.accion == "reservar"):
        return "La solicitud ya está reservada." if parte.reservada else "La solicitud no está reservada."
    return None


def _es_de_su_lugar(parte: Parte, alcance: Alcance) -> bool:
    """One's own dependencia or entidad: seeing a solicitud through another parte gives no hand in this one."""
    if alcance.rol in JEFES:
        return parte.dependencia_id in alcance.jefaturas
    if alcance.rol in DE_DEPENDENCIA:
        return parte.dependencia_id in alcance.dependencias
    if alcance.rol in DE_ENTIDAD:
        return parte.entidad_id == alcance.entidad_id
    return True


def _dirige(parte: Parte, alcance: Alcance) -> bool:
    return alcance.rol in JEFES and parte.dependencia_id in alcance.jefaturas


def _se_puede_reabrir(parte: Parte) -> bool:
    return parte.cerrada_en is not None and ahora() <= parte.cerrada_en + timedelta(days=DIAS_PARA_REABRIR)


def mover(
    *,
    parte: Parte,
    accion: str,
    motivo: str = "",
    cambios: Mapping[str, Any] | None = None,
    datos: Mapping[str, Any] | None = None,
    etiquetas: Mapping[str, str] | None = None,
    en: datetime | None = None,
    con_turno: bool = False,
    tomada: "Tomada | None" = None,
    al_confirmar: bool = False,
) -> Parte:
    """Apply `accion` of the table to `parte`, under lock, and return it fresh.

    `cambios` are other fields of the parte that change with it (asesor, dependencia, dates). `etiquetas` fill the
    sentence of the history. `con_turno`: the caller already holds the queues and trays that it touches; `tomada`: and
    the parte too. `al_confirmar`: what is written goes with the commit; the caller saw under that turn that whoever
    receives it is there and attends. Raises NoSePuede when the table, the role or the moment forbids it.
    """
    transicion, alcance = TRANSICIONES[accion], exigir()
    with en_palabras(), transaction.atomic(), como_sistema(f"mover: {accion}"):
        if not con_turno:
            _esperar_turno(parte, transicion, cambios or {})
        tomada = tomada or bajo_cerrojo(parte.pk)
        actual, solicitud = tomada.parte, tomada.parte.solicitud
        razon = por_que_no(actual, transicion, alcance)
        if razon:
            raise NoSePuede(razon)
        if "motivo" in transicion.pide and not motivo.strip():
            raise NoSePuede("Escriba el motivo: queda en la historia.")
        de, lugar = actual.estado, _lugar(actual)
        instante = en or ahora()
        _aplicar(actual, transicion, dict(cambios or {}), instante)
        _copiar_de_sus_partes(solicitud, [actual if otra.pk == actual.pk else otra for otra in tomada.todas])
        movimiento = linea_de_la_historia(
            transicion=transicion,
            parte=actual,
            de=de,
            motivo=motivo,
            etiquetas=etiquetas,
            datos={**(datos or {}), "lugar": {"de": lugar, "a": _lugar(actual)}},
            en=instante,
            alcance=alcance,
        )
        movimiento.pk = tomada.movimiento
        anotar = suceso(
            accion=f"parte.{accion}",
            objeto=actual,
            antes={"estado": de},
            despues={"estado": actual.estado, "asesor": actual.asesor_id, "dependencia": actual.dependencia_id},
            motivo=motivo,
        )
        hechos = _avisos(actual, movimiento)
        if solicitud.estado in SOLICITUD_SIN_ENCUESTA:
            hechos.append(_cierre(movimiento))
        escribir = mandar_al_confirmar if al_confirmar else mandar
        escribir(_la_orden(actual, movimiento), anotar, dejar(hechos))
    return actual


@contextmanager
def en_palabras() -> Iterator[None]:
    """The database gives nothing to who is away or attends no more, also since a moment ago (migration 0024)."""
    try:
        yield
    except IntegrityError as falla:
        regla = getattr(getattr(falla.__cause__, "diag", None), "constraint_name", "")
        if regla != "solicitudes_parte_asesor_presente":
            raise
        raise NoSePuede("Esa persona está ausente hoy o ya no atiende allí. Elija a otra.", code="ausente") from falla


# Of the parte, what a move may change: what `solicitudes_mover` (migration 0015) writes.
SE_MUEVE = (
    "estado", "asesor_id", "asignada_en", "cerrada_en", "complemento_hasta", "primera_atencion_en", "prestada_en",
    "resultado", "dependencia_id", "tema_id", "otros_temas",
)  # fmt: skip
SE_COPIA = ("estado", "dependencias", "responsables", "cerrada_en")


def _la_orden(parte: Parte, movimiento: Movimiento) -> Orden:
    hoja = {
        "parte": {campo: getattr(parte, campo) for campo in ("id", *SE_MUEVE)},
        "solicitud": {campo: getattr(parte.solicitud, campo) for campo in ("id", *SE_COPIA)},
        "movimiento": fila(movimiento),
    }
    return "select solicitudes_mover(%s)", [en_json(hoja)]


@dataclass(frozen=True, slots=True)
class Tomada:
    """A parte with its solicitud, both locked; all the partes of that one, and the key of the line to be written."""

    parte: Parte
    todas: list["_Otra"]
    movimiento: int


class _Otra(NamedTuple):
    """What the solicitud copies of a parte."""

    pk: int
    estado: str
    dependencia_id: int
    asesor_id: int | None


def bajo_cerrojo(parte_id: int) -> Tomada:
    """Always the solicitud first: two partes moved at once would otherwise wait for each other."""
    tomada = leer_tomada(("%s", [parte_id]))
    if tomada is None:
        raise Parte.DoesNotExist("No existe esa parte.")
    return tomada


def leer_tomada(cual: Orden, *, antes: Sequence[Orden] = ()) -> Tomada | None:
    """The parte whose key an expression gives, locked and read in one message with what comes before."""
    sql, valores = cual
    filas = mandar(*antes, (TOMAR.format(cual=sql), valores))
    if not filas:
        return None
    [(movimiento, todas, *columnas)] = filas
    parte = _de_la_fila(Parte, columnas)
    parte.solicitud = _de_la_fila(Solicitud, columnas[len(Parte._meta.concrete_fields) :])
    return Tomada(parte, [_Otra(*otra) for otra in json.loads(todas)], movimiento)


def _de_la_fila(modelo: type[M], columnas: Sequence[Any]) -> M:
    campos = modelo._meta.concrete_fields
    valores = [
        json.loads(valor) if isinstance(campo, JSONField) and isinstance(valor, str) else valor
        for campo, valor in zip(campos, columnas, strict=False)
    ]
    return modelo.from_db("default", [campo.attname for campo in campos], valores)


def _columnas(modelo: type[Model], alias: str) -> str:
    return ", ".join(f"({alias}).{campo.column}" for campo in modelo._meta.concrete_fields)


TOMAR = (
    f"SELECT t.movimiento, t.todas, {_columnas(Parte, 't.parte')},"  # noqa: S608 names of our own columns
    f" {_columnas(Solicitud, 't.solicitud')}"
    " from solicitudes_tomar({cual}) t"
)


def linea_de_la_historia(
    *,
    transicion: Transicion,
    parte: Parte,
    de: str,
    motivo: str = "",
    etiquetas: Mapping[str, str] | None = None,
    datos: Mapping[str, Any] | None = None,
    en: datetime | None = None,
    alcance: Alcance | None = None,
) -> Movimiento:
    """One line of the history of a parte, to be written with what it tells in the same transaction."""
    quien = alcance or exigir()
    return Movimiento(
        solicitud_id=parte.solicitud_id,
        parte=parte,
        accion=transicion.accion,
        de=de,
        a=parte.estado,
        texto=transicion.historia.format_map(_Etiquetas(etiquetas or {}))[:300],
        motivo=motivo.strip(),
        datos=dict(datos or {}),
        persona_id=quien.persona_id,
        rol=quien.rol,
        interno=transicion.interna,
        en=en or ahora(),
    )


class _Etiquetas(dict[str, str]):
    def __missing__(self, clave: str) -> str:
        return "…"


def _lugar(parte: Parte) -> list[int | None]:
    """Queue and tray where the parte is: what the count of inversions reads from the history."""
    return [parte.dependencia_id, parte.asesor_id]


def _esperar_turno(parte: Parte, transicion: Transicion, cambios: Mapping[str, Any]) -> None:
    """Whoever enters or leaves a queue or a tray waits for its turn: an order decided meanwhile would be a lie."""
    toca = {parte.estado, transicion.hacia}
    asesor = cambios.get("asesor")
    recibe = asesor.pk if asesor else cambios.get("asesor_id")
    dependencia = cambios.get("dependencia")
    tomar_turnos(
        colas=[parte.dependencia_id, dependencia and dependencia.pk] if EstadoParte.EN_COLA in toca else (),
        # Whoever is given something, whatever its state: the end of their role waits for it, or it for that end.
        bandejas=[parte.asesor_id, recibe] if EstadoParte.ASIGNADA in toca or recibe else (),
    )


def _aplicar(parte: Parte, transicion: Transicion, cambios: dict[str, Any], instante: datetime) -> None:
    assert transicion.hacia is not None, "un acto no mueve el estado"
    cambios["estado"] = transicion.hacia
    if transicion.hacia == EstadoParte.EN_COLA:
        cambios |= {"asesor": None, "asignada_en": None}
    elif "asesor" in cambios or "asesor_id" in cambios:
        cambios["asignada_en"] = instante
    cambios["cerrada_en"] = None if transicion.hacia in ABIERTOS else instante
    if transicion.hacia != EstadoParte.EN_COMPLEMENTO:
        cambios["complemento_hasta"] = None
    for campo, valor in cambios.items():
        assert not {campo, f"{campo}_id"}.isdisjoint(SE_MUEVE), f"al mover no se escribe «{campo}»"
        setattr(parte, campo, valor)


def actualizar_solicitud(solicitud: Solicitud) -> None:
    """What the solicitud copies of its partes. The caller holds it locked and acts as system."""
    _copiar_de_sus_partes(solicitud, list(Parte.objects.filter(solicitud=solicitud).order_by("-lidera", "id")))
    solicitud.save(update_fields=list(SE_COPIA))


def _copiar_de_sus_partes(solicitud: Solicitud, partes: Sequence["Parte | _Otra"]) -> None:
    solicitud.estado = estado_comun([parte.estado for parte in partes])
    solicitud.dependencias = [parte.dependencia_id for parte in partes]
    solicitud.responsables = sorted({parte.asesor_id for parte in partes if parte.asesor_id})
    if solicitud.estado in SOLICITUD_ABIERTA:
        solicitud.cerrada_en = None


def _avisos(parte: Parte, movimiento: Movimiento) -> list[Hecho]:
    """Facts for whoever must be told; the handler decides whom and how. Its line of the history makes the key."""
    hechos = [
        Hecho(
            tipo="solicitudes.movimiento",
            clave=f"movimiento:{parte.pk}:{movimiento.pk}:{movimiento.accion}",
            carga={"parte": parte.pk, "accion": movimiento.accion},
            solicitud_id=parte.solicitud_id,
        )
    ]
    if parte.estado not in ABIERTOS:
        hechos.append(
            Hecho(
                tipo="solicitudes.parte_cerrada",
                clave=f"cerrada:{parte.pk}:{movimiento.pk}",
                carga={"parte": parte.pk, "solicitud": parte.solicitud_id},
                solicitud_id=parte.solicitud_id,
            )
        )
    return hechos


def _cierre(movimiento: Movimiento) -> Hecho:
    """The fact that nothing is left to do: its expediente is closed by a room above."""
    return Hecho(
        tipo="solicitudes.cerrada",
        clave=f"solicitud:{movimiento.solicitud_id}:{movimiento.pk}:cerrada",
        carga={"solicitud": movimiento.solicitud_id},
        solicitud_id=movimiento.solicitud_id,
    )


def cerrar_solicitud(*, solicitud: Solicitud) -> Solicitud:
    """ATENDIDA → CERRADA, once the survey was answered or its time passed. Impossible with an open parte."""
    with transaction.atomic(), como_sistema("cerrar la solicitud"):
        actual = Solicitud.objects.bajo_cerrojo().get(pk=solicitud.pk)
        if actual.estado == EstadoSolicitud.CERRADA:
            return actual
        if Parte.objects.abiertas().filter(solicitud=actual).exists():
            raise NoSePuede("Falta responder una parte de la solicitud.")
        de, actual.estado, actual.cerrada_en = actual.estado, EstadoSolicitud.CERRADA, ahora()
        actual.save(update_fields=["estado", "cerrada_en"])
        movimiento = Movimiento.objects.create(
            solicitud=actual, accion="cerrar", de=de, a=actual.estado, texto="Se cerró la solicitud", en=ahora()
        )
        registrar(accion="solicitud.cerrar", objeto=actual, antes={"estado": de}, despues={"estado": actual.estado})
        anotar_varios([_cierre(movimiento)])
    return actual
