"""P01: nothing a person types makes the portal open a socket, read a file or embed one."""

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings

from documentos.contextos import Destinatario, Membrete, PreguntaRespondida
from documentos.pdf import crear_pdf, imprimir
from documentos.proceso import NOMBRE_PROPIO
from documentos.texto import Texto
from tests.documentos import muestras

ATAQUES = (
    '<img src="{web}/img"><img srcset="{web}/set 2x"><input type=image src="{web}/input">',
    '<link rel="attachment" href="file://{secreto}"><a rel="attachment" href="file://{secreto}">x</a>',
    '<link rel="stylesheet" href="{web}/css"><style>@import url("{web}/import");</style>',
    '<style>@font-face{{font-family:f;src:url("{web}/f")}} p{{font-family:f;background:url("{web}/bg")}}</style>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{web}/svg"/><use href="file://{secreto}#a"/></svg>',
    '<base href="{web}/"><img src="img/relativa.png"><object data="{web}/obj"></object><embed src="file://{secreto}">',
    '<p style="content:url({web}/c);list-style-image:url(file://{secreto})">x</p>',
    '<img src="https://documento.invalid/estatico/css/../../manage.py"><img src="/estatico/%2e%2e/manage.py">',
    '<img src="data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%3E'
    '%3Cimage%20href=%22{web}/d%22/%3E%3C/svg%3E">',
    '<iframe src="{web}/marco"></iframe><meta http-equiv="refresh" content="0;url={web}/r">',
    '<img src="{web}/redirige"><img src="ftp://127.0.0.1/f"><img src="\\\\127.0.0.1\\x">',
)


@pytest.fixture
def canario() -> Iterator[tuple[str, list[str]]]:
    """An HTTP server that writes down whoever calls, and redirects to a file."""
    llamadas: list[str] = []

    class Anota(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            llamadas.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    servidor = ThreadingHTTPServer(("127.0.0.1", 0), Anota)
    hilo = threading.Thread(target=servidor.serve_forever, daemon=True)
    hilo.start()
    yield f"http://127.0.0.1:{servidor.server_port}", llamadas
    servidor.shutdown()
    servidor.server_close()


@pytest.fixture
def secreto(tmp_path: Path) -> Path:
    archivo = tmp_path / "secreto.txt"
    archivo.write_text("canario-que-nadie-debe-leer")
    return archivo


def _sin_adjuntos(contenido: bytes) -> None:
    with pikepdf.open(io.BytesIO(contenido)) as pdf:
        assert dict(pdf.attachments) == {}
        diccionarios = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary | pikepdf.Stream)]
        assert not [o for o in diccionarios if o.get("/Type") in ("/Filespec", "/EmbeddedFile")]
        assert all(b"canario-que-nadie" not in o.read_bytes() for o in diccionarios if isinstance(o, pikepdf.Stream))


def _envenenar(objeto: Any, veneno: str) -> Any:
    """The same dataclass with the poison in every text it has, nested ones included."""
    cambios: dict[str, Any] = {}
    for campo in fields(objeto):
        valor = getattr(objeto, campo.name)
        if campo.name in {"codigo", "url_verificacion"}:
            continue
        if isinstance(valor, str):
            cambios[campo.name] = type(valor)(veneno)
        elif isinstance(valor, Membrete | Destinatario):
            cambios[campo.name] = _envenenar(valor, veneno)
        elif isinstance(valor, tuple):
            cambios[campo.name] = tuple(veneno if isinstance(v, str) else _envenenar(v, veneno) for v in valor)
    return replace(objeto, **cambios)


@pytest.mark.parametrize(
    ("plantilla", "contexto"), [("concepto", muestras.concepto()), ("constancia", muestras.constancia())]
)
def test_html_hostil_en_cada_campo(canario: Any, secreto: Path, plantilla: str, contexto: Any) -> None:
    """P01: what people type is text, never markup."""
    web, llamadas = canario
    veneno = "".join(ATAQUES[:3]).format(web=web, secreto=secreto)
    documento = crear_pdf(plantilla, _envenenar(contexto, veneno))
    assert llamadas == []
    assert f'src="{web}' not in documento.html
    _sin_adjuntos(documento.bytes)


def test_aunque_el_html_llegara_crudo(canario: Any, secreto: Path) -> None:
    """P01, second net: markup that reached the printer unescaped gets nothing either."""
    web, llamadas = canario
    crudo = "".join(f"<div>{ataque.format(web=web, secreto=secreto)}</div>" for ataque in ATAQUES)
    _sin_adjuntos(imprimir(f"<html lang=es><title>x</title>{crudo}", imagenes=[]))
    assert llamadas == []


def test_el_canario_oye(canario: Any) -> None:
    """Negative control: WeasyPrint as it comes does call."""
    web, llamadas = canario
    codigo = f"import weasyprint; weasyprint.HTML(string='<img src={web}/img>').write_pdf()"
    subprocess.run([sys.executable, "-c", codigo], check=True)
    assert llamadas


VIGIA = """
import json, sys
from pathlib import Path
import weasyprint
from documentos import proceso
vistos = []
sys.addaudithook(lambda e, a: vistos.append([e, str(a[0])]) if e == "open" or e.startswith("socket.") else None)
pedido = json.load(sys.stdin)
proceso.imprimir(pedido["html"], raices=[Path(pedido["raiz"])], imagenes=[])
print(json.dumps(vistos))
"""


def test_solo_abre_lo_suyo(secreto: Path) -> None:
    """P01: an audit hook sees every file Python opens while it prints, and that it opens no socket."""
    html = "<html lang=es><title>x</title><link rel=stylesheet href=/estatico/css/documento.css>" + "".join(
        ATAQUES
    ).format(web="http://127.0.0.1:9", secreto=secreto)
    pedido = json.dumps({"html": html, "raiz": str(settings.STATICFILES_DIRS[0])})
    salida = subprocess.run(
        [sys.executable, "-c", VIGIA], input=pedido, capture_output=True, text=True, cwd=settings.RAIZ, check=True
    )
    vistos = json.loads(salida.stdout)
    abiertos = [ruta for evento, ruta in vistos if evento == "open"]
    propios = (
        sys.prefix,
        sys.base_prefix,
        str(settings.RAIZ / "static"),
        "/usr/lib/python",
        "/usr/share",
        "/etc/fonts",
    )
    ajenos = [ruta for ruta in abiertos if not ruta.startswith(propios) and "weasyprint-" not in ruta]
    assert [evento for evento, _ in vistos if evento.startswith("socket.")] == []
    assert [ruta for ruta in ajenos if not ruta.isdigit()] == []
    assert any(ruta.endswith("documento.css") for ruta in abiertos)


@pytest.mark.parametrize(
    "nombre",
    [
        "css/../settings.py",
        "../manage.py",
        "css//a.css",
        "css/%2e%2e/a.css",
        "js/a.js",
        "css/.oculto",
        "/etc/passwd",
        "css/a",
    ],
)
def test_no_hay_nombre_que_suba_de_carpeta(nombre: str) -> None:
    assert NOMBRE_PROPIO.fullmatch(nombre) is None


def test_las_preguntas_tambien_son_texto() -> None:
    pregunta = PreguntaRespondida(numero=1, pregunta="<img src=x>", respuesta=Texto("<script>alert(1)</script>"))
    html = crear_pdf("concepto", muestras.concepto(preguntas=(pregunta,))).html
    assert "&lt;img src=x&gt;" in html
    assert "<script>" not in html
