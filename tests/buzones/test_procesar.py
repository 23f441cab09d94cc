"""From the ledger to what each message is: once, in order, and never lost (M01, M02, M08)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone

from alcance import como_sistema
from archivos import almacen
from avisos.models import Envio, EventoCorreo
from bandeja.models import Entrega
from buzones.criterio.partes import DatosDeEnlace, Dictamen
from buzones.estados import Clase, EstadoAdjunto, EstadoCorreo, EstadoLlegada, Origen
from buzones.mime.partes import Desarmado
from buzones.models import Adjunto, Decision, Llegada
from buzones.services import actuar, bandeja, guardar, procesar
from buzones.services.procesar import YA_RESPONDIO, Dictar, por_clasificar, procesar_pendientes
from solicitudes.estados import EstadoParte
from solicitudes.models import Archivo, ConstanciaRadicacion, Mensaje, Movimiento, Parte, Solicitud
from tests.archivos import muestras
from tests.buzones.apoyos import casilla, correos, escrito, llegadas
from tests.fabricas import actuar as actua
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, historia, instante, parte_de, sistema
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
PDF = muestras.pdf()


def a_la_bandeja(*_: Any) -> Dictamen:
    return por_clasificar("Prueba.")


def nueva(elenco: Elenco, **datos: Any) -> Dictar:
    """Rules that file everything."""
    dictamen = Dictamen(
        16, Clase.NUEVA_SOLICITUD, EstadoCorreo.ATENDIDO, ("Es de una entidad conocida.",), confianza=86,
        **{"entidad_id": elenco.secretaria.pk, "temas": (elenco.tema_tablas.pk,)} | datos,
    )  # fmt: skip
    return lambda *_: dictamen


def llega(crudo: bytes, *, hace: timedelta = timedelta(0), **datos: Any) -> Llegada:
    return guardar(crudo, origen=Origen.COMANDO, recibida_en=timezone.now() - hace, **datos)


# --- A solicitud -----------------------------------------------------------------------------------------------------
def test_lo_que_llega_por_correo_es_una_solicitud_en_su_turno(elenco: Elenco) -> None:
    """R11, R22, R47: with the instant at which it came, its whole text, its files and its constancia."""
    suya = casilla(elenco)
    adjuntos = [("Acta – Nómina ñ.pdf", PDF), ("datos.csv", b"a,b\n1,2\n")]
    crudo = escrito(
        "RV: URGENTE!! Concepto sobre tablas", "Hola.\n\nEl lun, 5 oct 2026, Ana escribió:\n> cita", adjuntos=adjuntos
    )
    llega(crudo, hace=timedelta(hours=3), casilla=suya)
    assert procesar_pendientes(dictar=nueva(elenco)) == 1
    [correo], [llegada] = correos(), llegadas()
    solicitud = correo.solicitud
    assert solicitud is not None and (llegada.estado, llegada.correo_id) == (EstadoLlegada.PROCESADA, correo.pk)
    assert (correo.clase, correo.estado, correo.confianza) == (Clase.NUEVA_SOLICITUD, EstadoCorreo.ATENDIDO, 86)
    assert (solicitud.canal, solicitud.recibido_en) == ("correo", llegada.recibida_en)
    assert (solicitud.asunto, solicitud.remitente_nombre) == ("Concepto sobre tablas", "Jimena Tovar")
    assert solicitud.remitente_correo == "jimena@entidad.example" and solicitud.radicada_por is None
    assert "> cita" in solicitud.necesidad and correo.numero in solicitud.evidencia
    with sistema():
        archivos = list(Archivo.objects.filter(solicitud=solicitud).values_list("nombre", flat=True))
        assert archivos == [nombre for nombre, _ in adjuntos]
        assert {a.estado for a in Adjunto.objects.filter(correo=correo)} == {EstadoAdjunto.ARCHIVADO}
        constancia = ConstanciaRadicacion.objects.get(solicitud=solicitud)
        assert [uno["nombre"] for uno in constancia.datos["archivos"]] == archivos
        assert (
            Movimiento.objects.get(solicitud=solicitud).texto
            == f"Llegó por correo a {suya.buzon.correo}; la atiende Archivo de Bogotá"
        )
        assert Entrega.objects.filter(tipo="solicitudes.acuse", solicitud_id=solicitud.pk).count() == 1
        decision = Decision.objects.get(correo=correo)
    assert (decision.persona_id, decision.datos["solicitud"]) == (None, solicitud.pk)


def test_un_correo_a_varias_direcciones_es_una_solicitud(elenco: Elenco) -> None:
    """Example 09: three copies by three mailboxes, one correo, one solicitud with the three parts."""
    crudo = escrito(identificador="<uno@entidad.example>")
    temas = (elenco.tema_integridad.pk, elenco.tema_cooperacion.pk, elenco.tema_tablas.pk)
    for n, lugar in enumerate((elenco.tecnica, elenco.internacionales, elenco.archivo)):
        copia = b"Received: from x by mx%d; Tue, 24 Nov 2026 10:00:00 -0500\r\n" % n + crudo
        llega(copia, hace=timedelta(minutes=n), casilla=casilla(elenco, f"b{n}", dependencia=lugar))
    assert procesar_pendientes(dictar=nueva(elenco, temas=temas)) == 3
    [correo] = correos()
    assert sorted(una.estado for una in llegadas()) == ["procesada", "repetida", "repetida"]
    assert all(una.correo_id == correo.pk for una in llegadas())
    with sistema():
        partes = (
            Parte.objects.filter(solicitud=correo.solicitud)
            .order_by("id")
            .values_list("dependencia__codigo", flat=True)
        )
        assert list(partes) == ["STDI", "DDRI", "SSDA"]
        assert Solicitud.objects.count() == 1


def test_la_logistica_de_una_comision_queda_como_en_el_formulario(elenco: Elenco) -> None:
    salida = timezone.localdate() + timedelta(days=26)
    llega(escrito())
    procesar_pendientes(
        dictar=nueva(
            elenco, temas=(elenco.tema_comision.pk,), logistica={"viaje_desde": salida, "financiacion": "total"}
        )
    )
    [correo] = correos()
    assert correo.solicitud.logistica == {"viaje_desde": salida.isoformat(), "financiacion": "total"}
    assert correo.solicitud.reservada


def test_la_cuenta_es_quien_radica_solo_cuando_se_probo(elenco: Elenco) -> None:
    llega(escrito("uno"))
    procesar_pendientes(dictar=nueva(elenco, persona_id=elenco.enlace.pk))
    llega(escrito("dos"))
    procesar_pendientes(dictar=nueva(elenco, persona_id=elenco.enlace.pk, autor_id=elenco.enlace.pk))
    assert [c.solicitud.radicada_por_id for c in correos()] == [None, elenco.enlace.pk]


# --- A message -------------------------------------------------------------------------------------------------------
def del_correo(solicitud: Solicitud, **datos: Any) -> Dictar:
    dictamen = Dictamen(
        8,
        Clase.MENSAJE,
        EstadoCorreo.ATENDIDO,
        ("Respondió a la dirección firmada.",),
        solicitud_id=solicitud.pk,
        **datos,
    )
    return lambda *_: dictamen


def test_una_respuesta_es_un_mensaje_sin_lo_que_cita(elenco: Elenco) -> None:
    """R47, example 03."""
    una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    texto = "Va el árbol de problemas.\n\nEl mié, 25 feb 2026 a las 15:03, Portal <p@sdfi.example> escribió:\n> Falta"
    llega(escrito(texto=texto, adjuntos=[("Árbol v2.pdf", PDF)]), hace=timedelta(hours=1))
    procesar_pendientes(dictar=del_correo(una))
    [correo], [llegada] = correos(), llegadas()
    with sistema():
        mensaje = Mensaje.objects.get(solicitud=una)
        assert list(mensaje.archivos.values_list("nombre", flat=True)) == ["Árbol v2.pdf"]
    assert (mensaje.texto, mensaje.en, mensaje.autor) == ("Va el árbol de problemas.", llegada.recibida_en, None)
    assert mensaje.remitente == "Jimena Tovar <jimena@entidad.example> (por correo)"
    assert (correo.solicitud_id, correo.mensaje_agregado_id) == (una.pk, mensaje.pk) and "> Falta" in correo.citado


def test_lo_que_se_esperaba_reanuda_solo_la_unica_parte_que_espera(elenco: Elenco) -> None:
    una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, parte_de(una), "tomar")
    hacer(elenco.asesora, parte, "pedir_complemento", texto="Falta el acta.", hasta=None)
    llega(escrito("sin completar", "Gracias."))
    procesar_pendientes(dictar=del_correo(una))
    assert parte_de(una).estado == EstadoParte.EN_COMPLEMENTO
    llega(escrito("completa", "Va el acta que faltaba."))
    procesar_pendientes(dictar=del_correo(una, complementa=True))
    assert parte_de(una).estado == EstadoParte.EN_ATENCION and historia(una)[-1] == "complementar"


def test_lo_que_trae_un_ejecutable_o_no_se_acepta_se_queda_en_el_correo(elenco: Elenco) -> None:
    """M08, K22: it is not lost, and nobody is handed it."""
    llega(
        escrito(
            adjuntos=[
                ("factura.pdf.exe", b"MZ\x90\x00" + b"x" * 200),
                ("plano.dwg", b"AC1015" + b"\0" * 50),
                ("a.pdf", PDF),
            ]
        )
    )
    procesar_pendientes(dictar=nueva(elenco))
    [correo] = correos()
    with sistema():
        adjuntos = {a.nombre: a for a in Adjunto.objects.filter(correo=correo)}
        assert Archivo.objects.filter(solicitud=correo.solicitud).count() == 1
    assert adjuntos["plano.dwg"].estado == adjuntos["factura.pdf.exe"].estado == EstadoAdjunto.CUARENTENA
    assert "solo aceptamos" in adjuntos["plano.dwg"].motivo
    assert adjuntos["a.pdf"].estado == EstadoAdjunto.ARCHIVADO


# --- Once ------------------------------------------------------------------------------------------------------------
def test_solo_el_mismo_contenido_con_el_mismo_id_es_el_mismo(elenco: Elenco) -> None:
    """K8: a forged id must not swallow the true mail. What the rules say of it is theirs (test_criterio)."""
    for crudo in (
        escrito("uno", identificador="<a@x.example>"),
        escrito("uno", identificador="<a@x.example>"),
        escrito("uno", identificador="<b@x.example>"),
        escrito("otro", identificador="<a@x.example>"),
    ):
        llega(crudo)
        procesar_pendientes(dictar=nueva(elenco))
    primero, segundo, tercero = correos()
    assert [una.estado for una in llegadas()] == ["procesada", "repetida", "procesada", "procesada"]
    assert len({primero.solicitud_id, segundo.solicitud_id, tercero.solicitud_id}) == 3


def test_una_copia_que_perdio_su_id_es_el_mismo(elenco: Elenco) -> None:
    crudo = escrito(identificador="<a@x.example>")
    sin_id = b"".join(linea for linea in crudo.splitlines(keepends=True) if not linea.startswith(b"Message-ID"))
    for copia in (crudo, sin_id, crudo):
        llega(copia)
    procesar_pendientes(dictar=nueva(elenco))
    assert len(correos()) == 1


def test_leerlo_otra_vez_no_hace_otra_solicitud(elenco: Elenco) -> None:
    """M02: whoever dies after committing and before knowing it."""
    llega(escrito())
    procesar_pendientes(dictar=nueva(elenco))
    with sistema():
        Llegada.objects.update(estado=EstadoLlegada.GUARDADA, correo=None)
    procesar_pendientes(dictar=nueva(elenco))
    [correo], [llegada] = correos(), llegadas()
    assert llegada.estado == EstadoLlegada.REPETIDA and llegada.correo_id == correo.pk
    with sistema():
        assert Solicitud.objects.count() == 1


@pytest.mark.parametrize("donde", ["radicar_correo", "_crear", "anotar_piezas", "_cerrar", "_contestar", "responder"])
def test_quien_muere_en_medio_lo_deja_como_estaba(elenco: Elenco, donde: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """M02: at each step of what is written, nothing of it stays; and the next one does it once."""

    def morir(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    llega(escrito(adjuntos=[("a.pdf", PDF)]))
    with monkeypatch.context() as cambio:
        cambio.setattr(procesar, donde, morir)
        with pytest.raises(KeyboardInterrupt):
            procesar_pendientes(dictar=nueva(elenco))
    assert correos() == [] and llegadas()[0].estado == EstadoLlegada.GUARDADA
    with sistema():
        assert Solicitud.objects.count() == 0
    assert procesar_pendientes(dictar=nueva(elenco)) == 0  # who died still holds it
    soltar_a_la_fuerza()
    assert procesar_pendientes(dictar=nueva(elenco)) == 1
    [correo] = correos()
    with sistema():
        assert Solicitud.objects.count() == 1 and Archivo.objects.filter(solicitud=correo.solicitud).count() == 1


def soltar_a_la_fuerza() -> None:
    with sistema():
        Llegada.objects.filter(tomada_hasta__isnull=False).update(tomada_hasta=timezone.now() - timedelta(seconds=1))


def test_quien_tardo_mas_de_lo_prestado_no_lo_hace_otra_vez(elenco: Elenco) -> None:
    """Two consumers on one message: the second one finishes it, the first one writes nothing."""
    llega(escrito())
    hechas: list[int] = []

    def tarde(*lo_suyo: Any) -> None:
        if not hechas:
            hechas.append(0)
            soltar_a_la_fuerza()
            hechas.append(procesar_pendientes(dictar=nueva(elenco)))
        de_verdad(*lo_suyo)

    de_verdad = procesar._procesar
    with pytest.MonkeyPatch.context() as cambio:
        cambio.setattr(procesar, "_procesar", tarde)
        procesar_pendientes(dictar=nueva(elenco))
    assert hechas == [0, 1] and len(correos()) == 1
    with sistema():
        assert Solicitud.objects.count() == 1


def test_lo_que_responde_a_una_pregunta_es_con_ella_una_solicitud(elenco: Elenco) -> None:
    """R52: which came when the first one did, with both texts and the files of both."""
    pregunta = Dictamen(17, Clase.POR_CLASIFICAR, EstadoCorreo.ESPERANDO, ("Dice poco.",), confianza=0)
    llega(escrito("primero", "Necesitamos una sesión.", adjuntos=[("uno.pdf", PDF)]), hace=timedelta(hours=5))
    procesar_pendientes(dictar=lambda *_: pregunta)
    [primero] = correos()
    llega(escrito("segundo", "Es sobre tablas de retención.", adjuntos=[("dos.pdf", PDF)]))
    procesar_pendientes(dictar=nueva(elenco, completa_id=primero.pk))
    primero, segundo = correos()
    solicitud = primero.solicitud
    assert solicitud is not None and solicitud == segundo.solicitud and segundo.grupo_id == primero.pk
    assert solicitud.recibido_en == primero.recibido_en and solicitud.asunto == "primero"
    assert (primero.clase, segundo.clase, primero.propuesta) == (*[Clase.NUEVA_SOLICITUD] * 2, "")
    assert solicitud.necesidad == "Necesitamos una sesión.\n\nEs sobre tablas de retención."
    assert [primero.estado, segundo.estado] == [EstadoCorreo.ATENDIDO] * 2
    with sistema():
        nombres = list(Archivo.objects.filter(solicitud=solicitud).order_by("pk").values_list("nombre", flat=True))
    assert nombres == ["uno.pdf", "dos.pdf"]


@pytest.mark.parametrize("falla", [False, True], ids=["dice poco", "no se pudo radicar"])
def test_lo_que_se_pregunto_y_se_respondio_a_medias_es_de_una_persona_enseguida(elenco: Elenco, falla: bool) -> None:
    """R52: one question at most; both wait together, not ten business days."""
    pregunta = Dictamen(17, Clase.POR_CLASIFICAR, EstadoCorreo.ESPERANDO, ("Dice poco.",), confianza=0)
    llega(escrito("primero", "Necesitamos una sesión."), hace=timedelta(hours=5))
    procesar_pendientes(dictar=lambda *_: pregunta)
    [primero] = correos()
    llega(escrito("segundo", "Gracias."))
    corto = Dictamen(17, Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR, ("Dice poco.",), confianza=0)
    completa = {"completa_id": primero.pk, "grupo_id": primero.pk}
    sin_entidad = nueva(elenco, entidad_id=None, **completa)
    procesar_pendientes(dictar=sin_entidad if falla else lambda *_: replace(corto, **completa))
    primero, segundo = correos()
    assert [primero.estado, segundo.estado] == [EstadoCorreo.POR_CLASIFICAR] * 2
    assert primero.razones[0] == YA_RESPONDIO and segundo.grupo_id == primero.pk
    with actua(elenco.ventanilla) as alcance:
        assert bandeja.por_decidir(alcance).count() == 2 and len(bandeja.pagina(alcance).filas) == 1


def test_el_acuse_de_lo_que_se_radica_pide_lo_que_no_dijo(elenco: Elenco) -> None:
    """R52: one answer, with the number and what is missing."""
    llega(escrito("Mesa", "Pedimos una mesa de trabajo sobre tablas."))
    procesar_pendientes(dictar=nueva(elenco, faltan=("Qué entidades participan.",)))
    [correo] = correos()
    with sistema():
        [acuse] = Entrega.objects.filter(tipo="solicitudes.acuse", solicitud_id=correo.solicitud_id)
        assert acuse.carga["faltan"] == ["Qué entidades participan."]
        assert not Entrega.objects.filter(tipo="buzones.respuesta").exists()


def test_el_enlace_que_se_completo_no_deja_nada_esperando(elenco: Elenco) -> None:
    pregunta = Dictamen(15, Clase.POR_CLASIFICAR, EstadoCorreo.ESPERANDO, ("No dice su cargo.",), confianza=80)
    llega(escrito("primero", "El nuevo enlace es Ana Gil."), hace=timedelta(hours=5))
    procesar_pendientes(dictar=lambda *_: pregunta)
    [primero] = correos()
    llega(escrito("segundo", "Su cargo es asesora."))
    cambio = Dictamen(
        15, Clase.CAMBIO_DE_ENLACE, EstadoCorreo.ATENDIDO, ("Trae nombre, cargo y correo.",), completa_id=primero.pk,
        entidad_id=elenco.secretaria.pk, enlace=DatosDeEnlace("Ana Gil", "Asesora", "ana.gil@entidad.example"),
    )  # fmt: skip
    procesar_pendientes(dictar=lambda *_: cambio)
    primero, segundo = correos()
    assert [primero.estado, segundo.estado] == [EstadoCorreo.ATENDIDO] * 2
    assert (primero.clase, segundo.grupo_id) == (Clase.CAMBIO_DE_ENLACE, primero.pk)


# --- Order -----------------------------------------------------------------------------------------------------------
def test_desde_el_mas_antiguo_y_un_consumidor(elenco: Elenco) -> None:
    """R20: the numbers follow the order in which they came, whatever the order in which they were kept."""
    for minutos in (5, 30, 1, 12):
        llega(escrito(f"hace {minutos}"), hace=timedelta(minutes=minutos))
    vistos: list[str] = []

    def dictar(llegada: Llegada, leido: Desarmado) -> Dictamen:
        vistos.append(leido.asunto)
        assert procesar_pendientes(dictar=a_la_bandeja) == 0  # whoever comes meanwhile waits
        return nueva(elenco)(llegada, leido)

    assert procesar_pendientes(limite=3, dictar=dictar) == 3
    assert vistos == ["hace 30", "hace 12", "hace 5"]
    assert procesar_pendientes(dictar=dictar) == 1
    radicados = [c.solicitud.radicado for c in correos()]
    numeros = [c.numero for c in correos()]
    assert radicados == sorted(radicados) and numeros == sorted(numeros)


# --- What goes wrong -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("falla", "dice"),
    [
        (ValidationError("La entidad ya no está vigente."), "La entidad ya no está vigente."),
        (KeyError("x"), procesar.NO_PUDO),
    ],
)
def test_lo_que_no_se_pudo_hacer_queda_para_una_persona(
    elenco: Elenco, falla: Exception, dice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never lost: with what had been decided, and nothing half done."""

    def fallar(correo: Any, **datos: Any) -> None:
        actuar.radicar_correo(correo, **datos)
        raise falla

    monkeypatch.setattr(procesar, "radicar_correo", fallar)
    llega(escrito(adjuntos=[("a.pdf", PDF)]))
    assert procesar_pendientes(dictar=nueva(elenco)) == 1
    [correo], [llegada] = correos(), llegadas()
    assert (correo.clase, correo.estado) == (Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR)
    assert correo.propuesta == Clase.NUEVA_SOLICITUD and correo.razones == [dice, "Es de una entidad conocida."]
    assert correo.solicitud_id is None and llegada.estado == EstadoLlegada.PROCESADA
    with sistema():
        assert Solicitud.objects.count() == Archivo.objects.count() == 0
        assert [a.estado for a in Adjunto.objects.filter(correo=correo)] == [EstadoAdjunto.DISPONIBLE]
        assert Decision.objects.get(correo=correo).clase == Clase.POR_CLASIFICAR


