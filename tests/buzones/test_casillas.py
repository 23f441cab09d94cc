"""The page of the mailboxes: how each goes, how it is mended, and who may change it. No secret is on it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bitacora.models import Suceso
from buzones import services
from buzones.models import Casilla, Conciliacion, EstadoCasilla
from buzones.services.guardar import Traido, guardar_lote
from direcciones.models import Buzon
from plazos.reloj import hoy
from sdfi_portal.entorno import ConexionImap
from tests.buzones.apoyos import casilla
from tests.fabricas import escribiendo
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
SECRETO = "una clave que no se ve"
CONEXIONES = {
    clave: ConexionImap(clave, "imaps", f"{clave}.correo.example", 993, f"usuario-{clave}", SECRETO)
    for clave in ("mipg", "ventanilla")
}
LISTA = "buzones:casillas"


@pytest.fixture
def suya(elenco: Elenco, settings: Any) -> Iterator[Casilla]:
    settings.BUZONES = CONEXIONES
    return casilla(elenco, conexion="mipg")


def pagina(entrar: Any, quien: Any, suya: Casilla) -> str:
    return entrar(quien).get(reverse("buzones:casilla", args=[suya.pk])).content.decode()


def estado(suya: Casilla, **datos: Any) -> None:
    EstadoCasilla.objects.update_or_create(casilla=suya, defaults=datos)


def campos(suya: Casilla, **otros: Any) -> dict[str, Any]:
    """What the form sends of it."""
    return {
        "nombre": suya.nombre,
        "buzon": suya.buzon_id,
        "conexion": suya.conexion,
        "carpeta": suya.carpeta,
        "carpeta_leidos": suya.carpeta_leidos,
        "desde_en": timezone.localtime(suya.desde_en).strftime("%Y-%m-%dT%H:%M"),
        "activa": "on",
        **otros,
    }


def test_who_reads_and_who_changes(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    una = [suya.pk]
    for quien in (elenco.administradora, elenco.auditora):
        cliente = entrar(quien)
        assert cliente.get(reverse(LISTA)).status_code == 200
        html = cliente.get(reverse("buzones:casilla", args=una)).content.decode()
        assert SECRETO not in html and "usuario-mipg, en mipg.correo.example" in html
        assert ("Leer ahora" in html and "Editar" in html) is (quien is elenco.administradora)
    for quien in (elenco.auditora, elenco.ventanilla, elenco.directora, elenco.asesora, elenco.enlace):
        cliente = entrar(quien)
        for nombre in ("casilla_editar", "casilla_leer"):
            assert cliente.post(reverse(f"buzones:{nombre}", args=una)).status_code == 403
        for nombre in ("casilla_nueva", "casillas_vistas"):
            assert cliente.post(reverse(f"buzones:{nombre}")).status_code == 403
    for quien in (elenco.ventanilla, elenco.directora, elenco.subsecretaria, elenco.enlace):
        assert entrar(quien).get(reverse(LISTA)).status_code == 403
        assert entrar(quien).get(reverse("buzones:casilla", args=una)).status_code == 403


@pytest.mark.parametrize(
    ("falla", "remedio"),
    [
        ("mipg.correo.example no aceptó al usuario «usuario-mipg» o su clave.", "La clave cambió o venció"),
        ("No se pudo hablar con mipg.correo.example:993: timed out.", "no responde"),
        ("El cifrado con mipg.correo.example no es de confianza: x.", "certificado"),
        ("La carpeta «SDFI» no existe o no se puede abrir.", "Cree la carpeta"),
        ("El servidor no entrega estos mensajes de «INBOX»: [3].", "Los demás sí se leen"),
        ("mipg.correo.example respondió otra cosa: BYE", "vuelve a intentarlo solo"),
    ],
)
def test_a_failure_is_told_with_what_to_do(
    suya: Casilla, elenco: Elenco, entrar: Any, falla: str, remedio: str
) -> None:
    estado(suya, falla=falla, falla_desde=timezone.now(), leida_en=timezone.now())
    html = pagina(entrar, elenco.administradora, suya)
    assert falla in html and remedio in html and "No se puede leer" in html


def test_each_state_in_words(suya: Casilla, elenco: Elenco, entrar: Any, settings: Any) -> None:
    def dice(texto: str) -> bool:
        return texto in pagina(entrar, elenco.auditora, suya)

    assert dice("Aún no se ha leído")
    estado(suya, leida_en=timezone.now())
    assert dice("Al día")
    Conciliacion.objects.create(
        casilla=suya, dia=hoy(), en_servidor=2, en_libro=1, bien=False, faltan=[["INBOX", 7]], hecha_en=timezone.now()
    )
    assert dice("No cuadra con el libro") and dice("El servidor no entrega el n.º 7 de «INBOX».")
    estado(suya, leida_en=timezone.now() - timedelta(hours=1))
    assert dice("Hace rato no se lee")
    Casilla.objects.update(activa=False)
    assert dice("En pausa")
    settings.BUZONES = {}
    assert dice("BUZON_MIPG") and dice("Sin conexión en el servidor")
    Casilla.objects.update(conexion="")
    assert dice("Le llega por otro medio")
    Casilla.objects.update(desde=hoy() - timedelta(days=9), hasta=hoy() - timedelta(days=1))
    assert dice("Histórica")


def test_it_is_added_after_seeing_what_will_be_read(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    cliente, url = entrar(elenco.administradora), reverse("buzones:casilla_nueva")
    otro = Buzon.objects.create(correo="ventanilla@prueba.example", dependencia=elenco.desarrollo, para_que="Todo")
    datos = campos(suya, nombre="ventanilla", buzon=otro.pk, conexion="ventanilla", es_compartida="on")
    malo = cliente.post(url, datos)
    assert "nunca el buzón entero" in malo.content.decode() and Casilla.objects.count() == 1
    datos["carpeta"] = "SDFI"
    antes = cliente.post(url, datos)
    assert "solo la carpeta «SDFI», y nada más de ese buzón" in antes.content.decode()
    assert Casilla.objects.count() == 1 and SECRETO not in antes.content.decode()
    corregir = cliente.post(url, {**datos, "confirmado": "si", "corregir": "si"})
    assert "Continuar" in corregir.content.decode() and Casilla.objects.count() == 1
    guardada = cliente.post(url, {**datos, "confirmado": "si"}, follow=True)
    nueva = Casilla.objects.get(nombre="ventanilla")
    assert nueva.es_compartida and nueva.carpeta == "SDFI" and nueva.desde == hoy()
    pagina = guardada.content.decode()
    assert "Se agregó" in pagina and "<ins>ventanilla@prueba.example</ins>" in pagina
    with escribiendo():
        assert Suceso.objects.filter(accion="catalogo.crear", objeto_id=str(nueva.pk)).exists()


def test_a_change_that_reads_what_was_not_read_warns(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    cliente, url = entrar(elenco.administradora), reverse("buzones:casilla_editar", args=[suya.pk])
    igual = cliente.post(url, campos(suya, nombre="otra")).content.decode()
    assert "se puede responder solo" not in igual and "Antes de guardar" in igual
    antes = (timezone.localtime(suya.desde_en) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    for cambio in ({"carpeta": "Otra"}, {"conexion": "ventanilla"}, {"desde_en": antes}):
        assert "se puede responder solo" in cliente.post(url, campos(suya, **cambio)).content.decode()
    desde = suya.desde_en
    cliente.post(url, campos(suya, nombre="otra", confirmado="si"))
    suya.refresh_from_db()
    assert suya.nombre == "otra" and suya.desde_en == desde  # the control only says minutes
    cliente.post(url, {k: v for k, v in campos(suya, confirmado="si").items() if k != "activa"})
    suya.refresh_from_db()
    assert not suya.activa
    assert "Cambió" in pagina(entrar, elenco.auditora, suya)


@pytest.mark.parametrize(
    ("cambio", "dice"),
    [
        ({"nombre": "con espacios"}, "letras sin tilde"),
        ({"conexion": "inventada"}, "Elija una opción"),
        ({"carpeta": "Portal leidos"}, "otra carpeta"),
        ({"carpeta": ""}, "Complete este dato"),
        ({"desde_en": "ayer"}, "la fecha y la hora"),
    ],
)
def test_what_makes_no_sense_is_refused(
    suya: Casilla, elenco: Elenco, entrar: Any, cambio: dict[str, str], dice: str
) -> None:
    url = reverse("buzones:casilla_editar", args=[suya.pk])
    html = entrar(elenco.administradora).post(url, campos(suya, **cambio, confirmado="si")).content.decode()
    assert dice in html and "resumen" in html
    suya.refresh_from_db()
    assert (suya.nombre, suya.carpeta, suya.conexion) == ("mipg", "INBOX", "mipg")


def test_reading_now_goes_before_the_wait_and_says_how_it_goes(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    estado(suya, intentar_en=timezone.now() + timedelta(minutes=15), falla="x", leida_en=timezone.now())
    assert services.por_leer() == []
    cliente, url = entrar(elenco.administradora), reverse("buzones:casilla", args=[suya.pk])
    assert cliente.post(reverse("buzones:casilla_leer", args=[suya.pk])).status_code == 302
    assert services.por_leer() == [suya.pk]
    html = cliente.get(url).content.decode()
    assert "Empieza a leerse en unos segundos." in html and "Leer ahora" not in html
    version = html.partition('data-version="')[2].partition('"')[0]
    assert cliente.get(url, {"parcial": 1, "version": version}).status_code == 204
    estado(suya, tomada_hasta=timezone.now() + timedelta(minutes=1), traidos=25)
    assert "25 mensajes hasta ahora" in cliente.get(url, {"parcial": 1, "version": version}).json()["texto"]
    estado(suya, tomada_hasta=None, traidos=26, intentada_en=timezone.now(), falla="")
    assert cliente.get(url, {"parcial": 1, "version": version}).json()["texto"].endswith("26 mensajes nuevos.")
    assert "Leer ahora" in cliente.get(url).content.decode()


def test_one_that_does_not_begin_says_it(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    estado(suya, pedida_en=timezone.now() - timedelta(minutes=3))
    assert "revise el trabajador" in pagina(entrar, elenco.administradora, suya)


def test_one_in_pause_is_not_read(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    Casilla.objects.update(activa=False)
    respuesta = entrar(elenco.administradora).post(reverse("buzones:casilla_leer", args=[suya.pk]), follow=True)
    assert "no se lee" in respuesta.content.decode()
    assert not EstadoCasilla.objects.exists()


def test_what_was_set_apart_is_marked_as_seen(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    traidos = [Traido(uid, timezone.now(), b"x", f"Pesa {uid} MB.") for uid in (61, 62)]
    guardar_lote(traidos, casilla=suya, carpeta="INBOX", uidvalidity=1)
    cliente, url = entrar(elenco.administradora), reverse("buzones:casillas_vistas")
    pagina_de_todas = cliente.get(reverse(LISTA))
    [segunda, _] = pagina_de_todas.context["apartadas"]
    assert "Pesa 61 MB." in pagina_de_todas.content.decode()
    assert "Marque los mensajes" in cliente.post(url, follow=True).content.decode()
    html = cliente.post(url, {"llegada": [segunda.pk, "x", "9" * 40]}, follow=True).content.decode()
    assert "Pesa 62 MB." not in html and "Pesa 61 MB." in html
    assert "Marcar como vistos" not in entrar(elenco.auditora).get(reverse(LISTA)).content.decode()


def test_the_list_costs_the_same_with_many(suya: Casilla, elenco: Elenco, entrar: Any) -> None:
    cliente, consultas = entrar(elenco.administradora), []
    cliente.get(reverse(LISTA))
    for desde, hasta in ((0, 1), (1, 3), (3, 25)):
        for n in range(desde, hasta):
            estado(casilla(elenco, f"casilla-{n}"), falla="x", falla_desde=timezone.now())
            guardar_lote([Traido(n, timezone.now(), b"x", "x")], casilla=suya, carpeta="INBOX", uidvalidity=1)
        with CaptureQueriesContext(connection) as capturadas:
            assert cliente.get(reverse(LISTA)).status_code == 200
        consultas.append(len(capturadas))
    assert len(set(consultas)) == 1
