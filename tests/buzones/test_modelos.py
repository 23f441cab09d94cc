"""What the base refuses of the mail, whoever writes it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from buzones.estados import Clase, EstadoCorreo, EstadoLlegada, Origen
from buzones.models import Casilla, Correo, Decision, Llegada
from direcciones.models import Buzon
from tests.fabricas import escribiendo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


@pytest.fixture
def buzon(elenco: Elenco) -> Buzon:
    return Buzon.objects.create(correo="mipg@prueba.example", dependencia=elenco.desarrollo, para_que="Pruebas")


def llegada(**datos: Any) -> Llegada:
    propios = {
        "origen": Origen.COMANDO,
        "nombre": "correo.eml",
        "tipo": "eml",
        "bytes": 1,
        "sha256": "0" * 64,
        "ruta": f"subidos/{Llegada.objects.count()}",
        "estado_antivirus": "limpio",
        "recibida_en": timezone.now(),
    }
    return Llegada.objects.create(**propios | datos)


def correo(**datos: Any) -> Correo:
    propios = {
        "numero": f"CR-1999-{Correo.objects.count():06d}",
        "huella": "a" * 64,
        "recibido_en": timezone.now(),
        "fecha_efectiva": timezone.localdate(),
        "clase": Clase.POR_CLASIFICAR,
        "estado": EstadoCorreo.POR_CLASIFICAR,
        "razones": ["No se sabe de quién es."],
    }
    return Correo.objects.create(**propios | datos)


@pytest.mark.parametrize(
    ("datos", "frase"),
    [
        ({"es_compartida": True, "carpeta": "inbox"}, "nunca el buzón entero"),
        ({"carpeta": "SDFI", "carpeta_leidos": "SDFI"}, "a otra carpeta"),
        ({"conexion": "otra"}, "no está configurada"),
    ],
)
def test_a_casilla_that_would_read_too_much_is_refused(buzon: Buzon, datos: dict[str, Any], frase: str) -> None:
    """R11, R58: of the shared window only the folder of this service."""
    with pytest.raises(ValidationError, match=frase):
        Casilla(nombre="mipg", buzon=buzon, **datos).full_clean()


def test_a_folder_is_read_by_one_casilla_only(buzon: Buzon) -> None:
    Casilla.objects.create(nombre="una", buzon=buzon, conexion="mipg")
    with pytest.raises(IntegrityError, match="buzones_una_por_carpeta"), transaction.atomic():
        Casilla.objects.create(nombre="otra", buzon=buzon, conexion="mipg")
    Casilla.objects.create(nombre="otra", buzon=buzon, conexion="mipg", carpeta="SDFI")


def test_what_reaches_a_direccion_is_seen_by_those_below(buzon: Buzon, elenco: Elenco) -> None:
    suyas = Casilla.objects.create(nombre="una", buzon=buzon).dependencias()
    assert elenco.desarrollo.pk in suyas and elenco.archivo.pk not in suyas


@pytest.mark.parametrize(
    ("datos", "regla"),
    [
        ({"uid": 7}, "buzones_llegada_con_uid"),
        ({"origen": Origen.IMAP}, "buzones_llegada_con_uid"),
        ({"recibida_en": timezone.now() + timedelta(days=1)}, "buzones_recibida_antes"),
        ({"estado": EstadoLlegada.PROCESADA}, "buzones_leida_con_correo"),
        ({"bytes": 0}, "buzones_llegada_no_vacio"),
    ],
)
def test_a_llegada_says_where_it_came_from(datos: dict[str, Any], regla: str) -> None:
    with pytest.raises(IntegrityError, match=regla), escribiendo():
        llegada(**datos)


def test_a_message_of_the_mailbox_is_kept_once(buzon: Buzon) -> None:
    """M02: whatever dies between the reading and the move."""
    suya = {"casilla": Casilla.objects.create(nombre="una", buzon=buzon), "origen": Origen.IMAP, "carpeta": "INBOX"}
    with escribiendo():
        llegada(uidvalidity=1, uid=7, **suya)
        llegada(uidvalidity=2, uid=7, **suya)
    with pytest.raises(IntegrityError, match="buzones_una_por_uid"), escribiendo():
        llegada(uidvalidity=1, uid=7, **suya)


def test_the_same_message_is_one_and_a_forged_id_swallows_none() -> None:
    with escribiendo():
        correo(mensaje_id="<a@b>")
        correo(mensaje_id="<a@b>", huella="b" * 64)
    with pytest.raises(IntegrityError, match="buzones_correo_unico"), escribiendo():
        correo(mensaje_id="<a@b>")


@pytest.mark.parametrize(
    ("datos", "regla"),
    [
        ({"razones": []}, "buzones_por_clasificar_con_razon"),
        ({"clase": Clase.NUEVA_SOLICITUD, "estado": EstadoCorreo.ATENDIDO}, "buzones_atendido_con_solicitud"),
        ({"huella": "corta"}, "buzones_correo_huella"),
        ({"confianza": 101}, "buzones_confianza_hasta_cien"),
    ],
)
def test_a_correo_says_why_and_of_what(datos: dict[str, Any], regla: str) -> None:
    with pytest.raises(IntegrityError, match=regla), escribiendo():
        correo(**datos)


@pytest.mark.parametrize("modelo", [Llegada, Correo, Casilla])
def test_nothing_of_the_ledger_is_deleted(modelo: Any) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), escribiendo():
        modelo.objects.all()._raw_delete("default")


def test_a_decision_is_never_rewritten() -> None:
    with escribiendo():
        decision = Decision.objects.create(correo=correo(), clase=Clase.SPAM)
    with pytest.raises(ProgrammingError, match="permission denied"), escribiendo():
        Decision.objects.filter(pk=decision.pk).update(clase=Clase.MENSAJE)
