"""What a draft has chosen so far: temas, who leads, modality, and what follows from them.

Reads the raw text of the draft and forgives anything: a tema that is no longer in force is simply not chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from alcance.compiladas import Compilada
from direcciones.models import Dependencia, Entidad, Modalidad, Tema
from plazos.fechas import enumerar

Formulario = Modalidad.Formulario


@dataclass(frozen=True, slots=True)
class Eleccion:
    """`temas` starts with the main one: its dependencia leads the answer."""

    temas: tuple[Tema, ...] = ()
    modalidad: Modalidad | None = None
    modalidad_elegida: bool = False

    @property
    def dependencias(self) -> list[Dependencia]:
        """Those that will attend, the leader first."""
        return list({tema.dependencia.pk: tema.dependencia for tema in self.temas}.values())

    @property
    def donde(self) -> str:
        """Inside a sentence: «la Subdirección A y la Dirección B»."""
        return enumerar([dependencia.con_articulo for dependencia in self.dependencias])

    @property
    def formulario(self) -> str:
        """What the second step asks. A commission abroad always asks for its own, whatever modality was chosen."""
        if any(tema.modalidad.formulario == Formulario.COMISION for tema in self.temas):
            return str(Formulario.COMISION)
        return self.modalidad.formulario if self.modalidad else str(Formulario.GENERAL)

    @property
    def tema_reservado(self) -> Tema | None:
        """The tema that makes it reserved from birth, if any."""
        return next((tema for tema in self.temas if tema.reservado), None)

    def fuera_de_alcance(self, entidad: Entidad) -> list[Dependencia]:
        """Dependencias that do not serve this kind of entidad (R11): filing with them needs a justification."""
        if entidad.tipo != Entidad.Tipo.PRESTADORA:
            return []
        return [dependencia for dependencia in self.dependencias if not dependencia.atiende_prestadoras]


def leer_eleccion(datos: Mapping[str, Any]) -> Eleccion:
    """The choices of a draft. One query for the temas and one for the modality, when there is any."""
    claves = _enteros(datos.get("temas"))
    temas = _LOS_TEMAS(claves=tuple(dict.fromkeys(claves)), hoy=timezone.localdate()) if claves else []
    principal = _enteros(datos.get("tema_principal"))
    temas.sort(key=lambda tema: (tema.pk not in principal, tema.codigo))
    elegida = _modalidad(datos.get("modalidad"), temas)
    propuesta = temas[0].modalidad if temas else None
    return Eleccion(tuple(temas), elegida or propuesta, elegida is not None)


def es_entera(eleccion: Eleccion, datos: Mapping[str, Any]) -> bool:
    """Whether all that the draft chose may be asked today, with at least one tema."""
    crudos = datos.get("temas") or []
    escritos = {str(uno) for uno in (crudos if isinstance(crudos, list) else [crudos])}
    if not eleccion.temas or escritos != {str(tema.pk) for tema in eleccion.temas}:
        return False
    modalidad = str(datos.get("modalidad") or "")
    elegida = eleccion.modalidad if eleccion.modalidad_elegida else None
    return modalidad == (str(elegida.pk) if elegida else "")


def temas_para_pedir(hoy: date | None = None) -> Any:
    """Temas an entity may ask about today, with what the wizard shows of them."""
    return (
        Tema.objects.vigentes(hoy)
        .filter(dependencia__atiende=True)
        .select_related("dependencia__padre", "modalidad")
        .order_by("codigo")
    )


_LOS_TEMAS = Compilada(lambda claves, hoy: temas_para_pedir(hoy).filter(pk__in=claves), claves=tuple, hoy=date)


def modalidades_para_pedir() -> Any:
    return Modalidad.objects.vigentes().filter(se_puede_pedir=True).order_by("orden", "nombre")


def _modalidad(crudo: Any, temas: Sequence[Tema]) -> Modalidad | None:
    """The one chosen, if it may be asked. It usually is that of a tema, which is at hand."""
    claves = _enteros(crudo)
    if not claves:
        return None
    a_mano = next((tema.modalidad for tema in temas if tema.modalidad_id == claves[0]), None)
    if a_mano is not None:
        return a_mano if a_mano.se_puede_pedir and a_mano.esta_vigente() else None
    return modalidades_para_pedir().filter(pk=claves[0]).first()


def _enteros(crudo: Any) -> list[int]:
    valores = crudo if isinstance(crudo, list) else [crudo]
    return [int(valor) for valor in valores if str(valor or "").isdecimal() and len(str(valor)) < 12]
