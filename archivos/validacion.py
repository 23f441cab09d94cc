"""The gate for uploaded files: name, size, extension, declared type, content, and what is inside (U01–U05)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from archivos import comprimidos, imagenes, nombres, ole, pdf, textos
from archivos.errores import ArchivoRehusado, Rehuso
from archivos.tipos import ACEPTADOS, POR_EXTENSION, TIPOS, Tipo, extension_de

_MEGA = 1024 * 1024
_DE_TEXTO = {"txt", "csv", "eml"}


@dataclass(frozen=True, slots=True)
class Validado:
    """An accepted file: the label to keep, the row of the table it belongs to, and what to point out about it."""

    nombre: str
    tipo: Tipo
    bytes: int
    senales: tuple[str, ...] = ()


def texto_limites(cuantos: int | None = None) -> str:
    """Said beside the file field, before anybody chooses a file."""
    return (
        f"Hasta {cuantos or settings.ARCHIVOS_POR_SOLICITUD} archivos de {settings.ARCHIVO_MAXIMO_MB} MB cada uno. "
        f"Aceptamos {ACEPTADOS}."
    )


def validar_cantidad(cuantos: int) -> None:
    maximo = settings.ARCHIVOS_POR_SOLICITUD
    if cuantos > maximo:
        mensaje = f"Puede subir hasta {maximo} archivos. Quite {cuantos - maximo} o reúnalos en un ZIP."
        raise ArchivoRehusado(mensaje, codigo="cantidad")


def validar_varios(subidos: Sequence[UploadedFile], *, ya_hay: int = 0) -> list[Validado]:
    """Each accepted file, or every reason at once: a person mends them all in one go."""
    validar_cantidad(len(subidos) + ya_hay)
    validados, faltas = [], []
    for subido in subidos:
        try:
            validados.append(validar(subido))
        except ArchivoRehusado as falta:
            faltas.append(falta)
    if faltas:
        raise ArchivoRehusado([falta.message for falta in faltas], codigo="varios")  # type: ignore[arg-type]
    return validados


def validar(subido: UploadedFile) -> Validado:
    """Judge one upload and leave it rewound. Raises `ArchivoRehusado` with the sentence for the person."""
    nombre = nombres.limpiar(str(subido.name or ""))
    tamano = int(subido.size or 0)
    if tamano > settings.ARCHIVO_MAXIMO_MB * _MEGA:
        mensaje = f"«{nombre}» pesa {_megas(tamano)}; el máximo es {settings.ARCHIVO_MAXIMO_MB} MB."
        raise ArchivoRehusado(mensaje, codigo="tamano")
    try:
        if tamano == 0:
            raise Rehuso("vacio", "está vacío. Revise el archivo y vuelva a subirlo.")
        tipo = _tipo_por_nombre(nombre, str(subido.content_type or ""))
        senales = _revisar_contenido(subido, tipo)  # type: ignore[arg-type]
    except Rehuso as rehuso:
        raise ArchivoRehusado(f"«{nombre}» no se subió: {rehuso.motivo}", codigo=rehuso.codigo) from None
    finally:
        subido.seek(0)
    return Validado(nombre, tipo, tamano, senales)


def _tipo_por_nombre(nombre: str, declarado: str) -> Tipo:
    tipo = POR_EXTENSION.get(extension_de(nombre))
    if tipo is None:
        raise Rehuso("extension", f"solo aceptamos {ACEPTADOS}.")
    if not tipo.admite_declarado(declarado.partition(";")[0].strip().lower()):
        raise Rehuso(
            "declarado",
            f"su nombre es de {tipo.texto}, pero su equipo lo envió como otro tipo de archivo. {_guarde_como(tipo)}",
        )
    return tipo


def _revisar_contenido(flujo: IO[bytes], tipo: Tipo) -> tuple[str, ...]:
    hallada, contenedor = identificar(flujo)
    if hallada != tipo.clave and not (hallada == "txt" and tipo.clave in _DE_TEXTO):
        raise Rehuso("contenido", _otro_contenido(flujo, tipo, hallada))
    if contenedor is not None:
        contenedor.revisar_miembros()
        return contenedor.senales
    if tipo.clave == "pdf":
        return pdf.revisar(flujo)
    if tipo.clave in {"png", "jpeg", "webp", "tiff"}:
        imagenes.revisar(flujo, tipo.clave)
    if tipo.clave == "eml":
        textos.revisar_correo(flujo)
    return ()


def identificar(flujo: IO[bytes]) -> tuple[str, comprimidos.Contenedor | None]:
    """The key of what the content really is; empty when it is nothing we accept."""
    flujo.seek(0)
    cabeza = flujo.read(32)
    for firma, clave in (
        (pdf.FIRMA, "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"II*\x00", "tiff"),
        (b"MM\x00*", "tiff"),
    ):
        if cabeza.startswith(firma):
            return clave, None
    if cabeza.startswith(b"RIFF") and cabeza[8:12] == b"WEBP":
        return "webp", None
    if cabeza.startswith(comprimidos.FIRMA):
        contenedor = comprimidos.Contenedor(flujo)
        return contenedor.clase, contenedor
    if cabeza.startswith(ole.FIRMA):
        return ole.identificar(flujo) or "", None
    return ("txt" if textos.es_texto(flujo) else ""), None


def _otro_contenido(flujo: IO[bytes], tipo: Tipo, hallada: str) -> str:
    if hallada in TIPOS:
        otro = TIPOS[hallada]
        return f"por dentro es {otro.texto}. Cámbiele el nombre para que termine en «.{otro.extensiones[0]}» y súbalo."
    flujo.seek(0)
    return f"su contenido no es {tipo.texto}{_parece(flujo.read(8192))}. {_guarde_como(tipo)}"


def _parece(cabeza: bytes) -> str:
    """A hint for the person about foreign content, never a decision."""
    try:
        extension = puremagic.from_string(cabeza).lstrip(".")
    except (puremagic.PureError, ValueError):
        return ""
    return f"; parece «.{extension}»" if extension.isalnum() and extension not in POR_EXTENSION else ""


def _guarde_como(tipo: Tipo) -> str:
    return f"Ábralo, guárdelo como {tipo.texto} y vuelva a subirlo."


def _megas(cuantos: int) -> str:
    megas = cuantos / _MEGA
    texto = f"{megas:.1f}".replace(".", ",") if megas < 100 else f"{megas:.0f}"
    return f"{texto.removesuffix(',0')} MB"


def nombres_de_senales(senales: Iterable[Any]) -> list[str]:
    """The sentences staff read beside a file."""
    textos_por_senal = {**pdf.SENALADOS, "objetos_incrustados": "Lleva otros archivos por dentro."}
    return [textos_por_senal[senal] for senal in senales if senal in textos_por_senal]
