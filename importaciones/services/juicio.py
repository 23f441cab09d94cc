"""What is said of one row, the same in the rehearsal and at the moment of writing it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db.models import Model

from direcciones.models import Dependencia, Entidad
from importaciones.estados import Resultado
from importaciones.valores import llano, parecidos
from plazos.fechas import enumerar

# A code as «02-01», which a spreadsheet takes for the second of January.
_COMO_FECHA = re.compile(r"\d{4}-(\d{2})-(\d{2})(?:T00:00:00)?")
# Field → what the row says, cleaned; absent and empty are the same.
Celdas = Mapping[str, str]


@dataclass(slots=True)
class Juicio:
    """`clave` tells one thing of another: the same one twice in a file is an error of the second row."""

    resultado: Resultado
    frase: str = ""
    clave: str = ""
    orden: str = ""
    # Shape: name for people → (before, after).
    cambios: dict[str, tuple[str, str]] = field(default_factory=dict)
    datos: Any = None
    hecho: "Hecho | None" = None
    # Cells that the rehearsal decided, kept with the row so that what is written is what was shown.
    fijas: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hecho:
    """What a row made or found, to link it."""

    pk: int
    texto: str
    ruta: str


class Juez(Protocol):
    """Knows one kind. Made once per file (or per row, when it is written): its queries do not grow with the rows."""

    def juzgar(self, celdas: Celdas, origen: str) -> Juicio: ...

    def aplicar(self, juicio: Juicio, con_acuse: bool) -> Hecho:
        """Write it with the services of the pages. Raises ValidationError."""
        ...


class Falta(Exception):
    """Something of the row must be mended, in words that say how."""


class Faltas:
    """Every reason of a row at once: a person mends them all in one go."""

    def __init__(self) -> None:
        self.frases: list[str] = []

    @contextmanager
    def anotando(self) -> Iterator[None]:
        try:
            yield
        except Falta as falta:
            self.frases.append(str(falta))

    def agregar(self, frase: str) -> None:
        self.frases.append(frase)

    def juicio(self) -> Juicio:
        return Juicio(Resultado.ERROR, " ".join(self.frases)[:600])


def limpiar_campos(faltas: Faltas, fila: Model, titulos: Mapping[str, str]) -> None:
    """The validators of the model over these fields, without a query. Messages carry the name of the column."""
    sin_juzgar = {campo.name for campo in fila._meta.fields} - set(titulos)
    try:
        fila.clean_fields(exclude=sin_juzgar)
    except ValidationError as error:
        for nombre, mensajes in error.message_dict.items():
            faltas.agregar(f"{titulos[nombre]}: {' '.join(m.rstrip('.') for m in mensajes)}.")


class Sugeridor:
    """«¿Quiso decir «A» o «B»?», or nothing. Each text is looked for once, and a file with everything wrong gets
    suggestions for its first texts only: comparing thousands would keep the page waiting."""

    MAXIMO = 60

    def __init__(self, nombres: Iterable[str]) -> None:
        self._por_llano = {llano(nombre): nombre for nombre in nombres}
        self._dichas: dict[str, str] = {}

    def __call__(self, texto: str) -> str:
        texto = texto[:80]
        if texto not in self._dichas:
            if len(self._dichas) >= self.MAXIMO:
                return ""
            cerca = [f"«{nombre}»" for nombre in parecidos(texto, self._por_llano)]
            self._dichas[texto] = f" ¿Quiso decir {' o '.join(cerca)}?" if cerca else ""
        return self._dichas[texto]


class Lugares:
    """Entidades and dependencias by everything people call them. What two share names neither of them."""

    def __init__(self, filas: list[Any], *nombres: str) -> None:
        self.filas = filas
        self.sugerir = Sugeridor(fila.nombre for fila in filas)
        self._por: dict[str, list[Any]] = {}
        for fila in filas:
            for clave in {llano(str(getattr(fila, nombre))) for nombre in nombres} - {""}:
                self._por.setdefault(clave, []).append(fila)

    @classmethod
    def entidades(cls) -> "Lugares":
        vigentes = Entidad.objects.vigentes().select_related("sector").order_by("pk")
        return cls(list(vigentes), "codigo", "nombre", "sigla", "nit")

    @classmethod
    def dependencias(cls) -> "Lugares":
        atienden = Dependencia.objects.vigentes().order_by("pk")
        return cls(list(atienden), "codigo", "nombre", "nombre_corto")

    def uno(self, texto: str, que: str) -> Any:
        """Raises Falta with the nearest names."""
        if not texto:
            raise Falta(f"{que}: está vacía. Escriba su código o su nombre.")
        hallados = self._por.get(llano(texto), [])
        if len(hallados) == 1:
            return hallados[0]
        if hallados:
            codigos = enumerar([f"{fila.codigo} ({fila.nombre})" for fila in hallados[:4]])
            raise Falta(f"{que}: ese nombre es de varias. Escriba el código: {codigos}.")
        if como_fecha := _COMO_FECHA.fullmatch(texto):
            codigo = f"{como_fecha[2]}-{como_fecha[1]}"
            raise Falta(
                f"{que}: la hoja de cálculo guardó el código como una fecha. Dé a esa columna formato de texto y "
                f"escríbalo otra vez, por ejemplo {codigo}."
            )
        raise Falta(f"{que}: «{texto[:80]}» no está en el catálogo vigente.{self.sugerir(texto)}")
