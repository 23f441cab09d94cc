"""Plays the groups of a plan through the services, on both cores, so that a cut leaves nothing half-way.

Each story is two transactions. The first goes from its filing until it leaves the queues, together with the stories it
passed or was passed by, holding the turns all along: nobody who uses the portal meanwhile finds last year's work in
their queue. The second is all the rest. A story whose second is written is complete (`HistoriaVivida`).
"""

import logging
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, connections, transaction

from alcance import como_sistema
from demo.models import HistoriaVivida
from demo.simulacion.acciones import Escena
from demo.simulacion.entregas import Cartero
from demo.simulacion.historias import Historia, Paso
from demo.simulacion.plan import Grupo, pasos_de_cola, pasos_despues
from demo.simulacion.reparto import Reparto
from direcciones.models import AsignacionSector, Ausencia
from solicitudes.models import Solicitud
from solicitudes.services.turnos import tomar_turnos

registro = logging.getLogger("portal.demo")
INTENTOS = 4  # a story that met somebody else's locks is played again from the beginning
PESO_CONCEPTO = 8  # what printing and sealing costs, in stories without it


def jugar(
    grupos: list[Grupo], reparto: Reparto, hasta: datetime, *, procesos: int, avisar: Callable[[], None]
) -> None:
    """Play what is missing of these groups. Who still waits in a queue goes last, in one hand: the order shows."""
    faltan = [g for g in grupos if not _vividas(g)]
    reparto.inscribir_enlaces([h for g in faltan for h in g.historias])
    atendidos = [g for g in faltan if not g.espera_hoy]
    if procesos > 1 and len(atendidos) > procesos:
        _en_procesos(_carriles(atendidos, procesos), reparto, hasta, avisar)
    else:
        Jugador(reparto, hasta, avisar).todos(atendidos)
    Jugador(reparto, hasta, avisar).todos([g for g in faltan if g.espera_hoy])


def _vividas(grupo: Grupo) -> bool:
    claves = [h.clave() for h in grupo.historias]
    return HistoriaVivida.objects.filter(clave__in=claves).count() == len(claves)


def _carriles(grupos: list[Grupo], cuantos: int) -> list[list[Grupo]]:
    """Whole queues to each process, about the same work: two never wait for the same turn."""
    por_cola: dict[str, list[Grupo]] = defaultdict(list)
    for grupo in grupos:
        por_cola[grupo.historias[0].partes[0].dependencia].append(grupo)
    carriles: list[list[Grupo]] = [[] for _ in range(cuantos)]
    for cola in sorted(por_cola.values(), key=_peso, reverse=True):
        min(carriles, key=_peso).extend(cola)
    return [sorted(carril, key=lambda g: g.ultimo_turno) for carril in carriles]


def _peso(grupos: Iterable[Grupo]) -> int:
    return sum(1 + PESO_CONCEPTO * len(h.numeros_concepto) for g in grupos for h in g.historias)


def _en_procesos(carriles: list[list[Grupo]], reparto: Reparto, hasta: datetime, avisar: Callable[[], None]) -> None:
    connections.close_all()
    bifurcar = multiprocessing.get_context("fork")
    hijos = [bifurcar.Process(target=_carril, args=(grupos, reparto, hasta), daemon=True) for grupos in carriles]
    for hijo in hijos:
        hijo.start()
    while any(hijo.is_alive() for hijo in hijos):
        time.sleep(1)
        avisar()
    if any(hijo.exitcode for hijo in hijos):
        raise RuntimeError("Una parte de la demostración no se cargó. El detalle está arriba; vuelva a intentarlo.")


def _carril(grupos: list[Grupo], reparto: Reparto, hasta: datetime) -> None:
    Jugador(reparto, hasta, lambda: None).todos(grupos)


