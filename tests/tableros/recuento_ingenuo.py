"""The same figures counted again, in plain Python, over every row one may see. It shares nothing with the board but
the names of the figures: no SQL of the board, no kept sums."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from alcance import Alcance, como_sistema
from direcciones.models import Dependencia, Entidad
from encuestas.models import Encuesta
from solicitudes.models import ExcepcionOrden, Movimiento, Parte

ABIERTOS = {"en_cola", "asignada", "en_atencion", "en_complemento"}


def dia(instante: Any) -> date:
    return timezone.localdate(instante)


def a_tiempo(parte: Parte) -> bool:
    """Attended by its last day, by what counted as attended when it was received, and not annulled."""
    instantes = {
        "programada": (parte.programada_en, parte.realizada_en, parte.prestada_en),
        "realizada": (parte.realizada_en, parte.prestada_en),
    }.get(parte.criterio or "", (parte.prestada_en,))
    hubo = [dia(instante) for instante in instantes if instante]
    return parte.sin_efecto_en is None and bool(hubo) and min(hubo) <= parte.vence


class Ingenuo:
    """Everything of the database, read as the system, seen by `alcance` through rules written again here."""

    def __init__(
        self, alcance: Alcance, hoy: date, codigos: set[str] | None = None, sector: int | None = None
    ) -> None:
        with como_sistema("prueba: recuento ingenuo"):
            self.todas = list(Parte.objects.select_related("entidad", "dependencia").order_by("id"))
            self.movimientos = list(Movimiento.objects.order_by("id"))
            self.excepciones = {(x.parte_id, x.en) for x in ExcepcionOrden.objects.order_by("id")}
            self.encuestas = list(Encuesta.objects.order_by("id"))
            self.entidades = list(Entidad.objects.order_by("id"))
            atienden = {d.pk: d.codigo for d in Dependencia.objects.filter(atiende=True).order_by("id")}
        self.hoy = hoy
        self.por_pk = {p.pk: p for p in self.todas}
        self.sector = sector

        def alcanza(dependencia_id: int, reservada: bool) -> bool:
            if codigos is not None and atienden.get(dependencia_id) not in codigos:
                return False
            if alcance.nivel == "auditor":
                return True
            if alcance.nivel == "todas":
                return not reservada
            return dependencia_id in alcance.jefaturas and dependencia_id in atienden

        def es(parte: Parte, dependencia_id: int) -> bool:
            return alcanza(dependencia_id, parte.reservada) and sector in {None, parte.entidad.sector_id}

        self.es = es
        self.partes = [p for p in self.todas if es(p, p.dependencia_id)]
        self.inicios = self._inicios()

    def _inicios(self) -> list[tuple[Movimiento, bool, bool]]:
        """(line, an older one waited, with a reason), replaying the whole history one line at a time."""
        lugar: dict[int, tuple[str, int, int | None]] = {}
        salidas = []
        nacidas = {p.pk: False for p in self.todas}
        for m in self.movimientos:
            if m.accion in {"radicar", "agregar_dependencia"}:
                for p in self.todas:
                    suya = p.solicitud_id == m.solicitud_id if m.accion == "radicar" else p.pk == m.parte_id
                    # Added later: it is born by its own line.
                    if suya and not (m.accion == "radicar" and self._la_agregaron(p)):
                        nacidas[p.pk] = True
                        lugar[p.pk] = ("en_cola", self._primera_dependencia(p), None)
            if "lugar" not in m.datos:
                continue
            de_dep, de_asesor = m.datos["lugar"]["de"]
            p = self.por_pk[m.parte_id]
            if m.accion in {"tomar", "empezar"} or (m.accion == "asignar" and m.persona_id):
                antes = [
                    o
                    for o in self.todas
                    if o.pk != p.pk
                    and nacidas[o.pk]
                    and lugar[o.pk][0] == m.de
                    and (lugar[o.pk][1] == de_dep if m.de == "en_cola" else lugar[o.pk][2] == de_asesor)
                    and (o.recibido_en, o.solicitud_id) < (p.recibido_en, p.solicitud_id)
                ]
                salidas.append((m, bool(antes), bool(antes) and (p.pk, m.en) in self.excepciones))
            a_dep, a_asesor = m.datos["lugar"]["a"]
            lugar[p.pk] = (m.a, a_dep, a_asesor)
        return [(m, a, c) for m, a, c in salidas if self.es(self.por_pk[m.parte_id], m.datos["lugar"]["de"][0])]

    def _la_agregaron(self, parte: Parte) -> bool:
        return any(m.accion == "agregar_dependencia" and m.parte_id == parte.pk for m in self.movimientos)

    def _primera_dependencia(self, parte: Parte) -> int:
        for m in self.movimientos:
            if m.parte_id == parte.pk and "lugar" in m.datos:
                return int(m.datos["lugar"]["de"][0])
        return parte.dependencia_id

    # --- Groups of partes --------------------------------------------------------------------------------------------
    def recibidas(self, desde: date, hasta: date) -> list[Parte]:
        return [p for p in self.partes if desde <= dia(p.recibido_en) <= hasta]

    def atendidas(self, desde: date, hasta: date) -> list[Parte]:
        return [p for p in self.partes if p.estado == "atendida" and desde <= dia(p.prestada_en) <= hasta]

    def cerradas(self, estado: str, desde: date, hasta: date) -> list[Parte]:
        return [p for p in self.partes if p.estado == estado and desde <= dia(p.cerrada_en) <= hasta]

    def abiertas(self) -> list[Parte]:
        return [p for p in self.partes if p.estado in ABIERTOS]

    def enviadas(self, desde: date, hasta: date) -> list[Encuesta]:
        lideres = {p.solicitud_id for p in self.partes if p.lidera}
        return [q for q in self.encuestas if q.solicitud_id in lideres and desde <= dia(q.creada_en) <= hasta]

    # --- Figures -----------------------------------------------------------------------------------------------------
    def de_hoy(self) -> dict[str, int]:
        abiertas = self.abiertas()
        domingo = self.hoy + timedelta(days=6 - self.hoy.weekday())
        return {
            "abiertas": len(abiertas),
            "vencidas": sum(p.vence < self.hoy and not a_tiempo(p) for p in abiertas),
            "por_vencer": sum(self.hoy <= p.vence <= domingo for p in abiertas),
            "sin_asignar": sum(p.estado == "en_cola" for p in abiertas),
            "esperando": sum(p.estado == "en_complemento" for p in abiertas),
        }

    def del_periodo(self, desde: date, hasta: date) -> dict[str, float | None]:
        atendidas = self.atendidas(desde, hasta)
        a_tiempo_ = [p for p in atendidas if a_tiempo(p)]
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

    def por_grupo(self, campo: str, desde: date, hasta: date) -> dict[str, list[float | None]]:
        """Name → received, answered, compliance; those with something."""
        recibidas = Counter(str(getattr(p, campo)) for p in self.recibidas(desde, hasta))
        atendidas = Counter(str(getattr(p, campo)) for p in self.atendidas(desde, hasta))
        a_tiempo_ = Counter(str(getattr(p, campo)) for p in self.atendidas(desde, hasta) if a_tiempo(p))
        return {
            nombre: [
                recibidas[nombre],
                atendidas[nombre],
                100 * a_tiempo_[nombre] / atendidas[nombre] if atendidas[nombre] else None,
            ]
            for nombre in recibidas | atendidas
        }
