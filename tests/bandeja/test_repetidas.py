"""F09: every kind of fact and every periodic task, delivered five times and out of order, has one effect.

The test finds out by itself what exists: a new handler or task without a place in the story below fails.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from alcance import como_sistema
from api import salida, webhooks
from avisos.carta import Carta
from avisos.models import Aviso, Envio
from avisos.services import avisar
from bandeja.models import Entrega, EstadoEntrega
from bandeja.services import anotar, entregar, entregar_larga, manejadores
from buzones.criterio.partes import DatosDeEnlace, Respuesta
from buzones.models import CanalExterno
from buzones.respuestas import responder
from buzones.services import pendientes, proponer_enlace
from buzones.services.proponer import rechazar
from buzones.services.trasladar import decidir_traslado
from conceptos import services as conceptos
from conceptos.tasks import sellar
from cuentas.adaptador import AdaptadorCuentas
from cuentas.services import invitaciones
from cuentas.services.personas import corregir_persona
from direcciones.roles import Rol
from direcciones.services.ausencias import registrar_ausencia
from direcciones.services.catalogos import crear_fila
from direcciones.services.sectores import asignar_sector
from encuestas.models import Encuesta
from expedientes.services import pedir_copia
from exportaciones import services as exportaciones
from importaciones.services import importar
from plazos.models import DiaExtraordinario
from plazos.reloj import con_reloj
from plazos.services import calendario_vigente
from sdfi_portal.celery import app
from solicitudes.models import Archivo, Parte, Solicitud, Termino
from solicitudes.services import atender_siguiente, conversacion, entidad
from solicitudes.services.actuaciones import registrar_actuacion
from solicitudes.services.asesores import informar_asesores
from solicitudes.services.reflujo import avisar_sin_contar, recontar_plazos
from tableros.informe import anotar_informes
from tests.archivos.clamd_de_prueba import FIRMA_DE_PRUEBA, ClamdDePrueba
from tests.buzones.apoyos import casilla
from tests.buzones.sueltos import correo
from tests.buzones.test_traslados import peticion
from tests.conceptos.conftest import Mesa, archivos_aparte  # noqa: F401
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar, radicada
from tests.importaciones.apoyos import csv_de
from tests.solicitudes.apoyos import hacer, parte_de, sistema
from tests.solicitudes.test_acuse import por_correo

pytestmark = pytest.mark.django_db
VECES = 5
# What changes each time without being an effect: attempts and lease of the outbox, each call to another system (one
# effect there, by its SDFI-Id), heartbeats, the cache.
SIN_EFECTO = {"bandeja_entrega", "api_intentowebhook", "bandeja_latido", "cache_portal", "django_session"}


@pytest.fixture
def mesa(elenco: Any) -> Mesa:
    return Mesa(elenco)


def vivir(mesa: Mesa) -> None:
    """A story in which every kind of fact happens at least once."""
    e = mesa.elenco
    concepto = mesa.entregado()
    with actuar(e.directora), transaction.atomic():
        conceptos.anular(concepto=concepto, motivo="Se citó una norma derogada.")
    radicada(por=e.enlace, temas=[e.tema_integridad], asunto="Se asigna por sector")
    parte = _atender(mesa, "Se conversa y se responde")
    _conversar(mesa, parte)
    with actuar(e.enlace), transaction.atomic():
        entidad.retirar(solicitud=radicada(por=e.enlace, temas=[e.tema_tablas]), motivo="Ya no hace falta.")
    with actuar(e.administradora), transaction.atomic():
        invitaciones.invitar(
            correo="nueva@prueba.example", nombre="Nueva", rol=Rol.ENLACE, entidad=e.secretaria, cargo="Profesional"
        )
    with time_machine.travel(timezone.now() - timedelta(days=40), tick=True):
        radicada(por=e.otra_enlace, temas=[e.tema_visitas], asunto="Nadie la toma y se vence")
    _pedir_papeles(mesa, concepto.solicitud)
    _rebotar(mesa, concepto.solicitud)
    _cambiar_fechas(mesa)
    _decir_quien_asesora(mesa)
    _escribir_a_los_buzones(mesa)
    _trasladar(mesa)
    _proponer_enlaces(mesa)
    _avisar_a_otro_sistema(mesa)
    AdaptadorCuentas().send_password_reset_mail(e.enlace, e.enlace.correo, {"key": "abc"})


def _decir_quien_asesora(mesa: Mesa) -> None:
    """A sector goes to another asesor, and the enlaces of the year are told who theirs is."""
    e, otro = mesa.elenco, FabricaPersona(nombre="Otro Asesor")
    FabricaMembresia(persona=otro, rol="asesor", entidad=None, dependencia=e.tecnica)
    with actuar(e.director_desarrollo), transaction.atomic():
        asignar_sector(dependencia=e.tecnica, sector=e.secretaria.sector, asesor=otro)
        informar_asesores(dependencia=e.tecnica)


def _escribir_a_los_buzones(mesa: Mesa) -> None:
    """Mail of somebody without an account: filed in a mailbox of others, answered, and left for days unclassified."""
    e = mesa.elenco
    una = casilla(e, dependencia=e.desarrollo)
    solicitud = por_correo(e, de="quien.escribe@entidad.example", responde_a="<suyo@alla.example>")
    hace_dias = timezone.now() - timedelta(days=20)
    olvidado = correo(recibido_en=hace_dias, dependencias=[e.desarrollo.pk, e.tecnica.pk])
    with transaction.atomic(), como_sistema("prueba"):
        pendientes.movida_de_buzon(solicitud, una)
        responder(olvidado, Respuesta.ORIENTACION)
        responder(correo(de_correo="eva@alla.example", estado="esperando"), Respuesta.FALTAN, faltan=["Qué necesita."])


def _trasladar(mesa: Mesa) -> None:
    """Two petitions whose last day is past: one that is sent then, and one that nobody sends."""
    e, hoy = mesa.elenco, timezone.localdate()
    viejas = {
        "recibido_en": timezone.now() - timedelta(days=30),
        "fecha_efectiva": hoy - timedelta(days=30),
        "vence_traslado": hoy - timedelta(days=20),
    }
    canal = CanalExterno.objects.create(
        nombre="Otra entidad", correo="traslados@canal.example", desde=date(2024, 1, 1)
    )
    with actuar(e.ventanilla), transaction.atomic():
        una = peticion(e, **viejas)
        decidir_traslado(una, canal=canal, motivo="La pensión la paga otra entidad.", persona=e.ventanilla)
    peticion(e, b"Subject: Otra\r\n\r\nOtra.\r\n", de_correo="luz@correo.example", **viejas)


def _proponer_enlaces(mesa: Mesa) -> None:
    """One that waits for its entity, and one that it refuses."""
    e = mesa.elenco
    with transaction.atomic(), como_sistema("prueba"):
        _, rechazada = (
            proponer_enlace(
                None, DatosDeEnlace(nombre="Nidia Castro", correo=f"{quien}@gobierno.example"), entidad_id=entidad.pk
            )
            for quien, entidad in (("nidia", e.instituto), ("sara", e.secretaria))
        )
    with actuar(e.admin_entidad), transaction.atomic():
        rechazar(rechazada, motivo="No trabaja aquí.")


def _avisar_a_otro_sistema(mesa: Mesa) -> None:
    e = mesa.elenco
    with actuar(e.administradora), transaction.atomic():
        webhooks.crear(nombre="SIGA", url="https://siga.example/avisos", eventos=["solicitud.radicada"])
    radicada(por=e.enlace, temas=[e.tema_tablas], asunto="La sabe también otro sistema")


def _pedir_papeles(mesa: Mesa, solicitud: Solicitud) -> None:
    """What the SDFI asks of its own register: an export, a copy, an import, a correction, a report."""
    e = mesa.elenco
    with actuar(e.directora), transaction.atomic():
        exportaciones.pedir(persona=e.directora, filtros="", columnas=["radicado", "recepcion"], formato="csv")
        pedir_copia(solicitud=solicitud, destinatario="Personería", motivo="La pidió.", clave=uuid4())
    with actuar(e.administradora), transaction.atomic():
        corregir_persona(persona=e.colega, cargo="Jefe de planeación")
        hoja = csv_de(["correo", "nombre", "entidad"], ["otra@sdg.example", "Otra Persona", e.secretaria.nombre])
        importacion = importar.subir(tipo="enlaces", subido=hoja)
        importar.revisar(importacion=importacion, mapa=importacion.mapa)
        importar.confirmar(importacion=importacion)
    dia_habil = calendario_vigente().sumar_habiles(timezone.localdate().replace(day=1), 1)
    with con_reloj(timezone.make_aware(datetime.combine(dia_habil, time(8)))):
        assert anotar_informes()


def _rebotar(mesa: Mesa, solicitud: Solicitud) -> None:
    """An address that the server refuses, corrected later; and a mail that the law orders and that came back."""
    e = mesa.elenco
    with transaction.atomic(), como_sistema("prueba"):
        avisar(persona=e.colega, carta=Carta("Prueba", "Pasó algo."), clave="rebota", solicitud_id=solicitud.pk)
        suya = Entrega.objects.get(clave_idempotencia=f"correo:rebota:{e.colega.correo}")
        carga = {"clave": suya.clave_idempotencia, "codigo": "5.1.1", "definitiva": True, "detalle": "No existe"}
        anotar(tipo="bandeja.rechazo", clave="rechazo:prueba", carga=carga, destinatario=e.colega.correo)
        Entrega.objects.filter(pk=suya.pk).update(estado=EstadoEntrega.MUERTA, error="550 5.1.1 No existe")
        envio = Envio.objects.get(clave=suya.clave_idempotencia)
        anotar(tipo="avisos.no_llego", clave="no-llego:prueba", carga={"envio": envio.pk}, solicitud_id=solicitud.pk)
    entregar(duracion=20)
    with actuar(e.administradora), transaction.atomic():
        corregir_persona(persona=e.colega, correo="colega.nueva@prueba.example")


def _cambiar_fechas(mesa: Mesa) -> None:
    """A petition that is extended, a day that is decreed, somebody who will be away."""
    e, hoy = mesa.elenco, timezone.localdate()
    peticion = radicada(por=e.enlace, temas=[e.tema_tablas], asunto="Una consulta que tomará más tiempo")
    hacer(e.asesora, parte_de(peticion), "clasificar_peticion", peticion="general")
    hacer(e.subdirector, parte_de(peticion), "prorrogar", dias=5)
    with sistema():
        # What nobody can count again: it is told to who runs the portal.
        Termino.objects.filter(solicitud=peticion, reloj="lineamiento").update(regla={"recibido": "el lunes"})
    with actuar(e.administradora), transaction.atomic():
        dia = calendario_vigente().sumar_habiles(hoy, 4)
        crear_fila(modelo=DiaExtraordinario, datos={"fecha": dia, "tipo": "no_habil", "acto": "Decreto 1", "nota": ""})
    recontar_plazos()
    avisar_sin_contar()
    with actuar(e.directora), transaction.atomic():
        registrar_ausencia(persona=e.asesora, desde=hoy + timedelta(days=60), hasta=hoy + timedelta(days=64))


def _atender(mesa: Mesa, asunto: str) -> Parte:
    e = mesa.elenco
    solicitud = radicada(por=e.enlace, temas=[e.tema_tablas], asunto=asunto)
    with actuar(e.asesora), transaction.atomic():
        while (parte := atender_siguiente(dependencia=e.sistema_archivos, persona=e.asesora)) is not None:
            if parte.solicitud_id == solicitud.pk:
                return parte
    raise AssertionError("no llegó a la cola")


def _conversar(mesa: Mesa, parte: Parte) -> None:
    e = mesa.elenco
    with actuar(e.asesora), transaction.atomic():
        datos = {"modalidad": e.asesoria, "medio": "virtual", "lugar": "https://reunion.example", "asunto": "Charla"}
        registrar_actuacion(
            parte=parte, datos={**datos, "inicio": timezone.now(), "resultado": "Se explicó.", "estado": "realizada"}
        )
        parte = conversacion.pedir_complemento(parte=parte, texto="¿Tienen acta?", clave=uuid4())
    with actuar(e.enlace), transaction.atomic():
        papel = SimpleUploadedFile("acta.txt", FIRMA_DE_PRUEBA, content_type="text/plain")
        parte = entidad.responder_complemento(parte=parte, texto="Sí, va adjunta.", clave=uuid4(), archivos=[papel])
        entidad.enviar_mensaje(solicitud=parte.solicitud, texto="Quedamos atentos.", clave=uuid4())
    with actuar(e.asesora), transaction.atomic():
        conversacion.responder(parte=parte, texto="Proceda así.", clave=uuid4())
    with transaction.atomic(), como_sistema("prueba"):
        assert Archivo.objects.filter(solicitud=parte.solicitud_id).exists()


def tareas() -> Iterator[tuple[str, Callable[[], object]]]:
    """The periodic ones, as beat rings them."""
    for entrada in settings.CELERY_BEAT_SCHEDULE.values():
        yield entrada["task"], app.tasks[entrada["task"]]


def asentar() -> None:
    """Everything that is due is done: sweeps leave facts, facts leave others."""
    for _ in range(VECES):
        for _, tarea in tareas():
            tarea()
        with transaction.atomic(), como_sistema("prueba"):
            Entrega.objects.filter(estado=EstadoEntrega.PENDIENTE).update(proximo_intento=timezone.now())
        entregar(duracion=20)
        while entregar_larga():
            pass


def efectos() -> Counter[str]:
    """Rows of every table, and what each outbox row is: one more of anything is a second effect."""
    cuenta: Counter[str] = Counter()
    with transaction.atomic(), como_sistema("prueba"), connection.cursor() as cursor:
        for modelo in apps.get_models(include_auto_created=True):
            tabla = modelo._meta.db_table
            if tabla not in SIN_EFECTO:
                cursor.execute(f'select count(*) from "{tabla}"')
                cuenta[tabla] = cursor.fetchone()[0]
        cursor.execute("select tipo, count(*) from bandeja_entrega group by 1")
        cuenta.update({f"fact {tipo}": cuantas for tipo, cuantas in cursor.fetchall()})
    return cuenta


def hechas() -> list[Entrega]:
    with transaction.atomic(), como_sistema("prueba"):
        return list(Entrega.objects.filter(estado=EstadoEntrega.HECHA).order_by("pk"))


def por_entregar() -> list[tuple[str, str]]:
    """What did not get through, and why: one kind that is done hides another that fails."""
    with transaction.atomic(), como_sistema("prueba"):
        quedan = Entrega.objects.filter(estado__in=[EstadoEntrega.PENDIENTE, EstadoEntrega.MUERTA])
        return list(quedan.values_list("tipo", "error"))


def entregar_otra_vez(entrega: Entrega) -> str:
    """What a second delivery would do. Gives by what whoever receives it knows that it is the same: the Message-ID of
    the mail that it would send, or the SDFI-Id of its call to another system, if any."""
    with transaction.atomic(), como_sistema("prueba"):
        efecto = manejadores.manejador_de(entrega.tipo)(entrega)
    if efecto is None:
        return ""
    mensaje = getattr(efecto, "__self__", None)
    if isinstance(mensaje, EmailMessage):
        return str(mensaje.message()["Message-ID"])
    if isinstance(efecto, partial) and efecto.func == sellar.delay:
        sellar(*efecto.args)
    else:
        with como_sistema("prueba"), transaction.atomic():
            efecto()
    return ""


def repetir(azar: random.Random) -> dict[int, set[str]]:
    """Every fact five times, in any order. Shape: fact → Message-IDs of its mails."""
    identificadores: dict[int, set[str]] = {}
    todas = hechas() * VECES
    azar.shuffle(todas)
    for entrega in todas:
        identificadores.setdefault(entrega.pk, set()).add(entregar_otra_vez(entrega))
    return identificadores


@pytest.fixture
def otro_sistema(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SDFI-Id of each call that it receives: it throws away what it has."""
    recibidas: list[str] = []

    def enviar(url: str, cuerpo: bytes, cabeceras: Mapping[str, str]) -> salida.Respuesta:
        recibidas.append(cabeceras["SDFI-Id"])
        return salida.Respuesta(codigo=204, ms=5, dice="")

    monkeypatch.setattr(salida, "enviar", enviar)
    return recibidas