class Jugador:
    def __init__(self, reparto: Reparto, hasta: datetime, avisar: Callable[[], None]) -> None:
        self.reparto, self.hasta, self.avisar = reparto, hasta, avisar

    def todos(self, grupos: list[Grupo]) -> None:
        if grupos:
            with connection.cursor() as cursor:
                cursor.execute("set synchronous_commit = off")  # what a crash loses is loaded again
        for grupo in grupos:
            if not _vividas(grupo):
                self._con_paciencia(self._en_cola, grupo)
                for historia in grupo.historias:
                    self._con_paciencia(self._despues, historia)
                self.avisar()

    def _con_paciencia(self, vivir: Callable[[Any], None], que: Any) -> None:
        for intento in range(1, INTENTOS + 1):
            try:
                with transaction.atomic():
                    vivir(que)
            except OperationalError:  # a deadlock, or more than the patience of a turn
                if intento == INTENTOS:
                    raise
                time.sleep(intento)
            else:
                return

    def _en_cola(self, grupo: Grupo) -> None:
        with como_sistema("ver si el grupo ya está"):
            if Solicitud.objects.filter(clave_radicacion=grupo.historias[0].clave()).exists():
                return
        self._tomar_turnos(grupo)
        escenas = {h.id: Escena(h, self.reparto) for h in grupo.historias}
        carteros = {h.id: Cartero(self.hasta) for h in grupo.historias}
        for historia, paso in grupo.en_cola:
            escenas[historia.id].hacer(paso)
            carteros[historia.id].repartir(escenas[historia.id].solicitud.pk, paso.cuando)
        for historia in grupo.historias:
            carteros[historia.id].recoger(escenas[historia.id].solicitud.pk, pasos_de_cola(historia)[-1].cuando)

    def _tomar_turnos(self, grupo: Grupo) -> None:
        """Every queue and tray it will touch, before the series: the order of services/turnos.py."""
        dependencias, asesores = set(), set()
        for historia, paso in grupo.en_cola:
            dependencias |= {p.dependencia for p in historia.partes}
            dependencias |= {self.reparto.temas[t].dependencia.codigo for p in historia.partes for t in p.temas}
            dependencias |= {paso.datos["dependencia"]} if "dependencia" in paso.datos else set()
            asesores |= {paso.quien} if paso.accion == "tomar" else set()
            asesores |= {paso.datos["a"]} if "a" in paso.datos else set()
        entidades = [self.reparto.entidades[h.entidad] for h in grupo.historias]
        with como_sistema("saber a qué bandejas llega"):
            de_sector = AsignacionSector.objects.vigentes().filter(sector__in={e.sector_id for e in entidades})
            bandejas = {pk for par in de_sector.values_list("asesor", "suplente") for pk in par}
            cubren = Ausencia.objects.filter(persona__in=[pk for pk in bandejas if pk]).order_by()
            bandejas |= set(cubren.values_list("suplente", flat=True))
        tomar_turnos(
            colas=[self.reparto.dependencias[codigo].pk for codigo in dependencias],
            bandejas=[*bandejas, *(self.reparto.personas[usuario].pk for usuario in asesores)],
        )

    def _despues(self, historia: Historia) -> None:
        if HistoriaVivida.objects.filter(clave=historia.clave()).exists():
            return
        escena, cartero = Escena(historia, self.reparto), Cartero(self.hasta)
        pasos = pasos_despues(historia)
        for paso in pasos:
            if not self._intentar(escena, paso):
                break
            cartero.repartir(escena.solicitud.pk, paso.cuando)
        if pasos:
            cartero.recoger(escena.solicitud.pk, pasos[-1].cuando)
        HistoriaVivida.objects.create(clave=historia.clave())

    def _intentar(self, escena: Escena, paso: Paso) -> bool:
        """False when somebody who uses the portal meanwhile has moved it: it is theirs from here on."""
        try:
            with transaction.atomic():
                escena.hacer(paso)
        except ValidationError as falla:
            detalle = {"historia": escena.historia.id, "paso": paso.accion, "causa": str(falla)}
            registro.warning("la simulación deja una historia", extra=detalle)
            return False
        return True
