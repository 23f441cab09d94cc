"""The sweep of terms: who must be reminded, from the state things are in and never from a timer.

Which reminders there are is policy (services/politica.py). A sweep that did not run for days finds each parte in one
level of each recipient and tells it once: the key of the outbox row is the parte, the date and the level.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from alcance import como_sistema
from alcance.marcas import EscritaDesde, marcar
from alcance.ordenes import es_mi_turno
from bandeja.services import Hecho, anotar_varios
from plazos import festivos
from plazos.escritura import cuando_escribir
from plazos.reloj import ahora, comienzo, hoy
from plazos.services import reglas_vigentes, una_lectura
from solicitudes import vencimiento
from solicitudes.estados import ABIERTOS, EstadoParte
from solicitudes.models import Parte, Termino, UltimoBarrido
from solicitudes.models.partes import ConsultaParte
from solicitudes.services import politica
from solicitudes.services.politica import Nivel, Politicas, Reloj
from solicitudes.vencimiento import vence_hasta

DE_LOS_TERMINOS = (Reloj.ANS, Reloj.LEGAL)
LOTE = 10_000
TURNO_DEL_BARRIDO = "solicitudes.barrer_plazos"
# What decides who is told, how days are counted included: where a release changes it, everything is looked at again.
CODIGO = [
    *map(Path, (__file__, politica.__file__, vencimiento.__file__)),
    *sorted(Path(festivos.__file__).parent.glob("*.py")),
]
DECIDE = sha256(b"".join(uno.read_bytes() for uno in CODIGO)).hexdigest()


class OtroBarre(Exception):
    """Somebody else is at it: this one leaves, and says of nothing that it was looked at."""


class ParteMirada(NamedTuple):
    """What is read of each: of tens of thousands, the rest of the row and its model took longer than the sweep."""

    pk: int
    solicitud_id: int
    dependencia_id: int
    estado: str
    vence: date
    recibido_en: datetime
    complemento_hasta: date | None


def barrer_plazos(*, lote: int = LOTE) -> int:
    """Leave in the outbox what must be told now and was not. Returns how many partes were looked at.

    Each batch is a transaction of its own: a sweep cut anywhere is finished by the next one, with the same result as
    one that was not cut (F13). Two at once are one (C08). After the first of a day, only what somebody wrote since the
    last one that reached its end: what is told comes from the row, the day, the calendar and the policies alone.
    """
    miradas = ultimo = 0
    with una_lectura(), suppress(OtroBarre):
        barrido = Barrido()
        barrido.seguir()
        while claves := barrido.de_partes(ultimo, lote):
            ultimo, miradas = claves[-1], miradas + len(claves)
        ultimo = 0
        while claves := barrido.de_terminos(ultimo, lote):
            ultimo = claves[-1]
        barrido.terminar()
    return miradas


class Barrido:
    """One sweep: policy and calendar are read once, and what a date asks of a dependencia is worked out once."""

    def __init__(self, politicas: Politicas | None = None) -> None:
        self.politicas = politicas or Politicas.del_dia()
        self.reglas, self.dia = reglas_vigentes(), hoy()
        self.calendario = self.reglas.calendario
        self.no_antes = cuando_escribir(ahora())
        self.desde: int | None = None  # everything is looked at
        self._pedidos: dict[tuple[int, str, date], list[Nivel]] = {}

    def seguir(self) -> None:
        """From where the last one was left, if it was of the same day and with the same rules. Where this one will be
        left is taken before anything is read: what is written meanwhile is of the next."""
        servidor, marca = marcar()
        segun = f"{DECIDE} {servidor} {self.dia} {self.reglas.clave} {self.politicas.en_texto()}"
        self._este = UltimoBarrido(segun=sha256(segun.encode()).hexdigest(), marca=marca)
        # One that is still to come is of another count: a copy of the server, where this database was restored.
        anterior = UltimoBarrido.objects.filter(segun=self._este.segun, marca__lte=marca).first()
        self.desde = anterior.marca if anterior else None

    def terminar(self) -> None:
        """Everything was looked at."""
        UltimoBarrido.objects.bulk_create(
            [self._este], update_conflicts=True, unique_fields=["id"], update_fields=["segun", "marca"]
        )

    def de_partes(self, despues_de: int, lote: int) -> list[int]:
        with transaction.atomic(), como_sistema("barrer los plazos"):
            _mi_turno()
            mirar = self.partes_por_mirar().filter(pk__gt=despues_de)
            if self.desde is not None:
                mirar = mirar.filter(EscritaDesde("estado", self.desde))
            partes = [*map(ParteMirada._make, mirar.order_by("pk").values_list(*ParteMirada._fields)[:lote])]
            anotar_varios([hecho for parte in partes for hecho in self.de_la_parte(parte)])
        return [parte.pk for parte in partes]

    def de_terminos(self, despues_de: int, lote: int) -> list[int]:
        """The clocks that bind nobody and have a date of their own: milestones of the ANS, legal terms."""
        with transaction.atomic(), como_sistema("barrer los términos que no obligan"):
            _mi_turno()
            mirar = self.terminos_por_mirar().filter(pk__gt=despues_de)
            if self.desde is not None:  # of whoever it is told, the parte says
                mirar = mirar.filter(EscritaDesde("vence", self.desde) | EscritaDesde("parte__estado", self.desde))
            de_su_parte = [f"parte__{campo}" for campo in ParteMirada._fields]
            terminos = list(mirar.order_by("pk").values_list("pk", "reloj", "vence", *de_su_parte)[:lote])
            anotar_varios([
                hecho
                for pk, reloj, vence, *parte in terminos
                for hecho in self.del_termino(pk, reloj, vence, ParteMirada._make(parte))
            ])  # fmt: skip
        return [pk for pk, *_ in terminos]

    def del_termino(self, pk: int, reloj: str, vence: date | None, parte: Parte | ParteMirada) -> Iterator[Hecho]:
        if parte.estado in ABIERTOS and vence is not None:
            for nivel in self._niveles(parte.dependencia_id, reloj, vence):
                yield self._hecho(parte, vence, f"termino-{pk}-{nivel.clave}", nivel, termino=pk)

    def de_la_parte(self, parte: Parte | ParteMirada) -> Iterator[Hecho]:
        """What must have been told of this parte by now, at most once each: `antes-5`, `despues-1`, `sin-asignar`…"""
        for nivel in self._niveles(parte.dependencia_id, Reloj.OBLIGA, parte.vence):
            yield self._hecho(parte, parte.vence, nivel.clave, nivel)
        if parte.estado == EstadoParte.EN_COLA:
            espera = self.calendario.habiles_entre(timezone.localdate(parte.recibido_en), self.dia)
            for nivel in self.politicas.de(parte.dependencia_id, Reloj.RECEPCION).despues:
                if espera >= nivel.dias:  # one for each queue it waits in
                    yield self._hecho(parte, parte.vence, f"{nivel.clave}-{parte.dependencia_id}", nivel)
        if parte.estado == EstadoParte.EN_COMPLEMENTO and (hasta := parte.complemento_hasta):
            for nivel in self._niveles(parte.dependencia_id, Reloj.COMPLEMENTO, hasta):
                yield self._hecho(parte, hasta, nivel.clave, nivel)

    def _niveles(self, dependencia: int, reloj: str, vence: date) -> list[Nivel]:
        niveles = self._pedidos.get((dependencia, reloj, vence))
        if niveles is None:
            escala = self.politicas.de(dependencia, reloj)
            niveles = self._pedidos[dependencia, reloj, vence] = escala.niveles(vence, self.dia, self.calendario)
        return niveles

    def _hecho(self, parte: Parte | ParteMirada, vence: date, clave: str, nivel: Nivel, **mas: int) -> Hecho:
        return Hecho(
            tipo="solicitudes.recordatorio",
            clave=f"recordatorio:{parte.pk}:{vence.isoformat()}:{clave}",
            carga={"parte": parte.pk, "nivel": clave, "politica": nivel.politica, **mas},
            solicitud_id=parte.solicitud_id,
            no_antes=self.no_antes,
        )

    def partes_por_mirar(self) -> ConsultaParte:
        """Open, not attended, and near a date or waiting for somebody to take it. The rest has nothing to be told."""
        de_la_parte = vence_hasta(self.politicas.con_anticipacion(Reloj.OBLIGA))
        del_complemento = vence_hasta(self.politicas.con_anticipacion(Reloj.COMPLEMENTO))
        cerca = Q(vence__lte=de_la_parte) | Q(estado=EstadoParte.EN_COLA)
        espera = Q(estado=EstadoParte.EN_COMPLEMENTO, complemento_hasta__lte=del_complemento)
        return Parte.objects.abiertas().filter(cerca | espera, atencion_en=None)

    def terminos_por_mirar(self) -> QuerySet[Termino]:
        hasta = vence_hasta(self.politicas.con_anticipacion(*DE_LOS_TERMINOS))
        corren = Termino.objects.por_vencer(comienzo(hasta + timedelta(days=1)))
        return corren.filter(obliga=False, cumplido_en=None, reloj__in=DE_LOS_TERMINOS)


def _mi_turno() -> None:
    """Raises OtroBarre."""
    if not es_mi_turno(TURNO_DEL_BARRIDO):
        raise OtroBarre
