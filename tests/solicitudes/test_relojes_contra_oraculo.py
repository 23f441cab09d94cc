"""The date that binds and every clock that is stored, against an oracle that shares nothing with it (R31, R33).

The oracle says when each clock ends; which ones take part in the date that binds is written again here, from
docs/decisiones/0024. What is stored of each must tell, day by day, the instant it says.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bandeja.services import entregar
from direcciones.models import AcuerdoServicio, Dependencia
from direcciones.services.catalogos import crear_fila
from plazos.calendario import Calendario
from plazos.fechas import BOGOTA
from plazos.festivos import festivos_guardados
from plazos.models import DiaExtraordinario
from plazos.services import Reglas, fijar_horario
from plazos.terminos import Horario, explicar
from solicitudes.models import Parte, Prorroga, Solicitud, Termino
from solicitudes.services.reflujo import recontar_plazos
from solicitudes.services.relojes import Acuerdo, Catalogo, Regla, empezar_pendientes, poner_relojes
from solicitudes.services.transiciones import NoSePuede
from tests.fabricas import actuar, radicada
from tests.plazos.oraculo import UN_DIA, Mundo, instante_que_dicen, instantes
from tests.solicitudes.apoyos import hacer, parte_de, sistema

REGLAS = Reglas(
    uuid4(),
    Calendario(2023, 2040, tuple(uno for uno in festivos_guardados() if uno.fecha.year > 2022)),
    (Horario(date(2020, 1, 1), time(7), time(16, 30), "Norma"),),
    numero=7,
)
DIRECCION, DEPENDENCIA, OTRA = 1, 2, 3
MODALIDAD, OTRA_MODALIDAD = 1, 2
INICIOS = ["recepcion", "datos_completos", "asignacion", "primera_atencion", "realizada"]
FINES = ["asignada", "programada", "realizada", "entregada", "acta", "informe"]
LEGALES = {None: 0, "documentos": 10, "general": 15, "consulta": 30}


# --- On reception, without a database ------------------------------------------------------------------------------
recepciones = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31)) | st.builds(
    datetime.combine, st.dates(date(2024, 1, 1), date(2035, 12, 31)), st.sampled_from(instantes(time(16, 30)))
)
_lugares = st.sampled_from([DIRECCION, DEPENDENCIA, OTRA])
_vigencias = st.tuples(st.integers(-3, 1), st.none() | st.integers(-1, 2))  # days from the reception
_acuerdos = st.lists(
    st.tuples(
        _lugares,
        st.sampled_from([None, MODALIDAD, OTRA_MODALIDAD]),
        st.sampled_from(["Responder", "Programar"]),
        st.integers(1, 20),
        st.just("recepcion") | st.sampled_from(INICIOS),
        st.sampled_from(FINES),
        st.booleans(),
        _vigencias,
    ),
    max_size=6,
    unique_by=lambda a: a[:3],
)
_criterios = st.lists(
    st.tuples(_lugares, st.sampled_from(["programada", "realizada", "entregada"]), _vigencias),
    max_size=3,
    unique_by=lambda r: r[0],
)


@st.composite
def catalogos(draw: st.DrawFn, dia: date) -> Catalogo:
    def entre(vigencia: tuple[int, int | None]) -> tuple[date, date | None]:
        desde, hasta = vigencia
        return dia + desde * UN_DIA, None if hasta is None else dia + max(desde, hasta) * UN_DIA

    acuerdos = [
        Acuerdo(n, lugar, modalidad, etapa, dias, inicio, fin, provisional, *entre(vigencia))
        for n, (lugar, modalidad, etapa, dias, inicio, fin, provisional, vigencia) in enumerate(draw(_acuerdos))
    ]
    return Catalogo(tuple(acuerdos), tuple(Regla(d, c, *entre(v)) for d, c, v in draw(_criterios)))


def vence_segun_la_decision(mundo: Mundo, recibido: datetime, catalogo: Catalogo, peticion: str | None) -> date:
    """Decision 0024, once more: the ten days; the legal term; and, of the agreement that fits each stage best, the one
    that is confirmed and of the whole attention."""
    dia = recibido.date()
    vigentes = [a for a in catalogo.acuerdos if a.desde <= dia and (a.hasta is None or dia <= a.hasta)]
    criterio = "entregada"
    for lugar in (DIRECCION, DEPENDENCIA):
        for regla in catalogo.reglas:
            if regla.dependencia_id == lugar and regla.desde <= dia and (regla.hasta is None or dia <= regla.hasta):
                criterio = regla.criterio
    plazos = [10]
    for etapa in {a.etapa for a in vigentes}:
        for lugar, modalidad in (
            (DEPENDENCIA, MODALIDAD), (DEPENDENCIA, None), (DIRECCION, MODALIDAD), (DIRECCION, None)
        ):  # fmt: skip
            suyo = [a for a in vigentes if (a.etapa, a.dependencia_id, a.modalidad_id) == (etapa, lugar, modalidad)]
            if suyo:
                [mejor] = suyo
                termina = {"realizada", "entregada"} | ({"programada"} if criterio == "programada" else set())
                if mejor.inicio == "recepcion" and mejor.fin in termina and not mejor.provisional:
                    plazos.append(mejor.dias)
                break
    if peticion:
        plazos.append(LEGALES[peticion])
    return min(mundo.plazo(recibido, dias).vence for dias in plazos)


def _la_que_obliga(datos: st.DataObject) -> None:
    recibido = datos.draw(recepciones)
    catalogo = datos.draw(catalogos(recibido.date()))
    peticion = datos.draw(st.sampled_from(sorted(LEGALES, key=str)))
    parte = Parte(
        dependencia=Dependencia(pk=DEPENDENCIA, padre_id=DIRECCION, codigo="DEP"),
        modalidad_id=MODALIDAD,
        recibido_en=recibido.replace(tzinfo=BOGOTA),
    )
    terminos = poner_relojes(parte, catalogo=catalogo, reglas=REGLAS, peticion=peticion)

    assert parte.vence == vence_segun_la_decision(Mundo(), recibido, catalogo, peticion)
    assert parte.vence <= Mundo().plazo(recibido, 10).vence
    for termino in terminos:
        if termino.vence is not None:
            assert termino.vence_en == Mundo().plazo(recibido, termino.dias).vence_en
            dice_lo_que_guarda(termino)


def dice_lo_que_guarda(termino: Termino) -> None:
    """The explanation of what is kept of a clock, day by day, ends in the day and the instant that its row says."""
    dicha = explicar(termino.regla)
    contados = [dia for dia in dicha.dias if dia.cuenta]
    assert [dia.numero for dia in contados] == list(range(1, termino.regla["dias"] + 1))
    assert contados[-1] == dicha.dias[-1] and contados[-1].fecha == termino.vence
    assert instante_que_dicen(dicha.frases) == termino.vence_en


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_la_que_obliga_es_la_primera(datos: st.DataObject) -> None:
    """R31."""
    _la_que_obliga(datos)


@pytest.mark.larga
@settings(max_examples=2_500, deadline=None)
@given(st.data())
def test_la_que_obliga_es_la_primera_muchas_veces(datos: st.DataObject) -> None:
    """R31."""
    _la_que_obliga(datos)


def test_el_oraculo_nota_un_reloj_que_obliga_y_no_se_mira() -> None:
    """Negative control: an agreement of three days, left out, is missed."""
    recibido = datetime(2026, 3, 9, 10)
    suyo = Acuerdo(1, DEPENDENCIA, None, "Responder", 3, "recepcion", "entregada", False, date(2026, 1, 1), None)
    assert vence_segun_la_decision(Mundo(), recibido, Catalogo((suyo,)), None) == date(2026, 3, 12)
    assert vence_segun_la_decision(Mundo(), recibido, Catalogo(), None) == date(2026, 3, 24)


# --- While it goes on, with what the services store ----------------------------------------------------------------
PASOS = ["clasificar", "prorrogar", "pedir", "complementar", "retomar", "decretar", "responder", "agregar"]
historias = st.lists(st.tuples(st.sampled_from(PASOS), st.integers(0, 6)), min_size=3, max_size=9)
# The closing of the dependencia that has hours of its own, and the days from the reception that close at noon.
horas = st.tuples(st.sampled_from([None, None, time(15), time(18)]), st.frozensets(st.integers(0, 45), max_size=25))
promesas = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(INICIOS), st.sampled_from(FINES), st.booleans(), st.booleans()),
    max_size=3,
)


class Historia:
    """One solicitud through the services, with the oracle beside it: it knows what was decreed and what each clock was
    told, and never asks the portal when something ends."""

    def __init__(
        self,
        elenco: Any,
        viajar: Any,
        promete: Iterable[tuple[int, str, str, bool, bool]] = (),
        propio: time | None = None,
        medios_dias: Iterable[int] = (),
    ) -> None:
        self.elenco, self.viajar, self.propio = elenco, viajar, propio
        hoy = datetime.now(BOGOTA).date()
        self.medios_dias = {hoy + cuantos * UN_DIA: time(12) for cuantos in medios_dias}
        for dia in self.medios_dias:
            fijar_horario(desde=dia, hasta=dia, abre=time(7), cierra=time(12), norma="Circular de prueba")
        if propio:
            suya = elenco.sistema_archivos.codigo
            fijar_horario(
                desde=date(2024, 1, 1), abre=time(7), cierra=propio, norma="Circular", dependencia_codigo=suya
            )
        self.decretados: dict[date, str] = {}
        self.negados: list[str] = []
        for n, (dias, inicio, fin, suspende, provisional) in enumerate(promete):
            AcuerdoServicio.objects.create(
                dependencia=elenco.sistema_archivos, etapa=f"Etapa {n}", dias=dias, desde=date(2024, 1, 1),
                inicio=inicio, fin=fin, suspende_en_complemento=suspende, provisional=provisional,
                justificacion="Se revisa folio a folio.",
            )  # fmt: skip
        self.solicitud: Solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        hacer(elenco.asesora, self.parte, "tomar")

    @property
    def parte(self) -> Parte:
        return parte_de(self.solicitud, self.elenco.sistema_archivos)

    def mundo(self, dependencia_id: int) -> Mundo:
        de = {tipo: frozenset(d for d, t in self.decretados.items() if t == tipo) for tipo in ("habil", "no_habil")}
        propio = self.propio if dependencia_id == self.elenco.sistema_archivos.pk else None
        return Mundo(de["no_habil"], de["habil"], self.medios_dias, propio=propio)

    def dar(self, paso: str, dias: int) -> None:
        parte = self.parte
        self.viajar.shift(timedelta(days=dias, hours=dias * 5 % 24))
        hoy = datetime.now(BOGOTA).date()
        try:
            with transaction.atomic():
                self._hacer(paso, dias, parte, hoy)
        except (NoSePuede, ValidationError):  # what cannot be done in its state is refused, and changes nothing
            self.negados.append(paso)
        empezar_pendientes()

    def _hacer(self, paso: str, dias: int, parte: Parte, hoy: date) -> None:
        e = self.elenco
        match paso:
            case "clasificar":
                cual = ("documentos", "general", "consulta")[dias % 3]
                hacer(e.asesora, parte, "clasificar_peticion", peticion=cual)
            case "prorrogar":
                hacer(e.subdirector, parte, "prorrogar", dias=dias + 1)
                entregar()
            case "pedir":
                hasta = hoy + (1 + dias) * UN_DIA
                hacer(e.asesora, parte, "pedir_complemento", texto="¿Cuál?", hasta=hasta)
            case "complementar":
                hacer(e.enlace, parte, "complementar", texto="Esta.")
            case "retomar":
                hacer(e.asesora, parte, "retomar")
            case "responder":
                hacer(e.asesora, parte, "responder", texto="Aquí está.")
            case "agregar":
                hacer(e.asesora, parte, "agregar_dependencia", tema=e.tema_integridad)
            case "decretar":
                self._decretar(hoy + (dias * 3 - 4) * UN_DIA)

    def _decretar(self, dia: date) -> None:
        tipo = "habil" if dia.isoweekday() > 5 else "no_habil"
        datos = {"fecha": dia, "tipo": tipo, "acto": "Decreto 1 de prueba", "nota": ""}
        with actuar(self.elenco.administradora):
            crear_fila(modelo=DiaExtraordinario, datos=datos)
        self.decretados[dia] = tipo
        recontar_plazos()

    def comprobar(self) -> int:
        """Every clock that is stored: what it tells, and, while it is open, when the oracle says that it ends."""
        with sistema():
            partes = {p.pk: p for p in Parte.objects.filter(solicitud=self.solicitud).select_related("solicitud")}
            terminos = list(Termino.objects.filter(solicitud=self.solicitud).order_by("id"))
            ampliados = dict(
                Prorroga.objects.filter(solicitud=self.solicitud, avisada_en__isnull=False, tardia=False).values_list(
                    "termino", "dias"
                )
            )
        for termino in terminos:
            if termino.vence is None:
                continue
            dice_lo_que_guarda(termino)
            if not termino.cerrado:
                paradas = [(date.fromisoformat(a), date.fromisoformat(b)) for a, b, _ in termino.suspensiones]
                dias = termino.dias + ampliados.get(termino.pk, 0)
                suyo = self.mundo(partes[termino.parte_id].dependencia_id)
                dicho = suyo.plazo(termino.empieza_en, dias, paradas)
                assert (termino.fecha_efectiva, termino.vence) == (dicho.efectiva, dicho.vence), termino.nombre
                assert termino.vence_en == dicho.vence_en
        for parte in partes.values():
            obligan = [t for t in terminos if t.parte_id == parte.pk and t.obliga and t.vence is not None]
            assert parte.vence == min(t.vence for t in obligan if t.vence)
            if parte.lidera:
                solicitud = parte.solicitud
                assert solicitud.vence == parte.vence == explicar(solicitud.regla_plazo).dias[-1].fecha
        return len([t for t in terminos if t.vence is not None])


def _como_dice_el_oraculo(
    elenco: Any, empieza: datetime, promete: Any, horas: Any, pasos: Any
) -> tuple[int, list[str]]:
    with time_machine.travel(empieza.replace(tzinfo=BOGOTA), tick=False) as viajar, transaction.atomic():
        historia = Historia(elenco, viajar, promete, *horas)
        vistos = historia.comprobar()
        for paso, dias in pasos:
            historia.dar(paso, dias)
            vistos = historia.comprobar()
        transaction.set_rollback(True)
    return vistos, historia.negados


empiezan = st.builds(
    datetime.combine, st.dates(date(2026, 1, 2), date(2027, 11, 30)), st.sampled_from(instantes(time(16, 30)))
)


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(empieza=empiezan, promete=promesas, horas=horas, pasos=historias)
def test_lo_que_se_guarda_es_lo_que_dice_el_oraculo(elenco, empieza, promete, horas, pasos) -> None:
    """R31, R33."""
    _como_dice_el_oraculo(elenco, empieza, promete, horas, pasos)


@pytest.mark.larga
@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(empieza=empiezan, promete=promesas, horas=horas, pasos=historias)
def test_lo_que_se_guarda_es_lo_que_dice_el_oraculo_muchas_veces(elenco, empieza, promete, horas, pasos) -> None:
    """R31, R33."""
    _como_dice_el_oraculo(elenco, empieza, promete, horas, pasos)


TODO = [
    ("clasificar", 1), ("pedir", 1), ("decretar", 2), ("complementar", 2), ("prorrogar", 3), ("decretar", 3),
    ("agregar", 0), ("decretar", 4), ("responder", 1), ("decretar", 2),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "horas", [(None, ()), (None, range(0, 46, 3)), (time(15), ())], ids=["de siempre", "medios días", "propias"]
)
def test_una_historia_con_todo(elenco, horas) -> None:
    """R31, R33: petition, extension, suspension, three decrees and an answer, each step looked at."""
    promete = [(5, "recepcion", "entregada", True, False), (3, "datos_completos", "acta", False, False),
               (2, "asignacion", "informe", False, False)]  # fmt: skip
    assert _como_dice_el_oraculo(elenco, datetime(2026, 3, 9, 10), promete, horas, TODO) == (6, [])


@pytest.mark.django_db
def test_un_termino_que_no_es_el_que_se_explica_se_nota(elenco) -> None:
    """Negative control: a date moved by hand, whose explanation stays, is found out."""
    with time_machine.travel(datetime(2026, 3, 9, 10, tzinfo=BOGOTA)) as viajar:
        historia = Historia(elenco, viajar)
        assert historia.comprobar() == 1
        with sistema():
            Termino.objects.filter(solicitud=historia.solicitud).update(vence=date(2026, 3, 25))
        with pytest.raises(AssertionError):
            historia.comprobar()
