"""Comprueba, sin conexión y sin instalar nada, que un expediente está completo y no ha cambiado.

    python3 verificar.py [carpeta o archivo.zip] [--certificado HUELLA]

Dice una frase por cada falla y termina con código 1. Sin fallas, termina con código 0.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import zipfile
import zlib
from xml.etree import ElementTree

MANIFIESTO, FIRMA = "manifiesto.sha256", "manifiesto.firma"
# DER of «rsaEncryption», which comes before the public key in a certificate; and of «SHA-256» before its digest.
CLAVE_RSA = bytes.fromhex("06092a864886f70d0101010500")
SHA256_DER = bytes.fromhex("3031300d060960864801650304020105000420")
TROZO = 1 << 20


class Danado(Exception):
    """No se puede leer uno de los archivos. Su texto dice cuál."""

    def __init__(self, nombre: str) -> None:
        super().__init__(f"{nombre} está dañado: no se puede leer.")


class Carpeta:
    def __init__(self, ruta: str) -> None:
        self.ruta = ruta

    def nombres(self) -> list[str]:
        hallados = []
        for raiz, _, archivos in os.walk(self.ruta):
            for archivo in archivos:
                hallados.append(os.path.relpath(os.path.join(raiz, archivo), self.ruta).replace(os.sep, "/"))
        return hallados

    def abrir(self, nombre: str):
        return open(os.path.join(self.ruta, *nombre.split("/")), "rb")


class Comprimido:
    def __init__(self, ruta: str) -> None:
        self.zip = zipfile.ZipFile(ruta)

    def nombres(self) -> list[str]:
        return [nombre for nombre in self.zip.namelist() if not nombre.endswith("/")]

    def abrir(self, nombre: str):
        return self.zip.open(nombre)


def verificar(origen, certificado: str = "") -> tuple[list[str], list[str]]:
    """Las fallas y, si no hay, lo que se comprobó."""
    fallas: list[str] = []
    nombres = origen.nombres()
    for nombre in sorted({n for n in nombres if nombres.count(n) > 1}):
        fallas.append(f"El archivo {nombre} está repetido.")
    for nombre in (MANIFIESTO, FIRMA, "certificado.pem", "indice.json", "indice.firma", "indice.certificado.pem"):
        if nombre not in nombres:
            fallas.append(f"Falta {nombre}.")
    if fallas:
        return fallas, []
    fallas += _firma(origen, MANIFIESTO, FIRMA, "certificado.pem", "El manifiesto")
    huella = _huella_del_certificado(origen)
    if not huella:
        fallas.append("certificado.pem está dañado: no trae un certificado que se pueda leer.")
    elif certificado and re.sub("[^0-9a-f]", "", certificado.lower()) != huella:
        fallas.append(f"El certificado no es el esperado: su huella es {huella}.")
    try:
        esperadas = _manifiesto(_leer(origen, MANIFIESTO).decode("utf-8", "replace"), fallas)
    except Danado as falla:
        return [str(falla)], []
    fallas += _archivos(origen, nombres, esperadas)
    resumen = [f"Archivos comprobados: {len(esperadas)}.", f"Huella del certificado que firmó: {huella}"]
    partes = {"indice.json": _indice, "indice.xml": _indice_xml, "pdfa.json": _pdfa, "bitacora.json": _bitacora}
    for nombre, revisar in partes.items():
        try:
            mas, dicho = revisar(origen, nombres)
        except Danado as falla:
            mas, dicho = [str(falla)], ""
        except Exception:  # whatever an altered file may cause: who checks it reads a sentence
            mas, dicho = [f"{nombre} no se puede leer: su contenido no tiene la forma esperada."], ""
        fallas += mas
        resumen += [dicho] if dicho else []
    return list(dict.fromkeys(fallas)), resumen


def _leer(origen, nombre: str) -> bytes:
    return b"".join(_trozos(origen, nombre))


def _huella(origen, nombre: str) -> tuple[str, int]:
    suma, largo = hashlib.sha256(), 0
    for trozo in _trozos(origen, nombre):
        suma.update(trozo)
        largo += len(trozo)
    return suma.hexdigest(), largo


def _trozos(origen, nombre: str):
    try:
        with origen.abrir(nombre) as archivo:
            yield from iter(lambda: archivo.read(TROZO), b"")
    except Exception:  # what zipfile and zlib raise of damaged bytes has a dozen names
        raise Danado(nombre) from None


# --- El manifiesto ---------------------------------------------------------------------------------------------------
def _manifiesto(texto: str, fallas: list[str]) -> dict[str, str]:
    esperadas: dict[str, str] = {}
    for linea in texto.splitlines():
        partes = re.match(r"([0-9a-f]{64})  (.+)$", linea)
        if partes is None:
            fallas.append(f"El manifiesto tiene una línea que no se entiende: «{linea[:80]}».")
        elif partes.group(2) in esperadas:
            fallas.append(f"El manifiesto nombra dos veces {partes.group(2)}.")
        else:
            esperadas[partes.group(2)] = partes.group(1)
    return esperadas


def _archivos(origen, nombres: list[str], esperadas: dict[str, str]) -> list[str]:
    fallas = []
    for nombre, esperada in esperadas.items():
        if nombre not in nombres:
            fallas.append(f"Falta {nombre}: el manifiesto lo nombra.")
        else:
            fallas += _distinto(origen, nombre, esperada)
    for nombre in sorted(set(nombres) - set(esperadas) - {MANIFIESTO, FIRMA}):
        fallas.append(f"Sobra {nombre}: el manifiesto no lo nombra.")
    return fallas


def _distinto(origen, nombre: str, esperada: str) -> list[str]:
    try:
        igual = _huella(origen, nombre)[0] == esperada
    except Danado as falla:
        return [str(falla)]
    return [] if igual else [f"Cambió {nombre}: su huella no es la del manifiesto."]


# --- El índice -------------------------------------------------------------------------------------------------------
def _indice(origen, nombres: list[str]) -> tuple[list[str], str]:
    fallas = _firma(origen, "indice.json", "indice.firma", "indice.certificado.pem", "El índice")
    indice = json.loads(_leer(origen, "indice.json"))
    fuera = {}
    if "copia.json" in nombres:
        fuera = {uno["orden"]: uno["razon"] for uno in json.loads(_leer(origen, "copia.json"))["no_incluidos"]}
    folio, nombrados = 0, set()
    for lugar, documento in enumerate(indice["documentos"], start=1):
        nombre, archivo = f"el documento {documento['orden']} («{documento['nombre']}»)", documento["archivo"]
        if documento["orden"] != lugar:
            fallas.append(f"En el lugar {lugar} del índice está {nombre}: el orden cambió o falta uno.")
        if documento["folio_inicial"] != folio + 1 or (
            documento["folio_final"] - documento["folio_inicial"] + 1 != documento["paginas"]
        ):
            fallas.append(f"Los folios no siguen en {nombre}: deberían empezar en {folio + 1}.")
        folio = documento["folio_final"]
        nombrados.add(archivo)
        if archivo not in nombres:
            if documento["orden"] not in fuera:
                fallas.append(f"Falta {nombre}: debería estar en {archivo}.")
            continue
        if _huella(origen, archivo) != (documento["huella"], documento["bytes"]):
            fallas.append(f"Cambió {nombre}: su huella no es la del índice.")
    for archivo in sorted(n for n in nombres if n.startswith("documentos/") and n not in nombrados):
        fallas.append(f"Sobra {archivo}: no está en el índice.")
    cuantos = f"Expediente {indice['expediente']['numero']}: {len(indice['documentos'])} documentos, {folio} folios."
    return fallas, cuantos + "".join(f" El documento {n} no se incluyó: {r}." for n, r in sorted(fuera.items()))


# What XML can't carry is written there as the mark of what is missing.
SIN_LUGAR = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DEL_XML = {
    "Nombre_Documento": "nombre",
    "Tipologia_Documental": "tipo_documental",
    "Fecha_Creacion_Documento": "fecha_creacion",
    "Fecha_Incorporacion_Expediente": "fecha_incorporacion",
    "Valor_Huella": "huella",
    "Orden_Documento_Expediente": "orden",
    "Pagina_Inicio": "folio_inicial",
    "Pagina_Fin": "folio_final",
    "Formato": "formato",
    "Tamano": "bytes",
    "Productor": "origen",
    "Archivo": "archivo",
}


def _indice_xml(origen, nombres: list[str]) -> tuple[list[str], str]:
    """El índice en XML lleva su propia firma y dice lo mismo que indice.json. Los de antes no lo traen."""
    if "indice.xml" not in nombres:
        return [], ""
    if "indice.xml.firma" not in nombres:
        return ["Falta indice.xml.firma."], ""
    fallas = _firma(origen, "indice.xml", "indice.xml.firma", "indice.certificado.pem", "El índice en XML")
    crudo = _leer(origen, "indice.xml")
    if b"<!" in crudo:  # neither entities nor comments: it is data alone
        return [*fallas, "indice.xml trae lo que un índice no lleva."], ""
    raiz = ElementTree.fromstring(crudo.decode("utf-8"))  # noqa: S314 without entities there is nothing to expand
    indice = json.loads(_leer(origen, "indice.json"))
    hallados = [
        {nombre: documento.findtext(nombre) or "" for nombre in DEL_XML}
        for documento in raiz.iter("Documento_Foliado")
    ]
    esperados = [
        {nombre: SIN_LUGAR.sub("\ufffd", str(documento[campo])) for nombre, campo in DEL_XML.items()}
        for documento in indice["documentos"]
    ]
    if hallados != esperados:
        fallas.append("El índice en XML no dice lo mismo que indice.json.")
    if (raiz.findtext("Expediente/Numero") or "") != indice["expediente"]["numero"]:
        fallas.append("El índice en XML es de otro expediente.")
    return fallas, f"El índice en XML dice lo mismo: {len(hallados)} documentos."


# --- Las copias en PDF/A ---------------------------------------------------------------------------------------------
def _pdfa(origen, nombres: list[str]) -> tuple[list[str], str]:
    """Cada copia está donde se dice y dice ser PDF/A, y de cada documento sin copia se dice por qué."""
    if "pdfa.json" not in nombres:
        return [], ""
    fallas, nombrados, sin_copia = [], set(), 0
    filas, indice = json.loads(_leer(origen, "pdfa.json")), json.loads(_leer(origen, "indice.json"))
    conocidos = {documento["orden"]: documento for documento in indice["documentos"]}
    for fila in filas:
        nombre, archivo = f"la copia PDF/A del documento {fila['orden']} («{fila['nombre']}»)", fila["archivo"]
        if fila["orden"] not in conocidos:
            fallas.append(f"Sobra {nombre}: el índice no lo nombra.")
        elif not archivo:
            sin_copia += 1
            if not fila["sin_copia"]:
                fallas.append(f"Falta {nombre}, y no se dice por qué.")
        elif archivo not in nombres:
            fallas.append(f"Falta {nombre}: debería estar en {archivo}.")
        elif _huella(origen, archivo)[0] != fila["huella"]:
            fallas.append(f"Cambió {nombre}: su huella no es la que se anotó.")
        elif archivo.startswith("pdfa/") and not _dice_ser_pdfa(_leer(origen, archivo)):
            fallas.append(f"No dice ser PDF/A {nombre}.")
        nombrados.add(archivo)
    for archivo in sorted(n for n in nombres if n.startswith("pdfa/") and n not in nombrados):
        fallas.append(f"Sobra {archivo}: pdfa.json no lo nombra.")
    return fallas, f"Copias en PDF/A: {len(filas) - sin_copia}; documentos sin ella: {sin_copia}."


def _dice_ser_pdfa(crudo: bytes) -> bool:
    """Lo dicen sus metadatos, que pueden ir comprimidos."""
    if not crudo.startswith(b"%PDF-"):
        return False
    for parte in re.finditer(rb"stream\r?\n(.*?)endstream", crudo, re.DOTALL):
        try:
            legible = zlib.decompressobj().decompress(parte.group(1), TROZO)
        except zlib.error:
            legible = parte.group(1)
        if re.search(rb"pdfaid:part[^0-9A-Za-z]{1,4}[1-4]", legible):
            return True
    return False


# --- La bitácora -----------------------------------------------------------------------------------------------------
def _bitacora(origen, nombres: list[str]) -> tuple[list[str], str]:
    if "bitacora.json" not in nombres:
        return ["Falta bitacora.json."], ""
    bitacora = json.loads(_leer(origen, "bitacora.json"))
    fallas, ultimas = [], {}
    for suceso in bitacora["sucesos"]:
        datos = suceso["datos"]
        cual = f"el suceso {datos['posicion']} de la cadena {datos['cadena']} ({datos['accion']})"
        cuerpo = suceso["hash_anterior"] + "".join(_campo(datos[campo]) for campo in bitacora["campos"])
        if hashlib.sha256(cuerpo.encode("utf-8")).hexdigest() != suceso["hash"]:
            fallas.append(f"Cambió {cual}: su huella no corresponde a su contenido.")
        motivo = f"{suceso['motivo_sal']}:{suceso['motivo']}".encode()
        if suceso["motivo"] and hashlib.sha256(motivo).hexdigest() != datos["motivo_huella"]:
            fallas.append(f"Cambió el motivo de {cual}.")
        posicion, (antes, hash_antes) = int(datos["posicion"]), ultimas.get(datos["cadena"], (0, ""))
        if posicion <= antes:
            fallas.append(f"Está fuera de orden {cual}.")
        elif antes and posicion == antes + 1 and suceso["hash_anterior"] != hash_antes:
            fallas.append(f"No sigue al anterior {cual}.")
        ultimas[datos["cadena"]] = (posicion, suceso["hash"])
    for cadena, (posicion, ultimo) in sorted(ultimas.items()):
        cabeza = bitacora["cabezas"].get(cadena, {"posicion": 0, "hash": ""})
        if posicion > cabeza["posicion"] or (posicion == cabeza["posicion"] and ultimo != cabeza["hash"]):
            fallas.append(f"La cabeza de la cadena {cadena} no corresponde a su último suceso.")
    if len(bitacora["sucesos"]) != bitacora["cuantos"]:
        fallas.append(f"La bitácora debía traer {bitacora['cuantos']} sucesos y trae {len(bitacora['sucesos'])}.")
    return fallas, f"Sucesos de la bitácora comprobados: {len(bitacora['sucesos'])}."


def _campo(valor) -> str:
    return "-;" if valor is None else f"{len(valor.encode('utf-8'))}:{valor};"


# --- Las firmas (RSA, PKCS #1 v1.5, SHA-256) -------------------------------------------------------------------------
def _firma(origen, nombre: str, firma: str, certificado: str, quien: str) -> list[str]:
    try:
        modulo, exponente = _llave(_der(_leer(origen, certificado)))
        largo = (modulo.bit_length() + 7) // 8
        escrita = _leer(origen, firma).decode("ascii")
        valor = int(escrita, 16)
        # Written in one way only: nothing else vouches for the bytes of the signature of the manifest.
        if escrita != f"{valor:0{2 * largo}x}\n" or valor >= modulo:
            raise ValueError("la firma no está escrita como la escribe el portal")
        abierta = pow(valor, exponente, modulo).to_bytes(largo, "big")
        cuerpo = SHA256_DER + hashlib.sha256(_leer(origen, nombre)).digest()
    except Danado as falla:
        return [str(falla)]
    except (ValueError, IndexError, OverflowError):
        return [f"{quien} no está firmado con el certificado que viene en {certificado}."]
    if abierta != b"\x00\x01" + b"\xff" * (largo - len(cuerpo) - 3) + b"\x00" + cuerpo:
        return [f"{quien} cambió: la firma no corresponde a {nombre}."]
    return []


def _huella_del_certificado(origen) -> str:
    """Vacía si no se puede leer."""
    try:
        der = _der(_leer(origen, "certificado.pem"))
        _llave(der)
    except (Danado, ValueError, IndexError):
        return ""
    return hashlib.sha256(der).hexdigest()


def _der(pem: bytes) -> bytes:
    """El primer certificado del archivo."""
    texto = pem.decode("ascii", "replace")
    cuerpo = texto.partition("-----BEGIN CERTIFICATE-----")[2].partition("-----END CERTIFICATE-----")[0]
    return base64.b64decode("".join(cuerpo.split()))


def _llave(der: bytes) -> tuple[int, int]:
    """Módulo y exponente de la llave pública de un certificado RSA."""
    lugar = der.index(CLAVE_RSA) + len(CLAVE_RSA)
    _, lugar = _largo(der, lugar, 0x03)  # BIT STRING
    _, lugar = _largo(der, lugar + 1, 0x30)  # SEQUENCE, after the count of unused bits
    largo, lugar = _largo(der, lugar, 0x02)
    modulo = int.from_bytes(der[lugar : lugar + largo], "big")
    largo, lugar = _largo(der, lugar + largo, 0x02)
    return modulo, int.from_bytes(der[lugar : lugar + largo], "big")


def _largo(der: bytes, lugar: int, etiqueta: int) -> tuple[int, int]:
    """Largo del valor que empieza en `lugar`, y dónde empieza su contenido."""
    if der[lugar] != etiqueta:
        raise ValueError("el certificado no es de una llave RSA")
    largo, lugar = der[lugar + 1], lugar + 2
    if largo & 0x80:
        cuantos = largo & 0x7F
        largo, lugar = int.from_bytes(der[lugar : lugar + cuantos], "big"), lugar + cuantos
    return largo, lugar


def decir(texto: str) -> None:
    sys.stdout.write(texto + "\n")


def main(argumentos: list[str]) -> int:
    aqui = os.path.dirname(os.path.abspath(__file__))
    lector = argparse.ArgumentParser(description="Comprueba un expediente sellado, sin conexión.")
    lector.add_argument("origen", nargs="?", default=aqui, help="carpeta o archivo ZIP; por defecto, esta carpeta")
    lector.add_argument("--certificado", default="", help="huella SHA-256 que debe tener el certificado que firmó")
    pedido = lector.parse_args(argumentos)
    try:
        es_zip = os.path.isfile(pedido.origen)
        fallas, resumen = verificar(
            Comprimido(pedido.origen) if es_zip else Carpeta(pedido.origen), pedido.certificado
        )
    except Exception:  # the list of what it has is damaged too, and that has many names
        fallas, resumen = [f"No se puede leer {pedido.origen}: está dañado, incompleto o sin permiso."], []
    if fallas:
        decir("El expediente NO está como se firmó:")
        for falla in fallas:
            decir(f"  - {falla}")
        return 1
    decir("El expediente está completo y no ha cambiado desde que se firmó.")
    for linea in resumen:
        decir(f"  {linea}")
    if os.path.isfile(pedido.origen):
        with open(pedido.origen, "rb") as archivo:
            decir(f"  Huella SHA-256 del archivo: {hashlib.sha256(archivo.read()).hexdigest()}")
    return 0


if __name__ == "__main__":
    for salida in (sys.stdout, sys.stderr):
        if hasattr(salida, "reconfigure"):
            salida.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
