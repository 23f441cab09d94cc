"""Writes of the catalogues: every change is in the bitácora with what it was before (R19).

Nothing is deleted: a row ends on a day, or is retired with a reason.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from alcance import exigir
from bitacora.services import registrar
from direcciones.efectos import volver_a_contar
from direcciones.models import AcuerdoServicio, AsignacionSector, CriterioAtencion, Dependencia, Encargo
from direcciones.permisos import puede_editar_catalogos
from plazos.fechas import fecha_corrida
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion
from plazos.services import agregar_festivo, decretar_dia, fijar_horario, retirar_dia

FUENTE_PANTALLA = "El administrador del portal"
# The bitácora refuses personal data by name; these mailboxes are of offices, and this text is published.
OTRO_NOMBRE = {"correo": "buzon", "texto": "publica"}
# What ruled is never written again: a change ends the row and begins another, so what was received keeps its date.
POR_VIGENCIAS = (AcuerdoServicio, CriterioAtencion)

Inicio, Fin = AcuerdoServicio.Inicio, AcuerdoServicio.Fin
# What cannot end a count that begins there: it happens before, or is the same.
NO_LE_SIGUE: dict[str, set[str]] = {
    Inicio.ASIGNACION: {Fin.ASIGNADA},
    Inicio.PRIMERA_ATENCION: {Fin.ASIGNADA},
    Inicio.REALIZADA: {Fin.ASIGNADA, Fin.PROGRAMADA, Fin.REALIZADA},
}


def _exigir_permiso() -> None:
    if not puede_editar_catalogos(exigir()) and not exigir().es_sistema:
        raise ValidationError("Solo el administrador del portal cambia los catálogos.")


def valores(fila: models.Model, campos: list[str]) -> dict[str, Any]:
    """What the bitácora keeps of a row: its fields, relations by id."""
    return {OTRO_NOMBRE.get(c, c): getattr(fila, fila._meta.get_field(c).attname) for c in campos}  # type: ignore[union-attr]


@transaction.atomic
def crear_fila(*, modelo: type[models.Model], datos: dict[str, Any]) -> models.Model:
    """Add a row to a catalogue."""
    _exigir_permiso()
    fila = _crear(modelo, datos)
    registrar(accion="catalogo.crear", objeto=fila, texto=str(fila), despues=valores(fila, list(datos)))
    return fila


def _crear(modelo: type[models.Model], datos: dict[str, Any]) -> models.Model:
    """The calendar has rules of its own and services that keep them."""
    if modelo is FestivoAnual:
        festivo = agregar_festivo(**datos, fuente=FUENTE_PANTALLA)
        volver_a_contar(f"Se agregó el festivo del {fecha_corrida(festivo.fecha)}: {festivo.nombre}")
        return festivo
    if modelo is DiaExtraordinario:
        dia = decretar_dia(**datos)
        volver_a_contar(f"El {fecha_corrida(dia.fecha)} se declaró {dia.get_tipo_display().lower()} ({dia.acto})")
        return dia
    if modelo is HorarioAtencion:
        return fijar_horario(**datos)
    fila = modelo(**datos)
    if isinstance(fila, POR_VIGENCIAS):
        _desde_hoy_o_despues(fila.desde)
    _revisar(fila)
    fila.full_clean()
    fila.save()
    return fila


@transaction.atomic
def cambiar_fila(*, fila: models.Model, datos: dict[str, Any]) -> models.Model:
    """Change a row in force. What did not change is not written."""
    _exigir_permiso()
    actual = type(fila)._default_manager.select_for_update(of=("self",)).get(pk=fila.pk)
    cambian = [campo for campo, valor in datos.items() if getattr(actual, campo) != valor]
    if not cambian:
        return actual
    if isinstance(actual, AsignacionSector) and "asesor" in cambian:
        return _relevar(actual, datos)
    if isinstance(actual, POR_VIGENCIAS) and actual.desde <= timezone.localdate():
        return _otra_vigencia(actual, datos) if set(cambian) - {"desde"} else actual
    if isinstance(actual, POR_VIGENCIAS):
        _desde_hoy_o_despues(datos.get("desde", actual.desde))
    antes = valores(actual, cambian)
    for campo in cambian:
        setattr(actual, campo, datos[campo])
    _revisar(actual)
    actual.full_clean()
    actual.save(update_fields=cambian)
    registrar(
        accion="catalogo.cambiar", objeto=actual, texto=str(actual), antes=antes, despues=valores(actual, cambian)
    )
    return actual


def _relevar(actual: AsignacionSector, datos: dict[str, Any]) -> AsignacionSector:
    """Another asesor from today: the one before keeps the days they had (assigned per vigencia, R41)."""
    hoy = timezone.localdate()
    if actual.desde >= hoy:
        antes = valores(actual, ["asesor"])
        actual.asesor, actual.suplente = datos["asesor"], datos.get("suplente", actual.suplente)
        _revisar(actual)
        actual.save(update_fields=["asesor", "suplente"])
        registrar(
            accion="catalogo.cambiar",
            objeto=actual,
            texto=str(actual),
            antes=antes,
            despues=valores(actual, ["asesor"]),
        )
        return actual
    terminar_fila(fila=actual, hasta=hoy - timedelta(days=1), motivo="Relevo")
    nueva = crear_fila(
        modelo=AsignacionSector,
        datos={
            "dependencia": actual.dependencia,
            "sector": actual.sector,
            "asesor": datos["asesor"],
            "suplente": datos.get("suplente"),
            "desde": hoy,
        },
    )
    assert isinstance(nueva, AsignacionSector)
    return nueva


def _otra_vigencia(actual: Any, datos: dict[str, Any]) -> models.Model:
    """The row rules until the day before, and another rules from the one asked for, until the last day it had."""
    desde = datos["desde"]
    _desde_hoy_o_despues(desde)
    if desde == actual.desde:
        raise ValidationError({"desde": "El que rige empezó ese mismo día. El cambio puede regir desde mañana."})
    if actual.hasta is not None and desde > actual.hasta:
        raise ValidationError({"desde": f"Lo que cambia rige solo hasta el {fecha_corrida(actual.hasta)}."})
    campos = [c.name for c in actual._meta.concrete_fields if not c.primary_key]
    nuevos = {campo: getattr(actual, campo) for campo in campos} | datos
    terminar_fila(fila=actual, hasta=desde - timedelta(days=1), motivo="Cambia al día siguiente")
    return crear_fila(modelo=type(actual), datos=nuevos)


def _desde_hoy_o_despues(desde: date) -> None:
    if desde < timezone.localdate():
        raise ValidationError({"desde": "Escriba un día que no haya pasado: lo recibido antes ya tiene su fecha."})


@transaction.atomic
def terminar_fila(*, fila: models.Model, hasta: date | None = None, motivo: str = "") -> None:
    """The last day of a row, or its retirement with a reason when it has no dates."""
    _exigir_permiso()
    if isinstance(fila, FestivoAnual | DiaExtraordinario):
        retirar_dia(dia=fila, motivo=motivo)
        volver_a_contar(f"Se retiró del calendario el {fecha_corrida(fila.fecha)}: {motivo.strip()}")
        registrar(accion="catalogo.retirar", objeto=fila, texto=str(fila), motivo=motivo)
        return
    actual: Any = type(fila)._default_manager.select_for_update(of=("self",)).get(pk=fila.pk)
    antes, actual.hasta = actual.hasta, hasta or timezone.localdate()
    if isinstance(actual, POR_VIGENCIAS) and actual.hasta < timezone.localdate() - timedelta(days=1):
        raise ValidationError({"hasta": "Ese día ya pasó, y lo que se recibió entonces se contó con esto."})
    actual.full_clean()
    actual.save(update_fields=["hasta"])
    registrar(
        accion="catalogo.terminar",
        objeto=actual,
        texto=str(actual),
        antes={"hasta": antes},
        despues={"hasta": actual.hasta},
        motivo=motivo,
    )


@transaction.atomic
def reabrir_fila(*, fila: models.Model) -> None:
    """In force again without a last day: it was ended by mistake."""
    _exigir_permiso()
    actual: Any = type(fila)._default_manager.select_for_update(of=("self",)).get(pk=fila.pk)
    if not hasattr(actual, "hasta"):
        raise ValidationError("Un día retirado no vuelve: agréguelo de nuevo con su acto.")
    if isinstance(actual, POR_VIGENCIAS):
        raise ValidationError("Lo que dejó de regir no vuelve: agregue otro desde hoy.")
    antes, actual.hasta = actual.hasta, None
    actual.full_clean()
    actual.save(update_fields=["hasta"])
    registrar(
        accion="catalogo.reabrir", objeto=actual, texto=str(actual), antes={"hasta": antes}, despues={"hasta": None}
    )


def _revisar(fila: models.Model) -> None:
    """Rules between rows that no constraint of one row can say."""
    if isinstance(fila, AsignacionSector) and fila.suplente_id == fila.asesor_id:
        raise ValidationError({"suplente": "El suplente debe ser otra persona."})
    if isinstance(fila, Encargo):
        _revisar_encargo(fila)
    if isinstance(fila, AcuerdoServicio):
        _revisar_orden(fila)
    if isinstance(fila, POR_VIGENCIAS):
        _revisar_cruces(fila)


def _revisar_orden(fila: AcuerdoServicio) -> None:
    if fila.fin in NO_LE_SIGUE.get(fila.inicio, ()):
        raise ValidationError({"fin": "Eso no pasa después de lo que empieza la cuenta. Elija otro."})


def _revisar_cruces(fila: Any) -> None:
    """One in force each day for what they are about. Who writes of a dependencia waits for its turn."""
    Dependencia.objects.select_for_update(of=("self",)).get(pk=fila.dependencia_id)
    de_que = {"dependencia": fila.dependencia}
    if isinstance(fila, AcuerdoServicio):
        de_que |= {"modalidad": fila.modalidad, "etapa__iexact": fila.etapa}
    otras = type(fila)._default_manager.filter(**de_que).exclude(pk=fila.pk)
    if fila.hasta is not None:
        otras = otras.filter(desde__lte=fila.hasta)
    cruzada = otras.filter(models.Q(hasta__isnull=True) | models.Q(hasta__gte=fila.desde)).order_by("desde").first()
    if cruzada is not None:
        desde = fecha_corrida(cruzada.desde)
        raise ValidationError({"desde": f"Se cruza con otro que rige desde el {desde}: edítelo o póngale último día."})


def _revisar_encargo(fila: Encargo) -> None:
    if fila.hasta is None:
        raise ValidationError({"hasta": "Un encargo tiene último día. Si se prorroga, cámbielo después."})
    otros = Encargo.objects.filter(dependencia=fila.dependencia, desde__lte=fila.hasta).exclude(pk=fila.pk)
    cruzado = otros.filter(models.Q(hasta__isnull=True) | models.Q(hasta__gte=fila.desde)).first()
    if cruzado is not None:
        raise ValidationError(
            {"desde": f"Se cruza con el encargo de {cruzado.persona}: en esas fechas firmarían dos personas."}
        )
