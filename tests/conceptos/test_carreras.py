"""C05: assign, close, answer, sign, seal and withdraw at once, in random interleavings, keep the invariants."""

import random
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, connections, transaction

from conceptos import services
from conceptos.estados import CON_FIRMA
from conceptos.models import Concepto, Firma, Verificacion
from conceptos.services.comun import ultima_version
from conceptos.services.proyeccion import Choque
from solicitudes.estados import ABIERTOS, EN_TRABAJO, TRANSICIONES, EstadoParte, EstadoSolicitud, estado_comun
from solicitudes.models import Movimiento, Parte, Solicitud
from solicitudes.models.partes import ConsultaParte
from solicitudes.models.solicitudes import ConsultaSolicitud
from solicitudes.services import atender_siguiente, transiciones
from solicitudes.services.entidad import enviar_mensaje, retirar
from solicitudes.services.transiciones import cerrar_solicitud
from tests.conceptos.conftest import PREGUNTAS, Mesa
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hacer, sistema
from tests.soporte.elenco import crear_elenco
from tests.soporte.hilos import a_la_vez

# What a service may answer to somebody who came late; a deadlock or a broken constraint is none of these.
RECHAZOS = (ValidationError, ObjectDoesNotExist)


class Carrera:
    """One solicitud with two partes, one with a concepto that waits for its signature, and everybody at once."""

    def __init__(self, mesa: Mesa, *, para_firma: bool = True) -> None:
        e = self.e = mesa.elenco
        self.mesa = mesa
        self.solicitud = radicada(por=e.enlace, temas=[e.tema_tablas, e.tema_integridad], preguntas=PREGUNTAS)
        with sistema():
            partes = Parte.objects.filter(solicitud=self.solicitud).order_by("-lidera")
            self.pk, self.otra_pk = [parte.pk for parte in partes]
        hacer(e.asesora, self.parte(), "tomar", codigo="disponibilidad")
        with actuar(e.asesora), transaction.atomic():
            self.concepto = services.empezar(parte=self.parte())
        if para_firma:
            mesa.escribir(self.concepto)
            with actuar(e.asesora), transaction.atomic():
                services.enviar(concepto=self.concepto)
            mesa.aprobar(self.concepto)

    def parte(self, pk: int = 0) -> Parte:
        with sistema():
            return Parte.objects.select_related("dependencia", "entidad", "solicitud").get(pk=pk or self.pk)

    def fresca(self) -> Solicitud:
        with sistema():
            return Solicitud.objects.get(pk=self.solicitud.pk)

    # --- What people and the worker do ----------------------------------------------------------------------------
    def jugadas(self) -> list[Callable[[], Any]]:
        e = self.e
        return [
            lambda: self._como(e.enlace, lambda: retirar(solicitud=self.fresca(), motivo="Ya no la necesitamos")),
            lambda: self._como(
                e.enlace, lambda: enviar_mensaje(solicitud=self.fresca(), texto="¿Cómo va?", clave=uuid4())
            ),
            lambda: hacer(e.asesora, self.parte(), "responder", texto="Respuesta"),
            lambda: hacer(e.asesora, self.parte(), "liberar"),
            lambda: hacer(e.asesora, self.parte(), "mensaje", texto="Vamos bien"),
            lambda: hacer(e.asesora, self.parte(), "pedir_complemento", texto="Falta el acta", hasta=None),
            lambda: hacer(e.asesora, self.parte(), "retomar"),
            lambda: hacer(e.otra_asesora, self.parte(), "tomar", codigo="disponibilidad"),
            lambda: self._como(
                e.otra_asesora, lambda: atender_siguiente(dependencia=e.sistema_archivos, persona=e.otra_asesora)
            ),
            lambda: hacer(e.subdirector, self.parte(), "asignar", asesor=e.asesora, codigo="disponibilidad"),
            lambda: hacer(e.subdirector, self.parte(), "reasignar", asesor=e.otra_asesora),
            lambda: hacer(e.directora, self.parte(), "reabrir"),
            lambda: hacer(e.asesor_tecnica, self.parte(self.otra_pk), "empezar", codigo="disponibilidad"),
            lambda: hacer(e.asesor_tecnica, self.parte(self.otra_pk), "responder", texto="Lo nuestro está listo"),
            lambda: self.mesa.firmar(self.concepto),
            lambda: self.mesa.firmar(self.concepto, quien=e.subdirector),
            self.sellar,
            lambda: self._como(e.asesora, lambda: services.retomar(concepto=self.concepto)),
            lambda: self.mesa.devolver(self.concepto),
            lambda: cerrar_solicitud(solicitud=self.solicitud),
        ]

    @staticmethod
    def _como(persona: Any, accion: Callable[[], Any]) -> Any:
        with actuar(persona), transaction.atomic():
            return accion()

    def sellar(self) -> None:
        """What the worker does after a signature."""
        with sistema():
            firma = Firma.objects.filter(concepto=self.concepto).first()
        if firma is not None:
            services.sellar(firma_id=firma.pk)

    def correr(self, jugadas: list[Callable[[], Any]]) -> None:
        """All of them at once. Who comes late is refused with a sentence; nothing else may go wrong."""
        for resultado in a_la_vez(len(jugadas), lambda cual: jugadas[cual]()):
            assert not isinstance(resultado, Exception) or isinstance(resultado, RECHAZOS), repr(resultado)
        self.revisar()

    # --- What must hold whatever happened ---------------------------------------------------------------------------
    def revisar(self) -> None:
        with sistema():
            actual = Solicitud.objects.get(pk=self.solicitud.pk)
            partes = list(Parte.objects.filter(solicitud=actual).order_by("-lidera", "id"))
            pasos = list(Movimiento.objects.filter(solicitud=actual, accion__in=TRANSICIONES).order_by("id"))
            concepto = Concepto.objects.get(pk=self.concepto.pk)
            firmas = list(Firma.objects.filter(concepto=concepto))
            publicadas = Verificacion.objects.filter(codigo=concepto.codigo).count() if concepto.codigo else 0
        for parte in partes:
            self._revisar_parte(parte, [paso for paso in pasos if paso.parte_id == parte.pk])
        assert actual.estado in {EstadoSolicitud.CERRADA, estado_comun([parte.estado for parte in partes])}
        if actual.estado == EstadoSolicitud.CERRADA:
            assert not any(parte.estado in ABIERTOS for parte in partes)
        assert actual.responsables == sorted({parte.asesor_id for parte in partes if parte.asesor_id})
        assert (actual.vence, actual.recibido_en) == (self.solicitud.vence, self.solicitud.recibido_en)
        assert len(firmas) == publicadas == (concepto.estado in CON_FIRMA)

    def _revisar_parte(self, parte: Parte, pasos: list[Movimiento]) -> None:
        """Its history is one path of the table that ends where it is; one owner while somebody works on it."""
        estado: str = EstadoParte.EN_COLA
        for paso in pasos:
            fila = TRANSICIONES[paso.accion]
            assert paso.de == estado, f"{paso.accion} partió de {paso.de} y estaba en {estado}"
            assert EstadoParte(paso.de) in fila.desde and paso.a == fila.hacia
            estado = paso.a
        assert parte.estado == estado
        assert (parte.asesor_id is not None) or parte.estado not in EN_TRABAJO
        assert parte.asesor_id is None or parte.estado != EstadoParte.EN_COLA
        assert (parte.cerrada_en is None) == (parte.estado in ABIERTOS)
        assert parte.vence == self.solicitud.vence


