"""Two years of demonstration traffic under a time machine: every reminder that the policy promises, exactly once.

Each step is done by its person at its instant, in the order of all; between them the clock rings some times a day. It
stops three times, and one night the mail server is dead. What had to be told is worked out apart (`Oraculo`): from how
each parte was at each moment, the rows of the policy and the list of holidays, with none of the code that tells it.
Compared as multisets: what was promised, what the notices say, what the ledger says and what the mail server took.
"""

import smtplib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.eventos import Clase, clase_de
from avisos.models import Aviso, Envio, PoliticaAviso, PreferenciaAviso
from avisos.services import resumir
from bandeja.models import Entrega
from bandeja.services import entregar, manejadores
from demo.cuentas import crear_cuentas
from demo.simulacion import llegadas
from demo.simulacion.acciones import Escena
from demo.simulacion.mundo import leer_mundo
from demo.simulacion.numeros import abrir_series
from demo.simulacion.plan import planear
from demo.simulacion.reparto import Reparto
from direcciones.catalogos import cargar_catalogos
from direcciones.models import Dependencia, Membresia
from encuestas.models import Encuesta
from encuestas.services import barrer as barrer_encuestas
from plazos.models import FestivoAnual
from solicitudes.models import Parte, Solicitud, Termino
from solicitudes.services.recordatorios import barrer_plazos

HASTA = timezone.make_aware(datetime(2026, 11, 25, 15, 30))
A_QUE_HORAS = (time(0, 10), time(7, 0), time(8, 5), time(11, 40), time(16, 50))
ABRE, CIERRA = time(7), time(17)
ABIERTOS = {"en_cola", "asignada", "en_atencion", "en_complemento"}


class Buzon(EmailBackend):
    """A mail server that takes everything, or is dead."""

    muerto = False
    llegados: list[tuple[datetime, str]] = []

    def send_messages(self, mensajes: Any) -> int:
        if Buzon.muerto:
            raise smtplib.SMTPConnectError(421, "no está")
        Buzon.llegados += [(timezone.now(), m.extra_headers["Message-ID"]) for m in mensajes]
        return len(mensajes)


