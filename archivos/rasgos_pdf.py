"""Child process that reads an untrusted PDF under limits and prints what it found, one word per line (U03).

Run as a file, alone, with the PDF on standard input: a hostile document may exhaust the memory or the time of this
process, never of the portal's. It only names what is there; `archivos.pdf` decides.
"""

import io
import re
import resource
import sys

import pikepdf

# In its XMP, as an attribute or as an element: «this is PDF/A».
PDFA = re.compile(rb"pdfaid:part[^0-9A-Za-z]{1,4}[1-4]")
MEMORIA = 768 * 1024 * 1024
SEGUNDOS = 15


def rasgos(datos: bytes) -> set[str]:
    """Words for what the document holds: `cifrado`, `danado`, `javascript`, `lanza`, `adjuntos`, `paginas=12`…"""
    try:
        pdf = pikepdf.open(io.BytesIO(datos), suppress_warnings=True)
    except pikepdf.PasswordError:
        return {"cifrado"}
    except pikepdf.PdfError:
        return {"danado"}
    with pdf:
        hallados: set[str] = {"restringido"} if pdf.is_encrypted else set()
        try:
            if len(pdf.pages) == 0:
                return {"danado"}
            for objeto in pdf.objects:
                hallados |= _del_objeto(objeto)
        except (pikepdf.PdfError, RecursionError):
            return {"danado"}
        hallados.add(f"paginas={len(pdf.pages)}")
        if _dice_ser_pdfa(pdf):
            hallados.add("pdfa")
        return hallados | ({"reparado"} if pdf.get_warnings() else set())


def _dice_ser_pdfa(pdf: pikepdf.Pdf) -> bool:
    try:
        return bool(PDFA.search(pdf.Root["/Metadata"].read_bytes()))
    except (KeyError, AttributeError, ValueError, pikepdf.PdfError):
        return False


def _del_objeto(objeto: pikepdf.Object) -> set[str]:
    """Walk one indirect object; what it refers to is visited when its own turn comes."""
    hallados: set[str] = set()
    pendientes = [objeto]
    while pendientes:
        actual = pendientes.pop()
        if isinstance(actual, (pikepdf.Dictionary, pikepdf.Stream)):
            claves = set(actual.keys())
            hallados |= _del_diccionario(claves, str(actual.get("/S", "")) if "/S" in claves else "")
            pendientes += [valor for valor in (actual.get(c) for c in claves) if _se_recorre(valor)]
        elif isinstance(actual, pikepdf.Array):
            pendientes += [valor for valor in actual if _se_recorre(valor)]
    return hallados


def _se_recorre(valor: object) -> bool:
    return isinstance(valor, (pikepdf.Dictionary, pikepdf.Array)) and not valor.is_indirect


def _del_diccionario(claves: set[str], accion: str) -> set[str]:
    hallados = set()
    if accion == "/JavaScript" or claves & {"/JS", "/JavaScript"}:
        hallados.add("javascript")
    if accion == "/Launch":
        hallados.add("lanza")
    if claves & {"/EmbeddedFiles", "/EF"} or accion == "/GoToE":
        hallados.add("adjuntos")
    if accion in {"/SubmitForm", "/ImportData", "/GoToR"}:
        hallados.add("envia_datos")
    if claves & {"/RichMediaContent", "/3DD", "/XFA"}:
        hallados.add("contenido_activo")
    return hallados | ({"accion_al_abrir"} if claves & {"/OpenAction", "/AA"} else set())


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
    resource.setrlimit(resource.RLIMIT_CPU, (SEGUNDOS, SEGUNDOS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write("".join(f"{rasgo}\n" for rasgo in sorted(rasgos(sys.stdin.buffer.read()))) + "fin\n")
