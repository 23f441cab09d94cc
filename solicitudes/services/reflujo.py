"""A change of the calendar: which open terms it moves, and counting them again once (R19, R33; docs/decisiones/0024).

Each open parte and each clock keeps the version of the calendar it was counted with, so what is left to do is what
says another version, and a recount cut anywhere is finished by the next one. The office hours are those of the day it
came, and a change of hours moves nothing that was received; a day that is new closes when that day does. What is
closed keeps its date for ever. A clock that cannot be counted keeps what it had, says why, and is tried again later.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from alcance import como_sistema, exigir
from alcance.ordenes import en_json, es_mi_turno, mandar
from bandeja import timbre
from bandeja.services import Hecho, anotar, anotar_varios
from bitacora.services import registrar
from direcciones.efectos import Cambio, Efecto
from direcciones.models import Dependencia, Persona
from plazos.calendario import Calendario
from plazos.fechas import fecha_corrida
from plazos.reloj import ahora, hoy
from plazos.services import Reglas, reglas_vigentes, una_lectura
from plazos.terminos import (
    DIAS_DEL_LINEAMIENTO,
    SE_RECIBIO,
    Horario,
    Plazo,
    Suspension,
    calcular_plazo,
    horario_del_dia,
    horario_guardado,
    plazo_de,
    suspensiones_guardadas,
)
from solicitudes.destinatarios import Destinatarios, Destino, de_la_entidad, del_personal, una_mirada
from solicitudes.estados import ABIERTOS
from solicitudes.models import Movimiento, Parte, Reflujo, Solicitud, Termino
from solicitudes.services.plazo import con_su_instante, regla_usada, sin_frases
from solicitudes.services.relojes import LINEAMIENTO, NO_SE_CUENTA, por_que_no

ACCION = "reflujo"
TAREA = "solicitudes.recontar_plazos"
TURNO = "solicitudes.recontar_plazos"
LOTE = 2_000
# What counting again reads of each: there are thousands.
DE_LA_PARTE = ("solicitud_id", "dependencia_id", "lidera", "estado", "recibido_en", "vence", "version_calendario")
DEL_RELOJ = ("parte_id", "nombre", "empieza_en", "fecha_efectiva", "vence", "obliga", "regla", "cerrado", "no_contado")
OTRA_VEZ = timedelta(minutes=15)  # what could not be counted waits this long
TIPO, TIPO_SIN_CONTAR = "solicitudes.reflujo", "solicitudes.sin_contar"
SE_MUESTRAN = 200  # of those that would change, on the page that asks
SE_DICEN = 50  # of those that changed, in the digest of each person


# --- Counting again, whole groups at once --------------------------------------------------------------------------
class Pedido(NamedTuple):
    """What a term is counted from: two that are equal and came on the same side of the same closing time end alike."""

    dias: int
    horario: Horario
    dependencia: str = ""  # that has office hours of its own
    suspensiones: tuple[Suspension, ...] = ()
    llegada: str = SE_RECIBIO
    ampliado: int = 0


class Cuenta:
    """Terms with one calendar, each group of them counted once."""

    def __init__(self, calendario: Calendario, horarios: Sequence[Horario]) -> None:
        self._calendario, self._horarios = calendario, horarios
        self._con_horario = {horario.dependencia_codigo for horario in horarios}
        self._hechas: dict[Any, Plazo] = {}
        self._reglas: dict[int, dict[str, Any]] = {}

    def plazo(self, regla: Mapping[str, Any], recibido: datetime, dependencia: str) -> Plazo:
        """With what was kept of it; without anything kept, ten days from `recibido` and the office hours in force."""
        local = timezone.localtime(datetime.fromisoformat(regla["recibido"]) if "recibido" in regla else recibido)
        pedido = self._pedido(regla, local.date(), dependencia if dependencia in self._con_horario else "")
        clave = (pedido, local.date(), local.time() <= pedido.horario.cierra)
        if clave not in self._hechas:
            self._hechas[clave] = calcular_plazo(
                local,
                pedido.dias,
                self._calendario,
                self._horarios,
                dependencia_codigo=pedido.dependencia,
                suspensiones=pedido.suspensiones,
                llegada=pedido.llegada,
                ampliado=pedido.ampliado,
                al_llegar=pedido.horario,
            )
        return self._hechas[clave]

    def regla(self, plazo: Plazo, recibido: datetime) -> dict[str, Any]:
        """What is kept of `plazo` for one that came at `recibido`."""
        if id(plazo) not in self._reglas:
            self._reglas[id(plazo)] = regla_usada(plazo)
        suyo = plazo.para(recibido)
        assert suyo is not None
        return con_su_instante(self._reglas[id(plazo)], suyo)

    def _pedido(self, regla: Mapping[str, Any], dia: date, dependencia: str) -> Pedido:
        if "horario" in regla:
            horario = horario_guardado(regla["horario"], date.min)
        else:
            horario = replace(horario_del_dia(self._horarios, dia, dependencia), desde=date.min)
        return Pedido(
            regla.get("dias", DIAS_DEL_LINEAMIENTO),
            horario,
            dependencia,
            suspensiones_guardadas(regla.get("suspensiones", ())),
            regla.get("llegada", SE_RECIBIO),
            regla.get("ampliado", 0),
        )


@dataclass(slots=True)
class Vuelta:
    """One open parte counted again: its clocks that end another day, those that nobody could count and why, and the
    date that binds."""

    parte: Parte
    vence: date
    obliga: "Contado | None"  # the clock that the date comes from; None when there is none that says one
    terminos: list["Movido"]
    sin_contar: list[tuple[Termino, str]]

    @property
    def cambia(self) -> bool:
        return self.vence != self.parte.vence

    @property
    def otros(self) -> list["Movido"]:
        """The clocks with another date that is not the one that binds."""
        la_del_plazo = (self.parte.vence, self.vence)
        return [m for m in self.terminos if m.vence != m.antes and (m.antes, m.vence) != la_del_plazo]

    @property
    def se_nota(self) -> bool:
        return self.cambia or bool(self.otros)


class Movido(NamedTuple):
    termino: Termino
    antes: date | None
    plazo: Plazo

    @property
    def vence(self) -> date:
        return self.plazo.vence


class Contado(NamedTuple):
    """What a clock says after counting: its rule as it will be kept, when it was not counted now."""

    vence: date
    fecha_efectiva: date | None
    plazo: Plazo | None
    recibido: datetime
    regla: Any = None


def _volver_a_contar(partes: Sequence[Parte], cuenta: Cuenta) -> list[Vuelta]:
    """Each with its clocks that still run, its dependencia and its solicitud, already read."""
    relojes: dict[int, list[Termino]] = {}
    suyos = Termino.objects.filter(parte__in=[p.pk for p in partes]).only(*DEL_RELOJ)
    for termino in suyos.filter(Q(vence__isnull=False) | Q(no_contado__isnull=False, cerrado=False)).order_by("id"):
        relojes.setdefault(termino.parte_id, []).append(termino)
    return [_una_vuelta(parte, relojes.get(parte.pk, []), cuenta) for parte in partes]


def _una_vuelta(parte: Parte, suyos: list[Termino], cuenta: Cuenta) -> Vuelta:
    movidos: list[Movido] = []
    sin_contar: list[tuple[Termino, str]] = []
    obligan: list[Contado] = []
    for termino in suyos if any(uno.obliga for uno in suyos) else [*suyos, _de_antes_de_los_relojes(parte)]:
        plazo = None
        if not termino.cerrado:  # what is closed keeps the date that it ended with
            try:
                plazo = cuenta.plazo(termino.regla, termino.empieza_en or parte.recibido_en, parte.dependencia.codigo)
            except NO_SE_CUENTA as falla:
                sin_contar.append((termino, por_que_no(falla)))
        if plazo is not None and termino.pk and _se_movio(termino, plazo):
            movidos.append(Movido(termino, termino.vence, plazo))
        if termino.obliga and (plazo or termino.vence):
            obligan.append(_contado(termino, plazo, parte))
    la_primera = min(obligan, key=lambda contado: contado.vence, default=None)
    return Vuelta(parte, la_primera.vence if la_primera else parte.vence, la_primera, movidos, sin_contar)


def _se_movio(termino: Termino, plazo: Plazo) -> bool:
    """A day that stays keeps its hour too: it is the one that was told."""
    return bool(termino.no_contado) or (plazo.fecha_efectiva, plazo.vence) != (termino.fecha_efectiva, termino.vence)


def _contado(termino: Termino, plazo: Plazo | None, parte: Parte) -> Contado:
    empieza = termino.empieza_en or (plazo.recibido if plazo else parte.recibido_en)
    if plazo is not None:
        return Contado(plazo.vence, plazo.fecha_efectiva, plazo, empieza)
    assert termino.vence is not None
    return Contado(termino.vence, termino.fecha_efectiva, None, empieza, termino.regla)


def _de_antes_de_los_relojes(parte: Parte) -> Termino:
    """Filed before the clocks were kept: the solicitud has the rule of its only one. It is not saved, unless nobody
    can count it."""
    return Termino(
        solicitud_id=parte.solicitud_id,
        parte=parte,
        reloj=Termino.Reloj.LINEAMIENTO,
        nombre=LINEAMIENTO,
        dias=DIAS_DEL_LINEAMIENTO,
        obliga=True,
        regla=parte.solicitud.regla_plazo,
    )


# --- Before saving: what it would move -----------------------------------------------------------------------------
def efecto_de(calendario: Calendario, dia: date) -> Efecto:
    """What the open terms would be with another calendar that differs from the one in force on `dia`."""
    with como_sistema("ver qué plazos cambiarían"), transaction.atomic(), una_lectura():
        reglas = reglas_vigentes()
        tocadas = Parte.objects.abiertas().filter(
            Q(vence__gte=dia) | Q(terminos__cerrado=False, terminos__vence__gte=dia),
            recibido_en__date__lte=dia,
        )
        partes = list(
            Parte.objects.filter(pk__in=tocadas.values("pk"))
            .select_related("solicitud", "entidad", "dependencia")
            .order_by("recibido_en", "pk")
        )
        vueltas = _volver_a_contar(partes, Cuenta(calendario, reglas.horarios))
        cambian = [v for v in vueltas if v.cambia]
        huella = hashlib.sha256(f"{reglas.clave}".encode())
        for vuelta in vueltas:
            if vuelta.se_nota:
                suyos = [(m.termino.pk, str(m.vence)) for m in vuelta.otros]
                huella.update(f"|{vuelta.parte.pk}:{vuelta.parte.vence}:{vuelta.vence}:{suyos}".encode())
        return Efecto(
            cuantas=len({v.parte.solicitud_id for v in cambian}),
            hitos=sum(v.se_nota and not v.cambia for v in vueltas),
            sin_contar=sum(bool(v.sin_contar) for v in vueltas),
            filas=tuple(
                Cambio(v.parte.solicitud.radicado, str(v.parte.entidad), v.parte.vence, v.vence)
                for v in cambian[:SE_MUESTRAN]
            ),
            huella=huella.hexdigest()[:32],
        )


# --- After it ------------------------------------------------------------------------------------------------------
def pedir_recuento(que: str) -> None:
    """Note that the calendar changed, in the transaction that changes it, and ring for the recount."""
    with como_sistema("pedir el recuento de los plazos"), transaction.atomic():
        numero = reglas_vigentes().numero
        Reflujo.objects.update_or_create(
            version=numero,
            defaults={"que": que[:300]},
            create_defaults={"que": que[:300], "por_id": exigir().persona_id, "pedido_en": ahora()},
        )
    transaction.on_commit(lambda: timbre.enviar(TAREA), robust=True)


def recontar_plazos(*, lote: int = LOTE) -> int:
    """Count again every open term that was counted with another calendar. Returns how many partes were looked at.

    Each batch is a transaction: cut anywhere, the next run finishes it (F13); two at once are one (C08). What somebody
    holds, and what cannot be counted, is left for another run.
    """
    miradas = 0
    while cuantas := _recontar_lote(lote):
        miradas += cuantas
    _terminar()
    return miradas


def _recontar_lote(lote: int) -> int:
    """With the calendar in force now, and not when the run began: one that goes on while the calendar changes again
    would take back what another one already counted."""
    with transaction.atomic(), como_sistema("recontar los plazos abiertos"), una_lectura():
        if not es_mi_turno(TURNO):
            return 0
        reglas = reglas_vigentes()
        claves = _por_recontar(reglas.numero)[:lote]
        if not claves:
            return 0
        suyas = Parte.objects.filter(pk__in=claves).values("solicitud")
        mias = Solicitud.objects.filter(pk__in=suyas).only("pk", "regla_plazo").order_by("pk")
        solicitudes = {s.pk: s for s in mias.bajo_cerrojo(saltando=True)}
        partes = list(
            Parte.objects.abiertas()
            .filter(pk__in=claves, solicitud__in=list(solicitudes))
            .only(*DE_LA_PARTE)
            .order_by("pk")
            .bajo_cerrojo(saltando=True)
        )
        dependencias = Dependencia.objects.in_bulk({parte.dependencia_id for parte in partes})
        for parte in partes:
            parte.solicitud, parte.dependencia = solicitudes[parte.solicitud_id], dependencias[parte.dependencia_id]
        cuenta = Cuenta(reglas.calendario, reglas.horarios)
        vueltas = _volver_a_contar(partes, cuenta)
        _escribir(vueltas, cuenta, reglas)
        return len(vueltas)


def _de_antes(numero: int) -> Q:
    """Counted with an earlier version: one end of an index. A later one is of a change that came meanwhile."""
    return Q(version_calendario__isnull=True) | Q(version_calendario__lt=numero)


def hay_por_recontar() -> bool:
    """Whether some open term says an earlier calendar than the one in force."""
    with como_sistema("ver si hay plazos por recontar"), transaction.atomic():
        return bool(_por_recontar(reglas_vigentes().numero)[:1])


def _por_recontar(numero: int) -> Any:
    """The open partes that say an earlier version, or whose clocks do. One that could not be counted goes on saying it
    and waits for its next turn."""
    corre = Q(vence__isnull=False, no_contado__isnull=True)
    le_toca = Q(no_contado__isnull=False, no_contado_en__lt=ahora() - OTRA_VEZ)
    de_reloj = Termino.objects.filter(
        _de_antes(numero), corre | le_toca, cerrado=False, parte__estado__in=sorted(ABIERTOS)
    )
    de_parte = Parte.objects.abiertas().filter(_de_antes(numero)).values_list("pk", flat=True)
    return de_parte.order_by().union(de_reloj.order_by().values_list("parte_id", flat=True)).order_by("pk")


_PARTES = """
update solicitudes_parte p set vence = h.vence, version_calendario = %s
from jsonb_to_recordset(%s::jsonb) as h (id bigint, vence date)
where p.id = h.id and p.estado = any(%s)
"""
_SIN_CAMBIO = "update solicitudes_parte set version_calendario = %s where id = any(%s) and estado = any(%s)"
_RELOJES = """
update solicitudes_termino t set fecha_efectiva = h.fecha_efectiva, vence = h.vence, vence_en = h.vence_en,
    empieza_en = coalesce(t.empieza_en, h.empieza_en), regla = h.regla, version_calendario = %s,
    no_contado = null, no_contado_en = null