# --- What had to be told -------------------------------------------------------------------------------------------
@dataclass
class Oraculo:
    """How each parte is now, as the services left it, and what was promised of it. `promesas`: what was told, as
    (parte, date, clock, days, to whom, person)."""

    festivos: set[date]
    padres: dict[int, int | None]
    filas: list[dict[str, Any]]
    dirigen: dict[int, list[tuple[str, int]]]
    subsecretarios: list[int]
    partes: dict[int, dict[str, Any]] = field(default_factory=dict)
    terminos: dict[int, dict[str, Any]] = field(default_factory=dict)
    anotadas: set[tuple[Any, ...]] = field(default_factory=set)
    por_decir: list[tuple[datetime, tuple[Any, ...]]] = field(default_factory=list)
    promesas: Counter[tuple[Any, ...]] = field(default_factory=Counter)

    @classmethod
    def leer(cls) -> "Oraculo":
        dirigen = defaultdict(list)
        for rol, lugar, persona in (
            Membresia.objects.filter(rol__in=["subdirector", "director"])
            .order_by("pk")
            .values_list("rol", "dependencia", "persona")
        ):
            dirigen[lugar].append((rol, persona))
        return cls(
            set(FestivoAnual.objects.filter(motivo_retiro="").values_list("fecha", flat=True)),
            dict(Dependencia.objects.values_list("pk", "padre")),
            list(PoliticaAviso.objects.exclude(reloj="").order_by("pk").values()),
            dirigen,
            list(Membresia.objects.filter(rol="subsecretario").values_list("persona", flat=True)),
        )

    def mirar(self, solicitud: Solicitud) -> None:
        self.partes |= {fila["id"]: fila for fila in Parte.objects.filter(solicitud=solicitud).values()}
        self.terminos |= {fila["id"]: fila for fila in Termino.objects.filter(solicitud=solicitud).values()}

    # --- Days ---
    def habil(self, dia: date) -> bool:
        return dia.weekday() < 5 and dia not in self.festivos

    def habiles(self, desde: date, hasta: date) -> int:
        """Business days after one and up to the other; below zero, backwards."""
        if hasta < desde:
            return -self.habiles(hasta, desde)
        return sum(self.habil(desde + timedelta(days=n)) for n in range(1, (hasta - desde).days + 1))

    def se_escribe(self, instante: datetime) -> bool:
        local = timezone.localtime(instante)
        return self.habil(local.date()) and ABRE <= local.time() < CIERRA

    def cuando(self, instante: datetime) -> datetime:
        if self.se_escribe(instante):
            return instante
        local = timezone.localtime(instante)
        dia = local.date()
        if not (self.habil(dia) and local.time() < ABRE):
            dia += timedelta(days=1)
            while not self.habil(dia):
                dia += timedelta(days=1)
        return timezone.make_aware(datetime.combine(dia, ABRE))

    # --- Policy ---
    def politica(self, dependencia: int, reloj: str) -> list[tuple[int, str]]:
        suyas: dict[tuple[int, str], bool] = {}
        for lugar in (None, self.padres[dependencia], dependencia):
            for fila in self.filas:
                if fila["dependencia_id"] == lugar and fila["reloj"] == reloj:
                    suyas[fila["dias"], fila["a_quien"]] = fila["activa"]
        return [clave for clave, activa in suyas.items() if activa]

    def debidos(self, dependencia: int, reloj: str, fecha: date, hoy: date) -> Iterator[tuple[int, str]]:
        restan = self.habiles(hoy, fecha)
        antes: dict[str, int] = {}
        for dias, a_quien in self.politica(dependencia, reloj):
            if dias > 0:
                if hoy > fecha and -restan >= dias:
                    yield dias, a_quien
            elif restan <= -dias:
                antes[a_quien] = max(dias, antes.get(a_quien, -99))
        yield from ((dias, a_quien) for a_quien, dias in antes.items())

    # --- Each moment ---
    def sonar(self, instante: datetime) -> None:
        """The clock rings: what is due now is noted, once."""
        hoy = timezone.localdate(instante)
        for pk, p in self.partes.items():
            if p["estado"] not in ABIERTOS or p["atencion_en"]:
                continue
            for dias, a_quien in self.debidos(p["dependencia_id"], "obliga", p["vence"], hoy):
                self._anotar(instante, (pk, p["vence"], "obliga", dias, a_quien, None))
            if p["estado"] == "en_cola":
                espera = self.habiles(timezone.localdate(p["recibido_en"]), hoy)
                for dias, a_quien in self.politica(p["dependencia_id"], "recepcion"):
                    if espera >= dias:
                        self._anotar(instante, (pk, p["vence"], "recepcion", dias, a_quien, p["dependencia_id"]))
            if p["estado"] == "en_complemento":
                hasta = p["complemento_hasta"]
                for dias, a_quien in self.debidos(p["dependencia_id"], "complemento", hasta, hoy):
                    self._anotar(instante, (pk, hasta, "complemento", dias, a_quien, None))
        for pk, t in self.terminos.items():
            p = self.partes[t["parte_id"]]
            if self._corre(t) and p["estado"] in ABIERTOS:
                for dias, a_quien in self.debidos(p["dependencia_id"], t["reloj"], t["vence"], hoy):
                    self._anotar(instante, (p["id"], t["vence"], t["reloj"], dias, a_quien, pk))

    def _corre(self, t: dict[str, Any]) -> bool:
        suyo = t["reloj"] in {"ans", "legal"} and not t["obliga"] and t["vence"] is not None
        return suyo and not t["cerrado"] and t["cumplido_en"] is None

    def _anotar(self, instante: datetime, clave: tuple[Any, ...]) -> None:
        if clave not in self.anotadas:
            self.anotadas.add(clave)
            self.por_decir.append((self.cuando(instante), clave))

    def repartir(self, instante: datetime) -> None:
        """Somebody hands over: what is no longer true tells nobody."""
        quedan = []
        for debido, clave in self.por_decir:
            if debido > instante:
                quedan.append((debido, clave))
                continue
            pk, fecha, reloj, dias, a_quien, que = clave
            p = self.partes[pk]
            vale = p["estado"] in ABIERTOS and not p["atencion_en"]
            vale &= reloj != "recepcion" or p["estado"] == "en_cola"
            vale &= reloj != "complemento" or p["estado"] == "en_complemento"
            vale &= reloj not in {"ans", "legal"} or not (
                self.terminos[que]["cerrado"] or self.terminos[que]["cumplido_en"]
            )
            if vale:
                for persona in self.a_quienes(p, a_quien):
                    self.promesas[pk, fecha, reloj, dias, a_quien, persona] += 1
        self.por_decir = quedan

    def a_quienes(self, p: dict[str, Any], a_quien: str) -> list[int | None]:
        if a_quien == "entidad":
            return [None]
        if a_quien == "responsable" and p["asesor_id"]:
            return [p["asesor_id"]]
        roles = {"director"} if a_quien == "direccion" else {"director", "subdirector"}
        for lugar in (p["dependencia_id"], self.padres[p["dependencia_id"]]):
            jefes = [persona for rol, persona in self.dirigen.get(lugar, ()) if rol in roles]
            if jefes:
                return sorted(set(jefes))
        return self.subsecretarios


