"""The whole journey with its four roles, in Chromium, on the portal's own processes (R15, R20, R30, R57, R95)."""

import re
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Page, expect

from documentos import firma
from documentos.autoridad import Anclas
from tests.e2e import pasos
from tests.e2e.personas import Capturas, Sesiones
from tests.soporte.asistente import un_pdf
from tests.soporte.pila import Pila, esperar

ASUNTO = "Migración del sistema que guarda los expedientes"
RESPUESTAS = ("Los ocho metadatos mínimos del acuerdo.", "Sí, con acta del comité y prueba previa.")


def test_de_la_solicitud_a_la_encuesta(
    sesiones: Sesiones, pila_viva: Pila, capturas: Capturas, tmp_path: Path
) -> None:
    radicado = _radicar(sesiones, capturas, tmp_path)
    _llega_el_acuse(pila_viva, radicado)
    numero = _proyectar(sesiones, capturas, radicado)
    _revisar(sesiones, capturas, numero)
    _firmar(sesiones, capturas, numero)
    concepto = _llega_el_concepto(pila_viva, numero)
    _comprobar_que_es_autentico(sesiones, capturas, pila_viva, numero, concepto)
    _responder_la_encuesta(sesiones, capturas, pila_viva, radicado)
    _la_encuentra_cerrada_y_en_el_banco(sesiones, capturas, radicado, numero)


def _radicar(sesiones: Sesiones, capturas: Capturas, carpeta: Path) -> str:
    archivo = carpeta / "acta del comité.pdf"
    archivo.write_bytes(un_pdf().read())
    pagina = sesiones.pagina("enlace")
    pasos.empezar(pagina)
    capturas.tomar(pagina, "radicar-necesidad", telefono=True)
    pasos.elegir_tema(pagina, pasos.TEMA)
    pasos.escribir_solicitud(pagina, ASUNTO)
    capturas.tomar(pagina, "radicar-detalle", telefono=True)
    pasos.seguir(pagina)
    pasos.subir(pagina, archivo)
    capturas.tomar(pagina, "radicar-documentos", telefono=True)
    pasos.seguir(pagina)
    capturas.tomar(pagina, "radicar-revisar", telefono=True)
    radicado = pasos.radicar(pagina)
    expect(pagina.get_by_text(radicado).first).to_be_visible()
    capturas.tomar(pagina, "radicada", telefono=True)
    with pagina.expect_download() as bajada:
        pagina.get_by_role("link", name="Descargar la constancia (PDF)").click()
    assert Path(bajada.value.path()).read_bytes().startswith(b"%PDF")
    return radicado


def _llega_el_acuse(pila: Pila, radicado: str) -> None:
    acuse = _correo(pila, radicado, "enlace@demo.example")
    assert radicado in str(acuse["Subject"])


def _correo(pila: Pila, asunto: str, para: str) -> EmailMessage:
    """The newest mail to `para` whose subject says `asunto`, once it arrives."""

    def llegados() -> list[EmailMessage]:
        return [m for m in pila.mensajes() if asunto in str(m["Subject"]) and para in str(m["To"])]

    esperar(llegados, 60)
    return llegados()[-1]


def _texto(mensaje: EmailMessage) -> str:
    cuerpo = mensaje.get_body(preferencelist=("plain",))
    assert cuerpo is not None
    return str(cuerpo.get_content())


def _proyectar(sesiones: Sesiones, capturas: Capturas, radicado: str) -> str:
    pagina = sesiones.pagina("asesor")
    pagina.goto("/asesor/cola/?vista=sin-asignar")
    capturas.tomar(pagina, "cola", telefono=True)
    pasos.atender(pagina, radicado)
    capturas.tomar(pagina, "caso", telefono=True)
    pasos.proyectar(pagina, radicado, RESPUESTAS)
    expect(pagina.get_by_role("heading", name="Enviar a revisión")).to_be_visible()
    pagina.get_by_role("button", name="Enviar a revisión").click()
    con_numero = re.compile(r"C-\d{4}-\d{6}")
    expect(pagina.locator("main")).to_contain_text(con_numero)
    numero = con_numero.search(pagina.locator("main").inner_text())
    assert numero
    return numero.group()


def _abrir(pagina: Page, lista: str, numero: str) -> None:
    pagina.goto(lista)
    pagina.get_by_role("row", name=re.compile(numero)).get_by_role("link", name=re.compile("Revisar|Leer")).click()


