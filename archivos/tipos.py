"""The one table of accepted files: extension, types a browser may declare, and the type we serve.

A file enters only when its extension, the declared type and its content name the same row (security.md U01). The type
served later comes from this table and never from the browser (U08).
"""

from dataclasses import dataclass

_OOXML = "application/vnd.openxmlformats-officedocument"
# What a browser sends when the machine knows no type for the extension: it says nothing, so it contradicts nothing.
SIN_DECLARAR = frozenset({"", "application/octet-stream", "application/x-download", "binary/octet-stream"})


@dataclass(frozen=True, slots=True)
class Tipo:
    """One accepted kind of file."""

    clave: str
    texto: str
    extensiones: tuple[str, ...]
    servido: str
    declarados: frozenset[str]

    def admite_declarado(self, declarado: str) -> bool:
        return declarado in SIN_DECLARAR or declarado == self.servido or declarado in self.declarados


def _tipo(clave: str, texto: str, extensiones: str, servido: str, *declarados: str) -> Tipo:
    return Tipo(clave, texto, tuple(extensiones.split()), servido, frozenset(declarados))


TIPOS: dict[str, Tipo] = {
    tipo.clave: tipo
    for tipo in (
        _tipo("pdf", "PDF", "pdf", "application/pdf", "application/x-pdf", "application/acrobat"),
        _tipo("docx", "Word", "docx", f"{_OOXML}.wordprocessingml.document", "application/wps-office.docx"),
        _tipo("xlsx", "Excel", "xlsx", f"{_OOXML}.spreadsheetml.sheet", "application/wps-office.xlsx"),
        _tipo("pptx", "PowerPoint", "pptx", f"{_OOXML}.presentationml.presentation", "application/wps-office.pptx"),
        _tipo("odt", "texto OpenDocument", "odt", "application/vnd.oasis.opendocument.text"),
        _tipo("ods", "hoja OpenDocument", "ods", "application/vnd.oasis.opendocument.spreadsheet"),
        _tipo("doc", "Word 97-2003", "doc", "application/msword", "application/wps-office.doc", "application/kswps"),
        _tipo(
            "xls", "Excel 97-2003", "xls", "application/vnd.ms-excel", "application/wps-office.xls", "application/kset"
        ),
        _tipo("png", "imagen PNG", "png", "image/png", "image/x-png"),
        _tipo("jpeg", "imagen JPG", "jpg jpeg", "image/jpeg", "image/jpg", "image/pjpeg"),
        _tipo("webp", "imagen WebP", "webp", "image/webp"),
        _tipo("tiff", "imagen TIFF", "tif tiff", "image/tiff", "image/tif", "image/x-tiff"),
        _tipo("txt", "texto", "txt", "text/plain"),
        # Windows with Excel declares a CSV as a spreadsheet.
        _tipo("csv", "CSV", "csv", "text/csv", "text/plain", "application/csv", "application/vnd.ms-excel"),
        _tipo("zip", "ZIP", "zip", "application/zip", "application/x-zip-compressed", "application/x-zip"),
        _tipo("eml", "correo EML", "eml", "message/rfc822"),
        _tipo("msg", "correo de Outlook", "msg", "application/vnd.ms-outlook", "application/x-msg"),
    )
}
POR_EXTENSION: dict[str, Tipo] = {ext: tipo for tipo in TIPOS.values() for ext in tipo.extensiones}

ACEPTADOS = (
    "PDF, Word, Excel, PowerPoint, OpenDocument (ODT, ODS), imágenes (PNG, JPG, WebP, TIFF), "
    "texto (TXT, CSV), correos (EML, MSG) y ZIP"
)
# For the `accept` attribute of the file field: a help for the person, never a check.
ATRIBUTO_ACCEPT = ",".join(f".{extension}" for extension in POR_EXTENSION)


def extension_de(nombre: str) -> str:
    """The extension in lower case and without its dot; empty when there is none."""
    tronco, punto, extension = nombre.rpartition(".")
    return extension.lower() if punto and tronco else ""
