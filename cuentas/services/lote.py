"""People of entidades invited many at once, from a CSV file (architecture §8.13).

Nothing of the file is kept: it is read, reviewed row by row and shown; who confirms sends the same text again.
"""

import csv
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import exigir
from cuentas.models import Invitacion
from cuentas.services.invitaciones import exigir_dominio_propio, invitar
from direcciones.models import Dependencia, Entidad, Membresia
from direcciones.roles import Rol

MAXIMO = 500
COLUMNAS = ("correo", "nombre", "cargo", "entidad", "rol")
OBLIGATORIAS = ("correo", "nombre")
# Of an invitation, all but what the file brings.
SIN_JUZGAR = {campo.name for campo in Invitacion._meta.fields} - {"correo", "nombre", "cargo"}
ROLES = {"": Rol.ENLACE, "enlace": Rol.ENLACE, "administrador": Rol.ADMIN_ENTIDAD}
EJEMPLO = (
    "correo;nombre;cargo;entidad;rol\r\n"
    "ana.perez@entidad.gov.co;Ana Pérez Gil;Profesional de archivo;{entidad};enlace\r\n"
    "luis.mora@entidad.gov.co;Luis Mora Díaz;Jefe de planeación;{entidad};administrador\r\n"
)


@dataclass(slots=True)
class Fila:
    """One person of the file: `problemas` say how to mend it; `omitida`, why nobody is invited again."""

    numero: int
    correo: str
    nombre: str
    cargo: str
    lugar: str
    rol: str = ""
    entidad: Entidad | None = None
    dependencia: Dependencia | None = None
    omitida: str = ""
    problemas: list[str] = field(default_factory=list)

    @property
    def lista(self) -> bool:
        return not self.problemas and not self.omitida

    @property
    def clave(self) -> tuple[str, str, int | None, int | None]:
        """The same mailbox, role and place is the same invitation."""
        return (
            self.correo,
            self.rol,
            self.entidad.pk if self.entidad else None,
            self.dependencia.pk if self.dependencia else None,
        )


def decodificar(contenido: bytes) -> str:
    """What a spreadsheet saves in Spanish: UTF-8 with or without its mark, or Windows."""
    try:
        return contenido.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contenido.decode("cp1252", errors="replace")


def leer(texto: str) -> list[Fila]:
    """The rows, not yet judged. Raises ValidationError when this is not the file we explain."""
    if "\0" in texto:
        raise ValidationError("Ese archivo no es un CSV. En su hoja de cálculo elija «Guardar como» y el formato CSV.")
    lineas = texto.strip().splitlines()
    separador = max(";,\t", key=(lineas or [""])[0].count)
    try:
        filas = list(csv.reader(lineas, delimiter=separador))
    except csv.Error as error:
        raise ValidationError("No se puede leer el archivo. Descargue el ejemplo y use su misma forma.") from error
    titulos = [_llano(titulo) for titulo in (filas or [[]])[0]]
    if faltan := [columna for columna in OBLIGATORIAS if columna not in titulos]:
        raise ValidationError(f"La primera línea debe nombrar las columnas: falta {' y '.join(faltan)}.")
    personas = [(n, fila) for n, fila in enumerate(filas[1:], start=2) if any(celda.strip() for celda in fila)]
    if not personas:
        raise ValidationError("El archivo no trae personas: escriba una por línea, debajo de los títulos.")
    if len(personas) > MAXIMO:
        raise ValidationError(f"El archivo trae {len(personas)} personas. Divídalo: cada uno puede traer {MAXIMO}.")
    return [_fila(n, dict(zip(titulos, fila, strict=False))) for n, fila in personas]


def _fila(numero: int, celdas: dict[str, str]) -> Fila:
    correo, nombre, cargo, lugar, rol = (" ".join(celdas.get(columna, "").split()) for columna in COLUMNAS)
    return Fila(numero, correo.lower(), nombre, cargo, lugar, rol=_llano(rol))


def _llano(texto: str) -> str:
    """Without case, accents and spaces around: how people write a title."""
    partes = unicodedata.normalize("NFKD", texto.strip().lower())
    return "".join(letra for letra in partes if not unicodedata.combining(letra))