def _correr_al_azar(solicitudes: int, rondas: int, semilla: int) -> None:
    azar, mesa = random.Random(semilla), Mesa(crear_elenco())
    for _ in range(solicitudes):
        carrera = Carrera(mesa)
        for _ronda in range(rondas):
            carrera.correr(azar.sample(carrera.jugadas(), azar.choice((2, 2, 3, 4))))
    with connection.cursor() as cursor:
        cursor.execute("select deadlocks from pg_stat_database where datname = current_database()")
        assert cursor.fetchone()[0] == 0


def test_al_azar_y_a_la_vez(base_propia) -> None:
    """C05 in small."""
    _correr_al_azar(solicitudes=1, rondas=8, semilla=1)


@pytest.mark.larga
@pytest.mark.parametrize("semilla", range(10))
def test_dos_mil_cruces_al_azar(base_propia, semilla: int) -> None:
    """C05: 10 × 8 × 25 = 2,000 random crossings."""
    _correr_al_azar(solicitudes=8, rondas=25, semilla=100 + semilla)


def test_sin_cerrojo_la_historia_se_parte(base_propia, monkeypatch) -> None:
    """Negative control of C05: with the locks off, the entity withdraws what an asesor answers at the same time."""
    carrera = Carrera(Mesa(crear_elenco()), para_firma=False)
    encuentro, original = threading.Barrier(2), transiciones._aplicar

    def aplicar_a_la_vez(parte, transicion, *resto):
        if parte.pk == carrera.pk:
            encuentro.wait(20)
        return original(parte, transicion, *resto)

    monkeypatch.setattr(transiciones, "_aplicar", aplicar_a_la_vez)
    _quitar_los_cerrojos_de_mover()
    for consulta in (ConsultaParte, ConsultaSolicitud):
        monkeypatch.setattr(consulta, "select_for_update", lambda self, **_: self)
    for modulo in ("transiciones", "acciones", "entidad"):
        monkeypatch.setattr(f"solicitudes.services.{modulo}.tomar_turnos", lambda **_: None)
    retirar_y_responder = carrera.jugadas()[0], carrera.jugadas()[2]

    with pytest.raises(AssertionError, match="partió de"):
        carrera.correr([*retirar_y_responder])


