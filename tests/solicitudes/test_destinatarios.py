"""Nobody is left untold: who is told instead, one step further each time, never who may not open it (R19)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alcance import con_alcance
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar
from bitacora.models import Suceso
from direcciones.acceso import membresias_activas
from direcciones.models import Ausencia, Membresia, Persona
from plazos.reloj import hoy
from solicitudes.destinatarios import ESCALERA, Destino, del_personal
from solicitudes.models import Parte, Solicitud
from solicitudes.services.conversacion import escribir_mensaje
from tests.fabricas import actuar, alcance_de, radicada
from tests.solicitudes.apoyos import hacer, parte_de, sistema

pytestmark = pytest.mark.django_db


def cerrar(*personas: Persona) -> None:
    Persona.objects.filter(pk__in=[p.pk for p in personas]).update(is_active=False)


def terminar(*personas: Persona) -> None:
    with sistema():
        Membresia.objects.filter(persona__in=personas).update(hasta="2026-01-01", terminada_en=timezone.now())


def escribir(persona: Persona, solicitud: Solicitud) -> None:
    with actuar(persona), transaction.atomic():
        escribir_mensaje(solicitud=solicitud, texto="¿Cómo va?", clave=uuid4())


def avisados(texto: str) -> list[str]:
    """Who has a line with that text, by mail."""
    with sistema():
        de_eso = Aviso.objects.filter(titulo__contains=texto).order_by("persona__correo")
        return list(de_eso.values_list("persona__correo", flat=True))


def correos(texto: str) -> list[str]:
    with sistema():
        todos = Entrega.objects.filter(tipo="avisos.correo").order_by("destinatario")
        return [e.destinatario for e in todos if texto in e.carga["carta"]["asunto"]]


def sin_destinatario() -> list[str]:
    with sistema():
        return [s.motivo for s in Suceso.objects.filter(accion="aviso.sin_destinatario").order_by("id")]


# --- The entidad ---------------------------------------------------------------------------------------------------
def test_si_quien_radico_ya_no_esta_lo_saben_sus_colegas(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    cerrar(elenco.enlace)
    hacer(elenco.asesor_tecnica, parte_de(solicitud), "empezar")
    entregar()
    assert avisados("Empezamos") == [elenco.colega.correo]
    assert sin_destinatario() == []


def test_sin_enlaces_lo_sabe_quien_administra_la_entidad(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    cerrar(elenco.colega)
    terminar(elenco.enlace)  # the account goes on elsewhere: it is no longer of the entidad
    hacer(elenco.asesor_tecnica, parte_de(solicitud), "empezar")
    entregar()
    assert avisados("Empezamos") == [elenco.admin_entidad.correo]


def test_sin_nadie_en_la_entidad_lo_sabe_quien_atiende_y_quien_administra_el_portal(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    cerrar(elenco.enlace, elenco.colega, elenco.admin_entidad)
    parte = hacer(elenco.asesor_tecnica, parte_de(solicitud), "empezar")
    hacer(elenco.asesor_tecnica, parte, "mensaje", texto="¿Siguen ahí?")
    entregar()
    assert avisados("Nadie de la entidad") == [elenco.asesor_tecnica.correo] * 3  # acuse, start and message
    # Whoever can invite somebody learns it once a day, of the place alone.
    assert avisados("Nadie recibe los avisos") == [elenco.administradora.correo]
    with sistema():
        aviso = Aviso.objects.get(titulo__contains="Nadie recibe los avisos")
    assert solicitud.radicado not in aviso.titulo + aviso.texto
    assert aviso.solicitud_id is None
    assert sin_destinatario() == [f"No hay a quién avisar en {elenco.secretaria}."] * 3


def test_el_correo_de_una_cuenta_que_no_puede_abrirla_no_se_usa(elenco) -> None:
    """The address written at ventanilla is that of somebody of another entidad: it is not told by mail either."""
    solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="telefono", entidad=elenco.instituto, temas=[elenco.tema_integridad]
    )
    with sistema():
        Solicitud.objects.filter(pk=solicitud.pk).update(remitente_correo=elenco.enlace.correo.upper())
    entregar()
    assert correos("Recibimos") == [elenco.otra_enlace.correo]


def test_a_quien_no_tiene_cuenta_no_se_le_manda_a_responder_en_el_portal(elenco) -> None:
    """It opens nothing to them: they answer where they asked, with the radicado (R22)."""
    solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="correo", entidad=elenco.instituto, temas=[elenco.tema_integridad]
    )
    with sistema():
        Solicitud.objects.filter(pk=solicitud.pk).update(remitente_correo="nadie@instituto.example")
    parte = hacer(elenco.asesor_tecnica, parte_de(solicitud), "empezar")
    hacer(elenco.asesor_tecnica, parte, "mensaje", texto="¿Siguen ahí?")
    entregar()
    with sistema():
        [suyo] = [
            entrega.carga["carta"]
            for entrega in Entrega.objects.filter(tipo="avisos.correo", destinatario="nadie@instituto.example")
            if "Tiene un mensaje" in entrega.carga["carta"]["asunto"]
        ]
    assert "en el portal" not in suyo["que_hacer"] and solicitud.radicado in suyo["que_hacer"]


def test_una_reservada_no_se_cuenta_a_quien_no_la_puede_abrir(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision])
    hacer(elenco.asesor_internacional, parte_de(solicitud), "empezar")
    cerrar(elenco.enlace)
    entregar()
    assert avisados("Empezamos") == []  # neither the colleague nor who administers the entidad opens it
    assert avisados("Nadie de la entidad") == [elenco.asesor_internacional.correo] * 2


def test_de_una_reservada_que_nadie_puede_abrir_se_cuenta_solo_el_lugar(elenco) -> None:
    """Its asesor left and nobody heads Internacionales: oversight does not open reserved ones."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision])
    hacer(elenco.asesor_internacional, parte_de(solicitud), "empezar")
    cerrar(elenco.enlace, elenco.asesor_internacional)
    entregar()
    with sistema():
        avisos = list(Aviso.objects.select_related("persona"))
    assert {aviso.persona for aviso in avisos} == {elenco.administradora}
    assert len(avisos) == 2  # of the entidad and of Internacionales
    assert not any(solicitud.radicado in aviso.titulo + aviso.texto or aviso.solicitud_id for aviso in avisos)


