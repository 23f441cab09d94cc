"""Entidades without users ask for one (architecture §8.13)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from alcance import como_sistema, con_alcance
from alcance.contexto import NADIE
from bandeja.models import Entrega
from cuentas.models import Invitacion, SolicitudAcceso
from cuentas.services.accesos import invitar_a_quien_pidio, rechazar_acceso
from tests.cuentas.conftest import cliente
from tests.fabricas import actuar
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def datos(elenco: Elenco, **cambios) -> dict:
    return {
        "entidad": elenco.instituto.pk,
        "nombre": "Pedro Gil",
        "cargo": "Jefe de archivo",
        "correo": "Pedro.Gil@idartes.example",
        "telefono": "",
        "para_que": "Soy el nuevo enlace de gestión documental.",
        "acepta": "on",
    } | cambios


def pedir(elenco: Elenco, navegador: Client | None = None, ip: str = "127.0.0.1", **cambios):
    return (navegador or cliente()).post(reverse("cuentas:pedir_usuario"), datos(elenco, **cambios), REMOTE_ADDR=ip)


def pedidas() -> list[SolicitudAcceso]:
    with como_sistema("prueba"):
        return list(SolicitudAcceso.objects.order_by("id"))


def test_anybody_asks_and_the_administrador_sees_it(elenco: Elenco, entrar) -> None:
    assert cliente().get(reverse("cuentas:pedir_usuario")).status_code == 200
    assert pedir(elenco)["Location"] == reverse("cuentas:usuario_pedido")
    assert cliente().get(reverse("cuentas:usuario_pedido")).status_code == 200
    (fila,) = pedidas()
    assert (fila.correo, fila.entidad, fila.estado) == ("pedro.gil@idartes.example", elenco.instituto, "por decidir")
    assert "Pedro Gil" in entrar(elenco.administradora).get(reverse("cuentas:accesos")).content.decode()


def test_the_answer_is_the_same_for_who_already_has_an_account(elenco: Elenco) -> None:
    """N02."""
    nueva, conocida = pedir(elenco), pedir(elenco, correo=elenco.otra_enlace.correo)
    assert (nueva.status_code, nueva["Location"]) == (conocida.status_code, conocida["Location"])


def test_asking_twice_is_asking_once(elenco: Elenco) -> None:
    pedir(elenco)
    assert pedir(elenco, nombre="Otro").status_code == 302
    assert len(pedidas()) == 1


def test_what_is_missing_is_said_at_its_field(elenco: Elenco) -> None:
    respuesta = pedir(elenco, nombre="", correo="pedro", acepta="")
    assert respuesta.status_code == 200
    assert set(respuesta.context["form"].errors) == {"nombre", "correo", "acepta"}


def test_an_entidad_that_ended_is_not_offered(elenco: Elenco) -> None:
    with como_sistema("prueba"):
        elenco.instituto.hasta = elenco.instituto.desde
        elenco.instituto.save()
    assert "entidad" in pedir(elenco).context["form"].errors


def test_a_mailbox_three_times_a_day_and_an_address_ten_an_hour(elenco: Elenco) -> None:
    estados = [pedir(elenco, ip=f"10.2.0.{n}").status_code for n in range(4)]
    assert estados == [302, 302, 302, 429]
    otros = [pedir(elenco, ip="10.3.0.1", correo=f"p{n}@idartes.example").status_code for n in range(11)]
    assert otros == [302] * 10 + [429]


def test_accepting_sends_the_invitation(elenco: Elenco, entrar) -> None:
    pedir(elenco)
    (fila,) = pedidas()
    navegador = entrar(elenco.administradora)
    assert navegador.get(reverse("cuentas:acceso", args=[fila.pk])).status_code == 200
    respuesta = navegador.post(reverse("cuentas:acceso", args=[fila.pk]), {"decision": "enlace", "motivo": ""})
    assert respuesta["Location"] == reverse("cuentas:accesos")
    with como_sistema("prueba"):
        (invitacion,) = Invitacion.objects.all()
        fila.refresh_from_db()
    assert (invitacion.correo, invitacion.entidad, invitacion.rol) == (fila.correo, elenco.instituto, "enlace")
    assert (fila.invitacion_id, fila.decidida_por, fila.estado) == (invitacion.pk, elenco.administradora, "invitada")


def test_refusing_needs_a_reason_and_sends_it(elenco: Elenco, entrar) -> None:
    pedir(elenco)
    (fila,) = pedidas()
    navegador = entrar(elenco.administradora)
    sin_motivo = navegador.post(reverse("cuentas:acceso", args=[fila.pk]), {"decision": "rechazar", "motivo": " "})
    assert "motivo" in sin_motivo.context["form"].errors
    navegador.post(
        reverse("cuentas:acceso", args=[fila.pk]), {"decision": "rechazar", "motivo": "No trabaja en la entidad."}
    )
    with como_sistema("prueba"):
        (correo,) = Entrega.objects.filter(tipo="avisos.correo")
        assert not Invitacion.objects.exists()
    assert correo.destinatario == fila.correo
    assert "No trabaja en la entidad." in correo.carga["carta"]["que_paso"]


def test_it_is_decided_once(elenco: Elenco) -> None:
    pedir(elenco)
    (fila,) = pedidas()
    with actuar(elenco.administradora):
        invitar_a_quien_pidio(solicitud=fila)
        with pytest.raises(ValidationError, match="ya decidió"):
            rechazar_acceso(solicitud=fila, motivo="tarde")


def test_nobody_else_sees_or_decides(elenco: Elenco, entrar) -> None:
    pedir(elenco)
    (fila,) = pedidas()
    for parte in ("admin_entidad", "otra_enlace", "directora", "ventanilla", "subsecretaria"):
        assert entrar(getattr(elenco, parte)).get(reverse("cuentas:acceso", args=[fila.pk])).status_code == 403
        with actuar(getattr(elenco, parte)), transaction.atomic():
            assert not SolicitudAcceso.objects.exists()
    auditora = entrar(elenco.auditora)
    assert auditora.get(reverse("cuentas:accesos")).status_code == 200
    assert auditora.get(reverse("cuentas:acceso", args=[fila.pk])).status_code == 403


def test_the_database_refuses_rows_of_nobody(elenco: Elenco) -> None:
    copia = SolicitudAcceso(entidad=elenco.instituto, nombre="X", correo="x@y.example", cargo="X", para_que="X")
    with con_alcance(NADIE), pytest.raises(DatabaseError), transaction.atomic():
        SolicitudAcceso.objects.bulk_create([copia])
