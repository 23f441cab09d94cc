"""What comes round every year whatever is filed (domain.md §1.1): which rows of the policy are due on a day.

Pure. A date rule is one of:

- `anual:01-15`: from that day of each year;
- `trimestral`: from the first day of each quarter;
- `hasta:03-31:-30,-10,0`: business days before that day, the most urgent only.

Each falls on a business day, its own or the next. A beat that was stopped still tells it within ten business days:
later, nobody waits for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from avisos.carta import Carta
from avisos.eventos import Evento, registrar_evento
from plazos.calendario import Calendario
from plazos.fechas import enumerar, fecha_corrida

VENTANA = 10  # business days
GRUPO = "Lo que toca cada año"


@dataclass(frozen=True, slots=True)
class Ciclo:
    """`codigo`: of the dependencia it is of; '' when it is of every dirección. `regla`: the one it begins with."""

    clave: str
    regla: str
    titulo: str
    que_hacer: str
    codigo: str = ""
    pagina: tuple[str, str] = ("", "")  # the button and where it leads

    def carta(self, hasta: date | None = None) -> Carta:
        return Carta(
            asunto=self.titulo,
            que_paso=f"Es el momento del año para esto: {self.titulo[0].lower()}{self.titulo[1:]}.",
            que_hacer=self.que_hacer,
            fecha_limite=fecha_corrida(hasta) if hasta else "",
            boton=self.pagina[0],
            ruta=self.pagina[1],
        )


CICLOS = (
    Ciclo(
        "avisos.informar_asesores",  # R43, R106
        "anual:01-15",
        "Informar a las entidades quién las asesora",
        "Revise el asesor de cada sector y envíe sus datos de contacto a los enlaces con un botón.",
        pagina=("Informar a los enlaces", "/direccion/equipo/informar/"),
    ),
    Ciclo(
        "avisos.confirmar_enlaces",  # R45, R107
        "anual:01-20",
        "Confirmar los enlaces de cada entidad",
        "Contacte a las entidades y actualice quién responde por cada tema.",
    ),
    Ciclo(
        "avisos.plan_de_oferta",  # R21
        "anual:02-01",
        "Planear los temas de asistencia por oferta del año",
        "Defina los temas con las estrategias en curso.",
    ),
    Ciclo(
        "avisos.revisar_ans",  # R31
        "anual:12-01",
        "Revisar los acuerdos de nivel de servicio",
        "Diga cuáles siguen, cuáles cambian y desde cuándo.",
    ),
    Ciclo(
        "avisos.fichas_de_necesidades",  # R116
        "anual:01-20",
        "Recoger las fichas de necesidades de las entidades",
        "Envíelas, tabule las respuestas y diga cuáles proyectos se priorizan.",
        "DDRI",
    ),
    Ciclo(
        "avisos.plan_de_cooperacion",  # R104
        "hasta:03-31:-30,-10,0",
        "Formular el plan de cooperación internacional",
        "Se formula en el primer trimestre, con los sectores y las entidades.",
        "DDRI",
    ),
    Ciclo(
        "avisos.plan_de_prioridades",  # R109
        "hasta:03-31:-30,-10,0",
        "Pedir a cada sector su plan de prioridades de internacionalización",
        "Se pide en el primer trimestre de cada año.",
        "DDRI",
    ),
    Ciclo(
        "avisos.hoja_de_ruta",  # R115
        "anual:04-15",
        "Elaborar la hoja de ruta de la acción internacional",
        "Analice las necesidades priorizadas de sectores y entidades.",
        "DDRI",
    ),
    Ciclo(
        "avisos.mesa_mib",  # R130
        "trimestral",
        "Convocar la mesa intersectorial de internacionalización",
        "Se reúne cuatro veces al año.",
        "DDRI",
    ),
)
POR_CLAVE = {ciclo.clave: ciclo for ciclo in CICLOS}


@dataclass(frozen=True, slots=True)
class Toca:
    """A period of a rule that is due. `hasta`: the date it leads to, when the rule has one."""

    periodo: str
    hasta: date | None = None


def proxima(regla: str, dia: date, calendario: Calendario) -> date:
    """The next day that it falls on after `dia`."""
    anios = (dia, date(dia.year + 1, 1, 1))
    return min(uno for anio in anios for uno, _ in _debidos(regla, anio, calendario) if uno > dia)


def en_palabras(regla: str) -> str:
    """«cada año desde el 15 de enero»."""
    cual, _, resto = regla.partition(":")
    if cual == "trimestral":
        return "cada trimestre, desde su primer día hábil"
    dia, _, antes = resto.partition(":")
    mes = fecha_corrida(_el_dia(2024, dia)).removesuffix(" de 2024")
    if cual == "anual":
        return f"cada año desde el {mes}"
    dias = enumerar([uno.lstrip("-") for uno in antes.split(",")])
    return f"cada año, {dias} días hábiles antes del {mes}"


def toca(regla: str, dia: date, calendario: Calendario) -> Toca | None:
    """The period of `regla` that must have been told by `dia`, if any."""
    debidos = [(dia_debido, uno) for dia_debido, uno in _debidos(regla, dia, calendario) if dia_debido <= dia]
    if not debidos:
        return None
    dia_debido, uno = max(debidos, key=lambda par: par[0])
    return uno if calendario.habiles_entre(dia_debido, dia) < VENTANA else None


def _debidos(regla: str, dia: date, calendario: Calendario) -> Iterator[tuple[date, Toca]]:
    """The periods of the year of `dia` and of the one before, with the day each falls on."""
    cual, _, resto = regla.partition(":")
    for anio in (dia.year - 1, dia.year):
        if cual == "anual":
            yield calendario.habil_o_siguiente(_el_dia(anio, resto)), Toca(f"{anio}")
        elif cual == "trimestral":
            for trimestre in range(4):
                primero = date(anio, 3 * trimestre + 1, 1)
                yield calendario.habil_o_siguiente(primero), Toca(f"{anio}-T{trimestre + 1}")
        elif cual == "hasta":
            dia_final, _, antes = resto.partition(":")
            final = calendario.habil_o_siguiente(_el_dia(anio, dia_final))
            for cuantos in sorted(abs(int(uno)) for uno in antes.split(",")):
                cae = calendario.hace_habiles(final, cuantos) if cuantos else final
                yield calendario.habil_o_siguiente(cae), Toca(f"{anio}-{cuantos}", final)
        else:
            raise ValueError(f"No se entiende la regla «{regla}».")


def _el_dia(anio: int, mes_y_dia: str) -> date:
    return date.fromisoformat(f"{anio}-{mes_y_dia}")


for _ciclo in CICLOS:
    registrar_evento(Evento(_ciclo.clave, _ciclo.titulo, GRUPO, _ciclo.carta))