def revisar(filas: Iterable[Fila]) -> list[Fila]:
    """Judge every row with the rules of a single invitation, in the same number of queries for one as for all."""
    filas, lugares = list(filas), _entidades()
    for fila in filas:
        _juzgar(fila, lugares)
    return omitir_repetidas(filas)


def omitir_repetidas(filas: list[Fila]) -> list[Fila]:
    """Say of each row with nothing to mend why nobody is invited again: already in, already invited, twice here."""
    correos = [fila.correo for fila in filas]
    de_ellos = Membresia.objects.vigentes().de_quien_entra().filter(persona__correo__in=correos)
    con_rol = set(de_ellos.values_list("persona__correo", "rol", "entidad", "dependencia"))
    abiertas = Invitacion.objects.abiertas().filter(correo__in=correos)
    invitadas = set(abiertas.values_list("correo", "rol", "entidad", "dependencia"))
    vistas: dict[tuple[str, str, int | None, int | None], int] = {}
    for fila in filas:
        if fila.problemas:
            continue
        if fila.clave in con_rol:
            fila.omitida = f"Ya tiene ese rol en la {'dependencia' if fila.dependencia else 'entidad'}."
        elif fila.clave in invitadas:
            fila.omitida = "Ya tiene una invitación sin aceptar."
        elif fila.clave in vistas:
            fila.omitida = f"Está repetida: es la misma de la línea {vistas[fila.clave]}."
        vistas.setdefault(fila.clave, fila.numero)
    return filas


def _entidades() -> dict[str, Entidad]:
    """Those the acting person may invite to, by code and by name."""
    alcance = exigir()
    entidades = Entidad.objects.vigentes()
    if alcance.rol == Rol.ADMIN_ENTIDAD:
        entidades = entidades.filter(pk=alcance.entidad_id or 0)
    lugares: dict[str, Entidad] = {}
    for entidad in entidades.order_by("pk"):
        for nombre in (entidad.codigo, entidad.nombre):
            lugares.setdefault(_llano(nombre), entidad)
        if alcance.rol == Rol.ADMIN_ENTIDAD:
            lugares[""] = entidad  # its own, when the file does not say
    return lugares


def _juzgar(fila: Fila, lugares: dict[str, Entidad]) -> None:
    fila.entidad = lugares.get(_llano(fila.lugar))
    if fila.entidad is None:
        propia = exigir().rol == Rol.ADMIN_ENTIDAD
        fila.problemas.append(
            "Usted solo invita a personas de su entidad: deje vacía esa columna."
            if propia
            else "Escriba el código o el nombre de la entidad como está en el catálogo."
        )
    if fila.rol not in ROLES:
        fila.problemas.append("El rol es «enlace» o «administrador».")
    fila.rol = ROLES.get(fila.rol, fila.rol)
    try:
        Invitacion(correo=fila.correo, nombre=fila.nombre, cargo=fila.cargo).clean_fields(exclude=SIN_JUZGAR)
    except ValidationError as error:
        for nombre, mensajes in error.message_dict.items():
            fila.problemas.append(f"{nombre.capitalize()}: {' '.join(mensajes)}")
    try:
        exigir_dominio_propio(fila.correo, fila.entidad)
    except ValidationError as error:
        fila.problemas += error.messages


def invitar_varios(texto: str) -> list[Fila]:
    """Invite whoever the file brings and is ready; the others stay out. Twice the same file invites nobody twice."""
    return invitar_listas(revisar(leer(texto)))


@transaction.atomic
def invitar_listas(filas: list[Fila]) -> list[Fila]:
    """Invite those that are ready. What a service refuses at the last moment becomes a problem of its row."""
    for fila in filas:
        if not fila.lista:
            continue
        try:
            invitar(
                correo=fila.correo,
                nombre=fila.nombre,
                cargo=fila.cargo,
                rol=fila.rol,
                entidad=fila.entidad,
                dependencia=fila.dependencia,
            )
        except ValidationError as error:
            fila.problemas += error.messages
    return filas
