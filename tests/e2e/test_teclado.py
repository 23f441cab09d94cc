"""E13: the work of the enlace and of the asesor without a mouse, the focus always in sight."""

import re

from playwright.sync_api import expect

from tests.e2e import pasos
from tests.e2e.personas import Sesiones
from tests.soporte.teclado import Teclado


def test_radicar_solo_con_teclado(sesiones: Sesiones) -> None:
    pagina = sesiones.pagina("enlace")
    teclado = Teclado(pagina)
    pagina.goto("/solicitudes/nueva/")
    teclado.oprimir(pagina.get_by_role("button", name="Empezar"))
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("¿Sobre qué necesita asistencia?")
    teclado.ir_a(pagina.get_by_role("searchbox", name="Buscar un tema"))
    pagina.keyboard.type(pasos.TEMA)
    tema = pagina.get_by_role("checkbox", name=pasos.TEMA, exact=True)
    expect(tema).to_be_visible()
    teclado.oprimir(tema, "Space")
    expect(tema).to_be_checked()
    teclado.boton(pasos.BOTON_SEGUIR)
    pagina.wait_for_url(re.compile("/detalle/"))
    teclado.escribir("Asunto", "Sin ratón")
    teclado.escribir("Cuente su necesidad", "Necesito radicar solo con el teclado.")
    teclado.escribir("Pregunta 1", "¿Se puede?")
    teclado.boton(pasos.BOTON_SEGUIR)
    pagina.wait_for_url(re.compile("/documentos/"))
    teclado.boton(pasos.BOTON_SEGUIR)
    pagina.wait_for_url(re.compile("/revisar/"))
    teclado.oprimir(pagina.get_by_role("checkbox", name=re.compile("Autorizo")), "Space")
    teclado.boton("Radicar solicitud")
    pagina.wait_for_url(re.compile("/radicada/$"))
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Solicitud radicada")


def test_atender_pedir_y_proyectar_solo_con_teclado(sesiones: Sesiones) -> None:
    """Claim the next one → ask for information → go on → draft the concepto → send it to review."""
    pasos.radicar_una(sesiones.pagina("enlace"), "Para atender sin ratón")  # at least one waits
    pagina = sesiones.pagina("asesor")
    teclado = Teclado(pagina)
    pagina.goto("/asesor/cola/")
    teclado.boton("Atender la siguiente")
    expect(pagina.get_by_text("Ahora usted la atiende.")).to_be_visible()
    radicado = pagina.locator("h1 .radicado").inner_text()
    _pedir_y_seguir(teclado, radicado)
    _proyectar(teclado)
    expect(pagina.get_by_text(re.compile("En revisión")).first).to_be_visible()


def _pedir_y_seguir(teclado: Teclado, radicado: str) -> None:
    pagina = teclado.pestana
    teclado.enlace("Pedir información")
    teclado.escribir("Qué", "¿Cuántos expedientes se migran?")
    teclado.boton("Pedir información")
    expect(pagina.get_by_text("Pedimos la información a la entidad.")).to_be_visible()
    teclado.oprimir(pagina.get_by_text("Más acciones"))
    teclado.enlace("Continuar sin esperar a la entidad")
    teclado.escribir("Motivo", "La entidad respondió por teléfono.")
    teclado.boton("Continuar sin esperar a la entidad")
    expect(pagina.get_by_text("Puede continuar.")).to_be_visible()


def _proyectar(teclado: Teclado) -> None:
    pagina = teclado.pestana
    # Where no concepto was asked it is among the other actions: which is the oldest of the queue, the demo says.
    if not pagina.get_by_role("link", name="Redactar concepto", exact=True).is_visible():
        teclado.oprimir(pagina.get_by_text("Más acciones"))
    teclado.enlace("Redactar concepto")
    teclado.boton("Redactar concepto")
    pagina.wait_for_url(re.compile("/editar/"))
    for campo in pagina.locator("main form textarea:visible").all():
        teclado.ir_a(campo)
        pagina.keyboard.insert_text("1. Es viable con acta del comité.")
    teclado.boton("Guardar y enviar")
    teclado.boton("Enviar a revisión")
