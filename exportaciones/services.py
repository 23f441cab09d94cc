"""Asking for an export, cancelling it, opening its file and throwing it away when its week is over.

`pedir`, `cancelar` and `abrir` are for pages and API alike; they act with the open alcance.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from alcance import como_sistema, exigir
from archivos import almacen
from avisos.carta import Carta
from avisos.services import avisar
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import Persona
from exportaciones.consulta import consultar
from exportaciones.estados import TRANSICIONES, EstadoExportacion, Formato
from exportaciones.models import Exportacion
from plazos.reloj import ahora

CARPETA = "exportaciones"
TIPO = "exportaciones.elaborar"
DURA = timedelta(days=7)
A_LA_VEZ = 5  # of one person: the others also wait their turn
ABANDONADA = timedelta(hours=24)
TANDA = 200
CAMBIARON = "Uno de los filtros ya no se puede aplicar. Elíjalos otra vez en el registro y pídala de nuevo."


class NoDisponible(LookupError):
    """There is no file: it is not ready yet, it expired, or it was never made."""


def pedir(*, persona: Persona, filtros: str, columnas: Iterable[str], formato: str) -> Exportacion:
    """Leave an export to be made: the register that `persona` sees now, by these filters (the address of its page).

    The same request while one is being made gives that one. Raises ValidationError: unknown format, too many at once.
    """
    alcance = exigir()
    if alcance.membresia_id is None or alcance.persona_id != persona.pk:
        raise ValueError("Se exporta lo que ve quien la pide, con el rol con el que actúa.")
    if formato not in Formato.values:
        raise ValidationError("Elija el formato: CSV, XLSX u ODS.", code="formato")
    consulta = consultar(alcance, filtros, columnas)
    claves = [columna.clave for columna in consulta.columnas]
    huella = hashlib.sha256("\n".join([formato, consulta.datos, *claves]).encode()).hexdigest()
    suyas = Exportacion.objects.visibles_para(alcance).activas()
    igual = suyas.filter(huella=huella).first()
    if igual is not None:
        return igual
    if suyas.count() >= A_LA_VEZ:
        raise ValidationError(
            f"Ya tiene {A_LA_VEZ} exportaciones en preparación. Espere a que termine una o cancélela.", code="muchas"
        )
    try:
        with transaction.atomic():
            exportacion = Exportacion.objects.create(
                persona=persona,
                membresia_id=alcance.membresia_id,
                consulta=consulta.datos,
                en_palabras=" · ".join(f"{nombre}: {valor}" for nombre, valor in consulta.filtros.en_palabras()),
                columnas=claves,
                formato=formato,
                huella=huella,
                pedida_en=ahora(),
            )
    except IntegrityError:  # asked twice at the same instant
        return suyas.get(huella=huella)
    _asentar(exportacion, "pedir", filtros=consulta.para_la_bitacora(), columnas=claves, formato=formato)
    anotar(tipo=TIPO, clave=f"exportacion:{exportacion.pk}", carga={"exportacion": exportacion.pk})
    return exportacion


def repetir(*, persona: Persona, exportacion: Exportacion) -> Exportacion:
    """The same once more, with the data of now. Raises ValidationError too when some filter counts no longer."""
    if consultar(exigir(), exportacion.consulta, exportacion.columnas).datos != exportacion.consulta:
        raise ValidationError(CAMBIARON, code="filtros")
    return pedir(
        persona=persona, filtros=exportacion.consulta, columnas=exportacion.columnas, formato=exportacion.formato
    )


def cancelar(*, exportacion: Exportacion) -> bool:
    """Whoever makes it stops and keeps nothing. False when it had already ended."""
    with transaction.atomic():
        if not mover(exportacion, "cancelar", terminada_en=ahora()):
            return False
        _asentar(exportacion, "cancelar")
    return True


def abrir(*, exportacion: Exportacion) -> IO[Any]:
    """The bytes, and a mark of who took them. Raises NoDisponible."""
    if (
        exportacion.estado != EstadoExportacion.LISTA
        or exportacion.vence_en is None
        or exportacion.vence_en <= ahora()
    ):
        raise NoDisponible("Esta exportación ya no está disponible. Pídala de nuevo.")
    try:
        archivo = almacen.abrir(exportacion.ruta)
    except FileNotFoundError:
        raise NoDisponible("Esta exportación ya no está disponible. Pídala de nuevo.") from None
    _asentar(exportacion, "descargar", sha256=exportacion.sha256)
    return archivo


def terminar(*, exportacion: Exportacion, escrito: almacen.Escrito, filas: int) -> bool:
    """It is ready: its person is told. False when it was cancelled meanwhile: the file is nobody's."""
    momento = ahora()
    cambios = {"ruta": escrito.ruta, "bytes": escrito.bytes, "sha256": escrito.sha256, "filas": filas, "total": filas}
    if not mover(exportacion, "terminar", terminada_en=momento, vence_en=momento + DURA, **cambios):
        return False
    _asentar(exportacion, "terminar", filas=filas, sha256=escrito.sha256)
    _avisar(exportacion, "quedó lista", "Descárguela antes de siete días: después se borra.")
    return True


