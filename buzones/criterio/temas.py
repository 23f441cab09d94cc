"""Which direcciones a message asks something of. Its addresses make candidates and its text decides (K4)."""

import re
from dataclasses import dataclass

from buzones.criterio import texto
from buzones.criterio.hechos import Hechos, TemaSugerido
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado
from clasificador.modelo import SEGURA
from plazos.fechas import enumerar

# Of the best one, so much must another dirección that it was also sent to have, to be asked too.
_TAMBIEN = 0.35
# So far must the first be from the second where only the mailbox agrees with the text; and where it was written to
# several, which agree with anything.
_DE_LEJOS, _DE_MUY_LEJOS = 1.4, 3.0
_DICE_ALGO = 0.15  # and so much it must say where who wrote chose one mailbox
# Of a theme that so many words say, three times as much as any other: filed where it belongs, whatever the mailbox. Of
# the 640 texts that the model of the catalogue never saw, 93 are so and none of another dirección (0028).
POR_SI_SOLO = 4
_DICE_MUCHO = 0.3  # and so much, to be of another theme than the one that mailbox is for
_COINCIDEN = 85
_NO_SABE = re.compile(
    r"\bno (?:sabemos|se|tenemos claro|tengo claro|tenemos certeza|es claro|conocemos)(?: a| en)? "
    r"(?:cual|que|quien) (?:de las )?(?:direccion|dependencia|subdireccion|area|oficina|corresponde|le corresponde)"
    r"|\b(?:con|a|para|de|entre) (?:las|ambas|todas las) ?(?:dos|tres)? ?(?:direcciones|dependencias|subdirecciones)\b"
    r"|\b(?:con|a|de|entre) las (?:dos|tres)\b(?! (?:de la|p\.? ?m|a\.? ?m|en punto))"
)


@dataclass(frozen=True, slots=True)
class Eleccion:
    """`temas`: one of each dirección, the one that leads first. `seguro`: enough to file without asking."""

    temas: tuple[TemaSugerido, ...] = ()
    seguro: bool = False
    confianza: int = 0
    razones: tuple[str, ...] = ()
    advertencias: tuple[str, ...] = ()


def a_que_buzones(d: Desarmado, h: Hechos) -> tuple[str, ...]:
    """The official mailboxes that it was written to or came to, in order."""
    dichas = (*(uno.correo for uno in d.para), *d.entregado_a, h.casilla)
    return tuple(dict.fromkeys(una for una in dichas if una in h.buzones))


def elegir(d: Desarmado, h: Hechos) -> Eleccion:
    buzones = [h.buzones[uno] for uno in a_que_buzones(d, h)]
    escritas = tuple(dict.fromkeys(uno.direccion for uno in buzones))
    temas = h.sugerido.temas
    if not temas:
        return _por_defecto(h) or Eleccion()
    primero, *otros = temas
    if _NO_SABE.search(texto.plano(d, h)) and len(escritas) > 1:
        pedidos = [uno for uno in temas if uno.direccion in escritas]
        if len(pedidos) > 1:
            return _de_varias(
                pedidos, "El texto dice que no sabe a cuál dirección: se pide a todas a las que escribió."
            )
    tambien = [
        uno
        for uno in otros
        if uno.direccion in escritas and (uno.puntaje >= _TAMBIEN * primero.puntaje or _cuantas(uno) >= POR_SI_SOLO)
    ]
    elegidos = (primero, *tambien)
    razones = _razones(h, elegidos)
    if h.sugerido.medida and primero.confianza >= SEGURA:
        return Eleccion(elegidos, True, primero.confianza, razones, _de_otro_buzon(primero, buzones, escritas))
    segundo = max((uno.puntaje for uno in otros if uno not in tambien), default=0.0)
    if h.por_defecto and (primero.puntaje < _DICE_MUCHO or len(primero.razones) < 2):
        return _por_defecto(h) or Eleccion()
    if _coinciden(h, primero, segundo, escritas):
        razones = (*razones, "El texto y el buzón al que escribió coinciden.")
        return Eleccion(elegidos, True, max(primero.confianza, _COINCIDEN), razones)
    if _cuantas(primero) >= POR_SI_SOLO and primero.puntaje >= _DE_MUY_LEJOS * segundo:
        avisos = _de_otro_buzon(primero, buzones, escritas)
        return Eleccion(elegidos, True, max(primero.confianza, _COINCIDEN), razones, avisos)
    return _por_defecto(h) or Eleccion(elegidos, False, primero.confianza, razones)


def _coinciden(h: Hechos, primero: TemaSugerido, segundo: float, escritas: tuple[str, ...]) -> bool:
    """Two witnesses: who wrote chose that dirección, and the text says by itself that it is its."""
    if primero.direccion not in escritas:
        return False
    varias_palabras = _cuantas(primero) > 1
    lejos = _DE_LEJOS if len(escritas) == 1 else _DE_MUY_LEJOS
    if primero.puntaje >= lejos * segundo and varias_palabras:
        return True
    como_se_atiende = primero.modalidad is not None and primero.modalidad.codigo == h.sugerido.modalidad[0]
    return len(escritas) == 1 and primero.puntaje >= _DICE_ALGO and (varias_palabras or como_se_atiende)


def _cuantas(tema: TemaSugerido) -> int:
    """Different words of the text that say it: «cooperación internacional» is two."""
    return len({palabra for razon in tema.razones for palabra in razon.split()})


def es_de_enlaces(tema: TemaSugerido) -> bool:
    """A change of enlace is no technical case: it is proposed (rule 15), or a person decides."""
    return "enlace" in plegado(tema.nombre)


def _de_varias(pedidos: list[TemaSugerido], razon: str) -> Eleccion:
    return Eleccion(tuple(pedidos), True, _COINCIDEN, (razon, *(_por_que(uno) for uno in pedidos)))


def _por_defecto(h: Hechos) -> Eleccion | None:
    """What reaches a mailbox of one thing is about that thing, while the text is not surely of another."""
    if not h.por_defecto:
        return None
    razon = f"A {h.casilla or 'ese buzón'} se escribe para {h.por_defecto[0].nombre.lower()}."
    return Eleccion(h.por_defecto, True, _COINCIDEN, (razon,))


def _razones(h: Hechos, elegidos: tuple[TemaSugerido, ...]) -> tuple[str, ...]:
    primero, *otros = elegidos
    cuanto = f" ({primero.confianza} %)" if h.sugerido.medida else ""
    return (f"{_por_que(primero)[:-1]}{cuanto}.", *(_por_que(uno) for uno in otros))


def _por_que(tema: TemaSugerido) -> str:
    palabras = enumerar([f"«{una}»" for una in tema.razones])
    return f"«{tema.nombre}», de {tema.dependencia}" + (f", por {palabras}." if palabras else ".")


def _de_otro_buzon(primero: TemaSugerido, buzones: list, escritas: tuple[str, ...]) -> tuple[str, ...]:  # type: ignore[type-arg]
    """A wrong mailbox is not the problem of who wrote: it is filed where it belongs, and said (R92)."""
    if not buzones or primero.direccion in escritas:
        return ()
    return (f"Escribió a {buzones[0].correo}; la atiende {primero.dependencia}.",)