def _quitar_los_cerrojos_de_mover() -> None:
    """Of a base of its own: the rows that move are locked by a function of the database (migration 0015)."""
    with connections["migrador"].cursor() as cursor:
        cursor.execute("select pg_get_functiondef('solicitudes_tomar'::regproc)")
        [definicion] = cursor.fetchone()
        sin_cerrojos = definicion.replace(" for no key update", "")
        assert sin_cerrojos != definicion
        cursor.execute(sin_cerrojos)
    connections["migrador"].close()


# --- Two who write the same concepto (C04) ---------------------------------------------------------------------------
def _escribir_a_la_vez(carrera: Carrera, vuelta: int) -> list[Any]:
    """Two windows save different words over the same version. Gives what each was told."""
    with actuar(carrera.e.asesora), transaction.atomic():
        visto = ultima_version(carrera.concepto).guardado

    def guardar(cual: int) -> str:
        texto = f"vuelta {vuelta}, ventana {cual}"
        with actuar(carrera.e.asesora), transaction.atomic():
            services.guardar(concepto=carrera.concepto, visto=visto, escrito={"analisis": texto})
        return texto

    return a_la_vez(2, guardar)


def test_de_dos_que_guardan_a_la_vez_uno_gana_y_el_otro_lo_sabe(base_propia) -> None:
    """C04 with real threads: what was accepted is stored, who was refused is shown it and keeps their own."""
    carrera = Carrera(Mesa(crear_elenco()), para_firma=False)
    for vuelta in range(20):
        dichos = _escribir_a_la_vez(carrera, vuelta)
        (aceptado,) = [dicho for dicho in dichos if isinstance(dicho, str)]
        (choque,) = [dicho for dicho in dichos if isinstance(dicho, Choque)]
        assert choque.version.contenido["analisis"] == aceptado
        with sistema():
            assert ultima_version(carrera.concepto).contenido["analisis"] == aceptado


def test_sin_cerrojo_los_dos_creen_haber_guardado(base_propia, monkeypatch) -> None:
    """Negative control of C04: with the lock off both are told «saved» and one text is lost."""
    carrera = Carrera(Mesa(crear_elenco()), para_firma=False)
    encuentro = threading.Barrier(2)

    def leer_sin_cerrojo(concepto: Concepto) -> Concepto:
        return Concepto.objects.select_related("solicitud", "parte").get(pk=concepto.pk)

    def leer_a_la_vez(concepto: Concepto) -> Any:
        version = ultima_version(concepto)
        encuentro.wait(20)
        return version

    monkeypatch.setattr("conceptos.services.proyeccion.bloquear", leer_sin_cerrojo)
    monkeypatch.setattr("conceptos.services.proyeccion.ultima_version", leer_a_la_vez)
    assert [type(dicho) for dicho in _escribir_a_la_vez(carrera, 0)] == [str, str]