# --- The SDFI ------------------------------------------------------------------------------------------------------
def test_lo_de_quien_ya_no_atiende_lo_sabe_su_jefatura(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, parte_de(solicitud), "tomar")
    parte = hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál tabla?", hasta=hoy() + timedelta(days=10))
    terminar(elenco.asesora)
    hacer(elenco.enlace, parte, "complementar", texto="La de 2024.")
    entregar()
    assert avisados("Respondió la entidad") == [elenco.subdirector.correo]


def test_un_mensaje_de_lo_que_nadie_ha_tomado_lo_sabe_la_jefatura(elenco) -> None:
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    escribir(elenco.enlace, parte.solicitud)
    entregar()
    assert avisados("Escribió la entidad") == [elenco.subdirector.correo]


@pytest.mark.parametrize(
    ("se_van", "sabe"),
    [
        (["subdirector"], "directora"),
        (["subdirector", "directora"], "subsecretaria"),
        (["subdirector", "directora", "subsecretaria"], "administradora"),
    ],
)
def test_sin_jefatura_se_avisa_mas_arriba(elenco, se_van: list[str], sabe: str) -> None:
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    cerrar(*(getattr(elenco, quien) for quien in se_van))
    escribir(elenco.enlace, parte.solicitud)
    entregar()
    assert avisados("Escribió la entidad") == [getattr(elenco, sabe).correo]
    sola = len(se_van) > 1
    assert sin_destinatario() == ([f"No hay a quién avisar en {elenco.sistema_archivos}."] if sola else [])
    assert len(avisados("Nadie recibe los avisos")) == sola


