"""Filters of the lists of those who attend. They live in the address: the URL is the view."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone

from alcance.compiladas import Compilada
from direcciones.models import Dependencia, Entidad, Modalidad, Persona, Sector, Tema
from plazos.fechas import fecha_corrida
from sdfi_portal.formularios import SelectDeFilas
from solicitudes.busqueda import Leida, buscar, buscar_leida, leer, que_se_pueda_buscar
from solicitudes.estados import EstadoParte
from solicitudes.forms.atencion import DiaInput
from solicitudes.models import Actuacion, ExcepcionOrden, Parte, Solicitud
from solicitudes.services.inversiones import sin_motivo_llevadas


class DeCatalogo(forms.ModelChoiceField):
    """A row of a catalogue among those that were read: neither drawing it nor understanding it asks again."""

    widget = SelectDeFilas

    def leer(self, catalogo: "Catalogo") -> None:
        self._nombres = catalogo.nombres
        self.widget.filas = (("", str(self.empty_label)), *catalogo.ofrecidos)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        nombre = self._nombres.get(str(value))
        if nombre is None:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.queryset.model(pk=int(value), nombre=nombre)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogo:
    """Names by id (as text) of all that are understood, and the rows that are offered, in their order. The same one
    until some row changes."""

    nombres: dict[str, str]
    ofrecidos: tuple[tuple[str, str], ...]


def catalogos(dependencias: frozenset[int]) -> dict[str, Catalogo]:
    """Every entidad, modalidad, tema and sector, read in one query; put in order only when some changed.

    Of the temas those of `dependencias` are offered and any is understood: a transferred parte may keep one of
    elsewhere.
    """
    return _en_orden(tuple(_LOS_CATALOGOS()), dependencias)


class _Cero(Value):
    """A zero that comes back as it is: Django would pass each one through `int` again."""

    def __init__(self) -> None:
        super().__init__(0, output_field=BigIntegerField())

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


def _todas() -> Any:
    """(catalogue, order, name, id, dependencia or 0) of every row."""
    cero = _Cero()

    def filas(modelo: Any, clase: str, orden: Any = cero, de: Any = cero) -> Any:
        columnas = {"clase": Value(clase), "puesto": orden, "texto": F("nombre"), "de": de}
        return modelo.objects.order_by().annotate(**columnas).values_list("clase", "puesto", "texto", "pk", "de")

    return filas(Entidad, "entidad").union(
        filas(Sector, "sector"),
        filas(Modalidad, "modalidad", orden=F("orden")),
        filas(Tema, "tema", de=F("dependencia_id")),
        all=True,
    )


_LOS_CATALOGOS = Compilada(_todas)


@lru_cache(maxsize=64)
def _en_orden(todas: tuple[tuple[str, int, str, int, int], ...], dependencias: frozenset[int]) -> dict[str, Catalogo]:
    ordenadas = sorted(todas)
    return {clase: Catalogo(
        nombres={str(pk): texto for cual, _, texto, pk, _ in ordenadas if cual == clase},
        ofrecidos=tuple(
            (str(pk), texto)
            for cual, _, texto, pk, de in ordenadas
            if cual == clase and (not de or de in dependencias)
        ),
    ) for clase in ("entidad", "sector", "modalidad", "tema")}  # fmt: skip


class Filtros(forms.Form):
    """GET form. A value nobody offered is ignored, so an old address still opens."""

    buscar = forms.CharField(
        label="Buscar",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Radicado, SIGA o texto", "data-atajo": "buscar"}
        ),
    )
    entidad = DeCatalogo(label="Entidad", required=False, queryset=Entidad.objects.none(), empty_label="Todas")
    modalidad = DeCatalogo(label="Modalidad", required=False, queryset=Modalidad.objects.none(), empty_label="Todas")
    tema = DeCatalogo(label="Tema", required=False, queryset=Tema.objects.none(), empty_label="Todos")

    CAMPOS = {"entidad": "entidad", "modalidad": "modalidad", "tema": "tema"}

    def __init__(
        self,
        datos: Any,
        *,
        dependencias: Iterable[Dependencia] = (),
        leidos: Mapping[str, Catalogo] | None = None,
        **kwargs: Any,
    ) -> None:
        # Names of their own in the page: beside them another form may ask for an asesor too.
        super().__init__(datos, auto_id="filtro_%s", **kwargs)
        leidos = leidos or catalogos(frozenset(d.pk for d in dependencias))
        for campo, catalogo in leidos.items():
            if campo in self.fields:
                self.fields[campo].leer(catalogo)  # type: ignore[attr-defined]
        self.is_valid()

    def clean_buscar(self) -> str:
        """What would be left out in silence is refused: what is told as looked for is what was."""
        texto: str = self.cleaned_data["buscar"]
        que_se_pueda_buscar(texto)
        return texto

    @cached_property
    def valores(self) -> dict[str, Any]:
        """What is really filtered by: the fields that were understood and are not empty."""
        return {campo: valor for campo, valor in self.cleaned_data.items() if valor not in (None, "")}

    def aplicar(self, consulta: QuerySet[Parte]) -> QuerySet[Parte]:
        valores = self.valores
        for campo, columna in self.CAMPOS.items():
            if campo in valores:
                consulta = consulta.filter(**{columna: valores[campo]})
        return buscar(consulta, valores["buscar"]) if "buscar" in valores else consulta

    def en_palabras(self) -> list[tuple[str, str]]:
        """(label, value) of every filter that counts, for whoever reads the page on paper or a file of it."""
        return [(str(self.fields[campo].label), self._palabra(campo, valor)) for campo, valor in self.valores.items()]

    @property
    def no_entendidos(self) -> str:
        """The labels of the filters that the address brings and that do not count."""
        return ", ".join([str(self.fields[campo].label) for campo in self.errors])

    @property
    def por_que_no_busca(self) -> str:
        return " ".join(self.errors.get("buscar", ()))

    def _palabra(self, campo: str, valor: Any) -> str:
        if isinstance(valor, date):
            return fecha_corrida(valor)
        if isinstance(valor, str):
            return str(dict(getattr(self.fields[campo], "choices", ())).get(valor, valor))
        return str(valor)


def filtros_de(datos: QueryDict, leidos: Mapping[str, Catalogo]) -> Filtros:
    """The filters of an address, understood and drawn once while the catalogues stay as they are. Nobody changes
    them."""
    return _filtros_de(tuple([datos.get(campo, "") for campo in Filtros.base_fields]), tuple(leidos.items()))


@lru_cache(maxsize=128)
def _filtros_de(datos: tuple[str, ...], leidos: tuple[tuple[str, Catalogo], ...]) -> Filtros:
    return Filtros(dict(zip(Filtros.base_fields, datos, strict=True)), leidos=dict(leidos))


def _opcion(etiqueta: str, opciones: list[tuple[str, str]], vacia: str = "Todos") -> forms.ChoiceField:
    return forms.ChoiceField(label=etiqueta, required=False, choices=[("", vacia), *opciones])


# Outside them there is no instant to compare with in every time zone.
DIAS_POSIBLES = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31))]


def _dia(etiqueta: str) -> forms.DateField:
    return forms.DateField(label=etiqueta, required=False, widget=DiaInput, validators=DIAS_POSIBLES)


def _el_dia(campo: str, dia: date, hora: time) -> date | datetime:
    """What `campo` is compared with: a date, or the instant of that day in Bogotá."""
    return dia if campo == "vence" else timezone.make_aware(datetime.combine(dia, hora))


def ofrecidas(dependencias: Iterable[Dependencia]) -> list[Dependencia]:
    """Those that a filter names: with a queue, or that had one; these last. One that only has others below is found
    by them, and is understood too."""
    todas = list(dependencias)
    con_otras_abajo = {d.padre_id for d in todas}
    quedan = [d for d in todas if d.atiende or d.pk not in con_otras_abajo]
    return sorted(quedan, key=lambda d: not (d.atiende and d.esta_vigente()))


def nombrada(dependencia: Dependencia) -> str:
    """Its name, and that it ended or no longer attends."""
    if not dependencia.esta_vigente():
        cuando = f"terminó el {fecha_corrida(dependencia.hasta)}" if dependencia.hasta else "no ha empezado"
        return f"{dependencia} ({cuando})"
    return str(dependencia) if dependencia.atiende else f"{dependencia} (ya no atiende)"


CUMPLIMIENTO = [("a_tiempo", "Entregadas a tiempo"), ("tarde", "Entregadas tarde"),
                ("vencida", "Abiertas y vencidas"), ("en_termino", "Abiertas y en término")]  # fmt: skip
ORDEN = [("con_motivo", "Adelantadas con motivo"), ("sin_motivo", "Adelantadas sin motivo")]


class FiltrosRegistro(Filtros):
    """The register's: everything one may want to count. The board links here with these names.

    Every period is of whole days in Bogotá, both included. «Entregadas» are those answered, by the day they were.
    """

    dependencia = forms.ModelChoiceField(
        label="Dependencia",
        required=False,
        queryset=Dependencia.objects.none(),
        to_field_name="codigo",
        empty_label="Todas",
    )
    direccion = _opcion("Dirección, con sus subdirecciones", [], "Todas")
    sector = DeCatalogo(label="Sector", required=False, queryset=Sector.objects.none(), empty_label="Todos")
    estado = _opcion("Estado", [("abierta", "Todas las abiertas"), *EstadoParte.choices])
    cumplimiento = _opcion("Cumplimiento", CUMPLIMIENTO)
    primera_atencion = _opcion("Primera atención", [("no", "Sin primera atención"), ("si", "Con primera atención")])
    orden = _opcion("Orden de llegada", ORDEN)
    reservada = _opcion("Reserva", [("no", "Sin reserva"), ("si", "Reservadas")])
    canal = _opcion("Canal", Solicitud.Canal.choices)
    medio = _opcion("Medio", Actuacion.Medio.choices)
    asesor = forms.ModelChoiceField(
        label="Asesor", required=False, queryset=Persona.objects.none(), empty_label="Todos"
    )
    desde = _dia("Recibidas desde")
    hasta = _dia("Recibidas hasta")
    atendida_desde = _dia("Entregadas desde")
    atendida_hasta = _dia("Entregadas hasta")
    cerrada_desde = _dia("Cerradas desde")
    cerrada_hasta = _dia("Cerradas hasta")
    vence_desde = _dia("Vencen desde")
    vence_hasta = _dia("Vencen hasta")
    orden_desde = _dia("Adelantadas desde")
    orden_hasta = _dia("Adelantadas hasta")

    A_LA_VISTA = ("buscar", "dependencia", "entidad", "tema", "estado", "cumplimiento", "asesor", "desde", "hasta")
    LOS_DEMAS = ("direccion", "sector", "modalidad", "canal", "medio", "primera_atencion", "orden")
    PERIODOS = {"": "recibido_en", "atendida_": "prestada_en", "cerrada_": "cerrada_en", "vence_": "vence"}
    field_order = A_LA_VISTA + LOS_DEMAS

    def __init__(
        self,
        datos: Any,
        *,
        dependencias: Iterable[Dependencia],
        asesores: Iterable[tuple[int, str]],
        leidos: Mapping[str, Catalogo] | None = None,
    ) -> None:
        self.dependencias = dependencias = tuple(dependencias)
        super().__init__(datos, dependencias=dependencias, leidos=leidos)
        # The options are already read: no query to draw them.
        self.fields["dependencia"].queryset = Dependencia.objects.filter(pk__in=[d.pk for d in dependencias])
        se_ofrecen = ((d.codigo, nombrada(d)) for d in ofrecidas(dependencias))
        self.fields["dependencia"].choices = [("", "Todas"), *se_ofrecen]
        self.fields["direccion"].choices = [("", "Todas"), *self._direcciones()]
        # Whoever left is not offered, but what they attended is still found.
        self.fields["asesor"].queryset = Persona.objects.all()
        self.fields["asesor"].choices = [("", "Todos"), *asesores]
        self.full_clean()
        self._ofrecer_lo_elegido()

    def _ofrecer_lo_elegido(self) -> None:
        for campo, llave in (("asesor", "pk"), ("dependencia", "codigo")):
            elegido, opciones = self.valores.get(campo), self.fields[campo].choices
            if elegido and getattr(elegido, llave) not in dict(opciones):
                self.fields[campo].choices = [*opciones, (getattr(elegido, llave), elegido.nombre)]

    @property
    def periodos_al_reves(self) -> dict[str, str]:
        """The ones that end before they begin: nothing is in them. Shape: the field of their end → why, in words."""
        extremos = [(f"{prefijo}desde", f"{prefijo}hasta") for prefijo in (*self.PERIODOS, "orden_")]
        return {
            hasta: f"«{self.fields[desde].label}» es posterior a «{self.fields[hasta].label}»."
            for desde, hasta in extremos
            if self.valores.keys() >= {desde, hasta} and self.valores[desde] > self.valores[hasta]
        }

    @property
    def al_reves(self) -> str:
        return " ".join(self.periodos_al_reves.values())

    @property
    def a_la_vista(self) -> list[Any]:
        return [self[nombre] for nombre in self.A_LA_VISTA]

    @property
    def los_demas(self) -> list[Any]:
        return [campo for campo in self if campo.name not in self.A_LA_VISTA]

    @property
    def usa_los_demas(self) -> bool:
        return bool(self.valores.keys() - set(self.A_LA_VISTA))

    def _direcciones(self) -> list[tuple[str, str]]:
        """Code and name of the direcciones that have some subdirección here."""
        padres = {padre.codigo: str(padre) for padre in map(self._padre, self.dependencias) if padre}
        return sorted(padres.items(), key=lambda par: par[1])

    def _padre(self, dependencia: Dependencia) -> Dependencia | None:
        """The dirección above, when it was read: no query for a name that nobody will filter by."""
        padre = dependencia.padre if Dependencia.padre.is_cached(dependencia) else None
        return padre if padre and padre.tipo == Dependencia.Tipo.DIRECCION else None

    def aplicar(self, consulta: QuerySet[Parte]) -> QuerySet[Parte]:
        consulta = filtrar(consulta, self.condiciones)
        return self._por_orden(consulta, self.valores.get("orden")) if self.usa_el_orden else consulta

    @property
    def usa_el_orden(self) -> bool:
        """What is asked of the history: it is not one query."""
        return bool(self.valores.keys() & {"orden", "orden_desde", "orden_hasta"})

    @property
    def condiciones(self) -> "Condiciones":
        """What is filtered by, but the order of arrival, which is kept at each move."""
        valores = self.valores
        leida = leer(valores["buscar"]) if "buscar" in valores else None
        puestos: dict[str, Any] = {campo: valores[campo].pk for campo in POR_ID if campo in valores}
        if "direccion" in valores:
            puestos["lugares"] = self._de_direccion(valores["direccion"])
        for prefijo, columna in self.PERIODOS.items():
            puestos |= self._entre(prefijo, columna)
        puestos |= self._recibidas_a_mas_tardar()
        puestos |= {f"texto_{k}": texto for k, texto in enumerate(leida.textos if leida else ())}
        palabras = tuple((campo, valores[campo]) for campo in (*POR_PALABRA, *_HACEN) if campo in valores)
        return Condiciones(palabras, leida.formas if leida else None, puestos)

    def _de_direccion(self, codigo: str) -> tuple[int, ...]:
        def es_suya(dependencia: Dependencia) -> bool:
            padre = self._padre(dependencia)
            return codigo in {dependencia.codigo, padre.codigo if padre else ""}

        return tuple(d.pk for d in self.dependencias if es_suya(d))

    def _entre(self, prefijo: str, columna: str) -> dict[str, Any]:
        desde, hasta = (self.valores.get(f"{prefijo}{extremo}") for extremo in ("desde", "hasta"))
        limites: dict[str, Any] = {f"{columna}__gte": _el_dia(columna, desde, time.min)} if desde else {}
        return limites | ({f"{columna}__lte": _el_dia(columna, hasta, time.max)} if hasta else {})

    def _recibidas_a_mas_tardar(self) -> dict[str, Any]:
        """Nothing is delivered, closed or due before it is received (the base refuses it): the most recent of an old
        month are found from that month, and not from today."""
        ultimos = [dia for prefijo in self.PERIODOS if (dia := self.valores.get(f"{prefijo}hasta"))]
        return {"recibido_en__lte": _el_dia("recibido_en", min(ultimos), time.max)} if ultimos else {}

    def _por_orden(self, consulta: Any, cual: str | None) -> Any:
        """Attended before an older one of the same tray, in the period of «Adelantadas»; with reason or without it,
        when only the period is said."""
        cuando = self._entre("orden_", "en")
        if cual == "con_motivo":
            return consulta.filter(Exists(ExcepcionOrden.objects.filter(Q(parte=OuterRef("pk")), **cuando)))
        pedidas = sin_motivo_llevadas(
            dependencias=[d.pk for d in self.dependencias], desde=cuando.get("en__gte"), hasta=cuando.get("en__lte")
        )
        if cual == "sin_motivo":
            return consulta.filter(pk__in=pedidas)
        # One list of both: beside an «or», every row of the register would be looked at.
        con_motivo = ExcepcionOrden.objects.filter(**cuando).order_by().values("parte")
        sin_motivo = Parte.objects.filter(pk__in=pedidas).order_by().values("pk")
        return consulta.filter(pk__in=con_motivo.union(sin_motivo))


# --- Filters of the register over partes -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Condiciones:
    """How the register is filtered. The words, and the shape of the search (None without one), decide how the query
    is written; `valores` only fill it, by their name: ids, instants, `lugares` and the texts that are searched for."""

    palabras: tuple[tuple[str, str], ...]
    busqueda: tuple[str, ...] | None
    valores: Mapping[str, Any]


POR_ID = {
    "entidad": "entidad", "modalidad": "modalidad", "tema": "tema", "dependencia": "dependencia",
    "sector": "entidad__sector", "asesor": "asesor",
}  # fmt: skip
POR_PALABRA = {"canal": "solicitud__canal", "medio": "medio"}
_HACEN: dict[str, Callable[[Any, str], Any]] = {
    "estado": lambda q, cual: q.abiertas() if cual == "abierta" else q.filter(estado=cual),
    "cumplimiento": lambda q, cual: q.por_cumplimiento(cual),
    "primera_atencion": lambda q, cual: q.filter(primera_atencion_en__isnull=cual == "no"),
    "reservada": lambda q, cual: q.filter(reservada=cual == "si"),
}


def filtrar(consulta: QuerySet[Parte], condiciones: Condiciones) -> QuerySet[Parte]:
    """Instants are compared with instants, so that an index answers them under row-level security. «Entregadas» are
    those answered."""
    textos = []
    for nombre, valor in condiciones.valores.items():
        if nombre.startswith("texto_"):
            textos.append(valor)
        elif nombre == "lugares":
            consulta = consulta.filter(dependencia__in=valor)
        else:
            consulta = consulta.filter(**{POR_ID.get(nombre, nombre): valor})
    if any(nombre.startswith("prestada_en") for nombre in condiciones.valores):
        consulta = consulta.filter(estado=EstadoParte.ATENDIDA)
    for nombre, palabra in condiciones.palabras:
        hacer = _HACEN.get(nombre)
        consulta = hacer(consulta, palabra) if hacer else consulta.filter(**{POR_PALABRA[nombre]: palabra})
    if condiciones.busqueda is None:
        return consulta
    return buscar_leida(consulta, Leida(condiciones.busqueda, tuple(textos)))