def fallar(*, exportacion: Exportacion, porque: str) -> None:
    if mover(exportacion, "fallar", terminada_en=ahora(), porque=porque):
        _asentar(exportacion, "fallar")
        _avisar(exportacion, "no se pudo hacer", porque)


def mover(exportacion: Exportacion, accion: str, **cambios: Any) -> bool:
    """One step of the table, in one statement. False when it is no longer where the step begins."""
    paso = TRANSICIONES[accion]
    cambios["estado"] = paso.hacia
    hecho = Exportacion.objects.filter(pk=exportacion.pk, estado__in=sorted(paso.desde)).update(**cambios)
    if hecho:
        for campo, valor in cambios.items():
            setattr(exportacion, campo, valor)
    return bool(hecho)


def barrer() -> dict[str, int]:
    """Files whose week is over go, and so do those that no row names; what nobody finished in a day is given up."""
    with como_sistema("barrer las exportaciones"):
        return {"vencidas": _vencer(), "abandonadas": _abandonar(), "huerfanos": _sin_duena()}


def _vencer() -> int:
    """The row first: a file that stays behind is nobody's and the next sweep finds it."""
    with transaction.atomic():
        viejas = list(
            Exportacion.objects.filter(estado=EstadoExportacion.LISTA, vence_en__lte=ahora())
            .order_by("pk")
            .bajo_cerrojo(saltando=True)[:TANDA]
        )
        rutas = [exportacion.ruta for exportacion in viejas]
        for exportacion in viejas:
            mover(exportacion, "vencer", ruta="")
            _asentar(exportacion, "vencer")
    for ruta in rutas:
        default_storage.delete(ruta)
    return len(rutas)


def _abandonar() -> int:
    with transaction.atomic():
        viejas = Exportacion.objects.activas().filter(pedida_en__lt=ahora() - ABANDONADA).order_by("pk")
        tanda = list(viejas.select_related("persona").bajo_cerrojo(saltando=True)[:TANDA])
        for exportacion in tanda:
            fallar(exportacion=exportacion, porque="No se pudo hacer en un día. Pídala de nuevo.")
    return len(tanda)


def _sin_duena() -> int:
    with transaction.atomic():
        return len(almacen.barrer_huerfanos([Exportacion.objects.all()], carpeta=CARPETA, gracia=timedelta(hours=1)))


def _asentar(exportacion: Exportacion, accion: str, **datos: Any) -> None:
    registrar(accion=f"exportacion.{accion}", objeto=exportacion, texto=str(exportacion), despues=datos)


def _avisar(exportacion: Exportacion, que_paso: str, que_hacer: str) -> None:
    avisar(
        persona=exportacion.persona,
        carta=carta_de_exportacion(exportacion.get_formato_display(), que_paso, que_hacer),
        clave=f"exportacion:{exportacion.pk}:{exportacion.estado}",
        evento="exportaciones.terminada",
    )


def carta_de_exportacion(formato: str, que_paso: str, que_hacer: str) -> Carta:
    return Carta(
        asunto=f"Su exportación del registro {que_paso}",
        que_paso=f"La exportación que pidió en formato {formato} {que_paso}.",
        que_hacer=que_hacer,
        boton="Ver mis exportaciones",
        ruta=reverse("exportaciones:lista"),
    )