def test_sin_tema_no_se_radica(elenco: Elenco) -> None:
    llega(escrito())
    procesar_pendientes(dictar=nueva(elenco, temas=()))
    assert correos()[0].razones[0] == "Falta decir sobre qué tema es."


def test_si_las_reglas_fallan_lo_decide_una_persona(elenco: Elenco) -> None:
    def dictar(*_: Any) -> Dictamen:
        raise ZeroDivisionError

    llega(escrito())
    assert procesar_pendientes(dictar=dictar) == 1
    [correo] = correos()
    assert (correo.estado, correo.razones) == (EstadoCorreo.POR_CLASIFICAR, [procesar.NO_DECIDIO])


def test_si_la_base_no_responde_se_intenta_de_nuevo(elenco: Elenco) -> None:
    def dictar(*_: Any) -> Dictamen:
        raise OperationalError("server closed the connection")

    llega(escrito())
    assert procesar_pendientes(dictar=dictar) == 0
    assert correos() == [] and llegadas()[0].estado == EstadoLlegada.GUARDADA
    soltar_a_la_fuerza()
    assert procesar_pendientes(dictar=nueva(elenco)) == 1


def test_el_que_mata_a_quien_lo_lee_se_aparta_y_no_detiene_a_los_demas(
    elenco: Elenco, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M08: poison. It dies without writing anything, three times; then a person has it whole, and the next goes on."""

    def morir(crudo: bytes, **datos: Any) -> Desarmado:
        if b"veneno" in crudo:
            raise KeyboardInterrupt
        return de_verdad(crudo, **datos)

    de_verdad = procesar.desarmar
    monkeypatch.setattr(procesar, "desarmar", morir)
    veneno = escrito("veneno")
    llega(veneno, hace=timedelta(minutes=1))
    llega(escrito("sano"))
    for _ in range(procesar.INTENTOS):
        with pytest.raises(KeyboardInterrupt):
            procesar_pendientes(dictar=nueva(elenco))
        assert correos() == []
        soltar_a_la_fuerza()
    assert procesar_pendientes(dictar=nueva(elenco)) == 2
    apartado, sano = correos()
    assert (apartado.estado, apartado.razones) == (EstadoCorreo.POR_CLASIFICAR, [procesar.MURIO])
    assert sano.solicitud_id is not None
    suya = llegadas(correo=apartado)[0]
    assert suya.estado == EstadoLlegada.APARTADA and suya.falla == procesar.MURIO
    with almacen.abrir(suya.ruta) as archivo:
        assert archivo.read() == veneno


@pytest.mark.parametrize(
    "crudo",
    [
        b"",
        b"\0" * 3000,
        b"From: \xff\xfe<\r\nSubject: \xed\xa0\x80\0x\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\x00--\r\n",
        b"Subject: =?utf-8?q?=00=ED=A0=80?=\r\nMessage-ID: <" + b"x" * 900 + b"@y>\r\n\r\n\0",
        b"From: " + b"a" * 400 + b"@x.example\r\nReferences: " + b"<y@z> " * 300 + b"\r\n\r\nhola",
    ],
    ids=["vacío", "nulos", "roto", "largo", "remitente"],
)
def test_cualesquiera_bytes_son_un_correo(crudo: bytes, elenco: Elenco) -> None:
    """M08: what the base would not take is cleaned, and the raw message is whole."""
    llega(crudo)
    assert procesar_pendientes(dictar=a_la_bandeja) == 1
    assert len(correos()) == 1 and llegadas()[0].estado == EstadoLlegada.PROCESADA


# --- What is known of an address -------------------------------------------------------------------------------------
@pytest.fixture
def envio(elenco: Elenco) -> Envio:
    with sistema():
        return Envio.objects.create(
            clave=uuid4().hex, correo="jimena@entidad.example", evento="solicitudes.acuse",
            mensaje_id="<nuestro@sdfi.example>",
            encolado_en=timezone.now(), entregado_en=timezone.now(),
        )  # fmt: skip


def eventos() -> list[EventoCorreo]:
    with sistema():
        return list(EventoCorreo.objects.order_by("id"))


def regla(clase: Clase, **datos: Any) -> Dictar:
    return lambda *_: Dictamen(4, clase, EstadoCorreo.ATENDIDO, ("Está ausente hasta el 8 de abril.",), **datos)


def test_una_ausencia_se_anota_junto_al_correo_que_respondio(envio: Envio) -> None:
    """Example 04: it says nothing bad of the address, and nothing is answered."""
    llega(escrito())
    procesar_pendientes(dictar=regla(Clase.AUSENCIA, envio_id=envio.pk))
    [correo] = correos()
    [evento] = eventos()
    assert (evento.tipo, evento.mensaje_id, evento.correo) == ("ausencia", envio.mensaje_id, envio.correo)
    assert evento.detalle == "Está ausente hasta el 8 de abril." and correo.envio_id == envio.pk
    with sistema():
        envio.refresh_from_db()
        assert envio.desenlace == ""
        assert Entrega.objects.count() == 0


INFORME = """From: MAILER-DAEMON@mx.entidad.example\r
To: portal@sdfi.example\r
Subject: Undelivered Mail\r
Message-ID: <{n}@mx.entidad.example>\r
Content-Type: multipart/report; report-type=delivery-status; boundary=x\r
\r
--x\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.entidad.example\r
\r
Final-Recipient: rfc822; jimena@entidad.example\r
Action: failed\r
Status: 5.1.1\r
\r
--x\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: {de}\r
\r
--x--\r
"""


def test_un_rebote_se_cree_solo_si_prueba_de_que_correo_habla(envio: Envio, elenco: Elenco) -> None:
    """K5, example 05: what nobody believes stays for a person, who may say that it is true."""
    llega(INFORME.format(n=1, de="<otro@sdfi.example>").encode())
    procesar_pendientes(dictar=regla(Clase.REBOTE))
    [dudoso] = correos()
    assert (dudoso.estado, dudoso.propuesta) == (EstadoCorreo.POR_CLASIFICAR, Clase.REBOTE)
    assert eventos() == []
    llega(INFORME.format(n=2, de=envio.mensaje_id).encode())
    procesar_pendientes(dictar=regla(Clase.REBOTE))
    assert [uno.tipo for uno in eventos()] == ["duro"] and correos()[1].estado == EstadoCorreo.ATENDIDO
    with actua(elenco.ventanilla), transaction.atomic():
        assert "no recibe" in actuar.anotar_rebote(dudoso)
    assert [(uno.tipo, uno.correo) for uno in eventos()] == [("duro", envio.correo)] * 2


# --- What a person decides -------------------------------------------------------------------------------------------
def test_lo_que_decide_una_persona_hace_lo_mismo(elenco: Elenco) -> None:
    """By the same services; she is who registered it, never its author."""
    for asunto in ("nueva", "mensaje", "nota"):
        llega(escrito(asunto, adjuntos=[(f"{asunto}.pdf", PDF)]))
    procesar_pendientes(dictar=a_la_bandeja)
    una, otra, tercera = correos()
    existente = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actua(elenco.ventanilla), transaction.atomic():
        solicitud = actuar.radicar_correo(
            una,
            temas=[elenco.tema_tablas.pk],
            modalidad_id=None,
            entidad_id=elenco.secretaria.pk,
            persona=elenco.ventanilla,
        )
        mensaje = actuar.agregar_mensaje(otra, solicitud_id=existente.pk, persona=elenco.ventanilla)
        nota = actuar.agregar_mensaje(tercera, solicitud_id=existente.pk, persona=elenco.ventanilla, interno=True)
    atadas = [(uno.solicitud_id, uno.mensaje_agregado_id) for uno in correos()]
    assert atadas == [(solicitud.pk, None), (existente.pk, mensaje.pk), (existente.pk, nota.pk)]
    assert (solicitud.registrada_por, solicitud.radicada_por) == (elenco.ventanilla, None)
    assert (mensaje.autor, mensaje.interno, nota.tipo, nota.interno) == (None, False, "nota", True)
    with sistema():
        for donde, nombre in (
            ({"solicitud": solicitud}, "nueva"),
            ({"mensaje": mensaje}, "mensaje"),
            ({"mensaje": nota}, "nota"),
        ):
            assert Archivo.objects.get(**donde).nombre == f"{nombre}.pdf"


@pytest.mark.parametrize(
    ("asunto", "queda"),
    [
        ("RV: RE: Fwd:  Concepto", "Concepto"),
        ("¡¡URGENTE!! Publicación – hoy", "Publicación – hoy"),
        ("[URGENTE] - Res: Resolución 12", "Resolución 12"),
        ("Resolución urgente 12", "Resolución urgente 12"),
        ("Re:", "Necesitamos saber cómo aplicar la tabla de retención."),
        ("a" * 300, "a" * 199 + "…"),
    ],
)
def test_el_asunto_no_lleva_marcas_de_programas_ni_de_prisa(asunto: str, queda: str, elenco: Elenco) -> None:
    llega(escrito(asunto))
    procesar_pendientes(dictar=a_la_bandeja)
    assert actuar.asunto_de(correos()[0]) == queda


def test_la_hora_que_cuenta_es_la_del_servidor(elenco: Elenco) -> None:
    """K3, K9, R68: a petition of a Saturday night before a holiday counts from Tuesday, and must go in five days."""
    peticion = por_clasificar("Prueba.", Dictamen(18, Clase.PETICION_CIUDADANA, EstadoCorreo.POR_CLASIFICAR, ()))
    with como_sistema("prueba"):
        guardar(escrito(), origen=Origen.COMANDO, recibida_en=instante("2026-07-11", "22:15"))
    procesar_pendientes(dictar=lambda *_: peticion)
    [correo] = correos()
    assert isinstance(correo.recibido_en, datetime) and str(correo.fecha_efectiva) == "2026-07-14"
    assert str(correo.vence_traslado) == "2026-07-22"