def test_el_plazo_que_vence_se_dice_con_la_fecha_que_sigue_corriendo(elenco) -> None:
    """Asking for information stops nothing (issue 4): the mail no longer says that the solicitud waits."""
    parte = hacer(elenco.asesora, parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas])), "tomar")
    hacer(elenco.asesora, parte, "pedir_complemento", texto="¿Cuál?", hasta=hoy() + timedelta(days=10))
    entregar()
    with sistema():
        cartas = [e.carga["carta"] for e in Entrega.objects.filter(tipo="avisos.correo")]
    [carta] = [c for c in cartas if "Necesitamos" in c["asunto"]]
    assert "sigue corriendo: vence el" in carta["que_hacer"]
    assert "lo espera" not in carta["que_hacer"]


# --- Whoever is away -----------------------------------------------------------------------------------------------
def ausentar(persona: Persona, suplente: Persona | None = None, hasta: int = 5) -> Ausencia:
    """Written as it is, also one that leaves nobody: what matters here is who is told."""
    with sistema():
        return Ausencia.objects.create(
            persona=persona,
            desde=hoy(),
            hasta=hoy() + timedelta(days=hasta),
            suplente=suplente,
            registrada_por=persona,
            registrada_en=timezone.now(),
        )


def de_la_jefatura(parte: Parte) -> list[Persona]:
    with sistema():
        return list(del_personal(Destino.JEFATURA, releer_parte(parte)).personas)


def releer_parte(parte: Parte) -> Parte:
    return Parte.objects.select_related("solicitud", "dependencia", "entidad", "asesor").get(pk=parte.pk)


def test_lo_de_una_jefatura_ausente_va_a_la_de_arriba_o_a_quien_la_cubre(elenco) -> None:
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    assert de_la_jefatura(parte) == [elenco.subdirector]
    ausentar(elenco.subdirector, elenco.otra_asesora)
    assert de_la_jefatura(parte) == [elenco.directora]  # who covers does not head it
    ausentar(elenco.directora)
    assert de_la_jefatura(parte) == [elenco.otra_asesora]
    ausentar(elenco.otra_asesora)
    assert de_la_jefatura(parte) == [elenco.subsecretaria]


def test_los_avisos_de_lo_suyo_van_a_quien_responde(elenco) -> None:
    parte = hacer(elenco.asesora, parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas])), "tomar")

    def avisados() -> list[Persona]:
        with sistema():
            return list(del_personal(Destino.RESPONSABLE, releer_parte(parte)).personas)

    assert avisados() == [elenco.asesora]
    ausencia = ausentar(elenco.asesora, elenco.otra_asesora)
    assert avisados() == [elenco.otra_asesora]
    with sistema():
        Ausencia.objects.filter(pk=ausencia.pk).update(suplente=None)
    assert avisados() == [elenco.subdirector]
    ausentar(elenco.subdirector)
    assert avisados() == [elenco.directora]


def test_de_una_reservada_cuya_jefatura_esta_ausente_se_dice_que_alli_no_hay_nadie(elenco) -> None:
    """Nobody else opens it: they find it on their way back, and who runs the portal knows that the place is alone."""
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True))
    ausentar(elenco.subdirector)
    ausentar(elenco.directora)
    with sistema():
        a = del_personal(Destino.JEFATURA, releer_parte(parte))
    assert list(a.personas) == [elenco.subdirector, elenco.directora]
    assert a.nadie_en == elenco.sistema_archivos


SDFI = ("asesora", "otra_asesora", "subdirector", "directora", "subsecretaria", "administradora")


