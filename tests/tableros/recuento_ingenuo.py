"""The same figures counted again, in plain Python, over every row one may see. It shares nothing with the board but
the names of the figures: no SQL of the board, no kept sums."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from alcance import Alcance, como_sistema
from conceptos.models import Concepto
from direcciones.models import Dependencia, Entidad
from encuestas.models import Encuesta
from plazos.models import DiaExtraordinario, FestivoAnual
from solicitudes.models import Actuacion, ExcepcionOrden, Movimiento, Parte

ABIERTOS = {"en_cola", "asignada", "en_atencion", "en_complemento"}


def dia(instante: Any) -> date:
    return timezone.localdate(instante)


@dataclass
class Todo:
    """Every row there is, read as the system: whoever looks sees some of them."""

    partes: list[Parte] = field(default_factory=list)
    movimientos: list[Movimiento] = field(default_factory=list)
    excepciones: set[tuple[int, Any]] = field(default_factory=set)
    encuestas: list[Encuesta] = field(default_factory=list)
    entidades: list[Entidad] = field(default_factory=list)
    atienden: dict[int, Dependencia] = field(default_factory=dict)
    sesiones: dict[int, list[Actuacion]] = field(default_factory=lambda: defaultdict(list))
    anulados: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    festivos: set[date] = field(default_factory=set)
    decretados: dict[date, str] = field(default_factory=dict)
    inicios: list[tuple[Movimiento, bool, bool]] = field(default_factory=list)

    @classmethod
    def leer(cls) -> "Todo":
        todo = cls()
        with como_sistema("prueba: recuento ingenuo"):
            todo.partes = list(Parte.objects.select_related("entidad", "dependencia", "asesor", "tema", "modalidad"))
            todo.movimientos = list(Movimiento.objects.order_by("id"))
            todo.excepciones = {(x.parte_id, x.en) for x in ExcepcionOrden.objects.order_by("id")}
            todo.encuestas = list(Encuesta.objects.order_by("id"))
            todo.entidades = list(Entidad.objects.order_by("id"))
            todo.atienden = {d.pk: d for d in Dependencia.objects.filter(atiende=True).order_by("id")}
            for sesion in Actuacion.objects.exclude(estado="cancelada").order_by("id"):
                todo.sesiones[sesion.parte_id].append(sesion)
            for concepto in Concepto.objects.filter(anulado_en__isnull=False).order_by("id"):
                todo.anulados[concepto.parte_id].append(f"Concepto {concepto.numero} ")
            todo.festivos = set(FestivoAnual.objects.filter(motivo_retiro="").values_list("fecha", flat=True))
            todo.decretados = dict(DiaExtraordinario.objects.filter(motivo_retiro="").values_list("fecha", "tipo"))
        todo.partes.sort(key=lambda p: p.pk)
        todo.inicios = _inicios(todo)
        return todo

    def a_tiempo(self, parte: Parte) -> bool:
        """Attended by its last day, by what counted as attended when it was received, and not annulled."""
        instantes = [parte.prestada_en]
        if parte.criterio in {"programada", "realizada"}:
            instantes += [s.fin or s.inicio for s in self.sesiones[parte.pk] if s.estado == "realizada"]
        if parte.criterio == "programada":
            instantes += [s.registrada_en for s in self.sesiones[parte.pk] if s.programada_para]
        hubo = [dia(instante) for instante in instantes if instante]
        return bool(hubo) and min(hubo) <= parte.vence and not self.sin_efecto(parte)

    def sin_efecto(self, parte: Parte) -> bool:
        return any(parte.resultado.startswith(numero) for numero in self.anulados[parte.pk])

    def es_habil(self, el_dia: date) -> bool:
        if el_dia in self.festivos:
            return False
        return self.decretados.get(el_dia, "habil" if el_dia.weekday() < 5 else "no_habil") == "habil"

    def habiles(self, desde: date, hasta: date) -> int:
        """Business days after `desde`, up to `hasta`."""
        return sum(self.es_habil(desde + timedelta(days=n)) for n in range(1, (hasta - desde).days + 1))


def _inicios(todo: Todo) -> list[tuple[Movimiento, bool, bool]]:
    """(line, an older one waited, with a reason), replaying the whole history one line at a time."""
    lugar: dict[int, tuple[str, int, int | None]] = {}
    por_pk, salidas = {p.pk: p for p in todo.partes}, []
    agregadas = {m.parte_id for m in todo.movimientos if m.accion == "agregar_dependencia"}
    primeras = {m.parte_id: m for m in reversed(todo.movimientos) if "lugar" in m.datos}
    for m in todo.movimientos:
        if m.accion in {"radicar", "agregar_dependencia"}:
            for p in todo.partes:
                # Added later: it is born by its own line.
                de_la_radicacion = p.solicitud_id == m.solicitud_id and p.pk not in agregadas
                if de_la_radicacion if m.accion == "radicar" else p.pk == m.parte_id:
                    primera = primeras.get(p.pk)
                    lugar[p.pk] = ("en_cola", primera.datos["lugar"]["de"][0] if primera else p.dependencia_id, None)
        if "lugar" not in m.datos:
            continue
        de_dep, de_asesor = m.datos["lugar"]["de"]
        p = por_pk[m.parte_id]
        if m.accion in {"tomar", "empezar"} or (m.accion == "asignar" and m.persona_id):
            antes = any(
                otro != p.pk
                and estado == m.de
                and (dependencia == de_dep if m.de == "en_cola" else asesor == de_asesor)
                and (por_pk[otro].recibido_en, por_pk[otro].solicitud_id) < (p.recibido_en, p.solicitud_id)
                for otro, (estado, dependencia, asesor) in lugar.items()
            )
            salidas.append((m, antes, antes and (p.pk, m.en) in todo.excepciones))
        a_dep, a_asesor = m.datos["lugar"]["a"]
        lugar[p.pk] = (m.a, a_dep, a_asesor)
    return salidas


class Ingenuo:
    """What `alcance` sees of it, through rules written again here. `codigos`, `sector`: what they chose to look at."""

    def __init__(
        self, todo: Todo, alcance: Alcance, hoy: date, codigos: set[str] | None = None, sector: int | None = None
    ) -> None:
        self.todo, self.hoy, self.sector = todo, hoy, sector

        def alcanza(dependencia_id: int, reservada: bool) -> bool:
            if codigos is not None and (
                dependencia_id not in todo.atienden or todo.atienden[dependencia_id].codigo not in codigos
            ):
                return False
            if alcance.nivel == "auditor":
                return True
            if alcance.nivel == "todas":
                return not reservada
            return dependencia_id in alcance.jefaturas and dependencia_id in todo.atienden

        def es(parte: Parte, dependencia_id: int) -> bool:
            return alcanza(dependencia_id, parte.reservada) and sector in {None, parte.entidad.sector_id}

        por_pk = {p.pk: p for p in todo.partes}
        self.partes = [p for p in todo.partes if es(p, p.dependencia_id)]
        self.inicios = [i for i in todo.inicios if es(por_pk[i[0].parte_id], i[0].datos["lugar"]["de"][0])]
        self.encuestas, self.entidades = todo.encuestas, todo.entidades

    def solo(self, campo: str, cual: int) -> "Ingenuo":
        """The same, of one tema, one modalidad, one entidad… or of the dependencia that each thing happened in."""
        suyo: Ingenuo = Ingenuo.__new__(Ingenuo)
        suyo.__dict__ |= self.__dict__
        suyo.partes = [p for p in self.partes if getattr(p, campo) == cual]
        suyo.inicios = [i for i in self.inicios if campo == "dependencia_id" and i[0].datos["lugar"]["de"][0] == cual]
        return suyo

    # --- Groups of partes --------------------------------------------------------------------------------------------
    def recibidas(self, desde: date, hasta: date) -> list[Parte]:
        return [p for p in self.partes if desde <= dia(p.recibido_en) <= hasta]

    def atendidas(self, desde: date, hasta: date) -> list[Parte]:
        return [p for p in self.partes if p.estado == "atendida" and desde <= dia(p.prestada_en) <= hasta]

    def cerradas(self, estado: str, desde: date, hasta: date) -> list[Parte]:
        return [p for p in self.partes if p.estado == estado and desde <= dia(p.cerrada_en) <= hasta]

    def abiertas(self) -> list[Parte]:
        return [p for p in self.partes if p.estado in ABIERTOS]

    def edad(self, parte: Parte) -> int:
        return self.todo.habiles(dia(parte.recibido_en), self.hoy)

    def enviadas(self, desde: date, hasta: date) -> list[Encuesta]:
        lideres = {p.solicitud_id for p in self.partes if p.lidera}
        return [q for q in self.encuestas if q.solicitud_id in lideres and desde <= dia(q.creada_en) <= hasta]

    # --- Figures -----------------------------------------------------------------------------------------------------
    def de_hoy(self) -> dict[str, int]:
        abiertas = self.abiertas()
        domingo = self.hoy + timedelta(days=6 - self.hoy.weekday())
        return {
            "abiertas": len(abiertas),
            "vencidas": sum(p.vence < self.hoy and not self.todo.a_tiempo(p) for p in abiertas),
            "por_vencer": sum(self.hoy <= p.vence <= domingo for p in abiertas),
            "sin_asignar": sum(p.estado == "en_cola" for p in abiertas),
            "esperando": sum(p.estado == "en_complemento" for p in abiertas),
        }

    def del_periodo(self, desde: date, hasta: date) -> dict[str, float | None]:
        atendidas = self.atendidas(desde, hasta)
        a_tiempo_ = [p for p in atendidas if self.todo.a_tiempo(p)]
        inicios = [(a, c) for m, a, c in self.inicios if desde <= dia(m.en) <= hasta]
        adelantadas = [c for a, c in inicios if a]
        enviadas = self.enviadas(desde, hasta)
        contestadas = [q for q in enviadas if q.respondida_en]
        cifras: dict[str, float | None] = {
            "recibidas": len(self.recibidas(desde, hasta)),
            "atendidas": len(atendidas),
            "a_tiempo": len(a_tiempo_),
            "tarde": len(atendidas) - len(a_tiempo_),
            "cumplimiento": 100 * len(a_tiempo_) / len(atendidas) if atendidas else None,
            "inicios": len(inicios),
            "adelantadas": len(adelantadas),
            "con_motivo": sum(adelantadas),
            "sin_motivo": len(adelantadas) - sum(adelantadas),
            "orden": 100 * (len(inicios) - len(adelantadas)) / len(inicios) if inicios else None,
            "encuestas": len(enviadas),
            "respondidas": len(contestadas),
            "respuesta": 100 * len(contestadas) / len(enviadas) if enviadas else None,
        }
        for estado in ("trasladada", "duplicada", "no_competencia", "retirada"):
            nombre = estado if estado == "no_competencia" else f"{estado}s"
            cifras[nombre] = len(self.cerradas(estado, desde, hasta))
        for medida in ("oportunidad", "pertinencia", "calidad"):
            notas = [getattr(q, medida) for q in contestadas]
            cifras[medida] = sum(notas) / len(notas) if notas else None
        return cifras
