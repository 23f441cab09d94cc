"""E20: the wizard from empty to filed without JavaScript, with a file."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e import pasos
from tests.e2e.personas import Sesiones
from tests.soporte.asistente import un_pdf


def test_radicar_sin_javascript_con_un_archivo(sesiones: Sesiones, tmp_path: Path) -> None:
    archivo = tmp_path / "acta.pdf"
    archivo.write_bytes(un_pdf().read())
    pagina = sesiones.pagina("enlace", java_script_enabled=False)
    pasos.empezar(pagina)
    pagina.get_by_label("Buscar un tema").fill(pasos.TEMA)
    pagina.get_by_role("button", name="Buscar", exact=True).click()
    pagina.get_by_label(pasos.TEMA, exact=True).check()
    pasos.seguir(pagina)
    # What is missing is said, what was written stays.
    pagina.get_by_label("Asunto").fill("Sin JavaScript")
    pagina.get_by_role("button", name=pasos.BOTON_SEGUIR).click()
    expect(pagina.get_by_role("alert")).to_contain_text("Cuente")
    expect(pagina.get_by_label("Asunto")).to_have_value("Sin JavaScript")
    pasos.escribir_solicitud(pagina, "Sin JavaScript")
    pasos.seguir(pagina)
    pagina.get_by_label("Documentos").set_input_files(archivo)
    pasos.seguir(pagina)
    expect(pagina.get_by_text("acta.pdf")).to_be_visible()
    radicado = pasos.radicar(pagina)
    pagina.goto(f"/solicitudes/{radicado}/")
    expect(pagina.get_by_role("link", name=re.compile("acta.pdf"))).to_be_visible()
