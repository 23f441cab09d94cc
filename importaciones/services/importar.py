"""The life of an import: uploaded, rehearsed, confirmed, and then one row after another through the outbox.

One row is one transaction and one fact, which leaves the next: locks last what a person's own filing takes, a killed
worker loses nothing, and who stops it stops between two rows (docs/decisiones/0022).
"""

import logging
from collections.abc import Mapping

from billiard.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count
from django.urls import reverse

from alcance import Alcance, con_alcance, exigir
from archivos import almacen
from avisos.carta import Carta
from avisos.services import avisar
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import Membresia, Persona
from importaciones.campos import CAMPOS, adivinar, obligatorios_sin_columna
from importaciones.estados import CON_ACUSE, HECHAS, TRANSICIONES, Estado, Resultado, Tipo
from importaciones.lectura import Hoja, exigir_hoja_de_calculo, leer
from importaciones.models import ConsultaFila, FilaImportada, Importacion, Mapeo
from importaciones.permisos import IMPORTAN
from importaciones.services.entidades import JuezEntidades
from importaciones.services.juicio import Celdas, Juez, Juicio
from importaciones.services.personas import JuezPersonas
from importaciones.services.siga import JuezSiga
from importaciones.services.solicitudes import JuezSolicitudes
from importaciones.valores import llano
from plazos.reloj import ahora
from plazos.services import una_lectura

registro = logging.getLogger("portal.importaciones")
CARPETA = "importaciones"
PASO = "importaciones.avanzar"
NO_SE_PUDO = "No se pudo importar por una falla del portal. Vuelva a subir el archivo; si se repite, avise al soporte."


def exigir_que_importe(tipo: str) -> None:
    if exigir().rol not in IMPORTAN[tipo]:
        raise ValidationError("Su rol no importa esos datos.")


def juez_de(tipo: str, filas: list[Celdas], *, reemplaza: bool = False) -> Juez:
    if tipo == Tipo.ENTIDADES:
        return JuezEntidades(filas)
    if tipo == Tipo.SIGA:
        return JuezSiga(filas, reemplaza=reemplaza)
    return JuezSolicitudes(filas) if tipo == Tipo.SOLICITUDES else JuezPersonas(filas, tipo)


# --- Upload and rehearsal ------------------------------------------------------------------------------------------
def subir(*, tipo: str, subido: UploadedFile) -> Importacion:
    """Keep the file and propose what its columns are. Raises ValidationError when there is nothing to import."""
    exigir_que_importe(tipo)
    nombre = exigir_hoja_de_calculo(subido)
    subido.seek(0)
    hoja = leer(subido.read(), tipo)
    escrito = almacen.escribir(subido, CARPETA)
    importacion = Importacion.objects.create(
        tipo=tipo,
        nombre=nombre,
        bytes=escrito.bytes,
        sha256=escrito.sha256,
        ruta=escrito.ruta,
        hojas=hoja.hojas,
        hoja=hoja.hoja,
        avisos=hoja.avisos,
        mapa=mapa_propuesto(tipo, hoja),
        # What came by SIGA has just come: whoever wrote waits for their acuse.
        con_acuse=tipo == Tipo.SIGA,
        subida_por_id=exigir().persona_id or 0,
    )
    registrar(accion="importacion.subir", objeto=importacion, texto=nombre, despues={"tipo": tipo})
    return importacion


def mapa_propuesto(tipo: str, hoja: Hoja) -> dict[str, str]:
    """What these columns were last time; failing that, what their headings say."""
    guardado = Mapeo.objects.filter(tipo=tipo, huella=hoja.huella).first()
    if guardado is None:
        return adivinar(CAMPOS[tipo], hoja.titulos)
    actuales = {llano(titulo): titulo for titulo in reversed(hoja.titulos)}
    return {campo: actuales[llano(titulo)] for campo, titulo in guardado.mapa.items() if llano(titulo) in actuales}


