"""What a row says that had happened already: its state, since when somebody has it, when it was first attended, since
when it waits for its entity, and its next session; and what of that is still missing in one that is already here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from direcciones.models import AcuerdoServicio, Ausencia, Modalidad, Persona
from importaciones.services.juicio import Celdas, Falta, Faltas
from importaciones.valores import BOGOTA, elegir, leer_hora, leer_instante
from plazos.calendario import ErrorDePlazo
from plazos.fechas import a_las, enumerar, fecha_con_dia, fecha_corrida
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente, horario_vigente
from solicitudes.estados import ACTOS, TRANSICIONES, EstadoParte
from solicitudes.models import Actuacion, Movimiento, Parte, Solicitud
from solicitudes.services.actuaciones import PISTAS_DE_LUGAR
from solicitudes.services.agenda import DURACION
from solicitudes.services.conversacion import pedir_complemento_hasta
from solicitudes.services.trayectoria import Sesion, Trayectoria

EN_COLA, ASIGNADA, EN_ATENCION, EN_ESPERA, CERRADA = "en_cola", "asignada", "en_atencion", "en_espera", "cerrada"
ABIERTA = "abierta"  # it says that nobody answered it, and no more: the rest of the row says how far it is
_ESTADOS = {
    EN_COLA: {"sin asignar", "en cola", "radicada", "radicado", "recibida", "recibido", "nueva", "nuevo",
              "por asignar", "sin repartir", "por repartir", "en reparto", "pendiente de asignar",
              "pendiente de asignación", "pendiente por asignar"},
    ASIGNADA: {"asignada", "asignado", "repartida", "repartido", "sin iniciar", "por iniciar", "asignada sin iniciar"},
    EN_ATENCION: {"en elaboración", "en atención", "en trámite", "en proceso", "en gestión", "en revisión",
                  "en ejecución", "en desarrollo", "en curso", "en estudio", "en análisis", "en proyección",
                  "en firma", "para firma", "para revisión", "en corrección", "en ajustes", "en seguimiento",
                  "iniciada", "iniciado", "programada", "programado", "agendada", "agendado",
                  "con sesión programada", "sesión programada"},
    EN_ESPERA: {"esperando a la entidad", "esperamos su respuesta", "en espera", "en espera de la entidad",
                "a la espera de la entidad", "esperando entidad", "esperando respuesta de la entidad",
                "en espera de respuesta de la entidad", "en espera de respuesta", "esperando información",
                "en espera de información", "a la espera de información", "pendiente de información",
                "pendiente información", "en complemento", "complemento", "esperando complemento",
                "en espera de complemento", "pendiente de complemento", "pendiente complemento",
                "pendiente de la entidad", "pendiente por la entidad", "pendiente entidad", "complemento solicitado",
                "información solicitada", "se pidió información", "se solicitó información", "requerida", "requerido",
                "en requerimiento", "devuelta", "devuelto", "devuelta a la entidad", "devuelta para complemento",
                "devuelta para ajustes", "suspendida", "suspendido"},
    ABIERTA: {"abierta", "abierto", "pendiente", "activa", "activo", "vigente", "sin responder", "por responder",
              "pendiente de respuesta", "pendiente por responder", "sin respuesta", "sin atender", "por atender",
              "pendiente por atender", "en términos", "en término", "dentro de término", "vencida", "vencido",
              "por vencer", "próxima a vencer"},
    CERRADA: {"respondida", "respondido", "atendida", "atendido", "cerrada", "cerrado", "finalizada", "finalizado",
              "terminada", "terminado", "tramitada", "tramitado", "archivada", "archivado", "retirada", "retirado",
              "trasladada", "trasladado", "trasladada a otra entidad", "duplicada", "duplicado", "contestada",
              "contestado", "resuelta", "resuelto", "concluida", "concluido", "gestionada", "gestionado", "cumplida",
              "cumplido", "anulada", "anulado", "cancelada", "cancelado", "desistida", "desistido", "desistimiento",
              "rechazada", "no competencia", "fuera de competencia", "respuesta enviada", "con respuesta"},
}  # fmt: skip
_MEDIOS = {
    Actuacion.Medio.PRESENCIAL: {"presencial", "en persona", "en sitio", "presencialmente"},
    Actuacion.Medio.VIRTUAL: {"virtual", "teams", "meet", "google meet", "zoom", "videollamada", "en línea", "remota",
                              "microsoft teams", "videoconferencia"},
    Actuacion.Medio.TELEFONICA: {"telefónica", "telefónico", "teléfono", "llamada", "por teléfono"},
}  # fmt: skip
TITULOS = {
    "asignada": "Fecha de asignación",
    "primera_atencion": "Fecha de primera atención",
    "espera_desde": "Esperando a la entidad desde",
    "sesion": "Sesión programada para",
    "sesion_acordada": "Fecha en que se programó",
}
_DICHO = {"asignada_en": "Asignada el", "primera_atencion_en": "Primera atención"}


def estado_de(celdas: Celdas) -> str:
    """As the row says it, or as the rest of the row lets it be known."""
    texto = celdas.get("estado", "")
    estado = elegir(texto, _ESTADOS) if texto else ABIERTA
    if estado is None:
        raise Falta(
            f"Estado: no se entiende «{texto[:40]}». Escriba sin asignar, asignada, en elaboración o esperando a la "
            "entidad."
        )
    if estado == CERRADA:
        raise Falta("Estado: solo se importan las abiertas. Quite esta fila.")
    if estado != ABIERTA:
        return estado
    if celdas.get("espera_desde"):
        return EN_ESPERA
    if celdas.get("primera_atencion") or celdas.get("sesion"):
        return EN_ATENCION
    return ASIGNADA if celdas.get("asesor") else EN_COLA


def leer_trayectoria(
    celdas: Celdas, *, estado: str, recibida: datetime, modalidad: Modalidad, faltas: Faltas
) -> Trayectoria:
    """What the row says of each date, whether or not it is here already."""
    if estado == EN_COLA:
        for campo, titulo in TITULOS.items():
            if celdas.get(campo):
                faltas.agregar(f"{titulo}: la solicitud está sin asignar. Escriba quién la atiende o quite ese dato.")
        return Trayectoria()
    asignada, primera, espera, sesion = None, None, None, None
    with faltas.anotando():
        asignada = _instante(celdas, "asignada", recibida)
    with faltas.anotando():
        primera = _instante(celdas, "primera_atencion", recibida)
    with faltas.anotando():
        espera = _espera(celdas, estado, recibida)
    with faltas.anotando():
        sesion = _sesion(celdas, estado, recibida, modalidad)
    return Trayectoria(asignada, primera, espera, celdas.get("se_pidio", ""), sesion)


def _leida(celdas: Celdas, campo: str) -> tuple[date, time | None] | None:
    texto = celdas.get(campo, "")
    if not texto:
        return None
    leida = leer_instante(texto)
    if leida is None:
        raise Falta(
            f"{TITULOS[campo]}: no se entiende «{texto[:40]}». Escriba día, mes y año, por ejemplo 27/10/2026 9:00."
        )
    return leida


def _instante(celdas: Celdas, campo: str, recibida: datetime) -> datetime | None:
    """Between the reception and now. Without an hour, the one at which the office opened; of the day it came, the
    instant of the reception if that was later."""
    leida = _leida(celdas, campo)
    if leida is None:
        return None
    dia, hora = leida
    cuando = datetime.combine(dia, hora or _apertura(dia, TITULOS[campo]), BOGOTA)
    if hora is None:
        if cuando > ahora() and dia == hoy():
            cuando = datetime.combine(dia, time(), BOGOTA)
        if dia == recibida.date():
            cuando = max(cuando, recibida)
    _comprobar(TITULOS[campo], cuando < recibida, cuando > ahora(), recibida)
    return cuando


def _apertura(dia: date, titulo: str) -> time:
    try:
        return horario_vigente(dia).abre
    except ErrorDePlazo as error:
        raise Falta(f"{titulo}: {error}") from None


def _comprobar(titulo: str, es_anterior: bool, es_futura: bool, recibida: datetime) -> None:
    if es_anterior:
        llego = f"{fecha_corrida(recibida.date())} {a_las(recibida)}"
        raise Falta(f"{titulo}: es anterior a su llegada, el {llego}. Corrija una de las dos fechas.")
    if es_futura:
        raise Falta(f"{titulo}: esa fecha aún no llega. Corríjala.")


def _espera(celdas: Celdas, estado: str, recibida: datetime) -> date | None:
    leida = _leida(celdas, "espera_desde")
    titulo = TITULOS["espera_desde"]
    if estado != EN_ESPERA:
        if leida is not None:
            raise Falta(f"{titulo}: el estado no dice que se la espere. Escriba «esperando a la entidad» o quite la "
                        "fecha.")  # fmt: skip
        return None
    if leida is None:
        raise Falta(
            f"{titulo}: está vacía. Escriba el día en que se le pidió la información o, si ya no se la espera, «en "
            "elaboración» en el estado."
        )
    dia, _ = leida
    _comprobar(titulo, dia < recibida.date(), dia > hoy(), recibida)
    return dia


def _sesion(celdas: Celdas, estado: str, recibida: datetime, modalidad: Modalidad) -> Sesion | None:
    leida = _leida(celdas, "sesion")
    if leida is None:
        return None
    titulo = TITULOS["sesion"]
    if estado == ASIGNADA:
        raise Falta(f"{titulo}: solo la tiene una en elaboración. Escriba ese estado o quite la sesión.")
    dia, hora = leida
    if aparte := celdas.get("sesion_hora", ""):
        hora = leer_hora(aparte.rpartition("T")[2])
    if hora is None:
        raise Falta(f"{titulo}: falta la hora o no se entiende. Escríbala así: 27/10/2026 9:00.")
    lugar = celdas.get("sesion_lugar", "")
    medio = _medio(celdas.get("sesion_medio", ""), lugar)
    if medio == Actuacion.Medio.VIRTUAL and not lugar.startswith(("https://", "http://")):
        lugar = ""
    if not lugar or (medio == Actuacion.Medio.TELEFONICA and not any(c.isdigit() for c in lugar)):
        raise Falta(f"Lugar o enlace de la sesión: {_minuscula(PISTAS_DE_LUGAR[medio])}")
    if modalidad.exige_proveedor:
        raise Falta(
            f"{titulo}: «{modalidad}» necesita el proveedor y el número del contrato. Quite la sesión y prográmela en "
            "el portal."
        )
    return Sesion(modalidad, datetime.combine(dia, hora, BOGOTA), medio, lugar[:300], _acordada(celdas, recibida))


def _medio(texto: str, lugar: str) -> Actuacion.Medio:
    if not texto and lugar.startswith(("https://", "http://")):
        return Actuacion.Medio.VIRTUAL
    medio = elegir(texto, _MEDIOS) if texto else None
    if medio is None:
        dicho = f"no se entiende «{texto[:40]}»" if texto else "está vacío"
        raise Falta(f"Medio de la sesión: {dicho}. Escriba presencial, virtual o telefónica.")
    return Actuacion.Medio(medio)


def _minuscula(frase: str) -> str:
    return frase[0].lower() + frase[1:]


def _acordada(celdas: Celdas, recibida: datetime) -> datetime | None:
    return _instante(celdas, "sesion_acordada", recibida)


def hasta_cuando(desde: date) -> date:
    """The last day the entity had to answer: one month (Ley 1755 de 2015, art. 17)."""
    return pedir_complemento_hasta(desde)


def en_palabras(trayectoria: Trayectoria) -> str:
    """«Asignada el 15 de octubre de 2026 a las 7:00 a. m.; …» for the rehearsal; '' when it says nothing."""
    dichas = [
        f"{titulo} {'el ' if campo == 'primera_atencion_en' else ''}{_cuando(instante)}"
        for campo, titulo in _DICHO.items()
        if (instante := getattr(trayectoria, campo)) is not None
    ]
    if trayectoria.sesion is not None:
        dichas.append(f"Sesión el {_cuando(trayectoria.sesion.para)}")
    return "; ".join(dichas)


def _cuando(instante: datetime) -> str:
    local = timezone.localtime(instante)
    return f"{fecha_corrida(local.date())} {a_las(local)}"


# --- What is here already ------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Avance:
    """How far the portal has one that came from another file."""

    parte: Parte
    la_movieron: bool = True
    espera_desde: date | None = None
    sesiones: set[datetime] = field(default_factory=set)


class Avances:
    """Of the solicitudes that a file names and are here. Nothing is asked until a row says something of them."""

    def __init__(self, solicitudes: Iterable[Solicitud]) -> None:
        self._pks = {s.pk for s in solicitudes}
        self._por_solicitud: dict[int, _Avance] | None = None

    def lo_que_falta(
        self, solicitud: Solicitud, trayectoria: Trayectoria, asesor: Persona | None
    ) -> tuple[Trayectoria, dict[str, tuple[str, str]], str]:
        """What of the row is not here, how each thing changes, and why not when nothing may."""
        falta, cambios = Trayectoria(), {}
        avance = self._de(solicitud) if trayectoria else None
        if avance is None:
            return falta, {}, ""
        parte = avance.parte
        for campo, titulo in _DICHO.items():
            antes, despues = getattr(parte, campo), getattr(trayectoria, campo)
            if despues is not None and antes != despues:
                falta = replace(falta, **{campo: despues})
                cambios[titulo] = (_cuando(antes) if antes else "—", _cuando(despues))
        espera = trayectoria.espera_desde
        if espera is not None and avance.espera_desde != espera:
            falta = replace(falta, espera_desde=espera, se_pidio=trayectoria.se_pidio)
            antes = f"esperando desde el {fecha_corrida(avance.espera_desde)}" if avance.espera_desde else ""
            cambios["Estado"] = (
                antes or _minuscula(parte.get_estado_display()),
                f"esperando a la entidad desde el {fecha_corrida(espera)}",
            )
        if trayectoria.sesion is not None and trayectoria.sesion.para not in avance.sesiones:
            falta = replace(falta, sesion=trayectoria.sesion)
            cambios["Sesión"] = ("—", _cuando(trayectoria.sesion.para))
        return (falta, cambios, "") if not falta else self._si_se_puede(avance, falta, cambios, asesor)

    def _si_se_puede(
        self, avance: _Avance, falta: Trayectoria, cambios: dict[str, tuple[str, str]], asesor: Persona | None
    ) -> tuple[Trayectoria, dict[str, tuple[str, str]], str]:
        parte, nada = avance.parte, Trayectoria()
        if avance.la_movieron:
            return nada, {}, "Ya la movieron en el portal: lo que allí dice no cambia."
        if parte.asesor_id is None:
            return nada, {}, "En el portal está sin asignar: asígnela allí."
        if asesor is None or parte.asesor_id != asesor.pk:
            return nada, {}, "En el portal la tiene otra persona: lo que allí dice no cambia."
        en_elaboracion = parte.estado == EstadoParte.EN_ATENCION
        if (falta.espera_desde or falta.sesion) and not en_elaboracion:
            estado = _minuscula(parte.get_estado_display())
            return nada, {}, f"En el portal está {estado}: pida allí la información o programe la sesión."
        return falta, cambios, ""

    def _de(self, solicitud: Solicitud) -> _Avance | None:
        if self._por_solicitud is None:
            with como_sistema("importar: hasta dónde va lo que ya está"), transaction.atomic():
                self._por_solicitud = self._leer()
        return self._por_solicitud.get(solicitud.pk)

    def _leer(self) -> dict[int, _Avance]:
        partes = Parte.objects.filter(solicitud__in=self._pks, lidera=True).order_by("pk")
        avances = {parte.solicitud_id: _Avance(parte) for parte in partes}
        lineas = Movimiento.objects.filter(solicitud__in=self._pks).order_by("pk")
        for solicitud_id, accion, datos in lineas.values_list("solicitud_id", "accion", "datos"):
            avance = avances[solicitud_id]
            importada = "importada" in datos or datos.get("por") == "importacion"
            if accion == "radicar":
                avance.la_movieron = not importada
            elif not importada and accion in TRANSICIONES | ACTOS:
                avance.la_movieron = True
            if ocurrio := datos.get("ocurrio"):
                avance.espera_desde = timezone.localdate(datetime.fromisoformat(ocurrio))
        sesiones = Actuacion.objects.filter(solicitud__in=self._pks, programada_para__isnull=False).order_by("pk")
        for solicitud_id, para in sesiones.values_list("solicitud_id", "programada_para"):
            avances[solicitud_id].sesiones.add(cast(datetime, para))
        return avances


class Agenda:
    """When each asesor is taken or away, read once, with what the rows before took. Who writes it looks again."""

    def __init__(self) -> None:
        self._ocupadas: dict[int, list[tuple[datetime, datetime, str]]] | None = None
        self._ausencias: dict[int, list[tuple[date, date]]] = defaultdict(list)

    def comprobar(self, sesion: Sesion, asesor: Persona, de_quien: str) -> None:
        """Raises Falta when it can't be then."""
        titulo, dia = TITULOS["sesion"], sesion.para.date()
        if sesion.para <= ahora():
            raise Falta(
                f"{titulo}: esa fecha ya pasó. Quite la sesión; si se hizo, escríbala en «Fecha de primera atención»."
            )
        try:
            calendario = calendario_vigente()
            if not calendario.es_habil(dia):
                siguiente = fecha_con_dia(calendario.siguiente_habil(dia))
                raise Falta(f"{titulo}: el {fecha_con_dia(dia)} no es día hábil. El siguiente es el {siguiente}.")
        except ErrorDePlazo as error:
            raise Falta(f"{titulo}: {error}") from None
        ocupadas = self._leidas()[asesor.pk]
        if any(desde <= dia <= hasta for desde, hasta in self._ausencias[asesor.pk]):
            raise Falta(f"{titulo}: {asesor} estará ausente ese día. Corríjala o quítela.")
        termina = sesion.para + DURACION
        otra = next((cual for empieza, fin, cual in ocupadas if empieza < termina and fin > sesion.para), None)
        if otra is not None:
            raise Falta(f"{titulo}: a esa hora {asesor} ya tiene la de {otra}. Corríjala o quítela.")
        ocupadas.append((sesion.para, termina, de_quien))

    def _leidas(self) -> dict[int, list[tuple[datetime, datetime, str]]]:
        if self._ocupadas is None:
            self._ocupadas = defaultdict(list)
            with como_sistema("importar: ver las sesiones programadas"), transaction.atomic():
                vivas = Actuacion.objects.filter(
                    estado=Actuacion.Estado.PROGRAMADA, programada_para__gte=ahora() - timedelta(days=1)
                )
                for una in vivas.order_by("pk").select_related("parte", "solicitud"):
                    empieza = cast(datetime, una.programada_para)
                    suyas = self._ocupadas[una.parte.asesor_id or 0]
                    suyas.append((empieza, una.fin or empieza + DURACION, una.solicitud.radicado))
                ausencias = Ausencia.objects.filter(anulada_en__isnull=True, hasta__gte=hoy()).order_by("pk")
                for persona, desde, hasta in ausencias.values_list("persona", "desde", "hasta"):
                    self._ausencias[persona].append((desde, hasta))
        return self._ocupadas


