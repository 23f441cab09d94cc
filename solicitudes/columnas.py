"""The columns of the register (R25, R26), told once: the page, the exports and the API read them from here.

Every expression is over `Parte`, so one statement of SQL answers whole rows, also inside a COPY:

    Parte.objects.visibles_para(alcance).values_list(*(columna.expresion for columna in COLUMNAS))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, DateField, F, Func, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from direcciones.models import Tema
from plazos.reloj import hoy
from solicitudes.estados import ABIERTOS, EstadoParte
from solicitudes.models import Actuacion, Solicitud
from solicitudes.models.partes import esta_vencida

Tipo = Literal["texto", "fecha", "instante", "numero", "lista"]
# Between the values of a «lista», which is a text: it goes as it is to a page, a sheet or a COPY.
SEPARADOR = "; "


@dataclass(frozen=True, slots=True)
class Columna:
    """`instante` is aware: it is told in Bogotá's time. `fija`: it can't be switched off (the minimum of R26)."""

    clave: str
    titulo: str
    tipo: Tipo
    # A lookup path of Parte, or what makes an expression at the moment of asking (compliance depends on today).
    origen: str | Callable[[], Any]
    visible: bool = False
    fija: bool = False

    @property
    def expresion(self) -> Any:
        """What `values_list` takes."""
        return F(self.origen) if isinstance(self.origen, str) else self.origen()


class EnBogota(Func):
    """Date of an instant in Bogotá."""

    template = f"(%(expressions)s at time zone '{timezone.get_default_timezone_name()}')::date"
    output_field = DateField()


class Unidos(Func):
    function = "array_to_string"
    template = f"%(function)s(%(expressions)s, '{SEPARADOR}')"
    output_field = TextField()


def _palabra(campo: str, opciones: Iterable[tuple[str, Any]]) -> Case:
    """The words of a choice, as people read them."""
    casos = [When(**{campo: valor}, then=Value(str(texto))) for valor, texto in opciones]
    return Case(*casos, default=Value(""), output_field=TextField())


def _cumplimiento() -> Case:
    """Same rules as `Parte.objects.por_cumplimiento`; empty when it closed without being delivered."""
    entregada = Q(estado=EstadoParte.ATENDIDA, prestada_en__isnull=False)
    abierta = Q(estado__in=sorted(ABIERTOS))
    return Case(
        When(entregada & Q(sin_efecto_en__isnull=False), then=Value("Respuesta anulada")),
        When(entregada & Q(_por_el_dia()), then=Value("A tiempo")),
        When(entregada, then=Value("Tarde")),
        When(abierta & esta_vencida(hoy()), then=Value("Vencida")),
        When(abierta, then=Value("En término")),
        default=Value(""),
        output_field=TextField(),
    )


def _por_el_dia() -> Any:
    """Attended on or before the last day, by Bogotá's date."""
    return Func(
        EnBogota(F("atencion_en")), F("vence"), template="(%(expressions)s)", arg_joiner=" <= ",
        output_field=BooleanField(),
    )  # fmt: skip


def _otros_temas() -> Case:
    es_suyo = Func(F("pk"), OuterRef("otros_temas"), template="%(expressions)s)", arg_joiner=" = any(",
                   output_field=BooleanField())  # fmt: skip
    nombres = Tema.objects.filter(es_suyo).order_by("nombre").values("nombre")
    return Case(When(otros_temas=[], then=Value("")), default=Unidos(ArraySubquery(nombres)), output_field=TextField())


def _productos() -> Coalesce:
    """Those of the last session that was not cancelled; without any, the result of the answer."""
    return Coalesce(NullIf(Unidos(F("productos")), Value("")), F("resultado"), output_field=TextField())


def _direccion() -> Coalesce:
    return Coalesce("dependencia__padre__nombre", "dependencia__nombre")


COLUMNAS: tuple[Columna, ...] = (
    Columna("radicado", "Radicado", "texto", "solicitud__radicado", visible=True, fija=True),
    Columna("recepcion", "Recepción", "instante", "recibido_en", visible=True, fija=True),
    Columna("fecha_efectiva", "Fecha efectiva", "fecha", "solicitud__fecha_efectiva"),
    Columna("primera_atencion", "Primera atención", "instante", "primera_atencion_en", visible=True, fija=True),
    Columna("programada", "Programada", "instante", "programada_para"),
    Columna("prestada", "Prestada", "instante", "prestada_en", visible=True),
    Columna("cierre", "Cierre", "instante", "cerrada_en", visible=True),
    Columna("asunto", "Asunto", "texto", "solicitud__asunto"),
    Columna("tema", "Tema", "texto", "tema__nombre", visible=True, fija=True),
    Columna("otros_temas", "Otros temas", "lista", _otros_temas),
    Columna("direccion", "Dirección", "texto", _direccion),
    Columna("dependencia", "Dependencia", "texto", "dependencia__nombre", visible=True),
    Columna("entidad", "Entidad", "texto", "entidad__nombre", visible=True, fija=True),
    Columna("sigla", "Sigla", "texto", "entidad__sigla"),
    Columna("sector", "Sector", "texto", "entidad__sector__nombre", visible=True),
    Columna("modalidad", "Modalidad", "texto", "modalidad__nombre", visible=True),
    Columna("modelo", "Modelo", "texto", lambda: _palabra("solicitud__modelo", Solicitud.Modelo.choices)),
    Columna("medio", "Medio", "texto", lambda: _palabra("medio", Actuacion.Medio.choices), visible=True),
    Columna("canal", "Canal", "texto", lambda: _palabra("solicitud__canal", Solicitud.Canal.choices), visible=True),
    Columna("asesor", "Asesor", "texto", lambda: Coalesce("asesor__nombre", Value("")), visible=True),
    Columna("estado", "Estado", "texto", lambda: _palabra("estado", EstadoParte.choices), visible=True),
    Columna("vence", "Vence", "fecha", "vence", visible=True),
    Columna("cumplimiento", "Cumplimiento", "texto", _cumplimiento, visible=True),
    Columna("siga_entrada", "SIGA de entrada", "texto", "solicitud__siga_entrada", visible=True),
    Columna("siga_salida", "SIGA de salida", "texto", "solicitud__siga_salida"),
    Columna("productos", "Productos", "lista", _productos, visible=True),
    Columna("quien_pide", "Quien pide", "texto", "solicitud__remitente_nombre"),
    Columna("reservada", "Reservada", "texto", lambda: _palabra("reservada", [(True, "Sí"), (False, "No")])),
)
POR_CLAVE = {columna.clave: columna for columna in COLUMNAS}
VISIBLES = tuple(columna for columna in COLUMNAS if columna.visible)


def elegidas(claves: Iterable[str]) -> tuple[Columna, ...]:
    """These columns and the fixed ones, in the order of the register; those it shows by itself when none is named."""
    quiere = set(claves) & POR_CLAVE.keys()
    if not quiere:
        return VISIBLES
    return tuple(columna for columna in COLUMNAS if columna.fija or columna.clave in quiere)


def valores(consulta: Any, columnas: Iterable[Columna] = COLUMNAS) -> Any:
    """`consulta` of partes as rows with these columns, in one statement."""
    return consulta.values_list(*(columna.expresion for columna in columnas))
