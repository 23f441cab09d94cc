"""What each person does, step by step, as a person does it: by the words on the screen."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

TEMA = "Digitalización"
PREGUNTAS = (
    "¿Qué metadatos mínimos debe conservar un expediente electrónico?",
    "¿Puede la entidad migrar a otro formato sin autorización previa?",
)
BOTON_SEGUIR = "Guardar y continuar"


# --- The enlace ----------------------------------------------------------------------------------------------------
def empezar(pagina: Page) -> None:
    """A new draft, at its first step."""
    pagina.goto("/solicitudes/nueva/")
    pagina.get_by_role("button", name="Empezar").click()
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("¿Sobre qué necesita asistencia?")


def elegir_tema(pagina: Page, tema: str) -> None:
    pagina.get_by_label("Buscar un tema").fill(tema)
    pagina.get_by_label(tema, exact=True).check()
    seguir(pagina)


def seguir(pagina: Page) -> None:
    """To the next step; fails where the page says what is missing."""
    antes = pagina.url
    pagina.get_by_role("button", name=BOTON_SEGUIR).click()
    pagina.wait_for_url(lambda url: url != antes)


def escribir_solicitud(pagina: Page, asunto: str, preguntas: tuple[str, ...] = PREGUNTAS) -> None:
    """The second step of a concepto, with its numbered questions."""
    pagina.get_by_label("Asunto").fill(asunto)
    pagina.get_by_label("Cuente su necesidad").fill("Vamos a cambiar el sistema que guarda los expedientes.")
    for numero, pregunta in enumerate(preguntas, start=1):
        if numero > 1:
            pagina.get_by_role("button", name="Agregar otra pregunta").click()
        pagina.get_by_label(f"Pregunta {numero}").fill(pregunta)


def subir(pagina: Page, archivo: Path) -> None:
    pagina.get_by_label("Documentos").set_input_files(archivo)
    expect(pagina.get_by_role("link", name=archivo.name)).to_be_visible()


def radicar(pagina: Page) -> str:
    """The last step. Gives the radicado of the confirmation."""
    pagina.get_by_label("Autorizo").check()
    pagina.get_by_role("button", name="Radicar solicitud").click()
    pagina.wait_for_url(re.compile(r"/radicada/$"))
    return pagina.url.split("/")[-3]


def radicar_una(pagina: Page, asunto: str) -> str:
    """A whole solicitud without files."""
    empezar(pagina)
    elegir_tema(pagina, TEMA)
    escribir_solicitud(pagina, asunto)
    seguir(pagina)
    seguir(pagina)
    return radicar(pagina)


# --- Who attends ---------------------------------------------------------------------------------------------------
def atender(pagina: Page, radicado: str) -> None:
    """Claim this one from the queue; before an older one, with the coded reason that the page asks."""
    pagina.goto("/asesor/cola/?vista=sin-asignar")
    pagina.get_by_role("link", name=f"Atender {radicado}").click()
    razon = pagina.get_by_role("radio", name="Tiene una fecha legal más próxima")
    if razon.count():
        razon.check()
        pagina.get_by_label("Explíquelo en una frase").fill("La entidad debe responder a un juez antes del viernes.")
    pagina.get_by_role("button", name="Atender esta solicitud").click()
    expect(pagina.get_by_text("Ahora usted la atiende.")).to_be_visible()


def proyectar(pagina: Page, radicado: str, respuestas: tuple[str, ...]) -> None:
    """The draft of the concepto, with an answer per question; leaves it on the page that sends it."""
    pagina.goto(f"/asesor/solicitudes/{radicado}/")
    pagina.get_by_role("link", name="Redactar concepto").click()
    pagina.get_by_role("button", name="Redactar concepto").click()
    escrito = {
        "Respuesta corta": "Sí, si conserva los metadatos mínimos y deja constancia en acta.",
        "Antecedentes": "La entidad cambia el sistema que guarda sus expedientes.",
        "Marco normativo": "- Ley 594 de 2000, artículo 24\n- Acuerdo 001 de 2024 del AGN",
        "Análisis técnico": "Los hechos corresponden a los supuestos del Acuerdo 001 de 2024.",
        "Conclusiones": "1. Conserve los metadatos.\n2. Documente la migración.",
    }
    for rotulo, texto in escrito.items():
        pagina.get_by_role("textbox", name=rotulo).fill(texto)
    for numero, respuesta in enumerate(respuestas, start=1):
        pagina.get_by_role("textbox", name=f"Pregunta {numero}.").fill(respuesta)
    pagina.get_by_role("textbox", name="Normas citadas").fill(
        "Ley 594 de 2000, artículo 24\nAcuerdo 001 de 2024 del AGN"
    )
    pagina.get_by_role("button", name="Guardar y enviar").click()


def huella(pagina: Page) -> str:
    """The SHA-256 shown on the page."""
    return pagina.locator("code.huella").first.inner_text()
