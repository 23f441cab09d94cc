"""The acuse by mail (CPACA art. 61; E4), through the real outbox to the mail that leaves."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction

from alcance import como_sistema
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services import entregar
from bandeja.services.manejadores import manejador_de
from direcciones.models import Persona
from solicitudes.models import ConstanciaRadicacion
from solicitudes.services import DatosSolicitud, Recepcion, radicar
from solicitudes.services.constancias import emitir_constancia
from tests.fabricas import radicada

pytestmark = pytest.mark.django_db
CORREOS = ("avisos.correo", "solicitudes.acuse_privado")


def entregar_el_acuse(solicitud) -> list:
    """Hand over the acuse, then each mail it left. Gives the messages that left."""
    with transaction.atomic(), como_sistema("prueba: entregar"):
        emitir_constancia(solicitud=solicitud)
        acuse = Entrega.objects.get(tipo="solicitudes.acuse", solicitud_id=solicitud.pk)
        manejador_de(acuse.tipo)(acuse)
        for entrega in Entrega.objects.filter(tipo__in=CORREOS, solicitud_id=solicitud.pk).order_by("pk"):
            manejador_de(entrega.tipo)(entrega)()
    return mail.outbox


def por_correo(elenco, *, de: str, **datos):
    """Filed by the system from a mail of that address, which nobody proved."""
    with transaction.atomic(), como_sistema("prueba"):
        return radicar(
            clave=uuid4(),
            datos=DatosSolicitud(
                entidad=elenco.secretaria,
                asunto="Compre aquí: http://malo.example",
                necesidad="Lo que diga quien la escribe.",
                temas=[elenco.tema_tablas],
                modalidad=elenco.concepto,
            ),
            recepcion=Recepcion(
                canal="correo",
                remitente_correo=de,
                remitente_nombre="Gane dinero en malo.example",
                evidencia="Correo",
                **({"responde_a": ""} | datos),
            ),
        )


def test_el_enlace_recibe_radicado_fecha_y_constancia(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    [correo] = entregar_el_acuse(solicitud)

    assert elenco.enlace.correo in correo.to[0]
    assert correo.subject == f"[{solicitud.radicado}] Recibimos su solicitud"
    assert "responderemos a más tardar el" in correo.body
    assert f"/solicitudes/{solicitud.radicado}/radicada/" in correo.body
    with transaction.atomic(), como_sistema("prueba"):
        assert Aviso.objects.get(persona=elenco.enlace).solicitud_id == solicitud.pk


def test_quien_no_tiene_cuenta_recibe_el_codigo_para_confirmar(elenco):
    """R22: what came by phone is acknowledged to the address that was written."""
    solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="telefono", entidad=elenco.instituto, temas=[elenco.tema_tablas]
    )
    with transaction.atomic(), como_sistema("prueba"):
        solicitud.remitente_correo = "quien.llamo@idartes.example"
        solicitud.save(update_fields=["remitente_correo"])

    [correo] = entregar_el_acuse(solicitud)

    with transaction.atomic(), como_sistema("prueba"):
        codigo = ConstanciaRadicacion.objects.get().codigo
    assert f"Código de la constancia: {codigo}." in correo.body
    assert "Seguir la solicitud:\nhttp://localhost:8000/seguimiento/" in correo.body
    assert "quien.llamo@idartes.example" in correo.to[0]


def test_sin_correo_el_acuse_va_a_los_enlaces_de_la_entidad(elenco):
    solicitud = radicada(
        registrada_por=elenco.ventanilla, canal="presencial", entidad=elenco.instituto, temas=[elenco.tema_tablas]
    )

    [correo] = entregar_el_acuse(solicitud)

    assert elenco.otra_enlace.correo in correo.to[0]
    assert f"/solicitudes/{solicitud.radicado}/radicada/" in correo.body


def test_el_correo_de_una_reservada_no_dice_el_asunto(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_comision], asunto="Viaje secreto")

    [correo] = entregar_el_acuse(solicitud)

    assert "Viaje secreto" not in correo.body + correo.subject


def test_el_acuse_de_una_cuenta_cerrada_va_a_sus_colegas(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    Persona.objects.filter(pk=elenco.enlace.pk).update(is_active=False)

    [correo] = entregar_el_acuse(solicitud)

    assert elenco.colega.correo in correo.to[0]


def test_lo_que_llego_por_correo_se_responde_en_su_hilo_sin_repetir_lo_que_dice(elenco):
    """M10: whoever forges a sender does not make the portal write their words to them."""
    solicitud = por_correo(elenco, de="quien.escribe@entidad.example", responde_a="<suyo@alla.example>")

    [correo] = entregar_el_acuse(solicitud)

    assert correo.to == ["quien.escribe@entidad.example"]
    assert correo.subject == f"[{solicitud.radicado}] Recibimos su solicitud"
    assert correo.extra_headers["In-Reply-To"] == "<suyo@alla.example>"
    assert correo.extra_headers["Auto-Submitted"] == "auto-replied"
    assert "malo.example" not in correo.body + correo.alternatives[0].content
    for dato in (solicitud.radicado, "Fecha efectiva de recepción", "a más tardar", "/seguimiento/"):
        assert dato in correo.body


def test_lo_que_registro_una_persona_no_espera_turno(elenco):
    """R22: the ventanilla registers a morning of mails one by one: each acuse leaves at once, however many."""
    for _ in range(settings.RESPUESTAS_POR_HORA + 1):
        solicitud = radicada(
            registrada_por=elenco.ventanilla, canal="correo", entidad=elenco.instituto, temas=[elenco.tema_tablas]
        )
        *_, correo = entregar_el_acuse(solicitud)
        assert solicitud.radicado in correo.subject
        assert correo.extra_headers["Auto-Submitted"] == "auto-generated"


def test_lo_que_radico_el_portal_no_es_una_respuesta(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    [correo] = entregar_el_acuse(solicitud)

    assert correo.extra_headers["Auto-Submitted"] == "auto-generated"


def test_quien_escribio_a_otro_buzon_lo_sabe_por_el_acuse(elenco):
    """R92: a wrong mailbox costs nothing to whoever asks."""
    solicitud = por_correo(elenco, de="quien.escribe@entidad.example", escrita_a="mipg@alcaldia.example")

    [correo] = entregar_el_acuse(solicitud)

    atiende = f"la atiende {elenco.sistema_archivos.con_articulo}"
    assert f"Escribió a mipg@alcaldia.example; {atiende}. No tiene que escribir de nuevo." in " ".join(
        correo.body.split()
    )


def test_el_acuse_pide_lo_que_el_correo_no_dijo(elenco):
    """R52: a session must say who takes part and where; it is filed, and asked for it in the same mail."""
    faltan = ("Qué entidades participan.", "Una fecha y una hora que propone.")
    for de in (elenco.enlace.correo, "quien.escribe@entidad.example"):
        solicitud = por_correo(elenco, de=de, faltan=faltan)

        correo = entregar_el_acuse(solicitud)[-1]

        dicho = " ".join(correo.body.split())
        assert f"Para atenderla nos falta: • {faltan[0]} • {faltan[1]}" in dicho
        assert f"Escríbalo al mismo buzón con {solicitud.radicado} en el asunto." in dicho
        assert "No tiene que hacer nada más" not in dicho


def test_el_acuse_de_un_correo_a_quien_tiene_cuenta_tambien_espera_su_turno(elenco):
    """M09: the sender who is forged may have an account."""
    for _ in range(7):
        por_correo(elenco, de=elenco.enlace.correo)
    for _ in range(2):
        entregar()
    assert [m.to[0] for m in mail.outbox if elenco.enlace.correo in m.to[0]] == [str(mail.outbox[0].to[0])] * 5
    with transaction.atomic(), como_sistema("prueba"):
        assert Aviso.objects.filter(persona=elenco.enlace, titulo__contains="Recibimos").count() == 7
        esperan = Entrega.objects.filter(tipo="avisos.correo", destinatario=elenco.enlace.correo, estado="pendiente")
        assert {entrega.intento for entrega in esperan} == {0} and len(esperan) == 2


def test_si_la_direccion_tiene_cuenta_cuando_le_toca_ya_no_lleva_enlace(elenco):
    solicitud = por_correo(elenco, de="quien.escribe@entidad.example")
    with transaction.atomic(), como_sistema("prueba"):
        acuse = Entrega.objects.get(tipo="solicitudes.acuse", solicitud_id=solicitud.pk)
        manejador_de(acuse.tipo)(acuse)
        Persona.objects.crear(correo="quien.escribe@entidad.example", nombre="Quien Escribe", clave="una clave larga")
        privado = Entrega.objects.get(tipo="solicitudes.acuse_privado")
        manejador_de(privado.tipo)(privado)()
    [correo] = mail.outbox
    assert "/seguimiento/" not in correo.body
    assert solicitud.radicado in correo.body
