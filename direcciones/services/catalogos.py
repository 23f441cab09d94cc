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
from direcciones.models import AsignacionSector, Encargo
from direcciones.permisos import puede_editar_catalogos
from plazos.fechas import fecha_corrida
from plazos.models import DiaExtraordinario, FestivoAnual, HorarioAtencion
from plazos.services import agregar_festivo, decretar_dia, fijar_horario, retirar_dia

FUENTE_PANTALLA = "El administrador del portal"
# The bitácora refuses personal data by name; these mailboxes are of offices.
OTRO_NOMBRE = {"correo": "buzon"}


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


def _revisar_encargo(fila: Encargo) -> None:
    if fila.hasta is None:
        raise ValidationError({"hasta": "Un encargo tiene último día. Si se prorroga, cámbielo después."})
    otros = Encargo.objects.filter(dependencia=fila.dependencia, desde__lte=fila.hasta).exclude(pk=fila.pk)
    cruzado = otros.filter(models.Q(hasta__isnull=True) | models.Q(hasta__gte=fila.desde)).first()
    if cruzado is not None:
        raise ValidationError(
            {"desde": f"Se cruza con el encargo de {cruzado.persona}: en esas fechas firmarían dos personas."}
        )
