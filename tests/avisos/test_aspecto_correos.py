"""How a mail looks where people read it: narrow and wide, by day and in the dark. It asks the network for nothing."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from avisos.carta import Carta
from avisos.correo import construir
from avisos.eventos import eventos
from tests.soporte.aspecto import AXE, REGLAS
from tests.soporte.navegador import PERFIL

pytestmark = pytest.mark.larga
COMPLETA = Carta(
    asunto="[AT-2026-000123] Necesitamos información de su entidad para poder responderle",
    que_paso="La Subdirección del Sistema Distrital de Archivos le pidió información sobre AT-2026-000123 «Aplicación "
    "de la tabla de retención documental».\n\nQué falta: el acto administrativo que la adoptó.",
    que_hacer="Responda en el portal. El plazo de respuesta sigue corriendo.",
    fecha_limite="7 de diciembre de 2026",
    porque=(
        "Recibida el lunes 23 de noviembre de 2026, a las 10:42 a. m.",
        "El primer día hábil es el martes 24 de noviembre. No cuentan los sábados, los domingos ni el 8 de diciembre.",
    ),
    boton="Responder",
    ruta="/mis-solicitudes/AT-2026-000123/",
)
BREVE = Carta(asunto="Su informe está listo", que_paso="Descárguelo antes de siete días.")


@pytest.mark.parametrize("modo", ["light", "dark"])
@pytest.mark.parametrize("ancho", [320, 600])
@pytest.mark.django_db
def test_a_mail_is_read_at_any_width_by_day_and_in_the_dark(
    chromium: Browser, settings: Any, ancho: int, modo: str
) -> None:
    """The fullest, the shortest, and the sample of each event that is declared."""
    settings.CORREO_RESPUESTAS = "respuestas.portal.example"
    cartas = {"completa": COMPLETA, "breve": BREVE, **{uno.clave: uno.muestra() for uno in eventos()}}
    assert len(cartas) > 40
    contexto = chromium.new_context(**PERFIL | {"viewport": {"width": ancho, "height": 900}, "color_scheme": modo})
    pagina, pedidos, faltas = contexto.new_page(), [], {}
    pagina.on("request", lambda pedido: pedidos.append(pedido.url))
    for clave, carta in cartas.items():
        mensaje = construir(
            a="ana@entidad.example", nombre="Ana Ruiz", carta=carta, clave="una", solicitud_id=123, evento=clave
        )
        pagina.set_content(mensaje.alternatives[0].content)
        pagina.evaluate(AXE)
        dicho = pagina.evaluate(
            """async (reglas) => (await axe.run(reglas)).violations.flatMap(
                (v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)}`))""",
            REGLAS | {"rules": {nombre: {"enabled": False} for nombre in ("region", "landmark-one-main")}},
        )
        sobra = pagina.evaluate("document.documentElement.scrollWidth") - ancho
        if dicho or sobra > 0 or pagina.locator("h1").inner_text() != carta.asunto:
            faltas[clave] = [*dicho, f"sobran {sobra} px", pagina.locator("h1").inner_text()]
    contexto.close()
    assert faltas == {} and pedidos == []
