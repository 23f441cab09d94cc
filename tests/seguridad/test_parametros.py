"""I01, I04, I05: odd values in what a page can be asked for. Nothing breaks, nothing of others comes out."""

import pytest

from sdfi_portal.aislamiento import canarios, matriz
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.matriz import Destino
from sdfi_portal.aislamiento.mundo import Mundo
from sdfi_portal.aislamiento.rastreo import Lector
from tests.seguridad.test_cabeceras import quien_abre, uno_de_cada

pytestmark = pytest.mark.ignore_template_errors
COMUNES = {
    "q", "orden", "pagina", "page", "antes", "despues", "desde", "hasta", "estado", "entidad", "dependencia", "dias",
}  # fmt: skip
VALORES = (
    "1000000000000000000", "0001-01-01", "9999-12-31", "2026-02-30", "\x00", "\ud800",
    "a\r\nSet-Cookie: x=y", "<script>",
)  # fmt: skip
MAS_VALORES = (
    "-1", "0", "1e9", "NaN", "24:61", "null", "' or 1=1 --", "radicada_por__password__startswith", "{{7*7}}", "${7*7}",
    "\u202e", "😀" * 50, "x" * 5000, "../../etc/passwd", "%s%s%n", "-solicitud__entidad__nombre", "[]", "9" * 400, "٣",
    "2026-W01", "0001-01-01T00:00", "+99999-01-01",
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


def nombres_de(pagina: Lector) -> set[str]:
    """What the page itself asks for: its search forms and its links."""
    de_formularios = {c.nombre for f in pagina.formularios if f.metodo == "get" for c in f.campos if c.nombre}
    de_enlaces = {
        par.partition("=")[0]
        for enlace in pagina.enlaces
        if "?" in enlace
        for par in enlace.partition("?")[2].split("&")
    }
    return de_formularios | {nombre for nombre in de_enlaces if nombre.isidentifier()}


def reparos(este: Mundo, marcador: Marcador, papel: str, destino: Destino, valores: tuple[str, ...]) -> list[str]:
    """What goes wrong in this page with odd values in what it asks for, and with lookups nobody offered."""
    malas, url = [], destino.url
    normal = marcador.llamar(papel, "GET", url)
    nombres = nombres_de(Lector(normal.cuerpo.decode("utf-8", "replace"))) if normal.tipo == "text/html" else set()
    con = marcador.llamar(papel, "GET", url, data=TRAVESIAS)
    if con.estado not in {normal.estado, 400, 404}:
        malas.append(f"{url} · {papel}: {normal.estado} → {con.estado} con claves desconocidas")
    for valor in valores if nombres else valores[:1]:
        crudo = valor.encode("utf-8", "surrogatepass")
        respuesta = marcador.llamar(papel, "GET", url, data=dict.fromkeys(sorted(nombres | COMUNES), crudo))
        como = f"{destino.pagina.nombre} · {papel} · {valor[:30]!r}"
        if respuesta.estado >= 500:
            malas.append(f"{como}: {respuesta.error}")
        malas += [f"{como}: {c}" for c in canarios.ajenos(respuesta, papel, este.objetos)]
        if "<script>" in valor and b"<script>" in respuesta.cuerpo:
            malas.append(f"{como}: refleja lo tecleado")
        if "x=y" in respuesta.cabeceras.get("Set-Cookie", ""):
            malas.append(f"{como}: deja escribir cabeceras")
    return malas


def test_odd_values_break_nothing_and_open_nothing(este: Mundo, marcador: Marcador) -> None:
    """Each page by somebody who opens it, as its own forms and links would ask it."""
    malas = [
        falla
        for destino in uno_de_cada(este)
        if destino.pagina.nombre != "demo:correo"
        for falla in reparos(este, marcador, quien_abre(destino), destino, VALORES)
    ]
    assert malas == []


def test_the_names_of_the_lists_are_found(este: Mundo, marcador: Marcador) -> None:
    """Negative control: the test above really asks what the pages ask."""
    pagina = Lector(marcador.llamar("asesor_x", "GET", "/registro/").cuerpo.decode())
    assert {"desde", "hasta"} <= nombres_de(pagina)


@pytest.mark.larga
@pytest.mark.parametrize("papel", ["anonimo", "enlace_b", "asesor_y", "director_x", "administrador", "auditor"])
def test_odd_values_by_each_role_in_every_page(este: Mundo, marcador: Marcador, papel: str) -> None:
    malas = []
    for pagina in matriz.paginas():
        if pagina.nombre == "salud" or not pagina.deja_entrar(papel):
            continue
        for destino in matriz.destinos(pagina, este.objetos):
            if destino.para(papel) in {matriz.PROPIO, matriz.NINGUNO}:
                malas += reparos(este, marcador, papel, destino, VALORES + MAS_VALORES)
    assert malas == []
