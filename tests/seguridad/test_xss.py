"""I02: what people write is shown as text, on every page, and no browser runs it (django-helpdesk 360bace4, c54b89f1).

The fast proof writes markup in every text of the world and reads every page as a browser would. The long one shows 200
payloads to Chromium, where nothing may run and the content policy must have nothing to stop.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from alcance import como_sistema
from buzones.mime.limpiar_html import limpiar
from sdfi_portal.aislamiento import matriz, objetos
from sdfi_portal.aislamiento.llamadas import Marcador, abrir_sesion
from sdfi_portal.aislamiento.mundo import Mundo, mundo
from sdfi_portal.aislamiento.prueba import TODOS
from solicitudes.models import Mensaje
from tests.seguridad.test_cabeceras import reparos as faltan_cabeceras
from tests.soporte.aspecto import Vitrina

pytestmark = pytest.mark.ignore_template_errors
PLANTADO = "'\"><img src=x onerror=x>"
NUCLEOS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "<object data=javascript:alert(1)></object>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<style>@import 'https://malo.example/x.css'</style>",
    "<link rel=stylesheet href=https://malo.example/x.css>",
    "<base href=https://malo.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><button autofocus>x</button></form>",
    "[enlace](javascript:alert(1))",
    "![x](x\" onerror=\"alert(1))",
    "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)",
)  # fmt: skip
ENVOLTURAS = (
    "{}", "\">{}", "'>{}", "</textarea>{}", "</title></style></script>{}", "<!--{}-->", "<scr<script>ipt>{}",
    "&lt;{}", "\u202e{}", "<b>{}",
)  # fmt: skip
CORPUS = [envoltura.format(nucleo) for nucleo, envoltura in product(NUCLEOS, ENVOLTURAS)]


class Vigia(HTMLParser):
    """Notices the planted tag, wherever a browser would see one."""

    def __init__(self) -> None:
        super().__init__()
        self.vio = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.vio = self.vio or any(nombre.startswith("on") for nombre, _ in attrs)


def se_interpreta(cuerpo: str) -> bool:
    vigia = Vigia()
    vigia.feed(cuerpo)
    return vigia.vio


class Corre(HTMLParser):
    """Gathers what a browser could run, load or send, of a page that should have none of it."""

    PASIVAS = frozenset({"html", "head", "meta", "title", "body", "a", "b", "img", "p", "details"})

    def __init__(self) -> None:
        super().__init__()
        self.hallado: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.PASIVAS:
            self.hallado.append(tag)
        for nombre, valor in attrs:
            bueno = valor and nombre == "href" and valor.startswith(("https://", "mailto:"))
            if nombre not in {"lang", "charset", "rel"} and not bueno:
                self.hallado.append(f"{tag} {nombre}={valor}")


def lo_que_corre(cuerpo: str) -> list[str]:
    corre = Corre()
    corre.feed(cuerpo)
    return corre.hallado


@pytest.fixture
def escrito(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mundo]:
    """The world of the proof of tenancy, with markup in every text that its people wrote."""
    monkeypatch.setattr(objetos, "canario", lambda clave: f"{PLANTADO}{uuid4().hex[:8]}")
    with mundo() as construido:
        yield construido


def visitas(este: Mundo, cuantos: int) -> Iterator[tuple[str, str]]:
    """Each address with some of those who open it. Shape: papel, address."""
    for pagina in matriz.paginas():
        for destino in matriz.destinos(pagina, este.objetos):
            if destino.clase == matriz.INEXISTENTE:
                continue
            abren = [p for p in TODOS if pagina.deja_entrar(p) and (destino.objeto is None or p in destino.abren)]
            for papel in [*reversed(abren)][:cuantos]:
                yield papel, destino.url


def probar(este: Mundo, cuantos: int) -> tuple[list[str], int]:
    marcador, malas, vistas = Marcador(este.elenco), [], 0
    for papel, url in visitas(este, cuantos):
        respuesta = marcador.llamar(papel, "GET", url)
        texto = respuesta.cuerpo.decode("utf-8", "replace")
        if respuesta.tipo == "text/html":
            vistas += "&lt;img src=x onerror" in texto
            malas += [f"{url} · {papel}"] if se_interpreta(texto) else []
    return malas, vistas


def test_what_people_wrote_is_text_on_every_page(escrito: Mundo) -> None:
    malas, vistas = probar(escrito, 1)
    assert malas == []
    assert vistas > 20, "casi ninguna página mostró lo escrito: la prueba no prueba"


def test_unescaped_text_would_be_noticed() -> None:
    """Negative control."""
    assert len(CORPUS) >= 200
    assert se_interpreta(f'<p title="{PLANTADO}">') and se_interpreta(f"<p>{PLANTADO}</p>")
    assert not se_interpreta("<p>&#x27;&quot;&gt;&lt;img src=x onerror=x&gt;</p>")


def test_the_frame_of_a_mail_has_nothing_to_run(este: Mundo) -> None:
    """The only page that shows markup of strangers: what was cleaned when it arrived, under a policy of its own."""
    correo = este.objeto("correo").fila
    with como_sistema("prueba: recibir lo hostil"):
        type(correo).objects.filter(pk=correo.pk).update(html="\n".join(map(limpiar, [*CORPUS, f"<p>{PLANTADO}</p>"])))
    respuesta = Marcador(este.elenco).llamar("ventanilla", "GET", f"/correo/{correo.pk}/html/")
    cuerpo = respuesta.cuerpo.decode()

    assert "alert(1)" in cuerpo and len(cuerpo) > 2000, "no mostró lo escrito: la prueba no prueba"
    assert faltan_cabeceras(respuesta, "buzones:html") == []
    assert lo_que_corre(cuerpo) == []


def test_what_runs_would_be_noticed() -> None:
    """Negative control."""
    for nucleo in NUCLEOS:
        assert bool(lo_que_corre(nucleo)) == ("<" in nucleo), nucleo


@pytest.mark.larga
def test_what_people_wrote_is_text_for_every_role(escrito: Mundo) -> None:
    assert probar(escrito, len(TODOS))[0] == []


def vitrina_de(este: Mundo, pestana: Page, papel: str) -> Vitrina:
    cliente = Client()
    if papel != "anonimo":
        cliente.cookies[settings.SESSION_COOKIE_NAME] = abrir_sesion(este.elenco, papel)
    vitrina = Vitrina(pestana, cliente)
    pestana.on("dialog", lambda d: (vitrina.quejas.append(f"se ejecutó: {d.message}"), d.dismiss()))
    return vitrina


@pytest.mark.larga
@pytest.mark.parametrize("papel", ["enlace_a", "asesor_x", "director_x", "administrador", "auditor"])
def test_no_page_runs_what_people_wrote(escrito: Mundo, pestana: Page, papel: str) -> None:
    vitrina = vitrina_de(escrito, pestana, papel)
    for otro, url in visitas(escrito, len(TODOS)):
        respuesta = Marcador(escrito.elenco).llamar(papel, "GET", url) if otro == papel else None
        if respuesta is not None and respuesta.tipo == "text/html" and respuesta.estado == 200:
            vitrina.abrir(url)
            assert vitrina.quejas == [], url


@pytest.mark.larga
def test_two_hundred_payloads_run_nowhere(este: Mundo, pestana: Page) -> None:
    solicitud = este.objeto("solicitud").fila
    with como_sistema("prueba: escribir lo hostil"):
        for texto in CORPUS:
            Mensaje.objects.create(
                solicitud=solicitud,
                clave=uuid4(),
                tipo=Mensaje.Tipo.MENSAJE,
                texto=texto,
                autor=este.elenco.personas["enlace_a"],
            )
    for papel, ruta in (("enlace_a", "/solicitudes/{}/"), ("asesor_x", "/asesor/solicitudes/{}/")):
        vitrina = vitrina_de(este, pestana.context.new_page(), papel)
        assert vitrina.abrir(ruta.format(solicitud.radicado)).status == 200
        assert "alert(1)" in vitrina.pestana.inner_text("main")
        assert vitrina.quejas == []
