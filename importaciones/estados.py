"""What is imported, the states of an import with ONE transition table, and what may become of a row."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Tipo(TextChoices):
    ENTIDADES = "entidades", "Entidades"
    ENLACES = "enlaces", "Enlaces"
    ASESORES = "asesores", "Asesores"
    SOLICITUDES = "solicitudes", "Solicitudes abiertas"
    SIGA = "siga", "Archivo de SIGA"


DE_PERSONAS = frozenset({Tipo.ENLACES, Tipo.ASESORES})
# Their rows file solicitudes, and each entidad may be told so.
CON_ACUSE = frozenset({Tipo.SOLICITUDES, Tipo.SIGA})


class Estado(TextChoices):
    SUBIDA = "subida", "Por revisar"
    REVISADA = "revisada", "Por confirmar"
    IMPORTANDO = "importando", "Importando"
    DETENIDA = "detenida", "Detenida"
    TERMINADA = "terminada", "Terminada"
    DESCARTADA = "descartada", "Descartada"


class Resultado(TextChoices):
    """Of a row: what the rehearsal says will happen, and after the import what happened."""

    CREAR = "crear", "Se creará"
    CAMBIAR = "cambiar", "Cambiará"
    IGUAL = "igual", "Ya existe igual"
    ERROR = "error", "Por corregir"
    CREADA = "creada", "Creada"
    CAMBIADA = "cambiada", "Cambiada"


TONOS = {
    Estado.TERMINADA: "verde", Estado.DETENIDA: "rojo", Estado.IMPORTANDO: "azul",
    Resultado.ERROR: "rojo", Resultado.CREADA: "verde", Resultado.CAMBIADA: "verde",
    Resultado.CREAR: "azul", Resultado.CAMBIAR: "azul",
}  # fmt: skip
POR_HACER = frozenset({Resultado.CREAR, Resultado.CAMBIAR})
HECHAS = {Resultado.CREAR: Resultado.CREADA, Resultado.CAMBIAR: Resultado.CAMBIADA}

E = Estado


@dataclass(frozen=True, slots=True)
class Transicion:
    desde: frozenset[Estado]
    hacia: Estado


TRANSICIONES: dict[str, Transicion] = {
    "revisar": Transicion(frozenset({E.SUBIDA, E.REVISADA}), E.REVISADA),
    "confirmar": Transicion(frozenset({E.REVISADA}), E.IMPORTANDO),
    "detener": Transicion(frozenset({E.IMPORTANDO}), E.DETENIDA),
    "seguir": Transicion(frozenset({E.DETENIDA}), E.IMPORTANDO),
    "terminar": Transicion(frozenset({E.IMPORTANDO}), E.TERMINADA),
    "descartar": Transicion(frozenset({E.SUBIDA, E.REVISADA}), E.DESCARTADA),
}