class Suspenden:
    """The ANS that stand still while the entity owes an answer, read when the first row waits."""

    def __init__(self) -> None:
        self._pks: frozenset[int] | None = None

    def __contains__(self, ans: object) -> bool:
        if self._pks is None:
            todos = AcuerdoServicio.objects.filter(suspende_en_complemento=True).order_by("pk")
            self._pks = frozenset(todos.values_list("pk", flat=True))
        return ans in self._pks


def ajustar(
    trayectoria: Trayectoria, *, estado: str, escrita: Persona | None, recibe: Persona | None
) -> tuple[Trayectoria, str]:
    """What stays of it when somebody else receives it today, and what must be said of the rest."""
    if recibe == escrita or not trayectoria:
        return trayectoria, ""
    pierde = []
    if trayectoria.asignada_en is not None:
        pierde.append("la fecha de asignación")
    if trayectoria.sesion is not None and (recibe is None or estado != EN_ESPERA):
        pierde.append("la sesión")
        trayectoria = replace(trayectoria, sesion=None)
    if recibe is None:
        pierde += ["la primera atención"] if trayectoria.primera_atencion_en else []
        pierde += ["la espera"] if trayectoria.espera_desde else []
        trayectoria = Trayectoria()
    nota = f"No se trae {enumerar(pierde)}: cambia de manos" if pierde else ""
    return replace(trayectoria, asignada_en=None), nota
