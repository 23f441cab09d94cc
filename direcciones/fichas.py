"""Which catalogues have a screen and what each shows: one description per catalogue, one set of views for all.

A new catalogue is a new `Ficha`, never a new page. Those of the rooms above register theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from direcciones.efectos import Efecto, efecto_de
from direcciones.models import (
    AcuerdoServicio,
    AsignacionSector,
    Buzon,
    CriterioAtencion,
    Dependencia,
    Encargo,
    Entidad,
    Modalidad,
    Sector,
    SerieDocumental,
    Tema,
)
from direcciones.models.vigencia import Vigente
from direcciones.services.catalogos import POR_VIGENCIAS
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion
from plazos.nombres import nombrar
from plazos.services import calendario_con, calendario_con_festivo, calendario_sin

Valor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Columna:
    """`enlaza` leads to the row; one per catalogue. `si_hay` hides the column while it is empty in all rows shown."""

    titulo: str
    valor: Valor
    enlaza: bool = False
    si_hay: bool = False
    codigo: bool = False


@dataclass(frozen=True, slots=True)
class Ficha:
    """`campos` are the fields of the form; those in `fijos` are asked once and never change afterwards.

    `nuevo` is «Agregar sector»; `quien` names one row in a sentence («este sector»).
    """

    clave: str
    modelo: type[Model]
    titulo: str
    nuevo: str
    quien: str
    grupo: str
    para_que: str
    columnas: tuple[Columna, ...]
    campos: tuple[str, ...]
    buscar: tuple[str, ...]
    fijos: tuple[str, ...] = ()
    junto: tuple[str, ...] = ()  # select_related
    nota_al_guardar: str = ""
    impedimentos: Callable[[Any], list[str]] = lambda fila: []
    editable: bool = True
    # Of the calendar: what adding a row with these data, or retiring one, would do to the open terms.
    efecto_de_agregar: Callable[[dict[str, Any]], Efecto] | None = None
    efecto_de_retirar: Callable[[Any], Efecto] | None = None
    ayudas: Mapping[str, str] = field(default_factory=dict)

    @property
    def con_vigencia(self) -> bool:
        """Ends with a last day; otherwise it is retired with a reason."""
        return issubclass(self.modelo, Vigente) or self.modelo is HorarioAtencion

    @property
    def por_vigencias(self) -> bool:
        """A change rules from a day on, in another row; what ended does not come back."""
        return issubclass(self.modelo, POR_VIGENCIAS)

    @property
    def vacio(self) -> str:
        return f"Todavía no hay {self.titulo[0].lower()}{self.titulo[1:]}."

    @property
    def femenino(self) -> bool:
        return self.quien.startswith("esta")

    def todas(self) -> QuerySet[Any]:
        return self.modelo._default_manager.select_related(*self.junto)

    def vigentes(self) -> QuerySet[Any]:
        return self.todas().filter(self._vigente())

    def historicas(self) -> QuerySet[Any]:
        return self.todas().exclude(self._vigente())

    def es_vigente(self, fila: Any) -> bool:
        return self.todas().filter(self._vigente(), pk=fila.pk).exists()

    def _vigente(self) -> Q:
        """Not ended; what starts later is listed with what is in force."""
        if self.con_vigencia:
            return Q(hasta__isnull=True) | Q(hasta__gte=timezone.localdate())
        return Q(motivo_retiro="")

    def buscadas(self, filas: QuerySet[Any], texto: str) -> QuerySet[Any]:
        """Rows where every word appears in some of the searched fields."""
        for palabra in texto.split():
            condicion = Q()
            for campo in self.buscar:
                condicion |= Q(**{f"{campo}__icontains": palabra})
            filas = filas.filter(condicion)
        return filas


def _c(titulo: str, campo: str, **como: bool) -> Columna:
    """A column that reads an attribute, with its choice in words."""

    def leer(fila: Any) -> Any:
        mostrar = getattr(fila, f"get_{campo}_display", None)
        return mostrar() if mostrar else getattr(fila, campo)

    return Columna(titulo, leer, **como)


def _con(relacion: str, cuantas: str) -> Callable[[Any], list[str]]:
    """Refuse to end a row on which others in force depend. `relacion` is the reverse name."""

    def revisar(fila: Any) -> list[str]:
        n = getattr(fila, relacion).vigentes().count()
        return [f"Tiene {n} {cuantas} vigentes. Cámbielas o termínelas antes."] if n else []

    return revisar


def _de_dependencia(fila: Dependencia) -> list[str]:
    faltas = [*_con("temas", "temas")(fila), *_con("hijas", "dependencias")(fila)]
    return [
        falta.replace("temas vigentes. Cámbielas o termínelas", "temas vigentes. Páselos a otra") for falta in faltas
    ]


NOTA_DE_PLAZOS = (
    "Antes de guardar verá qué solicitudes abiertas cambian de fecha. Al confirmar se vuelven a contar, queda escrito "
    "en cada una y se avisa a sus responsables y a la entidad. Las cerradas no cambian."
)


def _al_decretar(datos: dict[str, Any]) -> Efecto:
    dia = {clave: datos[clave] for clave in ("fecha", "tipo", "acto")}
    return efecto_de(calendario_con(**dia), datos["fecha"])


def _al_agregar_festivo(datos: dict[str, Any]) -> Efecto:
    return efecto_de(calendario_con_festivo(**datos), datos["fecha"])


def _al_retirar(dia: Any) -> Efecto:
    return efecto_de(calendario_sin(dia), dia.fecha)


def _para_quien(horario: HorarioAtencion) -> str:
    """By its name: office hours are kept by code (plazos/nombres.py)."""
    if not horario.dependencia_codigo:
        return "Todas las dependencias"
    [(_, nombre)] = nombrar({horario.dependencia_codigo})
    return nombre


_DESDE_ESE_DIA = "Rige para lo que se reciba desde el día que escriba. Lo recibido antes se cuenta como se contaba."
_VIGENCIA = ("desde", "hasta")
_HASTA = _c("Hasta", "hasta", si_hay=True)
_DESDE_HASTA = (_c("Desde", "desde"), _HASTA)
_CODIGO = _c("Código", "codigo", codigo=True)

FICHAS: list[Ficha] = [
    Ficha(
        clave="sectores",
        modelo=Sector,
        titulo="Sectores",
        nuevo="Agregar sector",
        quien="este sector",
        grupo="Entidades",
        para_que="Los 15 sectores administrativos y los otros grupos de entidades.",
        columnas=(_CODIGO, _c("Nombre", "nombre", enlaza=True), *_DESDE_HASTA),
        campos=("codigo", "nombre", "desde"),
        fijos=("codigo",),
        buscar=("codigo", "nombre"),
        impedimentos=_con("entidades", "entidades"),
    ),
    Ficha(
        clave="entidades",
        modelo=Entidad,
        titulo="Entidades",
        nuevo="Agregar entidad",
        quien="esta entidad",
        grupo="Entidades",
        para_que="Quién puede pedir asistencia técnica.",
        columnas=(
            _CODIGO,
            _c("Nombre", "nombre", enlaza=True),
            _c("Sigla", "sigla"),
            _c("Sector", "sector"),
            _c("Tipo", "tipo"),
            _HASTA,
        ),
        campos=("codigo", "nombre", "sigla", "sector", "tipo", "nit", "integra_sda", "dominios_correo", "desde"),
        fijos=("codigo",),
        buscar=("codigo", "nombre", "sigla", "nit", "sector__nombre"),
        junto=("sector",),
        nota_al_guardar="Una entidad que termina ya no puede radicar. Sus solicitudes siguen su curso.",
    ),
    Ficha(
        clave="dependencias",
        modelo=Dependencia,
        titulo="Dependencias",
        nuevo="Agregar dependencia",
        quien="esta dependencia",
        grupo="Quién atiende",
        para_que="Direcciones y subdirecciones, cómo reparten el trabajo y quién las dirige.",
        columnas=(
            _CODIGO,
            _c("Nombre", "nombre", enlaza=True),
            _c("Tipo", "tipo"),
            Columna("Reparto", lambda d: d.get_reparto_display().partition(":")[0] if d.atiende else "No atiende"),
            _HASTA,
        ),
        campos=(
            "codigo", "nombre", "nombre_corto", "tipo", "padre", "atiende", "atiende_prestadoras", "reparto",
            "hereda_acuerdos", "revisa_conceptos", "cargo_de_quien_dirige", "norma", "nota_vigencia", "desde",
        ),
        fijos=("codigo",),
        buscar=("codigo", "nombre", "nombre_corto"),
        impedimentos=_de_dependencia,
    ),
    Ficha(
        clave="buzones",
        modelo=Buzon,
        titulo="Buzones",
        nuevo="Agregar buzón",
        quien="este buzón",
        grupo="Quién atiende",
        para_que="Los correos oficiales de cada dependencia.",
        columnas=(
            _c("Correo", "correo", enlaza=True),
            _c("Dependencia", "dependencia"),
            _c("Para qué", "para_que"),
            _HASTA,
        ),
        campos=("correo", "dependencia", "para_que", "desde"),
        buscar=("correo", "para_que", "dependencia__nombre"),
        junto=("dependencia",),
    ),
    Ficha(
        clave="temas",
        modelo=Tema,
        titulo="Temas",
        nuevo="Agregar tema",
        quien="este tema",
        grupo="Qué se pide",
        para_que="Sobre qué se pide asistencia. El tema decide quién atiende. De aquí sale el portafolio.",
        columnas=(
            _CODIGO,
            _c("Tema", "nombre", enlaza=True),
            _c("Grupo", "grupo"),
            Columna("Atiende", lambda t: t.dependencia.nombre_corto),
            _c("Modalidad", "modalidad"),
            _HASTA,
        ),
        campos=(
            "codigo", "nombre", "grupo", "dependencia", "modalidad", "papel", "lidera", "seccion_lineamiento",
            "palabras_clave", "reservado", "desde",
        ),
        fijos=("codigo",),
        buscar=("codigo", "nombre", "grupo", "palabras_clave", "dependencia__nombre"),
        junto=("dependencia", "modalidad"),
        nota_al_guardar="Otra dependencia solo cuenta para las solicitudes nuevas. Las radicadas siguen donde están.",
    ),
    Ficha(
        clave="modalidades",
        modelo=Modalidad,
        titulo="Modalidades",
        nuevo="Agregar modalidad",
        quien="esta modalidad",
        grupo="Qué se pide",
        para_que="Las formas de asistencia: concepto, visita, mesa de trabajo…",
        columnas=(
            _c("Nombre", "nombre", enlaza=True),
            _c("Descripción", "descripcion"),
            _c("La piden entidades", "se_puede_pedir"),
            _HASTA,
        ),
        campos=(
            "codigo", "nombre", "descripcion", "orden", "formulario", "produce_concepto", "se_puede_pedir",
            "exige_proveedor", "desde",
        ),
        fijos=("codigo",),
        buscar=("codigo", "nombre", "descripcion"),
        impedimentos=_con("temas", "temas"),
    ),
    Ficha(
        clave="festivos",
        modelo=FestivoAnual,
        titulo="Festivos",
        nuevo="Agregar festivo",
        quien="este festivo",
        grupo="Plazos",
        para_que="Los días festivos de ley. Cambian la cuenta de los plazos.",
        columnas=(
            _c("Fecha", "fecha", enlaza=True),
            _c("Nombre", "nombre"),
            _c("Norma", "norma"),
            _c("Retiro", "motivo_retiro", si_hay=True),
        ),
        campos=("fecha", "nombre", "norma"),
        buscar=("nombre", "norma", "fecha"),
        nota_al_guardar=NOTA_DE_PLAZOS,
        editable=False,
        efecto_de_agregar=_al_agregar_festivo,
        efecto_de_retirar=_al_retirar,
    ),
    Ficha(
        clave="dias",
        modelo=DiaExtraordinario,
        titulo="Días extraordinarios",
        nuevo="Agregar día extraordinario",
        quien="este día",
        grupo="Plazos",
        para_que="Días que un acto declaró hábiles o no hábiles: día cívico, 24 de diciembre compensado.",
        columnas=(
            _c("Fecha", "fecha", enlaza=True),
            _c("Es", "tipo"),
            _c("Acto", "acto"),
            _c("Retiro", "motivo_retiro", si_hay=True),
        ),
        campos=("fecha", "tipo", "acto", "nota"),
        buscar=("acto", "nota", "fecha"),
        nota_al_guardar=NOTA_DE_PLAZOS,
        editable=False,
        efecto_de_agregar=_al_decretar,
        efecto_de_retirar=_al_retirar,
    ),
    Ficha(
        clave="horarios",
        modelo=HorarioAtencion,
        titulo="Horarios de atención",
        nuevo="Agregar horario",
        quien="este horario",
        grupo="Plazos",
        para_que="Hasta qué hora una solicitud se cuenta como recibida ese día, y la norma que lo dice.",
        columnas=(
            Columna("Para", _para_quien, enlaza=True),
            _c("Abre", "abre"),
            _c("Cierra", "cierra"),
            _c("Norma", "norma"),
            *_DESDE_HASTA,
        ),
        campos=("dependencia_codigo", "desde", "abre", "cierra", "norma", "confianza"),
        fijos=("dependencia_codigo", "desde"),
        buscar=("dependencia_codigo", "norma"),
        nota_al_guardar="Vale para lo que se reciba desde esa fecha.",
    ),
    Ficha(
        clave="ans",
        modelo=AcuerdoServicio,
        titulo="Acuerdos de nivel de servicio",
        nuevo="Agregar acuerdo",
        quien="este acuerdo",
        grupo="Plazos",
        para_que="En cuántos días hábiles cumple cada dependencia, y qué se cuenta. Salen en el portafolio.",
        columnas=(
            Columna("Dependencia", lambda a: a.dependencia.nombre_corto),
            Columna("Modalidad", lambda a: a.modalidad or "Cualquiera"),
            _c("Etapa", "etapa", enlaza=True),
            _c("Días hábiles", "dias"),
            _c("Se cuenta desde", "inicio"),
            _c("Se cuenta hasta", "fin"),
            _c("Provisional", "provisional"),
            _c("Rige desde", "desde"),
            _c("Rige hasta", "hasta", si_hay=True),
        ),
        campos=(
            "dependencia", "modalidad", "etapa", "dias", "inicio", "fin", "justificacion", "suspende_en_complemento",
            "requisitos", "texto", "provisional", "desde",
        ),
        fijos=("dependencia", "modalidad", "etapa"),
        buscar=("etapa", "texto", "dependencia__nombre", "modalidad__nombre"),
        junto=("dependencia", "modalidad"),
        nota_al_guardar=_DESDE_ESE_DIA,
    ),
    Ficha(
        clave="criterios",
        modelo=CriterioAtencion,
        titulo="Criterios de atención",
        nuevo="Agregar criterio",
        quien="este criterio",
        grupo="Plazos",
        para_que="Qué cuenta como atención en cada dependencia. Sin criterio suyo ni de su dirección, la entrega.",
        columnas=(
            _c("Dependencia", "dependencia", enlaza=True),
            _c("Cuenta como atención", "criterio"),
            _c("Quién lo dijo y dónde", "norma"),
            *_DESDE_HASTA,
        ),
        campos=("dependencia", "criterio", "norma", "desde"),
        fijos=("dependencia",),
        buscar=("dependencia__nombre", "dependencia__codigo", "norma"),
        junto=("dependencia",),
        nota_al_guardar=_DESDE_ESE_DIA,
    ),
    Ficha(
        clave="asignaciones",
        modelo=AsignacionSector,
        titulo="Asesores por sector",
        nuevo="Asignar un sector",
        quien="esta asignación",
        grupo="Quién atiende",
        para_que="Qué asesor atiende cada sector en las dependencias que reparten por sector.",
        columnas=(
            Columna("Dependencia", lambda a: a.dependencia.nombre_corto),
            _c("Sector", "sector", enlaza=True),
            _c("Asesor", "asesor"),
            _c("Suplente", "suplente"),
            *_DESDE_HASTA,
        ),
        campos=("dependencia", "sector", "asesor", "suplente", "desde"),
        fijos=("dependencia", "sector", "desde"),
        buscar=("sector__nombre", "asesor__nombre", "suplente__nombre", "dependencia__nombre"),
        junto=("dependencia", "sector", "asesor", "suplente"),
        nota_al_guardar="Otro asesor empieza hoy una asignación nueva. Las solicitudes abiertas no cambian de manos.",
    ),
    Ficha(
        clave="encargos",
        modelo=Encargo,
        titulo="Encargos",
        nuevo="Agregar encargo",
        quien="este encargo",
        grupo="Quién atiende",
        para_que="Quién firma por encargo, entre qué fechas y con qué acto.",
        columnas=(
            Columna("Dependencia", lambda e: e.dependencia.nombre_corto),
            _c("Persona", "persona", enlaza=True),
            _c("Cargo", "cargo"),
            _c("Acto", "acto"),
            *_DESDE_HASTA,
        ),
        campos=("dependencia", "persona", "cargo", "acto", *_VIGENCIA),
        fijos=("dependencia", "persona"),
        buscar=("persona__nombre", "cargo", "acto", "dependencia__nombre"),
        junto=("dependencia", "persona"),
    ),
    Ficha(
        clave="series",
        modelo=SerieDocumental,
        titulo="Series documentales",
        nuevo="Agregar serie",
        quien="esta serie",
        grupo="Archivo",
        para_que="La tabla de retención: a qué serie va cada expediente al cerrarse y cuánto se conserva.",
        columnas=(
            _CODIGO,
            _c("Serie", "serie", enlaza=True),
            _c("Subserie", "subserie"),
            Columna("Conservación", lambda s: f"{s.anios_gestion} + {s.anios_central} años"),
            _c("Disposición", "disposicion"),
            _HASTA,
        ),
        campos=(
            "codigo", "serie", "subserie", "dependencia", "modalidad", "anios_gestion", "anios_central",
            "disposicion", "procedimiento", "nota", "desde",
        ),
        fijos=("codigo",),
        buscar=("codigo", "serie", "subserie", "procedimiento"),
        junto=("dependencia", "modalidad"),
        nota_al_guardar="Vale para los expedientes que se cierren desde ahora.",
    ),
]  # fmt: skip
POR_CLAVE = {ficha.clave: ficha for ficha in FICHAS}
GRUPOS = tuple(dict.fromkeys(ficha.grupo for ficha in FICHAS))


def registrar_ficha(ficha: Ficha) -> None:
    """Of a catalogue of a room above, in one of the groups there are: it brings it when it starts."""
    if ficha.grupo not in GRUPOS:
        raise ValueError(f"Ningún catálogo está en «{ficha.grupo}».")
    if ficha.clave not in POR_CLAVE:
        FICHAS.append(ficha)
        POR_CLAVE[ficha.clave] = ficha
