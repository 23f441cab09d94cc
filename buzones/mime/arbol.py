"""The tree of a message: where each part starts and ends in its bytes. Nothing is copied or decoded here.

The marks are looked for one by one from the outermost (as RFC 2046 §5.1.2 says): a part never goes past the end of the
one that holds it. Depth, parts and candidate marks are counted: what goes beyond is kept whole, unopened.
"""

import re
from dataclasses import dataclass, field

from buzones.mime import encabezados
from buzones.mime.encabezados import Campo
from buzones.mime.partes import Defecto, Falla

PROFUNDIDAD_MAXIMA = 20
PARTES_MAXIMAS = 200
_PARTES_EN_TOTAL = 1000  # with those of the messages inside
_CANDIDATAS_MAXIMAS = 20_000
_ASOMO = re.compile(rb"^--([^\s]{1,200})[ \t]*\r?\n[A-Za-z-]{1,60}:", re.MULTILINE)
_TIPO = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(slots=True)
class Nodo:
    campos: list[Campo]
    tipo: str
    parametros: dict[str, str]
    cabeza: int  # where its headers start
    inicio: int  # where its body starts
    fin: int
    hijos: list["Nodo"] = field(default_factory=list)
    entera: str = ""  # why it was not opened

    def valor(self, nombre: str) -> bytes | None:
        return next((valor for clave, valor in self.campos if clave == nombre), None)

    def valores(self, nombre: str) -> list[bytes]:
        return [valor for clave, valor in self.campos if clave == nombre]

    @property
    def codificacion(self) -> str:
        return encabezados.con_parametros(self.valor("content-transfer-encoding") or b"")[0]


@dataclass(slots=True)
class Presupuesto:
    """What may still be opened, shared by a message and those inside it."""

    partes: int = _PARTES_EN_TOTAL
    texto: int = 2_000_000  # bytes


class Lector:
    def __init__(self, crudo: bytes, presupuesto: Presupuesto | None = None) -> None:
        self.crudo = crudo
        self.presupuesto = presupuesto or Presupuesto()
        self.partes = 0
        self.defectos: list[Defecto] = []

    def leer(self) -> Nodo:
        inicio = 0
        while self.crudo[inicio : inicio + 1] in (b"\n", b"\r"):  # some programs leave a line before
            inicio += 1
        return self._nodo(inicio, len(self.crudo), 0, "text/plain")

    def _nodo(self, inicio: int, fin: int, profundidad: int, supuesto: str) -> Nodo:
        self.partes += 1
        self.presupuesto.partes -= 1
        campos, cuerpo, malas, cerrado = encabezados.separar(self.crudo, inicio, fin)
        if malas:
            self._anotar(Falla.ENCABEZADO, "Un encabezado está mal escrito.")
        if not campos and cuerpo == inicio and profundidad == 0 and inicio < fin:
            self._anotar(Falla.SIN_ENCABEZADOS, "No trae encabezados.")
        elif not cerrado and campos:
            self._anotar(Falla.ENCABEZADO, "Los encabezados no terminan donde deben.")
        declarado = next((valor for clave, valor in campos if clave == "content-type"), None)
        tipo, parametros = encabezados.con_parametros(declarado or b"")
        tipo = tipo.partition(" ")[0]
        if not _TIPO.fullmatch(tipo):
            # «text», «pdf»: what they mean is not said (RFC 2045 §5.2).
            tipo = supuesto if declarado is None or tipo in {"", "text"} else "application/octet-stream"
        nodo = Nodo(campos, tipo, parametros, inicio, cuerpo, fin)
        if tipo.startswith("multipart/"):
            self._abrir(nodo, profundidad)
        return nodo

    def _anotar(self, clave: Falla, dice: str) -> None:
        self.defectos.append(Defecto(clave, dice))

    def _abrir(self, nodo: Nodo, profundidad: int) -> None:
        if nodo.tipo == "multipart/encrypted":
            nodo.entera = "Está cifrado."
            return
        if profundidad >= PROFUNDIDAD_MAXIMA:
            nodo.entera = f"Tiene más de {PROFUNDIDAD_MAXIMA} niveles, uno dentro de otro."
            self._anotar(Falla.PROFUNDO, nodo.entera)
            return
        cortes, cerrado = self._cortes(nodo)
        supuesto = "message/rfc822" if nodo.tipo == "multipart/digest" else "text/plain"
        for inicio, fin in cortes:
            if self.partes >= PARTES_MAXIMAS or self.presupuesto.partes <= 0:
                dice = f"Trae más de {PARTES_MAXIMAS} partes: las demás quedan juntas, sin abrir."
                self._anotar(Falla.MUCHAS_PARTES, dice)
                nodo.hijos.append(Nodo([], "application/octet-stream", {}, inicio, inicio, cortes[-1][1], entera=dice))
                return
            nodo.hijos.append(self._nodo(inicio, fin, profundidad + 1, supuesto))
        if not cortes:
            self._anotar(Falla.FRONTERA, "Sus partes no se pueden separar.")
            # Read as what it most likely is: text that says to have parts.
            nodo.tipo, nodo.parametros = "text/plain", {}
        elif not cerrado:
            self._anotar(Falla.FRONTERA, "El mensaje está cortado: le falta el final.")

    def _cortes(self, nodo: Nodo) -> tuple[list[tuple[int, int]], bool]:
        declarada = nodo.parametros.get("boundary", "").encode("utf-8", "replace").rstrip(b" ")
        for frontera in filter(None, (declarada, self._asomada(nodo))):
            cortes, cerrado = self._buscar(b"--" + frontera, nodo.inicio, nodo.fin)
            if cortes:
                if frontera != declarada:
                    self._anotar(Falla.FRONTERA, "Sus partes están mal separadas.")
                return cortes, cerrado
        return [], False

    def _asomada(self, nodo: Nodo) -> bytes:
        """The mark that the body shows, when the one declared is missing or is another."""
        hallada = _ASOMO.search(self.crudo, nodo.inicio, min(nodo.fin, nodo.inicio + 65_536))
        return hallada[1] if hallada else b""

    def _buscar(self, marca: bytes, inicio: int, fin: int) -> tuple[list[tuple[int, int]], bool]:
        cortes: list[tuple[int, int]] = []
        pos, abierta = inicio, -1
        for _ in range(_CANDIDATAS_MAXIMAS):
            donde = self.crudo.find(marca, pos, fin)
            if donde < 0:
                break
            pos = donde + len(marca)
            if donde > inicio and self.crudo[donde - 1] != 0x0A:
                continue
            tope = min(fin, pos + 200)
            salto = self.crudo.find(b"\n", pos, tope)
            if salto < 0 and tope < fin:
                continue
            cola = self.crudo[pos : tope if salto < 0 else salto].strip(b" \t\r")
            if cola not in (b"", b"--"):
                continue
            if abierta >= 0:
                cortes.append((abierta, max(abierta, self._sin_salto(donde, abierta))))
            pos = abierta = fin if salto < 0 else salto + 1
            if cola == b"--":
                return cortes, True
        if abierta >= 0 and abierta < fin:
            cortes.append((abierta, fin))
        return cortes, False

    def _sin_salto(self, donde: int, desde: int) -> int:
        """The line break before the mark belongs to the mark."""
        if donde > desde and self.crudo[donde - 1] == 0x0A:
            donde -= 1
            if donde > desde and self.crudo[donde - 1] == 0x0D:
                donde -= 1
        return donde
