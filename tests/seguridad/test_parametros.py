"""I04, I05, I01: odd values in what a list can be asked for. Nothing breaks, nothing of others comes out."""

import pytest
from django.urls import resolve

from sdfi_portal.aislamiento import canarios, matriz
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo
from sdfi_portal.aislamiento.rastreo import Lector

pytestmark = pytest.mark.ignore_template_errors
PAPELES = ("anonimo", "enlace_b", "asesor_y", "administrador")
COMUNES = (
    "q",
    "orden",
    "pagina",
    "page",
    "antes",
    "despues",
    "desde",
    "hasta",
    "estado",
    "entidad",
    "dependencia",
    "dias",
)
VALORES = (
    "-1", "0", "1000000000000000000", "NaN", "1e9", "0001-01-01", "9999-12-31", "2026-02-30", "24:61", "null",
    "' or 1=1 --", "{{7*7}}", "${7*7}", "\x00", "\u202e", "😀" * 50, "x" * 5000, "../../etc/passwd", "%s%s%n",
    "a\r\nSet-Cookie: x=y", "radicada_por__password__startswith", "-solicitud__entidad__nombre", "[]", "<script>",
)  # fmt: skip
TRAVESIAS = {
    "radicada_por__password__startswith": "a",
    "entidad__membresias__persona__correo": "x",
    "order_by": "password",
    "ordering": "-persona__password",
    "fields": "password",
    "format": "xml",
    "_to_field": "password",
}


def nombres_de(marcador: Marcador, papel: str, url: str) -> set[str]:
    """What the page itself asks for: its search forms and its links."""
    pagina = Lector(marcador.llamar(papel, "GET", url).cuerpo.decode("utf-8", "replace"))
    de_formularios = {c.nombre for f in pagina.formularios if f.metodo == "get" for c in f.campos if c.nombre}
    de_enlaces = {
        par.partition("=")[0]
        for enlace in pagina.enlaces
        if "?" in enlace
        for par in enlace.partition("?")[2].split("&")
    }
    return de_formularios | {nombre for nombre in de_enlaces if nombre.isidentifier()}


@pytest.mark.parametrize("papel", PAPELES)
def test_odd_values_break_nothing_and_open_nothing(este: Mundo, marcador: Marcador, papel: str) -> None:
    malas = []
    for pagina in matriz.paginas():
        if pagina.parametros or not pagina.deja_entrar(papel) or pagina.nombre == "salud":
            continue
        url = pagina.direccion({})
        nombres = nombres_de(marcador, papel, url) | set(COMUNES)
        for valor in VALORES:
            respuesta = marcador.llamar(papel, "GET", url, data=dict.fromkeys(sorted(nombres), valor))
            if respuesta.estado >= 500:
                malas.append(f"{pagina.nombre} · {papel} · {valor[:30]!r}: {respuesta.error}")
            malas += [
                f"{pagina.nombre} · {papel} · {valor[:30]!r}: {c}"
                for c in canarios.ajenos(respuesta, papel, este.objetos)
            ]
            if "<script>" in valor and b"<script>" in respuesta.cuerpo:
                malas.append(f"{pagina.nombre} · {papel}: refleja lo tecleado")
            if "x=y" in respuesta.cabeceras.get("Set-Cookie", ""):
                malas.append(f"{pagina.nombre} · {papel}: deja escribir cabeceras")
    assert malas == []


@pytest.mark.parametrize("papel", ["enlace_b", "asesor_y"])
def test_a_lookup_typed_in_the_address_does_nothing(este: Mundo, marcador: Marcador, papel: str) -> None:
    """Unknown keys are ignored: the page is the same with them and without them."""
    malas = []
    for pagina in matriz.paginas():
        if pagina.parametros or not pagina.deja_entrar(papel) or pagina.nombre == "salud":
            continue
        url = pagina.direccion({})
        sin, con = marcador.llamar(papel, "GET", url), marcador.llamar(papel, "GET", url, data=TRAVESIAS)
        if con.estado not in {sin.estado, 400, 404}:
            malas.append(f"{pagina.nombre}: {sin.estado} → {con.estado}")
        malas += [f"{pagina.nombre}: {c}" for c in canarios.ajenos(con, papel, este.objetos)]
    assert malas == []


def test_the_names_of_the_lists_are_found(este: Mundo, marcador: Marcador) -> None:
    """The test above really asks what the pages ask."""
    assert resolve("/").view_name == "inicio"