# --- The life of the portal ----------------------------------------------------------------------------------------
@dataclass
class Vida:
    viajero: time_machine.Traveller
    oraculo: Oraculo
    paradas: list[tuple[datetime, datetime]]
    sin_correo: tuple[datetime, datetime]
    abandonadas: int = 0

    def vivir(self, pasos: list[tuple[datetime, Escena, Any]], hasta: datetime) -> None:
        momentos: list[tuple[datetime, int, Any]] = [(cuando, 1, (e, p)) for cuando, e, p in pasos]
        dia, ultimo = timezone.localdate(pasos[0][0]), timezone.localdate(hasta)
        while dia <= ultimo:
            momentos += [(timezone.make_aware(datetime.combine(dia, hora)), 0, None) for hora in A_QUE_HORAS]
            dia += timedelta(days=1)
        perdidas: set[str] = set()
        for cuando, _, que in sorted(momentos, key=lambda m: (m[0], m[1])):
            self.viajero.move_to(cuando)
            Buzon.muerto = self.sin_correo[0] <= cuando < self.sin_correo[1]
            if que is None:
                if not any(desde <= cuando < fin for desde, fin in self.paradas):
                    self._sonar(cuando)
            elif que[0].historia.id not in perdidas and not self._hacer(cuando, *que):
                perdidas.add(que[0].historia.id)
        self.abandonadas = len(perdidas)

    def _sonar(self, cuando: datetime) -> None:
        barrer_plazos()
        barrer_encuestas()
        resumir()
        entregar()
        self.oraculo.sonar(cuando)
        self.oraculo.repartir(cuando)

    def _hacer(self, cuando: datetime, escena: Escena, paso: Any) -> bool:
        try:
            with transaction.atomic():
                escena.hacer(paso)
        except ValidationError:
            return False
        with como_sistema("mirar cómo quedó"), transaction.atomic():
            self.oraculo.mirar(escena.solicitud)
        entregar()
        self.oraculo.repartir(cuando)
        return True


@pytest.fixture
def reloj(settings, monkeypatch) -> Iterator[time_machine.Traveller]:
    settings.HORAS_DE_ESCRIBIR = (ABRE, CIERRA)
    settings.EMAIL_BACKEND = f"{__name__}.Buzon"
    Buzon.muerto, Buzon.llegados = False, []
    manejadores.cargar()
    for pesado in ("conceptos.firmado", "solicitudes.cerrada"):  # they seal documents: they tell nobody
        monkeypatch.setitem(manejadores._manejadores, pesado, lambda entrega: None)
    with time_machine.travel(HASTA, tick=False) as viajero:
        yield viajero


