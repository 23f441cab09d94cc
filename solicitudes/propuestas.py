"""Themes proposed to whoever registers what came by another channel, from its text, with the words that say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from clasificador.modelo import Sugerencia
from clasificador.services import sugerir_para
from direcciones.models import Modalidad, Tema
from plazos.fechas import enumerar
from solicitudes.eleccion import modalidades_para_pedir, temas_para_pedir

CUANTAS = 3
# From this confidence on the modality that the text says is put before that of the theme.
DE_MODALIDAD = 80
# From this one on a theme is taken without anybody choosing it; whoever sends a file sees it before it is written.
DE_TEMA = 60


@dataclass(frozen=True, slots=True)
class TemaPropuesto:
    """`modalidad`: None when the one of the theme serves. `confianza`: None while nobody measured it."""

    tema: Tema
    modalidad: Modalidad | None
    confianza: int | None
    razones: str

    @property
    def clave(self) -> str:
        """What its button sends."""
        return f"{self.tema.pk}-{self.modalidad.pk if self.modalidad else ''}"

    @property
    def como(self) -> Modalidad:
        return self.modalidad or self.tema.modalidad


def proponer_temas(texto: str) -> list[TemaPropuesto]:
    """The best first; none when the text says nothing that is known."""
    dicho = sugerir_para(texto) if texto.strip() else None
    if dicho is None or not dicho.temas:
        return []
    propuestos = dicho.temas[:CUANTAS]
    temas = {tema.codigo: tema for tema in temas_para_pedir().filter(codigo__in=[p.codigo for p in propuestos])}
    otra = None
    if dicho.modalidades and dicho.modalidades[0].confianza >= DE_MODALIDAD:
        otra = modalidades_para_pedir().filter(codigo=dicho.modalidades[0].codigo).first()
    return [
        TemaPropuesto(
            tema=temas[uno.codigo],
            modalidad=otra if otra and otra.pk != temas[uno.codigo].modalidad_id else None,
            confianza=uno.confianza if dicho.medida else None,
            razones=enumerar([f"«{palabra}»" for palabra in uno.razones]),
        )
        for uno in propuestos
        if uno.codigo in temas
    ]


@dataclass(frozen=True, slots=True)
class TemaDelTexto:
    """`tema`: None when the text does not say it surely enough; `cercanos` are then those to choose from."""

    tema: Tema | None
    confianza: int
    cercanos: tuple[Tema, ...]


def tema_del_texto(dicho: Sugerencia, temas: Mapping[str, Tema]) -> TemaDelTexto:
    """The theme of what came without one. Shape of `temas`: code → those that may be asked for."""
    hay = [(temas[uno.codigo], uno.confianza) for uno in dicho.temas if uno.codigo in temas][:CUANTAS]
    cercanos = tuple(tema for tema, _ in hay)
    # What nobody measured is never sure.
    if hay and dicho.medida and hay[0][1] >= DE_TEMA:
        return TemaDelTexto(hay[0][0], hay[0][1], cercanos)
    return TemaDelTexto(None, hay[0][1] if hay else 0, cercanos)


def partes_del_texto(texto: str) -> tuple[str, str]:
    """The subject and the rest, when its first line is one; else everything is the rest."""
    primera, _, resto = texto.strip().partition("\n")
    if resto.strip() and len(primera.strip()) <= 120:
        return primera.strip(), resto.strip()
    return "", texto.strip()