@pytest.fixture
def historia(
    mesa: Mesa, settings: Any, tmp_path: Path, otro_sistema: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mesa]:
    monkeypatch.setattr("avisos.tasks.DE_MADRUGADA", 0)  # the bitácora is verified, also for who tests at midnight
    manejadores.cargar()
    app.loader.import_default_modules()
    with ClamdDePrueba(tmp_path) as clamd:
        settings.ANTIVIRUS_CLAMD = clamd.ajuste
        vivir(mesa)
        asentar()
        yield mesa


def test_todo_hecho_repetido_es_uno_solo(historia: Mesa, otro_sistema: list[str]) -> None:
    tipos = {tipo for tipo in manejadores._manejadores if not tipo.startswith("prueba.")}
    assert tipos - {entrega.tipo for entrega in hechas()} == set(), "a la historia le falta este hecho"
    assert por_entregar() == [], "una entrega de la historia falla siempre"
    antes = efectos()
    assert antes["avisos_aviso"] and antes["encuestas_encuesta"] and antes["fact avisos.correo"]
    identificadores = repetir(random.Random(9))
    assert {n for n, suyos in identificadores.items() if len(suyos) != 1} == set()
    llamados = {hecho.clave_idempotencia: 1 + VECES for hecho in hechas() if hecho.tipo == "api.webhook"}
    assert Counter(otro_sistema) == llamados
    for _, tarea in tareas():
        for _ in range(VECES):
            tarea()
    assert efectos() - antes == Counter()
    with transaction.atomic(), como_sistema("prueba"):
        assert Encuesta.objects.exists()


@pytest.mark.larga
def test_un_hecho_que_se_repite_se_nota(historia: Mesa, registrar: Callable[..., None]) -> None:
    """Negative control: one handler whose notice has a new key each time."""
    e = historia.elenco

    def mal(entrega: Entrega) -> None:
        avisar(persona=e.enlace, carta=Carta(asunto="Otra vez", que_paso="Otra."), clave=f"mal:{uuid4()}")

    registrar("solicitudes.acuse", mal)
    antes = efectos()
    repetir(random.Random(9))
    assert (efectos() - antes)["avisos_aviso"] >= VECES
    with transaction.atomic(), como_sistema("prueba"):
        assert Aviso.objects.filter(titulo="Otra vez").count() >= VECES