@pytest.mark.larga
@pytest.mark.parametrize(("dias", "cuantas"), [(75, 16), (730, 130)])
def test_todo_lo_que_promete_la_politica_una_sola_vez(
    base_propia: str, reloj, monkeypatch, dias: int, cuantas: int
) -> None:
    monkeypatch.setattr(llegadas, "DIAS", dias)
    monkeypatch.setattr(llegadas, "VIVAS", ())
    monkeypatch.setattr("demo.simulacion.mundo.leer", lambda calendario, hoy: [])
    with como_sistema("preparar la simulación"), transaction.atomic():
        cargar_catalogos()
        personas = crear_cuentas()
        plan = planear(leer_mundo(HASTA.date(), cuantas), semilla=7, hasta=HASTA, tamano=cuantas)
        abrir_series(plan)
        quien_resume, quien_calla = _preferencias()
        _politica_de_una_direccion()
        oraculo = Oraculo.leer()
    reparto = Reparto(personas)
    reparto.inscribir_enlaces(plan.historias)
    for historia in plan.historias:
        historia.archivos = 0
    escenas = {h.id: Escena(h, reparto) for h in plan.historias}
    pasos = sorted(((p.cuando, escenas[h.id], p) for h in plan.historias for p in h.pasos), key=lambda t: t[0])

    primero = pasos[0][0]
    cuarto = (HASTA - primero) / 4
    paradas = [
        (primero + cuarto * n, primero + cuarto * n + duracion)
        for n, duracion in ((1, timedelta(hours=30)), (2, timedelta(days=3)), (3, timedelta(days=5)))
    ]
    noche = timezone.make_aware(datetime.combine(timezone.localdate(primero + cuarto * 2.5), time(14)))
    vida = Vida(reloj, oraculo, paradas, (noche, noche + timedelta(hours=19)))
    vida.vivir(pasos, HASTA + timedelta(days=20))

    assert vida.abandonadas <= len(plan.historias) // 10
    with como_sistema("comprobar"), transaction.atomic():
        print(
            "PROMESAS",
            len(oraculo.promesas),
            Counter(k[2] + str(k[3]) for k in oraculo.promesas),
            len(Buzon.llegados),
            vida.abandonadas,
            len(plan.historias),
        )
        assert _dichas() == oraculo.promesas
        assert len(oraculo.promesas) > cuantas
        assert not Entrega.objects.exclude(estado="hecha").exclude(proximo_intento__gt=timezone.now()).exists()
        _el_libro_y_el_buzon_dicen_lo_mismo()
        _nada_de_noche_salvo_lo_legal(oraculo)
        _lo_legal_sale_siempre()
        _las_encuestas_una_vez()
        _las_preferencias_se_respetan(quien_resume, quien_calla)


def _preferencias() -> tuple[int, int]:
    """One asesor reads the reminders in the mail of the day; another, only in the portal."""
    asesores = list(Membresia.objects.filter(rol="asesor").order_by("pk").values_list("persona", flat=True)[:2])
    for persona, modo in zip(asesores, ("resumen", "portal"), strict=True):
        PreferenciaAviso.objects.create(persona_id=persona, grupo="Recordatorios de plazos", modo=modo)
    return asesores[0], asesores[1]


def _politica_de_una_direccion() -> None:
    """The Archivo hears three days before instead of five, and its head too."""
    suya = {"dependencia": Dependencia.objects.get(codigo="DDAB"), "evento": "solicitudes.por_vencer"}
    desde = {"desde": date(2024, 1, 1), "reloj": "obliga"}
    PoliticaAviso.objects.create(**suya, **desde, dias=-5, a_quien="responsable", activa=False)
    PoliticaAviso.objects.create(**suya, **desde, dias=-3, a_quien="responsable")
    PoliticaAviso.objects.create(**suya, **desde, dias=-3, a_quien="jefatura")
    PoliticaAviso.objects.update(desde=date(2024, 1, 1))


