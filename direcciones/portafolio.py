"""The portafolio of technical assistance (R90): what is asked to whom, generated from the topic tree.

Source of its structure: lineamiento §6.1 (policies), §7.1.1 (components of archives), §7.1.3.a and §8.1.1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from alcance import como_sistema
from bitacora.models import Suceso
from direcciones.historia import ACCIONES
from direcciones.models import AcuerdoServicio, Buzon, Dependencia, Modalidad, Tema

DE_DONDE_SALE = (Tema, Dependencia, Modalidad, Buzon, AcuerdoServicio)


@dataclass(frozen=True, slots=True)
class TemaOfrecido:
    codigo: str
    nombre: str
    modalidad: str
    dependencia: str
    lidera: str = ""


@dataclass(frozen=True, slots=True)
class Grupo:
    """A component of the archives, a family of policies, a line of work."""

    nombre: str
    papel: str  # how the dirección takes part, for the MIPG policies (R39, R40)
    seccion: str
    temas: tuple[TemaOfrecido, ...]


@dataclass(frozen=True, slots=True)
class Canal:
    correo: str
    para_que: str


@dataclass(frozen=True, slots=True)
class Nivel:
    """What is promised of one stage (R31, R91): in how many business days, from what and until what."""

    modalidad: str
    dependencia: str  # empty: all of the dirección
    etapa: str
    dias: int
    desde: str
    hasta: str
    requisitos: str
    texto: str
    justificacion: str
    provisional: bool
    suspende: bool


@dataclass(frozen=True, slots=True)
class Forma:
    """A kind of assistance that may be asked for."""

    nombre: str
    descripcion: str


@dataclass(frozen=True, slots=True)
class DireccionOfrecida:
    codigo: str
    nombre: str
    norma: str
    grupos: tuple[Grupo, ...]
    buzones: tuple[Canal, ...]
    niveles: tuple[Nivel, ...]
    aparte: tuple[str, ...] = ()  # of hers, those where only their own levels rule

    @property
    def hay_provisionales(self) -> bool:
        return any(nivel.provisional for nivel in self.niveles)

    @property
    def cuantos(self) -> int:
        return sum(len(grupo.temas) for grupo in self.grupos)


@dataclass(frozen=True, slots=True)
class Portafolio:
    """`version` is the day of the last change of the tree."""

    version: date
    direcciones: tuple[DireccionOfrecida, ...]
    modalidades: tuple[Forma, ...]


def portafolio(codigo: str | None = None, el_dia: date | None = None) -> Portafolio:
    """The portafolio in force on a day (today), whole or of one dirección."""
    dia = el_dia or timezone.localdate()
    direcciones = Dependencia.objects.vigentes(dia).filter(tipo=Dependencia.Tipo.DIRECCION).order_by("nombre")
    if codigo is not None:
        direcciones = direcciones.filter(codigo__iexact=codigo)
    temas = list(
        Tema.objects.vigentes(dia).select_related("dependencia__padre", "modalidad", "lidera").order_by("codigo")
    )
    buzones = list(Buzon.objects.vigentes(dia).select_related("dependencia__padre").order_by("correo"))
    solas = list(Dependencia.objects.vigentes(dia).filter(hereda_acuerdos=False).order_by("nombre"))
    acuerdos = list(AcuerdoServicio.objects.vigentes(dia).select_related("dependencia__padre", "modalidad"))
    ofrecidas = (_direccion(d, temas, buzones, acuerdos, solas) for d in direcciones)
    return Portafolio(
        version=_version(dia),
        direcciones=tuple(d for d in ofrecidas if d.grupos),
        modalidades=tuple(
            Forma(m.nombre, m.descripcion)
            for m in Modalidad.objects.vigentes(dia).filter(se_puede_pedir=True).order_by("orden", "nombre")
        ),
    )


def _direccion(
    direccion: Dependencia,
    temas: Iterable[Tema],
    buzones: Iterable[Buzon],
    acuerdos: Iterable[AcuerdoServicio],
    solas: Iterable[Dependencia],
) -> DireccionOfrecida:
    suyos = [t for t in temas if t.dependencia.direccion.pk == direccion.pk]
    orden = {nombre: i for i, nombre in enumerate(dict.fromkeys(t.grupo for t in suyos))}
    suyos.sort(key=lambda t: (orden[t.grupo], t.codigo))
    return DireccionOfrecida(
        codigo=direccion.codigo,
        nombre=direccion.nombre,
        norma=direccion.norma,
        grupos=tuple(_grupo(nombre, list(filas)) for nombre, filas in groupby(suyos, key=lambda t: t.grupo)),
        buzones=tuple(Canal(b.correo, b.para_que) for b in buzones if b.dependencia.direccion.pk == direccion.pk),
        niveles=tuple(_niveles(direccion, acuerdos)),
        aparte=tuple(sola.nombre_corto for sola in solas if sola.padre_id == direccion.pk),
    )


def _niveles(direccion: Dependencia, acuerdos: Iterable[AcuerdoServicio]) -> Iterator[Nivel]:
    """Those of the whole dirección first; in each modality, as it goes on."""
    suyos = [a for a in acuerdos if a.dependencia.direccion.pk == direccion.pk]
    for a in sorted(suyos, key=_orden):
        yield Nivel(
            modalidad=a.modalidad.nombre if a.modalidad else "",
            dependencia=a.dependencia.nombre_corto if a.dependencia_id != direccion.pk else "",
            etapa=a.etapa,
            dias=a.dias,
            desde=a.get_inicio_display(),
            hasta=a.get_fin_display(),
            requisitos=a.requisitos,
            texto=a.texto,
            justificacion=a.justificacion,
            provisional=a.provisional,
            suspende=a.suspende_en_complemento,
        )


def _orden(acuerdo: AcuerdoServicio) -> tuple[Any, ...]:
    de_subdireccion = acuerdo.dependencia.nombre_corto if acuerdo.dependencia.direccion != acuerdo.dependencia else ""
    modalidad = (acuerdo.modalidad.orden, acuerdo.modalidad.nombre) if acuerdo.modalidad else (-1, "")
    pasos = AcuerdoServicio.Fin.values.index(acuerdo.fin)
    return de_subdireccion, *modalidad, pasos, acuerdo.dias, acuerdo.etapa


def _grupo(nombre: str, temas: list[Tema]) -> Grupo:
    papeles = {t.papel for t in temas}
    return Grupo(
        nombre=nombre,
        papel=papeles.pop() if len(papeles) == 1 else "",
        seccion=temas[0].seccion_lineamiento if temas[0].seccion_lineamiento[:1].isdigit() else "",
        temas=tuple(
            TemaOfrecido(t.codigo, t.nombre, t.modalidad.nombre, t.dependencia.nombre_corto, str(t.lidera or ""))
            for t in temas
        ),
    )


def _version(dia: date) -> date:
    """The last day something of the portafolio began, ended or was edited."""
    ayer = dia - timedelta(days=1)
    fechas = [
        fecha
        for modelo in DE_DONDE_SALE
        for fecha in modelo.objects.filter(desde__lte=dia).aggregate(Max("desde")).values()
    ]
    terminados = [
        modelo.objects.filter(hasta__lte=ayer).aggregate(Max("hasta"))["hasta__max"] for modelo in DE_DONDE_SALE
    ]
    fechas += [fin + timedelta(days=1) for fin in terminados if fin]
    return max([fecha for fecha in [*fechas, _ultima_edicion()] if fecha], default=dia)


def _ultima_edicion() -> date | None:
    """The bitácora knows, and this page is public: only the day leaves."""
    tipos = [modelo._meta.label_lower for modelo in DE_DONDE_SALE]
    with como_sistema("fechar el portafolio"), transaction.atomic():
        ultimo = (
            Suceso.objects.filter(accion__in=ACCIONES, objeto_tipo__in=tipos).order_by("-id").values_list("en").first()
        )
    return timezone.localtime(ultimo[0]).date() if ultimo and ultimo[0] else None
