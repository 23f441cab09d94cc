"""The policy of reminders as its owners change it: the general one by who runs the portal, each dirección its own."""

from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import Alcance, exigir
from avisos.ciclos import POR_CLAVE, en_palabras
from avisos.models import PoliticaAviso
from avisos.models.politicas import las_mas_cercanas
from avisos.recordables import Previsto, Recordable, recordables
from avisos.services.ciclos import por_avisar
from avisos.services.preferencias import se_puede_callar
from bitacora.services import registrar
from direcciones.models import Dependencia
from direcciones.roles import Rol
from plazos.reloj import hoy


@dataclass(frozen=True, slots=True)
class EnVigor:
    """A reminder as it holds somewhere. `de_aqui`: it is that place's own, not the one of above."""

    fila: PoliticaAviso
    de_aqui: bool

    @property
    def que(self) -> str:
        """What it is and when, in words."""
        if self.fila.ciclo:
            return f"{POR_CLAVE[self.fila.evento].titulo}: {en_palabras(self.fila.ciclo)}"
        return self.fila.cuando


def lugares_de(alcance: Alcance) -> list[Dependencia]:
    """Where this person may change it."""
    vigentes = Dependencia.objects.vigentes().order_by("codigo")
    if alcance.rol == Rol.ADMINISTRADOR:
        return list(vigentes)
    return list(vigentes.filter(pk__in=alcance.jefaturas))


def puede_cambiar(alcance: Alcance, dependencia: Dependencia | None) -> bool:
    if alcance.rol == Rol.ADMINISTRADOR:
        return True
    return dependencia is not None and dependencia.pk in alcance.jefaturas


def en_vigor(dependencia: Dependencia | None) -> list[EnVigor]:
    """Every reminder that holds in a dependencia (None: the general ones), in order of clock and days."""
    lugares = [None, *((dependencia.padre_id, dependencia.pk) if dependencia else ())]
    por_lugar: dict[int | None, list[PoliticaAviso]] = {}
    vigentes = PoliticaAviso.objects.vigentes(hoy()).filter(reloj__in=list(recordables()))
    for fila in vigentes.select_related("dependencia").order_by("pk"):
        por_lugar.setdefault(fila.dependencia_id, []).append(fila)
    aqui = dependencia.pk if dependencia else None
    orden = list(PoliticaAviso.Reloj.values)
    filas = las_mas_cercanas(por_lugar, lugares)
    return [
        EnVigor(fila, fila.dependencia_id == aqui)
        for fila in sorted(filas, key=lambda f: (orden.index(f.reloj), f.dias, f.a_quien))
    ]


def ciclos_en_vigor(dependencia: Dependencia | None) -> list[EnVigor]:
    """What comes round every year there, in the order in which it was declared."""
    lugares = [None, *((dependencia.padre_id, dependencia.pk) if dependencia else ())]
    por_lugar: dict[int | None, list[PoliticaAviso]] = {}
    filas = PoliticaAviso.objects.vigentes(hoy()).exclude(ciclo="").filter(evento__in=list(POR_CLAVE))
    for fila in filas.select_related("dependencia").order_by("pk"):
        por_lugar.setdefault(fila.dependencia_id, []).append(fila)
    aqui, codigo = (dependencia.pk, dependencia.codigo) if dependencia else (None, "")
    return [
        EnVigor(fila, fila.dependencia_id == aqui)
        for fila in sorted(las_mas_cercanas(por_lugar, lugares), key=lambda f: list(POR_CLAVE).index(f.evento))
        if not codigo or POR_CLAVE[fila.evento].codigo in {"", codigo}
    ]


def nueva(*, dependencia: Dependencia | None, reloj: str, dias: int, a_quien: str, canal: str) -> PoliticaAviso:
    """A reminder that is not there yet, unsaved. ValidationError, in words, when it makes no sense."""
    recordable = recordables().get(reloj)
    if recordable is None:
        raise ValidationError({"reloj": "Elija la fecha con la que se cuenta."})
    evento = recordable.evento(dias)
    if not evento:
        sentido = "después" if recordable.despues else "antes"
        raise ValidationError({"cuando": f"Con esa fecha solo se avisa {sentido}."})
    if a_quien not in recordable.destinos:
        raise ValidationError({"a_quien": "Eso no se le recuerda a esa persona. Elija otra."})
    _exigir_que_tenga_por_donde(recordable, canal)
    fila = PoliticaAviso(
        dependencia=dependencia, evento=evento, reloj=reloj, dias=dias, a_quien=a_quien, canal=canal, desde=hoy()
    )
    fila.full_clean()
    return fila