@given(
    ausentes=st.dictionaries(st.sampled_from(SDFI), st.none() | st.sampled_from(SDFI)),
    destino=st.sampled_from([str(escalon) for escalon in ESCALERA]),
    tomada=st.booleans(),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nada_que_necesite_a_alguien_va_solo_a_quien_no_esta(
    elenco, ausentes: dict[str, str | None], destino: str, tomada: bool
) -> None:
    """While anybody of the ladder is there, one of those who are told is."""
    with deshecho():
        parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
        if tomada:
            parte = hacer(elenco.asesora, parte, "tomar")
        for papel, suplente in ausentes.items():
            if suplente != papel:
                ausentar(getattr(elenco, papel), getattr(elenco, suplente) if suplente else None)
        fuera = {getattr(elenco, papel).pk for papel, suplente in ausentes.items() if suplente != papel}
        with sistema():
            avisados = [p.pk for p in del_personal(destino, releer_parte(parte)).personas]
        assert avisados
        if elenco.administradora.pk not in fuera:  # the last step is there for all
            assert set(avisados) - fuera, ausentes


# --- Whoever leaves ------------------------------------------------------------------------------------------------
PAPELES = (
    "enlace", "colega", "admin_entidad", "asesor_tecnica", "asesor_internacional", "director_desarrollo",
    "subsecretaria",
)  # fmt: skip


@contextmanager
def deshecho() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@given(
    cerradas=st.sets(st.sampled_from(PAPELES)),
    terminadas=st.sets(st.sampled_from(PAPELES)),
    reservada=st.booleans(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quien_sea_que_se_vaya_alguien_lo_sabe_y_puede_abrirlo(
    elenco, cerradas: set[str], terminadas: set[str], reservada: bool
) -> None:
    """Whoever leaves, each fact reaches somebody; and the database itself opens it to each of them (RLS as oracle)."""
    with deshecho():
        solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision if reservada else elenco.tema_integridad])
        asesor = elenco.asesor_internacional if reservada else elenco.asesor_tecnica
        parte = hacer(asesor, parte_de(solicitud), "empezar")
        hacer(asesor, parte, "mensaje", texto="Una pregunta.")
        escribir(elenco.enlace, solicitud)
        cerrar(*(getattr(elenco, papel) for papel in cerradas))
        terminar(*(getattr(elenco, papel) for papel in terminadas))
        entregar()

        with sistema():
            hechos = Entrega.objects.exclude(tipo="avisos.correo").exclude(estado="hecha")
            assert not hechos.exists(), [e.error for e in hechos]
            avisos = list(Aviso.objects.select_related("persona"))
            huecos = Suceso.objects.filter(accion="aviso.sin_destinatario").count()
        for aviso in avisos:
            assert aviso.persona.is_active
            if aviso.solicitud_id is None:
                assert solicitud.radicado not in aviso.titulo + aviso.texto
            else:
                assert lo_abre(aviso.persona, solicitud), f"{aviso.persona}: {aviso.titulo}"
        # Acuse, start, and a message each way: told to somebody, or the place that has nobody is known.
        dichos = {aviso.clave.rpartition(":")[0].removesuffix(":nadie") for aviso in avisos if aviso.solicitud_id}
        for hecho in hechos_que_avisan(solicitud):
            assert hecho in dichos or huecos, hecho
        if huecos:
            assert any("Nadie recibe los avisos" in aviso.titulo for aviso in avisos)


def hechos_que_avisan(solicitud: Solicitud) -> list[str]:
    with sistema():
        todos = Entrega.objects.filter(
            solicitud_id=solicitud.pk,
            tipo__in=["solicitudes.acuse", "solicitudes.movimiento", "solicitudes.mensaje"],
        )
        return [e.clave_idempotencia for e in todos if e.carga.get("accion") in {None, "empezar"}]


def lo_abre(persona: Persona, solicitud: Solicitud) -> bool:
    """Asked of the database with each role of the person, without the code that chose them."""
    for membresia in membresias_activas(persona.pk):
        with con_alcance(alcance_de(membresia)), connection.cursor() as cursor:
            cursor.execute("select 1 from solicitudes_solicitud where id = %s", [solicitud.pk])
            if cursor.fetchone():
                return True
    return False