def ensayar(*, tipo: str, nombre: str, contenido: bytes, reemplaza: bool = False) -> list[FilaImportada]:
    """The rehearsal of a file that is not kept, with the columns as they are remembered or guessed. Writes nothing."""
    exigir_que_importe(tipo)
    hoja = leer(contenido, tipo)
    importacion = Importacion(tipo=tipo, nombre=nombre, mapa=mapa_propuesto(tipo, hoja), reemplaza=reemplaza)
    if faltan := obligatorios_sin_columna(tipo, importacion.mapa):
        raise ValidationError([f"Ninguna columna trae «{campo.titulo}»." for campo in faltan])
    return _ensayar(importacion, hoja)


def hoja_de(importacion: Importacion, hoja: str = "") -> Hoja:
    """Read the kept file again. Raises ValidationError when it expired or that sheet is empty."""
    if not importacion.ruta:
        raise ValidationError("El archivo ya caducó. Súbalo de nuevo.")
    try:
        with almacen.abrir(importacion.ruta) as archivo:
            contenido = archivo.read()
    except FileNotFoundError:
        raise ValidationError("El archivo ya caducó. Súbalo de nuevo.") from None
    return leer(contenido, importacion.tipo, hoja or importacion.hoja)


@transaction.atomic
def revisar(
    *,
    importacion: Importacion,
    mapa: Mapping[str, str],
    hoja: str = "",
    con_acuse: bool = False,
    reemplaza: bool = False,
) -> None:
    """The rehearsal: say of each row what would happen, and remember the columns. Nothing else is written."""
    exigir_que_importe(importacion.tipo)
    actual = _mover(importacion, "revisar")
    leida = hoja_de(actual, hoja)
    mapa = {campo: titulo for campo, titulo in mapa.items() if titulo in leida.titulos}
    faltan = obligatorios_sin_columna(actual.tipo, mapa)
    if faltan:
        raise ValidationError({campo.clave: f"Elija qué columna trae «{campo.titulo}»." for campo in faltan})
    actual.hoja, actual.mapa = hoja or actual.hoja, mapa
    actual.avisos, actual.con_acuse = leida.avisos, con_acuse and actual.tipo in CON_ACUSE
    actual.reemplaza = reemplaza and actual.tipo == Tipo.SIGA
    actual.save(update_fields=["hoja", "mapa", "avisos", "con_acuse", "reemplaza"])
    Mapeo.objects.update_or_create(
        tipo=actual.tipo,
        huella=leida.huella,
        defaults={"mapa": mapa, "guardado_en": ahora(), "guardado_por_id": exigir().persona_id or 0},
    )
    actual.filas.all().delete()
    FilaImportada.objects.bulk_create(_ensayar(actual, leida), batch_size=500)
    registrar(accion="importacion.revisar", objeto=actual, texto=actual.nombre, despues=contar(actual))


@una_lectura()
def _ensayar(importacion: Importacion, hoja: Hoja) -> list[FilaImportada]:
    lugar = {titulo: n for n, titulo in enumerate(hoja.titulos)}
    todas = [
        (numero, {campo: celdas[lugar[titulo]] for campo, titulo in importacion.mapa.items()})
        for numero, celdas in hoja.filas
    ]
    juez = juez_de(importacion.tipo, [celdas for _, celdas in todas], reemplaza=importacion.reemplaza)
    vistas: dict[str, int] = {}
    filas = []
    for numero, celdas in todas:
        juicio = juez.juzgar(celdas, origen(importacion, numero))
        if juicio.resultado != Resultado.ERROR:
            repite = vistas.setdefault(juicio.clave, numero)
            if repite != numero and not (importacion.tipo == Tipo.SIGA and juicio.resultado == Resultado.IGUAL):
                juicio = Juicio(Resultado.ERROR, f"Es la misma de la fila {repite}. Deje solo una de las dos.")
        fila = FilaImportada(importacion=importacion, numero=numero, crudo={**celdas, **juicio.fijas})
        _escribir(fila, juicio)
        filas.append(fila)
    return filas


def origen(importacion: Importacion, numero: int) -> str:
    """«fila 12 de «registro.xlsx»»: what the history of each thing says of where it came from."""
    return f"fila {numero} de «{importacion.nombre[:80]}»"


