"""The events people are told of. Each room declares its own in a module `eventos.py`, found by its name.

`legal` leaves at any hour and nobody silences it; `cuenta` (secret links, security) leaves at once; `normal` waits for
business hours and follows the preferences of each person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from django.utils.module_loading import autodiscover_modules

from avisos.carta import Carta
from direcciones.roles import DE_ENTIDAD, PERSONAL, Rol


class Clase(StrEnum):
    LEGAL = "legal"
    CUENTA = "cuenta"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Evento:
    """`clave` is `room.name`; `grupo` is what a person silences at once; `muestra` makes an example of its carta.

    `para`: the roles that are told of it, and so choose how or see that they cannot; none, when it does not go by what
    one prefers (a link that is never kept, a report with its own switch).

    `una_al_dia`: it answers whoever wrote, known or not: one of these a day to each address, and no more.
    """

    clave: str
    titulo: str
    grupo: str
    muestra: Callable[[], Carta]
    clase: Clase = Clase.NORMAL
    resumible: bool = True
    para: frozenset[str] = PERSONAL
    una_al_dia: bool = False

    def __post_init__(self) -> None:
        if self.clase is not Clase.NORMAL and self.resumible:
            raise ValueError(f"«{self.clave}» sale en cuanto pasa: no puede esperar al resumen.")


TODOS = PERSONAL | DE_ENTIDAD
_eventos: dict[str, Evento] = {}


def registrar_evento(evento: Evento) -> Evento:
    if evento.clave in _eventos:
        raise ValueError(f"Dos eventos con la clave «{evento.clave}».")
    _eventos[evento.clave] = evento
    return evento


@cache
def _cargar() -> None:
    autodiscover_modules("eventos", "ciclos")


def eventos() -> list[Evento]:
    """All of them, by group and title."""
    _cargar()
    return sorted(_eventos.values(), key=lambda evento: (evento.grupo, evento.titulo))


def evento(clave: str) -> Evento:
    """The one of that key; KeyError when no room declared it."""
    _cargar()
    return _eventos[clave]


def titulo(clave: str) -> str:
    """Of what was told once; its key when no room declares it any more."""
    _cargar()
    return _eventos[clave].titulo if clave in _eventos else clave


def clase_de(clave: str) -> Clase | None:
    """The class of that event; None when no room declares it."""
    _cargar()
    return _eventos[clave].clase if clave in _eventos else None


def _sello() -> Carta:
    return Carta(
        asunto="Sello de la bitácora del 9 de noviembre de 2026",
        que_paso="Hasta hoy la bitácora tiene 1.204 sucesos en 3 cadenas. Huella del sello: 5f2c…",
        que_hacer="Guarde este correo con su archivo.",
    )


def bitacora_rota(rupturas: Sequence[str]) -> Carta:
    """What the nightly reading found, each in a line."""
    lineas = [f"• {ruptura}" for ruptura in rupturas[:10]]
    if len(rupturas) > len(lineas):
        lineas.append(f"Y {len(rupturas) - len(lineas)} más: están en la auditoría.")
    return Carta(
        asunto="La bitácora no es como se escribió",
        que_paso="Al comprobarla entera, el portal encontró que alguien la cambió por fuera de él, o que falta un "
        "sello:\n" + "\n".join(lineas),
        que_hacer="Todavía no restaure ni corrija nada. Guarde una copia de la base de datos y de la carpeta de "
        "sellos, avise a la oficina de control y ejecute «verificar_bitacora --sello» con el último sello que llegó "
        "por correo.",
        boton="Abrir la auditoría",
        ruta="/auditoria/",
    )


def _resumen() -> Carta:
    return Carta(
        asunto="Resumen de avisos: 2 avisos sin leer",
        que_paso="Hasta hoy, lunes 9 de noviembre de 2026, tiene 2 avisos sin leer:\n"
        "• [AT-2026-000123] Le asignaron una solicitud\n• [AT-2026-000118] Respondió la entidad",
        que_hacer="Ábralos en sus notificaciones. Allí también elige cómo quiere recibirlos.",
        boton="Ver mis notificaciones",
        ruta="/notificaciones/",
    )


def _calendario() -> Carta:
    return Carta(
        asunto="Faltan los festivos de 2027",
        que_paso="El calendario de plazos termina el 31 de diciembre de 2026. Sin los festivos de 2027 no se puede "
        "decir cuándo vence lo que termine ese año, y esas solicitudes no se podrían radicar.",
        que_hacer="Pida a quien administra el servidor que ejecute «script/manage llenar_festivos» con los años que "
        "faltan. Después revise la lista en el catálogo de festivos.",
        boton="Ver los festivos",
        ruta="/catalogos/festivos/",
    )


# Nobody silences the seal nor its alarm, which are a control, nor the digest, which carries what was already silenced
# once.
for _uno in (
    Evento(
        "avisos.sello",
        "El sello diario de la bitácora",
        "Control",
        _sello,
        Clase.CUENTA,
        resumible=False,
        para=frozenset({Rol.AUDITOR}),
    ),
    Evento(
        "avisos.bitacora_rota",
        "La bitácora no es como se escribió",
        "Control",
        partial(bitacora_rota, ["entidad-12, lugar 340: su contenido cambió."]),
        Clase.CUENTA,
        resumible=False,
        para=frozenset({Rol.AUDITOR, Rol.ADMINISTRADOR}),
    ),
    Evento(
        "avisos.calendario",
        "El calendario de los plazos necesita que lo revisen",
        "Administración del portal",
        _calendario,
        para=frozenset({Rol.ADMINISTRADOR}),
    ),
    Evento("avisos.resumen", "El resumen del día", "Resumen", _resumen, Clase.CUENTA, resumible=False, para=TODOS),
):
    registrar_evento(_uno)