@transaction.atomic
def agregar_politica(
    *, dependencia: Dependencia | None, reloj: str, dias: int, a_quien: str, canal: str
) -> PoliticaAviso:
    _exigir_permiso(dependencia)
    fila = nueva(dependencia=dependencia, reloj=reloj, dias=dias, a_quien=a_quien, canal=canal)
    _exigir_que_se_pueda_callar(fila)
    fila.save()
    registrar(accion="politica.agregar", objeto=fila, texto=str(fila), despues=_valores(fila))
    return fila


@transaction.atomic
def cambiar_politica(
    *, fila: PoliticaAviso, dependencia: Dependencia | None, canal: str, activa: bool, ciclo: str = ""
) -> PoliticaAviso:
    """By which way it goes, when it comes round, or silence it, in one place: of one of above, that place gets its
    own."""
    _exigir_permiso(dependencia)
    guardada = PoliticaAviso.objects.select_for_update(of=("self",)).get(pk=fila.pk)
    actual = cambiada(fila=guardada, dependencia=dependencia, canal=canal, activa=activa, ciclo=ciclo)
    antes = _valores(guardada)
    if _valores(actual) == antes:
        return guardada
    _exigir_que_se_pueda_callar(actual)
    _exigir_que_tenga_por_donde(recordables().get(actual.reloj), canal)
    actual.full_clean()
    actual.save()
    registrar(accion="politica.cambiar", objeto=actual, texto=str(actual), antes=antes, despues=_valores(actual))
    return actual


def cambiada(
    *, fila: PoliticaAviso, dependencia: Dependencia | None, canal: str, activa: bool, ciclo: str = ""
) -> PoliticaAviso:
    """As it would be there with these changes, unsaved."""
    actual = copy(fila)
    aqui = dependencia.pk if dependencia else None
    if aqui is None and actual.dependencia_id is not None:
        raise ValidationError("Ese recordatorio es de una dependencia. Ábralo desde ella.")
    if actual.dependencia_id != aqui:
        actual = PoliticaAviso(
            dependencia=dependencia,
            evento=actual.evento,
            reloj=actual.reloj,
            dias=actual.dias,
            a_quien=actual.a_quien,
            canal=actual.canal,
            activa=actual.activa,
            ciclo=actual.ciclo,
            desde=hoy(),
        )
    actual.canal, actual.activa = canal, activa
    if ciclo and actual.ciclo:
        actual.ciclo = ciclo
    return actual


def enviaria_hoy(fila: PoliticaAviso) -> list[Previsto]:
    """What this row would send today and was not sent, of what the acting person sees."""
    if fila.ciclo:
        return [Previsto(a_quien=persona.nombre, que=POR_CLAVE[fila.evento].titulo) for persona in por_avisar(fila)]
    return recordables()[fila.reloj].previa(fila)


def _exigir_permiso(dependencia: Dependencia | None) -> None:
    if not puede_cambiar(exigir(), dependencia):
        raise ValidationError("Usted solo cambia la política de las dependencias que dirige.")


def _exigir_que_se_pueda_callar(fila: PoliticaAviso) -> None:
    callada = not fila.activa or fila.canal == PoliticaAviso.Canal.PORTAL
    if callada and not se_puede_callar(fila.evento):
        raise ValidationError("Ese aviso lo ordena la ley: no se puede apagar.")


def _exigir_que_tenga_por_donde(recordable: Recordable | None, canal: str) -> None:
    if recordable is not None and recordable.solo_correo and canal == PoliticaAviso.Canal.PORTAL:
        raise ValidationError({"canal": "Ese recordatorio lleva un enlace personal: solo va por correo."})


def _valores(fila: PoliticaAviso) -> dict[str, object]:
    return {
        campo: getattr(fila, campo) for campo in ("evento", "reloj", "dias", "a_quien", "canal", "activa", "ciclo")
    }