def _dichas() -> Counter[tuple[Any, ...]]:
    """What was told, from the lines in the portal and, of who has no account, from the mails in the outbox."""
    filas = {fila.pk: fila for fila in PoliticaAviso.objects.all()}
    dichas: Counter[tuple[Any, ...]] = Counter()
    avisos: dict[str, list[int]] = defaultdict(list)
    for clave, persona in Aviso.objects.filter(clave__startswith="recordatorio:").values_list("clave", "persona"):
        avisos[clave.rpartition(":")[0]].append(persona)
    correos = set(Entrega.objects.filter(tipo="avisos.correo").values_list("clave_idempotencia", flat=True))
    for entrega in Entrega.objects.filter(tipo="solicitudes.recordatorio"):
        fila, clave = filas[entrega.carga["politica"]], entrega.clave_idempotencia
        que = (entrega.carga["parte"], date.fromisoformat(clave.split(":")[2]), fila.reloj, fila.dias, fila.a_quien)
        if fila.a_quien == "entidad":
            # Whoever asked, in the portal or by mail: one or the other.
            por_correo = sum(correo.startswith(f"correo:{clave}:") for correo in correos)
            dichas[(*que, None)] += 1 if avisos[clave] or por_correo else 0
            assert len(avisos[clave]) <= 1
            assert por_correo <= 1
        else:
            for persona in avisos[clave]:
                dichas[(*que, persona)] += 1
    return +dichas


def _el_libro_y_el_buzon_dicen_lo_mismo() -> None:
    """Each mail of the ledger was taken once, and nothing else was."""
    libro = Counter(Envio.objects.exclude(mensaje_id="").values_list("mensaje_id", flat=True))
    llegados = Counter(mensaje_id for _, mensaje_id in Buzon.llegados)
    assert max(llegados.values()) == 1
    assert llegados == libro
    assert not Envio.objects.exclude(mensaje_id="").filter(entregado_en=None).exists()


def _nada_de_noche_salvo_lo_legal(oraculo: Oraculo) -> None:
    eventos = dict(Envio.objects.exclude(mensaje_id="").values_list("mensaje_id", "evento"))
    a_deshora = {eventos[mid] for cuando, mid in Buzon.llegados if not oraculo.se_escribe(cuando)}
    assert a_deshora, "la simulación también tiene cosas legales de noche"
    assert {clase_de(evento) for evento in a_deshora} == {Clase.LEGAL}


def _lo_legal_sale_siempre() -> None:
    acusadas = Counter(Envio.objects.filter(evento="solicitudes.acuse").values_list("solicitud_id", flat=True))
    assert set(acusadas) == set(Solicitud.objects.values_list("pk", flat=True))


def _las_encuestas_una_vez() -> None:
    """One invitation each, unless it was answered before its hour; and a reminder only of those that waited."""
    invitadas = Counter(
        Envio.objects.filter(evento="encuestas.invitacion", clave__endswith=":invitacion").values_list(
            "solicitud_id", flat=True
        )
    )
    recordadas = Counter(
        Envio.objects.filter(evento="encuestas.invitacion", clave__endswith=":recordatorio").values_list(
            "solicitud_id", flat=True
        )
    )
    assert not invitadas or max(invitadas.values()) == 1
    assert not recordadas or max(recordadas.values()) == 1
    for encuesta in Encuesta.objects.exclude(correo=""):
        termino = encuesta.respondida_en or encuesta.cerrada_en
        if termino is None or termino - encuesta.creada_en > timedelta(days=6):
            assert invitadas[encuesta.solicitud_id] == 1


def _las_preferencias_se_respetan(resume: int, calla: int) -> None:
    recordatorios = Envio.objects.filter(evento__in=["solicitudes.por_vencer", "solicitudes.vencida"])
    assert set(recordatorios.filter(persona=calla).values_list("canal", flat=True)) <= {"portal"}
    del_resumen = recordatorios.filter(persona=resume)
    assert set(del_resumen.values_list("canal", flat=True)) <= {"resumen"}
    assert not del_resumen.filter(dentro_de=None, desenlace="").exists()
    por_dia = Counter(
        timezone.localdate(en)
        for en in Envio.objects.filter(evento="avisos.resumen", persona=resume).values_list("debido_en", flat=True)
    )
    assert max(por_dia.values(), default=1) == 1