from jsonb_to_recordset(%s::jsonb)
    as h (id bigint, fecha_efectiva date, vence date, vence_en timestamptz, empieza_en timestamptz, regla jsonb)
where t.id = h.id and not t.cerrado
"""
_SIN_CONTAR = """
update solicitudes_termino t set no_contado = h.no_contado, no_contado_en = %s, version_calendario = null
from jsonb_to_recordset(%s::jsonb) as h (id bigint, no_contado text) where t.id = h.id
"""
_RELOJES_SIN_CAMBIO = """
update solicitudes_termino set version_calendario = %s
where parte_id = any(%s) and not cerrado and version_calendario is distinct from %s and not id = any(%s)
"""
_SOLICITUDES = """
update solicitudes_solicitud s set fecha_efectiva = h.fecha_efectiva, vence = h.vence, regla_plazo = h.regla
from jsonb_to_recordset(%s::jsonb) as h (id bigint, fecha_efectiva date, vence date, regla jsonb) where s.id = h.id
"""


def _escribir(vueltas: Sequence[Vuelta], cuenta: Cuenta, reglas: Reglas) -> None:
    """Partes, clocks and solicitudes of a batch in one message; the lines of their history, and one of the record."""
    abiertos, numero, instante = sorted(ABIERTOS), reglas.numero, ahora()
    cambian = [v for v in vueltas if v.cambia]
    quietas = [v.parte.pk for v in vueltas if not v.cambia]
    relojes = [_del_reloj(movido, cuenta) for v in vueltas for movido in v.terminos]
    sin_contar = [uno for v in vueltas for uno in v.sin_contar]
    apartados = [{"id": termino.pk, "no_contado": por_que} for termino, por_que in sin_contar if termino.pk]
    mandar(
        (_PARTES, [numero, en_json([{"id": v.parte.pk, "vence": v.vence} for v in cambian]), abiertos]),
        (_SIN_CAMBIO, [numero, quietas, abiertos]),
        (_RELOJES, [numero, en_json(relojes)]),
        (_SIN_CONTAR, [instante, en_json(apartados)]),
        (
            _RELOJES_SIN_CAMBIO,
            [numero, [v.parte.pk for v in vueltas], numero, [apartado["id"] for apartado in apartados]],
        ),
        (_SOLICITUDES, [en_json([_de_la_solicitud(v, cuenta) for v in cambian if v.parte.lidera])]),
    )
    _apartar_nuevos(sin_contar, instante)
    se_notan = [v for v in vueltas if v.se_nota]
    # Nothing but what was waiting to be counted, tried again without anything to tell.
    if not se_notan and all(v.parte.version_calendario == numero for v in vueltas):
        return
    reflujo, _ = Reflujo.objects.get_or_create(
        version=numero,
        defaults={"que": f"Se contó con el calendario de hoy (versión {numero})", "pedido_en": instante},
    )
    Movimiento.objects.bulk_create(_linea(v, reflujo, instante) for v in se_notan)
    Reflujo.objects.filter(pk=reflujo.pk).update(
        miradas=F("miradas") + len(vueltas), cambiadas=F("cambiadas") + len(cambian)
    )
    if se_notan or sin_contar:
        registrar(
            accion="plazo.recontar",
            objeto=reflujo,
            texto=reflujo.que,
            despues={"version": numero, "miradas": len(vueltas), "cambiadas": len(cambian)}
            | ({"otros_relojes": len(se_notan) - len(cambian)} if len(se_notan) > len(cambian) else {})
            | ({"sin_contar": len(sin_contar)} if sin_contar else {}),
            dependencias=sorted({v.parte.dependencia_id for v in vueltas if v.se_nota or v.sin_contar}),
        )


def _del_reloj(movido: Movido, cuenta: Cuenta) -> dict[str, Any]:
    termino, plazo = movido.termino, movido.plazo
    regla = cuenta.regla(plazo, termino.empieza_en or datetime.fromisoformat(termino.regla["recibido"]))
    return {
        "id": termino.pk,
        "fecha_efectiva": plazo.fecha_efectiva,
        "vence": plazo.vence,
        "vence_en": plazo.vence_en,
        "empieza_en": regla["recibido"],
        "regla": sin_frases(regla),
    }


def _apartar_nuevos(sin_contar: Sequence[tuple[Termino, str]], instante: datetime) -> None:
    """What was filed before the clocks were kept and cannot be counted: its clock is where it is said."""
    nuevos = [(termino, por_que) for termino, por_que in sin_contar if not termino.pk]
    for termino, por_que in nuevos:
        recibido = timezone.localtime(termino.parte.recibido_en).isoformat()
        termino.regla = {"recibido": recibido, "dias": DIAS_DEL_LINEAMIENTO}
        termino.no_contado, termino.no_contado_en = por_que, instante
    Termino.objects.bulk_create(termino for termino, _ in nuevos)


def _de_la_solicitud(vuelta: Vuelta, cuenta: Cuenta) -> dict[str, Any]:
    obliga = vuelta.obliga
    assert obliga is not None  # the date changed
    return {
        "id": vuelta.parte.solicitud_id,
        "fecha_efectiva": obliga.fecha_efectiva,
        "vence": vuelta.vence,
        "regla": cuenta.regla(obliga.plazo, obliga.recibido) if obliga.plazo else _con_frases(obliga.regla),
    }


def _con_frases(regla: Any) -> Any:
    try:
        return regla_usada(plazo_de(regla))
    except NO_SE_CUENTA:  # closed long ago, or spoilt: as it is
        return regla


def _linea(vuelta: Vuelta, reflujo: Reflujo, instante: datetime) -> Movimiento:
    parte = vuelta.parte
    datos: dict[str, Any] = {"version": reflujo.version}
    if vuelta.cambia:
        datos |= {"de": parte.vence.isoformat(), "a": vuelta.vence.isoformat()}
    datos["relojes"] = [
        {"nombre": m.termino.nombre, "de": m.antes.isoformat() if m.antes else None, "a": m.vence.isoformat()}
        for m in vuelta.terminos
        if m.vence != m.antes
    ]
    return Movimiento(
        solicitud_id=parte.solicitud_id,
        parte=parte,
        accion=ACCION,
        de=parte.estado,
        a=parte.estado,
        texto=_dicho(vuelta),
        motivo=reflujo.que,
        datos=datos,
        en=instante,
    )


CABE = Movimiento._meta.get_field("texto").max_length or 0


def _dicho(vuelta: Vuelta) -> str:
    """Each clock that moved, from which day to which. Those that do not fit are counted; `datos` has them all."""
    frases = [_paso("El plazo", vuelta.parte.vence, vuelta.vence)] if vuelta.cambia else []
    frases += [_paso(f"«{m.termino.nombre}»", m.antes, m.vence) for m in vuelta.otros]
    caben = len(frases)
    while caben and len(texto := _juntas(frases, caben)) > CABE:
        caben -= 1
    return texto if caben else f"Cambió la fecha de {len(frases)} plazos"


def _juntas(frases: Sequence[str], caben: int) -> str:
    mas = len(frases) - caben
    return "; ".join([*frases[:caben], *([f"y {mas} más"] if mas else [])])


def _paso(cual: str, antes: date | None, despues: date) -> str:
    if antes is None:
        return f"{cual} vence el {fecha_corrida(despues)}"
    return f"{cual} pasó del {fecha_corrida(antes)} al {fecha_corrida(despues)}"


# --- Telling it, once ----------------------------------------------------------------------------------------------
def avisar_sin_contar() -> int:
    """Whoever runs the portal learns once a day how many clocks nobody could count, while there are. How many."""
    with como_sistema("avisar los relojes que no se pudieron contar"), transaction.atomic():
        cuantos = sin_contar().count()
        if cuantos:
            anotar(tipo=TIPO_SIN_CONTAR, clave=f"sin-contar:{hoy()}", carga={})
        return cuantos


def sin_contar() -> QuerySet[Termino]:
    """The open clocks that could not be counted: of an earlier version, which is one end of an index."""
    return Termino.objects.filter(
        Q(version_calendario__isnull=True) | Q(version_calendario__lt=reglas_vigentes().numero),
        cerrado=False,
        no_contado__isnull=False,
    )


def ver_sin_contar(cuantos: int) -> tuple[int, list[dict[str, Any]]]:
    """How many there are, and those tried longest ago, for who runs the portal: no words of the solicitud."""
    with como_sistema("ver los relojes que no se pudieron contar"), transaction.atomic():
        todos = sin_contar()
        filas = todos.order_by("no_contado_en", "pk").values(
            "solicitud__radicado", "parte__dependencia__nombre_corto", "nombre", "vence", "no_contado", "no_contado_en"
        )
        return todos.count(), [dict(fila) for fila in filas[:cuantos]]


def reintentar_sin_contar() -> int:
    """Now, and not in its turn. How many."""
    with como_sistema("volver a contar lo que no se pudo"), transaction.atomic():
        cuantos = sin_contar().update(no_contado_en=ahora() - 2 * OTRA_VEZ)
    transaction.on_commit(lambda: timbre.enviar(TAREA), robust=True)
    return int(cuantos)


def _terminar() -> None:
    """With nothing left to count: one digest for each person whose solicitudes changed. What was being filed with the
    calendar of before is counted after the rest, and told apart."""
    with transaction.atomic(), como_sistema("avisar los plazos que cambiaron"), una_lectura():
        numero = reglas_vigentes().numero
        if not es_mi_turno(TURNO) or _por_recontar(numero)[:1]:
            return
        sin_decir = Reflujo.objects.filter(Q(terminado_en=None) | Q(version=numero), version__lte=numero)
        for reflujo in sin_decir.order_by("version").select_for_update(of=("self",)):
            hechos = _resumenes(reflujo)
            if hechos or reflujo.terminado_en is None:
                anotar_varios(hechos)
                Reflujo.objects.filter(pk=reflujo.pk).update(terminado_en=ahora())


# What decides who is told of one: the same people are told of all that are alike.
_GRUPO = (
    "parte__lidera", "parte__asesor_id", "parte__dependencia_id", "solicitud__radicada_por_id",
    "solicitud__remitente_correo", "solicitud__entidad_id", "solicitud__reservada", "solicitud__dependencias",
)  # fmt: skip


def _resumenes(reflujo: Reflujo) -> list[Hecho]:
    """One for each. Who is told of one solicitud is who is told of all that come from the same people and are attended
    by the same ones: the lines come grouped, and it is asked once of each group."""
    lineas = Movimiento.objects.filter(accion=ACCION, datos__version=reflujo.version)
    if reflujo.terminado_en is not None:
        lineas = lineas.filter(en__gt=reflujo.terminado_en)
    grupos = lineas.order_by().values(*_GRUPO).annotate(lineas=ArrayAgg("pk"), una=Min("parte_id"))
    personas: dict[int, list[int]] = {}
    correos: dict[str, list[int]] = {}
    for grupo, de_la_sdfi, entidad in _con_sus_destinatarios(list(grupos)):
        for persona in {persona.pk for persona in (*de_la_sdfi, *entidad.personas)}:
            personas.setdefault(persona, []).extend(grupo["lineas"])
        if entidad.correo:
            correos.setdefault(entidad.correo, []).extend(grupo["lineas"])
    return [
        Hecho(TIPO, _clave(reflujo, quien, sorted(suyas)), _carga(reflujo, sorted(suyas)) | extra, destinatario=correo)
        for quien, suyas, extra, correo in (
            *((str(pk), suyas, {"persona": pk}, "") for pk, suyas in sorted(personas.items())),
            *((correo.lower(), suyas, {}, correo) for correo, suyas in sorted(correos.items())),
        )
    ]


Grupo = dict[str, Any]


def _con_sus_destinatarios(grupos: list[Grupo]) -> Iterator[tuple[Grupo, tuple[Persona, ...], Destinatarios]]:
    """The heads of a dependencia, whoever has it in hand and the entity are asked for apart: each of them is the same
    in many groups."""
    partes = Parte.objects.filter(pk__in=[g["una"] for g in grupos])
    una = partes.select_related("dependencia", "entidad", "solicitud__entidad").in_bulk()
    jefes: dict[Any, tuple[Persona, ...]] = {}
    asesores: dict[Any, tuple[Persona, ...]] = {}
    entidades: dict[Any, Destinatarios] = {}
    with una_mirada({parte.solicitud_id for parte in una.values()}):
        for grupo in grupos:
            parte = una[grupo["una"]]
            de_ella = (grupo["solicitud__reservada"], tuple(grupo["solicitud__dependencias"]))
            aqui = (grupo["parte__dependencia_id"], *de_ella)
            if aqui not in jefes:
                jefes[aqui] = del_personal(Destino.JEFATURA, parte).personas
            suyos = jefes[aqui]
            if parte.asesor_id:
                de_el = (parte.asesor_id, *aqui)
                if de_el not in asesores:
                    asesores[de_el] = del_personal(Destino.RESPONSABLE, parte).personas
                suyos = (*suyos, *asesores[de_el])
            entidad = Destinatarios()
            if grupo["parte__lidera"]:
                correo = grupo["solicitud__remitente_correo"].lower()
                quien = (grupo["solicitud__radicada_por_id"], correo, grupo["solicitud__entidad_id"], *de_ella)
                if quien not in entidades:
                    entidades[quien] = de_la_entidad(parte.solicitud)
                entidad = entidades[quien]
            yield grupo, suyos, entidad


def _clave(reflujo: Reflujo, quien: str, lineas: Sequence[int]) -> str:
    """The digest of a version; what was told after it is of the lines it begins with."""
    despues = f":{lineas[0]}" if reflujo.terminado_en is not None else ""
    return f"reflujo:{reflujo.version}:{quien}{despues}"


def _carga(reflujo: Reflujo, lineas: Sequence[int]) -> dict[str, Any]:
    return {"reflujo": reflujo.pk, "cuantas": len(lineas), "lineas": lineas[:SE_DICEN]}
