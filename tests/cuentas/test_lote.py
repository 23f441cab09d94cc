"""People of entidades invited many at once, from a file (architecture §8.13)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page, expect

from alcance import como_sistema
from bandeja.models import Entrega
from cuentas.models import Invitacion
from cuentas.services import lote
from direcciones.models import Entidad
from tests.fabricas import actuar
from tests.soporte.aspecto import Vitrina
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
URL = reverse("cuentas:invitar_varios")
TITULOS = "Correo;Nombre;Cargo;Entidad;Rol\r\n"


def subir(navegador: Client, texto: str | bytes) -> Any:
    contenido = texto.encode() if isinstance(texto, str) else texto
    return navegador.post(URL, {"archivo": SimpleUploadedFile("personas.csv", contenido, "text/csv")})


def invitadas() -> list[tuple[str, str]]:
    with como_sistema("prueba"):
        return list(Invitacion.objects.order_by("correo").values_list("correo", "rol"))


def cartas() -> int:
    with como_sistema("prueba"):
        return Entrega.objects.filter(tipo="cuentas.invitacion").count()


@pytest.fixture
def archivo(elenco: Elenco) -> str:
    """Two to invite (one by the name of its entidad, without role), one who is already in, one wrong."""
    return (
        TITULOS
        + f"Ana@sdg.example;Ana Gil;Jefa;{elenco.secretaria.codigo};Administrador\r\n"
        + f"luis@idartes.example;Luis Ñáñez;;{elenco.instituto.nombre.upper()};\r\n"
        + f"{elenco.enlace.correo};Laura Pérez;;{elenco.secretaria.codigo};enlace\r\n"
        + "sin-arroba;;Jefe;no-existe;gerente\r\n"
    )


def test_the_report_says_what_will_happen_and_nothing_happens_yet(elenco: Elenco, entrar, archivo: str) -> None:
    respuesta = subir(entrar(elenco.administradora), archivo)
    assert respuesta.status_code == 200
    ana, luis, laura, mala = respuesta.context["filas"]
    assert ana.lista
    assert luis.lista
    assert (luis.rol, luis.entidad) == ("enlace", elenco.instituto)
    assert laura.omitida == "Ya tiene ese rol en la entidad."
    assert len(mala.problemas) == 4
    assert "Escriba el código o el nombre de la entidad" in respuesta.content.decode()
    assert (invitadas(), cartas()) == ([], 0)


def test_confirming_invites_and_the_same_file_twice_invites_nobody_twice(elenco: Elenco, entrar, archivo: str) -> None:
    navegador = entrar(elenco.administradora)
    texto = subir(navegador, archivo).context["texto"]
    assert navegador.post(URL, {"texto": texto})["Location"] == reverse("cuentas:invitaciones")
    hechas = [("ana@sdg.example", "admin_entidad"), ("luis@idartes.example", "enlace")]
    assert (invitadas(), cartas()) == (hechas, 2)
    assert navegador.post(URL, {"texto": texto}).status_code == 302
    assert (invitadas(), cartas()) == (hechas, 2)
    assert not any(fila.lista for fila in subir(navegador, archivo).context["filas"])


def test_an_entity_invites_only_to_itself(elenco: Elenco, entrar, archivo: str) -> None:
    """Its column may be empty; another entidad is refused in the report and also when confirming."""
    navegador = entrar(elenco.admin_entidad)
    texto = archivo + "eva@sdg.example;Eva Ruiz;;;\r\n"
    filas = subir(navegador, texto).context["filas"]
    assert [fila.correo for fila in filas if fila.lista] == ["ana@sdg.example", "eva@sdg.example"]
    assert "Usted solo invita a personas de su entidad" in filas[1].problemas[0]
    assert navegador.post(URL, {"texto": texto})["Location"] == reverse("cuentas:enlaces")
    with como_sistema("prueba"):
        assert set(Invitacion.objects.values_list("entidad", flat=True)) == {elenco.secretaria.pk}


def test_the_rules_of_one_invitation_hold(elenco: Elenco) -> None:
    Entidad.objects.filter(pk=elenco.secretaria.pk).update(dominios_correo="sdg.gov.co")
    texto = "nombre,correo\nUno,uno@sdg.gov.co\nDos,dos@gmail.com\nOtra vez Uno,UNO@sdg.gov.co\n"
    with actuar(elenco.admin_entidad):
        uno, dos, repetida = lote.revisar(lote.leer(texto))
    assert uno.lista
    assert "termina en sdg.gov.co" in dos.problemas[0]
    assert repetida.omitida == "Está repetida: es la misma de la línea 2."


@pytest.mark.parametrize(
    ("contenido", "queja"),
    [
        ("nombre;cargo\nAna;Jefa\n", "falta correo"),
        (TITULOS, "no trae personas"),
        (TITULOS + "a@b.co;A;;;\n" * 501, "trae 501 personas"),
        (b"PK\x03\x04\x00\x00", "no es un CSV"),
        (b"x" * (1024 * 1024 + 1), "más de 1 MB"),
    ],
)
def test_a_file_that_is_not_one_is_explained(elenco: Elenco, entrar, contenido: str | bytes, queja: str) -> None:
    respuesta = subir(entrar(elenco.administradora), contenido)
    assert respuesta.status_code == 200
    assert queja in respuesta.content.decode()


def test_a_spreadsheet_of_windows_is_read(elenco: Elenco) -> None:
    assert lote.leer(lote.decodificar("correo;nombre\na@b.co;Íñigo Peña\n".encode("cp1252")))[0].nombre == "Íñigo Peña"


def test_many_rows_cost_the_queries_of_one(elenco: Elenco) -> None:
    def consultas(cuantas: int) -> int:
        texto = "correo;nombre\n" + "".join(f"p{n}@sdg.example;Persona {n}\n" for n in range(cuantas))
        with actuar(elenco.admin_entidad), CaptureQueriesContext(connection) as captura:
            assert all(fila.lista for fila in lote.revisar(lote.leer(texto)))
        return len(captura)

    assert consultas(1) == consultas(30)


def test_the_example_is_a_file_that_works(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.admin_entidad)
    ejemplo = navegador.get(reverse("cuentas:ejemplo_invitados"))
    assert "attachment" in ejemplo["Content-Disposition"]
    assert [fila.lista for fila in subir(navegador, ejemplo.content).context["filas"]] == [True, True]


@pytest.mark.parametrize("parte", ["enlace", "asesora", "auditora", "ventanilla"])
def test_nobody_else_invites(elenco: Elenco, entrar, parte: str) -> None:
    navegador = entrar(getattr(elenco, parte))
    assert navegador.get(URL).status_code == 403
    assert navegador.post(URL, {"texto": TITULOS}).status_code == 403


def test_it_looks_right(pestana: Page, elenco: Elenco, entrar, archivo: str) -> None:
    navegador = entrar(elenco.administradora)
    vitrina = Vitrina(pestana, navegador)
    vitrina.abrir(URL)
    vitrina.revisar()
    # An intercepted form does not carry its file: the answer to the upload is put in the browser.
    informe = subir(navegador, archivo)
    pestana.route(f"**{URL}", lambda ruta: ruta.fulfill(body=informe.content, headers=dict(informe.items())), times=1)
    vitrina.abrir(URL)
    expect(pestana.get_by_role("heading", name="Revisar antes de invitar")).to_be_visible()
    vitrina.revisar()