def _escribir(fila: FilaImportada, juicio: Juicio) -> None:
    fila.resultado, fila.frase, fila.orden = juicio.resultado, juicio.frase[:600], juicio.orden
    fila.cambios = {nombre: list(par) for nombre, par in juicio.cambios.items()}
    if juicio.hecho is not None:
        fila.objeto_id, fila.objeto_texto, fila.objeto_ruta = (
            juicio.hecho.pk,
            juicio.hecho.texto[:200],
            juicio.hecho.ruta,
        )


def contar(importacion: Importacion) -> dict[str, int]:
    """How many rows of each result, in the order of the results."""
    hay = dict(importacion.filas.order_by().values_list("resultado").annotate(Count("pk")))
    return {str(resultado): hay[resultado] for resultado in Resultado if hay.get(resultado)}


def _por_hacer(importacion: Importacion) -> ConsultaFila:
    filas: ConsultaFila = FilaImportada.objects.filter(importacion=importacion).por_hacer()
    return filas


# --- Going on, stopping --------------------------------------------------------------------------------------------
@transaction.atomic
def confirmar(*, importacion: Importacion) -> Importacion:
    """From here what the rehearsal promised is written, row by row, in the background."""
    exigir_que_importe(importacion.tipo)
    actual = _mover(importacion, "confirmar")
    if not _por_hacer(actual).exists():
        raise ValidationError("No hay filas por importar: corrija el archivo y súbalo de nuevo.")
    actual.confirmada_en, actual.confirmada_por_id = ahora(), exigir().persona_id
    _echar_a_andar(actual, "confirmada_en", "confirmada_por")
    registrar(accion="importacion.confirmar", objeto=actual, texto=actual.nombre, despues=contar(actual))
    return actual


@transaction.atomic
def seguir(*, importacion: Importacion) -> Importacion:
    """Take up a stopped one where it was, from now on in the name of whoever says so."""
    exigir_que_importe(importacion.tipo)
    actual = _mover(importacion, "seguir")
    actual.confirmada_por_id, actual.por_que_paro = exigir().persona_id, ""
    _echar_a_andar(actual, "confirmada_por", "por_que_paro")
    registrar(accion="importacion.seguir", objeto=actual, texto=actual.nombre)
    return actual


@transaction.atomic
def detener(*, importacion: Importacion) -> Importacion:
    """No row more is written. Those already written stay."""
    exigir_que_importe(importacion.tipo)
    actual = _mover(importacion, "detener")
    registrar(accion="importacion.detener", objeto=actual, texto=actual.nombre, despues=contar(actual))
    return actual


@transaction.atomic
def descartar(*, importacion: Importacion) -> Importacion:
    """Leave it without importing anything."""
    exigir_que_importe(importacion.tipo)
    actual = _mover(importacion, "descartar")
    registrar(accion="importacion.descartar", objeto=actual, texto=actual.nombre)
    return actual


def _mover(importacion: Importacion, accion: str) -> Importacion:
    """Locked, and in its new state. Raises ValidationError when it is not its moment."""
    transicion = TRANSICIONES[accion]
    actual: Importacion = Importacion.objects.bajo_cerrojo().get(pk=importacion.pk)
    if actual.estado not in transicion.desde:
        raise ValidationError(f"La importación está «{actual.get_estado_display()}»: recargue la página.")
    actual.estado = transicion.hacia
    actual.save(update_fields=["estado"])
    return actual


def _echar_a_andar(importacion: Importacion, *campos: str) -> None:
    importacion.vueltas += 1
    importacion.save(update_fields=["vueltas", *campos])
    _anotar_paso(importacion, 0)


def _anotar_paso(importacion: Importacion, paso: int) -> None:
    vuelta = importacion.vueltas
    anotar(
        tipo=PASO,
        clave=f"importacion:{importacion.pk}:{vuelta}:{paso}",
        carga={"importacion": importacion.pk, "vuelta": vuelta, "paso": paso},
    )


