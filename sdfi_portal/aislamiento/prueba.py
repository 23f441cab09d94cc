"""The proof: every URL × every papel × every object × every method, then each net alone, then the catalogue."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.db import connection

from sdfi_portal.aislamiento import canarios, catalogo, matriz, rastreo, redes
from sdfi_portal.aislamiento.elenco import ANONIMO, PAPELES, SIN_ROL
from sdfi_portal.aislamiento.llamadas import METODOS, METODOS_COMPLETOS, Marcador, Respuesta
from sdfi_portal.aislamiento.matriz import INEXISTENTE, PROPIO, Destino, Pagina
from sdfi_portal.aislamiento.mundo import Mundo, mundo
from sdfi_portal.aislamiento.rutas import Ruta

TODOS = (ANONIMO, SIN_ROL, *PAPELES)
DE_AFUERA = frozenset({ANONIMO, "enlace_a", "enlace_b", "asesor_x", "asesor_y"})
# Same role and reach as somebody else of the cast; who filed or attends is what tells them apart.
REPETIDOS = frozenset({"admin_b", "revisor_y", "subdirector_y", "director_y"})
PASEO = 40  # pages of each walk in the fast proof
SIN_TERCERA = "sin políticas de fila"


@dataclass(frozen=True, slots=True)
class Discrepancia:
    """One mismatch. `red` says which part of the proof found it."""

    red: str
    url: str = ""
    papel: str = ""
    objeto: str = ""
    obtenido: str = ""
    esperado: str = ""

    def __str__(self) -> str:
        partes = (self.red, self.url, self.papel, self.objeto, f"{self.obtenido} (se esperaba {self.esperado})")
        return " · ".join(filter(None, partes))


@dataclass
class Resultado:
    urls: int = 0
    papeles: int = 0
    objetos: int = 0
    llamadas: int = 0
    tablas_inquilino: int = 0
    tablas_rls: int = 0
    discrepancias: list[Discrepancia] = field(default_factory=list)

    @property
    def porcentaje_rls(self) -> float:
        return 100 * self.tablas_rls / self.tablas_inquilino if self.tablas_inquilino else 0.0


def probar(*, completa: bool = False, **opciones: Any) -> Resultado:
    """Build the world, ask everything and undo it. `opciones` are those of Prueba."""
    with mundo() as este:
        return Prueba(este, completa=completa, **opciones).correr()


class Prueba:
    """`propias` adds rows for URLs that only a test has; `solo` and `papeles` leave the others out."""

    def __init__(
        self,
        este: Mundo,
        *,
        completa: bool = False,
        propias: dict[str, Ruta] | None = None,
        solo: Collection[str] = (),
        papeles: Collection[str] = TODOS,
    ) -> None:
        self.mundo, self.completa, self.papeles = este, completa, papeles
        self.marcador = Marcador(este.elenco)
        self.paginas = [p for p in matriz.paginas(propias) if not solo or p.nombre in solo]
        self.resultado = Resultado(urls=len(self.paginas), papeles=len(papeles), objetos=len(este.objetos))

    def correr(self) -> Resultado:
        self.puertas()
        self.sin_tercera_red()
        self.recorridos()
        self.redes()
        self.catalogo()
        self.resultado.llamadas = self.marcador.llamadas
        return self.resultado

    # --- First, second and fourth nets, through the door ----------------------------------------------------------
    def puertas(self) -> None:
        """Every page by every papel, as people come in."""
        for pagina in self.paginas:
            for falta in matriz.faltas(pagina):
                self._anotar("ruta", pagina.nombre, obtenido=falta, esperado="una URL completa")
            destinos = [d for d in matriz.destinos(pagina, self.mundo.objetos) if self._se_llena(d)]
            for papel in self.papeles:
                suyos = self._los_que_dicen_algo(pagina, destinos, papel)
                for metodo in self._metodos(pagina, papel):
                    self._llamar(pagina, suyos, papel, metodo, "matriz")

    def _los_que_dicen_algo(self, pagina: Pagina, destinos: list[Destino], papel: str) -> list[Destino]:
        """A closed page refuses before it looks at the object, and a slow one is not drawn for everybody who may see
        it: in the fast proof one address is enough."""
        if self.completa:
            return destinos
        if not pagina.deja_entrar(papel):
            return destinos[:1]
        if pagina.ruta is None or not pagina.ruta.cara:
            return destinos
        return [d for d in destinos if d.objeto is None or d.para(papel) != PROPIO or papel == min(d.abren)]

    def _metodos(self, pagina: Pagina, papel: str) -> tuple[str, ...]:
        """HEAD and OPTIONS run the same code as GET, and a closed page looks at no method: in the fast proof only
        some ask with all of them, and who has the same role in the same place as another only reads."""
        if self.completa:
            return METODOS_COMPLETOS
        if papel not in DE_AFUERA and (papel in REPETIDOS or not pagina.deja_entrar(papel)):
            return ("GET",)
        return METODOS if papel in DE_AFUERA else ("GET", "POST")

    def sin_tercera_red(self) -> None:
        """With the row policies open, views and managers must still hold: what is foreign stays foreign."""
        with sin_politicas():
            for pagina in self.paginas:
                destinos = [
                    d for d in matriz.destinos(pagina, self.mundo.objetos) if matriz.se_llena(pagina, d.valores)
                ]
                for papel in filter(pagina.deja_entrar, self.papeles):
                    if papel in REPETIDOS and not self.completa:
                        continue
                    ajenos = [d for d in destinos if d.para(papel) != PROPIO]
                    self._llamar(pagina, ajenos, papel, "GET", SIN_TERCERA)

    def recorridos(self) -> None:
        """By the links that are shown: what is offered opens, and nothing reached carries a foreign canary (T05)."""
        for papel in self.papeles if self.completa else sorted(DE_AFUERA):
            maximo = rastreo.PAGINAS_MAXIMAS if self.completa else PASEO
            for paso in rastreo.recorrer(self.marcador, papel, maximo):
                if paso.respuesta.estado >= 500 or paso.respuesta.estado in {403, 404}:
                    desde = f"un enlace de {paso.desde or 'nadie'}"
                    self._anotar("recorrido", f"GET {paso.url}", papel, desde, _que_dijo(paso.respuesta), "que abra")
                for clave in canarios.ajenos(paso.respuesta, papel, self.mundo.objetos):
                    self._anotar("canario", f"GET {paso.url}", papel, "", f"salió el canario de {clave}", "nada suyo")

    def _llamar(self, pagina: Pagina, destinos: list[Destino], papel: str, metodo: str, red: str) -> None:
        url, faltas = f"{metodo} {pagina.nombre}", {}
        for destino in destinos:
            respuesta = self.marcador.llamar(papel, metodo, destino.url)
            if destino.clase == INEXISTENTE:
                faltas[destino.variante] = destino, respuesta
            if esperado := matriz.juicio(destino, papel, metodo, respuesta, faltas.get(destino.variante)):
                self._anotar(red, url, papel, destino.nombre_objeto, _que_dijo(respuesta), esperado)
            self._efectos(red, url, papel, destino, respuesta)

    def _se_llena(self, destino: Destino) -> bool:
        llena = matriz.se_llena(destino.pagina, destino.valores)
        if not llena:
            nombre, valores = destino.pagina.nombre, f"no se llena con {destino.valores}"
            self._anotar("ruta", nombre, obtenido=valores, esperado="una dirección")
        return llena

    def _efectos(self, red: str, url: str, papel: str, destino: Destino, respuesta: Respuesta) -> None:
        for clave in canarios.ajenos(respuesta, papel, self.mundo.objetos):
            salio = f"salió el canario de {clave} ({red})"
            self._anotar("canario", url, papel, destino.nombre_objeto, salio, "nada suyo")
        if self.mundo.timbrazos or mail.outbox:
            que = f"{', '.join(self.mundo.timbrazos) or 'correo'} dentro de la transacción"
            self._anotar("efectos", url, papel, destino.nombre_objeto, que, "por la bandeja")
            self.mundo.timbrazos.clear()
            mail.outbox.clear()

    # --- Second and third nets alone, and the catalogue --------------------------------------------------------------
    def redes(self) -> None:
        for modelo in redes.sin_objeto(self.mundo.objetos):
            self._anotar("mundo", obtenido=f"{modelo} no tiene objeto", esperado="uno en objetos.py")
        for red, juicio in (("gestor", redes.segunda_red), ("política", redes.tercera_red)):
            for papel, clave, debe, ve in juicio(self.mundo.elenco, self.mundo.objetos):
                if debe != ve:
                    self._anotar(red, "", papel, clave, "lo ve" if ve else "no lo ve", "verlo" if debe else "no verlo")

    def catalogo(self) -> None:
        self.resultado.tablas_inquilino = len(catalogo.tablas_inquilino())
        self.resultado.tablas_rls = len(catalogo.tablas_con_candado())
        for hallazgo in catalogo.hallazgos():
            self._anotar("catálogo", obtenido=hallazgo, esperado="lo contrario")

    def _anotar(self, *partes: str, **mas: str) -> None:
        self.resultado.discrepancias.append(Discrepancia(*partes, **mas))


def _que_dijo(respuesta: Respuesta) -> str:
    return " ".join(filter(None, [str(respuesta.estado), respuesta.destino, respuesta.error]))


@contextmanager
def sin_politicas() -> Iterator[None]:
    """The third net cut: the row policies let everything through while the code believes in each one's alcance."""
    escribir: Any = connection.escribir_alcance  # type: ignore[attr-defined]

    def escribir_y_abrir() -> None:
        escribir()
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select set_config('app.nivel', 'sistema', true)")

    connection.escribir_alcance = escribir_y_abrir  # type: ignore[attr-defined]
    try:
        escribir_y_abrir()
        yield
    finally:
        del connection.escribir_alcance
        escribir()