def _revisar(sesiones: Sesiones, capturas: Capturas, numero: str) -> None:
    pagina = sesiones.pagina("revisora")
    _abrir(pagina, "/conceptos/por-revisar/", numero)
    capturas.tomar(pagina, "revisar", telefono=True)
    pagina.get_by_label("Aprobar para firma").check()
    pagina.get_by_role("button", name="Guardar la decisión").click()
    expect(pagina.locator("main")).not_to_contain_text("Revise un dato")


def _firmar(sesiones: Sesiones, capturas: Capturas, numero: str) -> None:
    pagina = sesiones.pagina("directora")
    _abrir(pagina, "/conceptos/por-firmar/", numero)
    capturas.tomar(pagina, "firmar", telefono=True)
    pagina.get_by_label("Público").check()
    pagina.get_by_label("Código de verificación").fill(sesiones.codigo("directora"))
    pagina.get_by_role("button", name="Firmar y enviar").click()
    pagina.wait_for_url(lambda url: "/firmar/" not in url)
    capturas.tomar(pagina, "firmado")


def _llega_el_concepto(pila: Pila, numero: str) -> bytes:
    """The worker sealed it and the mail carries it: a valid PAdES signature over the bytes."""
    mensaje = _correo(pila, numero, "enlace@demo.example")
    [adjunto] = [parte for parte in mensaje.iter_attachments() if parte.get_content_type() == "application/pdf"]
    pdf = bytes(adjunto.get_payload(decode=True))
    [(anclas, instante)] = pila.consultar(
        "select anclas, firmado_en from conceptos_verificacion where numero = %s", [numero]
    )
    # The browser's driver has an event loop in this thread, and the validator wants one of its own.
    with ThreadPoolExecutor(1) as hilo:
        resultado = hilo.submit(firma.validar, pdf, Anclas(anclas), instante=instante).result()
    assert (resultado.integra, resultado.valida, resultado.confiable) == (True, True, True), resultado
    return pdf


def _comprobar_que_es_autentico(sesiones: Sesiones, capturas: Capturas, pila: Pila, numero: str, pdf: bytes) -> None:
    [(codigo,)] = pila.consultar("select codigo from conceptos_verificacion where numero = %s", [numero])
    pagina = sesiones.pagina()
    pagina.goto(f"/verificar/{codigo}/")
    expect(pagina.locator("main")).to_contain_text(re.compile("auténtico", re.I))
    capturas.tomar(pagina, "verificar", telefono=True)
    pagina.goto("/verificar/")
    pagina.locator("input[type=file]").set_input_files(
        {"name": "otro.pdf", "mimeType": "application/pdf", "buffer": pdf[:-40] + bytes([pdf[-40] ^ 1]) + pdf[-39:]}
    )
    pagina.get_by_role("button", name="Verificar", exact=True).click()
    expect(pagina.locator("main")).to_contain_text(re.compile("no coincide", re.I))


def _responder_la_encuesta(sesiones: Sesiones, capturas: Capturas, pila: Pila, radicado: str) -> None:
    mensaje = _correo(pila, f"[{radicado}] ¿Cómo le fue", "enlace@demo.example")
    enlace = re.search(r"https?://\S+(/encuesta/\w+/)", _texto(mensaje))
    assert enlace
    pagina = sesiones.pagina()
    pagina.goto(enlace.group(1))
    for pregunta, respuesta in (
        ("Oportunidad", "Buena"),
        ("Pertinencia", "Muy buena"),
        ("Calidad", "Buena"),
        ("¿Resolvió su necesidad?", "Sí"),
        ("¿Puede aplicar", "Sí"),
    ):
        grupo = pagina.get_by_role("group", name=re.compile(re.escape(pregunta)))
        grupo.get_by_label(respuesta, exact=True).check()
    capturas.tomar(pagina, "encuesta", telefono=True)
    pagina.get_by_role("button", name="Enviar respuestas").click()
    expect(pagina.get_by_role("heading", name="Gracias")).to_be_visible()


def _la_encuentra_cerrada_y_en_el_banco(sesiones: Sesiones, capturas: Capturas, radicado: str, numero: str) -> None:
    pagina = sesiones.pagina("enlace")
    pagina.goto(f"/solicitudes/{radicado}/")
    expect(pagina.locator("main")).to_contain_text("Cerrada")
    capturas.tomar(pagina, "solicitud", telefono=True)
    pagina.goto("/banco/?q=expedientes")
    expect(pagina.locator("main")).to_contain_text(numero)
    capturas.tomar(pagina, "banco", telefono=True)