def avanzar(*, importacion_id: int, vuelta: int, paso: int) -> None:
    """Import the next row and leave the fact of the one after it. Runs in the transaction of its fact."""
    if importar_una(importacion_id=importacion_id, vuelta=vuelta):
        _anotar_paso(Importacion.objects.get(pk=importacion_id), paso + 1)


def importar_una(*, importacion_id: int, vuelta: int) -> bool:
    """The next row, in the caller's transaction; False when this turn is over. Two that do it at once take turns."""
    importacion: Importacion = Importacion.objects.bajo_cerrojo().get(pk=importacion_id)
    if importacion.estado != Estado.IMPORTANDO or importacion.vueltas != vuelta:
        return False
    fila = _por_hacer(importacion).first()
    if fila is None:
        _terminar(importacion)
        return False
    suyo = _alcance_de(importacion)
    if suyo is None:
        actual = _mover(importacion, "detener")
        actual.por_que_paro = (
            "Quien la confirmó ya no es de la ventanilla ni administra el portal. Otra persona puede seguirla."
            if importacion.tipo == Tipo.SIGA
            else "Quien la confirmó ya no es administrador del portal. Otro administrador puede seguirla."
        )
        actual.save(update_fields=["por_que_paro"])
        return False
    with con_alcance(suyo):
        _importar(importacion, fila)
    return True


def _alcance_de(importacion: Importacion) -> Alcance | None:
    """Of whoever confirmed it, while they are still who may."""
    membresia = (
        Membresia.objects.activas()
        .filter(persona=importacion.confirmada_por_id, rol__in=sorted(IMPORTAN[importacion.tipo]))
        .order_by("pk")
        .first()
    )
    return Alcance.de_membresia(membresia) if membresia else None


def _importar(importacion: Importacion, fila: FilaImportada) -> None:
    """Judge it again, as things are now, and write it. A row that fails says why and the others go on."""
    try:
        with transaction.atomic():
            juez = juez_de(importacion.tipo, [fila.crudo], reemplaza=importacion.reemplaza)
            juicio = juez.juzgar(fila.crudo, origen(importacion, fila.numero))
            if juicio.resultado in HECHAS:
                juicio.hecho = juez.aplicar(juicio, importacion.con_acuse)
                juicio.resultado = HECHAS[juicio.resultado]
    except ValidationError as error:
        juicio = Juicio(Resultado.ERROR, " ".join(error.messages))
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise  # of the moment, not of the row: the outbox tries again
    except Exception:
        registro.exception("fila sin importar", extra={"importacion": importacion.pk, "fila": fila.numero})
        juicio = Juicio(Resultado.ERROR, NO_SE_PUDO)
    _escribir(fila, juicio)
    fila.hecha_en = ahora()
    fila.save()


def _terminar(importacion: Importacion) -> None:
    actual = _mover(importacion, "terminar")
    actual.terminada_en = ahora()
    actual.save(update_fields=["terminada_en"])
    cuenta = contar(actual)
    registrar(accion="importacion.terminar", objeto=actual, texto=actual.nombre, despues=cuenta)
    if actual.confirmada_por_id is None:
        return
    hechas = cuenta.get(Resultado.CREADA, 0) + cuenta.get(Resultado.CAMBIADA, 0)
    malas = cuenta.get(Resultado.ERROR, 0)
    avisar(
        persona=Persona.objects.get(pk=actual.confirmada_por_id),
        carta=carta_del_final(actual.nombre, actual.pk, hechas, malas),
        clave=f"importacion:{actual.pk}:fin",
        evento="importaciones.terminada",
    )


def carta_del_final(nombre: str, pk: int, hechas: int, malas: int) -> Carta:
    return Carta(
        asunto=f"Terminó la importación de «{nombre}»"[:150],
        que_paso=f"Filas importadas: {hechas}. Filas por corregir: {malas}.",
        que_hacer="Descargue el informe y corrija las que quedaron." if malas else "",
        boton="Ver el resultado",
        ruta=reverse("importaciones:ver", args=[pk]),
    )
