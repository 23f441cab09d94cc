"""From the ledger to what each message is, in the order in which they came.

One consumer, always from the oldest on: whoever finds it taken stops. What a message says is read with no transaction
open; what it becomes is written in one, so whoever dies in the middle leaves it as it was. One that kills its reader
is set apart after the third time, for a person, and stops no other.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from alcance import como_sistema
from alcance.compiladas import Compilada, Texto
from buzones.criterio.dictamen import dictaminar
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import CON_SOLICITUD, Autenticidad, Clase, EstadoCorreo, EstadoLlegada, Origen
from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Autenticacion, Desarmado, Direccion, Senales
from buzones.models import Correo, Decision, Llegada
from buzones.respuestas import responder
from buzones.services.actuar import agregar_mensaje, anotar_ausencia, anotar_rebote, radicar_correo
from buzones.services.hechos import reunir
from buzones.services.mover import mover
from buzones.services.pendientes import devolver
from buzones.services.piezas import Juzgada, Piezas, anotar_piezas, crudo_de, juzgar
from buzones.services.proponer import proponer_enlace
from plazos.reloj import ahora
from plazos.services import una_lectura
from solicitudes.services.numeracion import formato, siguiente
from solicitudes.services.plazo import limite_para_trasladar, plazo_y_regla

registro = logging.getLogger("portal.buzones")
PRESTAMO = timedelta(seconds=30)  # whoever reads one holds it that long, and so waits what failed
INTENTOS = 3
RACHA, A_LA_VEZ = 8, 2  # taken in one go, and read beside the one that is decided
BYTES_POR_RACHA = 16 * 1024 * 1024
HTML_MAXIMO = 300_000
MURIO = "El programa se detuvo varias veces al leerlo: está entero en el original."
NO_DECIDIO = "El portal no pudo decidir qué es: lo debe ver una persona."
YA_RESPONDIO = "Respondió a lo que se le preguntó, y no bastó: vea los dos correos."
NO_PUDO = "El portal no pudo terminar lo que había decidido: lo debe hacer una persona."
Dictar = Callable[[Llegada, Desarmado], Dictamen]


def segun_las_reglas(llegada: Llegada, leido: Desarmado) -> Dictamen:
    """What is known now, judged."""
    return dictaminar(leido, reunir(llegada, leido))


def procesar_pendientes(*, limite: int = 200, dictar: Dictar = segun_las_reglas) -> int:
    """Make of what is kept what it is. Returns how many ended; not to be called inside a transaction."""
    quien, hechas = uuid4().hex, 0
    with ThreadPoolExecutor(A_LA_VEZ) as lectores:
        while hechas < limite and (racha := _tomar(quien, min(RACHA, limite - hechas))):
            leidas = [lectores.submit(_leer, llegada) for llegada in racha]
            for llegada, leida in zip(racha, leidas, strict=True):
                try:
                    _procesar(llegada, quien, dictar, *leida.result())
                except Exception:  # the base, the disk: it stays as it was until the loan ends, and is tried again
                    registro.exception("no se pudo procesar la llegada %s", llegada.pk)
                    return hechas
                hechas += 1
    return hechas


def _tomar(quien: str, cuantas: int) -> list[Llegada]:
    """The oldest ones, for half a minute: the next are read while one is decided. None when there are none, or
    somebody has the oldest: then the rest waits for it too.

    One that was taken before is taken alone: what dies with it is nobody else's fault.
    """
    with transaction.atomic(), como_sistema("tomar los mensajes más antiguos"):
        pendientes = Llegada.objects.bajo_cerrojo().filter(estado=EstadoLlegada.GUARDADA).select_related("casilla")
        halladas = list(pendientes.order_by("recibida_en", "id")[:cuantas])
        en = ahora()
        racha: list[Llegada] = []
        for llegada in halladas:
            ocupada = llegada.tomada_hasta is not None and llegada.tomada_hasta > en
            pesa = sum(una.bytes for una in racha) + llegada.bytes
            if ocupada or (racha and (llegada.intentos or racha[0].intentos or pesa > BYTES_POR_RACHA)):
                break
            racha.append(llegada)
        for llegada in racha:
            llegada.intentos, llegada.tomada_por, llegada.tomada_hasta = llegada.intentos + 1, quien, en + PRESTAMO
        if racha:
            Llegada.objects.filter(pk__in=[una.pk for una in racha]).update(
                intentos=F("intentos") + 1, tomada_por=quien, tomada_hasta=en + PRESTAMO
            )
        return racha


def _leer(llegada: Llegada) -> tuple[Desarmado, list[Juzgada]]:
    """What it says, and which of its files may be kept: nothing of the base."""
    if llegada.intentos > INTENTOS:
        return _sin_leer(llegada), []
    servidor = llegada.casilla.servidor_autenticacion if llegada.casilla else ""
    leido = desarmar(crudo_de(llegada), servidor_autenticacion=servidor, hoy=timezone.localdate(llegada.recibida_en))
    return leido, [juzgar(pieza) for pieza in leido.piezas]


def _procesar(llegada: Llegada, quien: str, dictar: Dictar, leido: Desarmado, juzgadas: Sequence[Juzgada]) -> None:
    with una_lectura(), transaction.atomic(), como_sistema("decidir qué es un mensaje"):
        (suya,) = _LA_SUYA(pk=llegada.pk)
        if suya.estado != EstadoLlegada.GUARDADA or suya.tomada_por != quien:
            return  # it took longer than it was lent for, and somebody else did it
        anterior = _el_mismo(leido)
        if anterior is not None:
            _alcanza_a_mas(anterior, suya)
            _cerrar(suya, EstadoLlegada.REPETIDA, anterior)
        elif llegada.intentos > INTENTOS:
            _decidir(suya, leido, juzgadas, lambda *_: por_clasificar(MURIO), EstadoLlegada.APARTADA)
        else:
            _decidir(suya, leido, juzgadas, dictar, EstadoLlegada.PROCESADA)


_LA_SUYA = Compilada(lambda pk: Llegada.objects.bajo_cerrojo().filter(pk=pk), pk=int)


def _sin_leer(llegada: Llegada) -> Desarmado:
    """Of one that can't be read without dying: that it came."""
    return Desarmado(
        huella=llegada.sha256, mensaje_id="", encabezados=(), de=Direccion("", ""), de_seguro=False, responder_a=(),
        para=(), entregado_a=(), asunto="", fecha=None, en_respuesta_a="", referencias=(), texto="", nuevo="",
        citado="", firma="", html="", reenviado=(), piezas=(), senales=Senales(), autenticacion=Autenticacion(),
        defectos=(),
    )  # fmt: skip


def _el_mismo(leido: Desarmado) -> Correo | None:
    """The same content with the same Message-ID, or where one of both lost it on the way."""
    propio = _corto(leido.mensaje_id, 300)
    iguales: list[Correo] = _CON_ESA_HUELLA(huella=leido.huella)
    return next((uno for uno in iguales if not propio or uno.mensaje_id in {propio, ""}), None)


_CON_ESA_HUELLA = Compilada(lambda huella: Correo.objects.filter(huella=huella).order_by("id"), huella=Texto)


def _alcanza_a_mas(correo: Correo, llegada: Llegada) -> None:
    """It came by another mailbox too: while it is of no solicitud, who attends that one sees it as well."""
    juntas = sorted({*correo.dependencias, *llegada.dependencias})
    if correo.solicitud_id is None and juntas != sorted(correo.dependencias):
        Correo.objects.filter(pk=correo.pk).update(dependencias=juntas)


def _cerrar(llegada: Llegada, estado: EstadoLlegada, correo: Correo) -> None:
    llegada.estado, llegada.correo = estado, correo
    llegada.tomada_por, llegada.tomada_hasta = "", None
    campos = ["estado", "correo", "tomada_por", "tomada_hasta"]
    if estado == EstadoLlegada.APARTADA:
        llegada.falla = MURIO
        campos.append("falla")
    llegada.save(update_fields=campos)


# --- Decide and act ------------------------------------------------------------------------------------------------
def por_clasificar(razon: str, dictamen: Dictamen | None = None) -> Dictamen:
    """For a person, with what the rules guessed. Silent: whoever wrote is answered when it is known what to say."""
    if dictamen is None:
        return Dictamen(0, Clase.POR_CLASIFICAR, EstadoCorreo.POR_CLASIFICAR, (razon,), confianza=0)
    return replace(
        dictamen,
        clase=Clase.POR_CLASIFICAR,
        estado=EstadoCorreo.POR_CLASIFICAR,
        propuesta=dictamen.propuesta or (dictamen.clase if dictamen.clase != Clase.POR_CLASIFICAR else None),
        razones=(razon, *dictamen.razones),
        responder=Respuesta.NINGUNA,
        faltan=(),
        solicitud_id=None,
        solicitud_propuesta_id=dictamen.solicitud_propuesta_id or dictamen.solicitud_id,
        complementa=False,
        autor_id=None,
        completa_id=None,
    )


def _decidir(
    llegada: Llegada, leido: Desarmado, juzgadas: Sequence[Juzgada], dictar: Dictar, queda: EstadoLlegada
) -> None:
    try:
        with transaction.atomic():
            dictamen = dictar(llegada, leido)
    except OperationalError:
        raise  # it is the base, not the message
    except Exception:
        registro.exception("no se pudo dictaminar la llegada %s", llegada.pk)
        dictamen = por_clasificar(NO_DECIDIO)
    correo = _crear(llegada, leido, dictamen)
    piezas = anotar_piezas(correo, juzgadas)
    _cerrar(llegada, queda, correo)
    try:
        with transaction.atomic():
            _actuar(correo, dictamen, piezas)
            responder(correo, dictamen.responder, faltan=dictamen.faltan)
    except OperationalError:
        if llegada.intentos < INTENTOS:
            raise
        dictamen = _no_se_pudo(correo, dictamen, NO_PUDO)
    except ValidationError as falla:
        dictamen = _no_se_pudo(correo, dictamen, " ".join(falla.messages))
    except Exception:
        registro.exception("no se pudo actuar sobre la llegada %s", llegada.pk)
        dictamen = _no_se_pudo(correo, dictamen, NO_PUDO)
    Decision.objects.create(
        correo=correo,
        clase=dictamen.clase,
        datos={
            "regla": dictamen.regla,
            "solicitud": correo.solicitud_id,
            "entidad": correo.entidad_id,
            "temas": list(dictamen.temas),
            "modalidad": dictamen.modalidad_id,
        },
        motivo=_corto(next(iter(dictamen.razones), ""), 300),
        en=ahora(),
    )


def _actuar(correo: Correo, dictamen: Dictamen, piezas: Piezas) -> None:
    if dictamen.estado != EstadoCorreo.ATENDIDO:
        _que_los_vea_una_persona(dictamen)
        return
    if dictamen.clase == Clase.NUEVA_SOLICITUD:
        correo.estado = dictamen.estado  # written as it is tied to its solicitud: before, the base would refuse it
        _radicar(correo, dictamen, piezas)
    elif dictamen.clase == Clase.MENSAJE:
        if dictamen.solicitud_id is None:
            raise ValidationError("No se sabe de qué solicitud es.")
        correo.estado = dictamen.estado
        agregar_mensaje(
            correo,
            solicitud_id=dictamen.solicitud_id,
            autor_id=dictamen.autor_id,
            complementa=dictamen.complementa,
            piezas=piezas,
        )
    elif dictamen.clase == Clase.CAMBIO_DE_ENLACE:
        if dictamen.enlace is None or dictamen.entidad_id is None:
            raise ValidationError("No se sabe a quién propone, o de qué entidad.")
        proponer_enlace(correo, dictamen.enlace, entidad_id=dictamen.entidad_id)
        _contestar(_la_pregunta(dictamen), correo, dictamen)
    elif dictamen.clase == Clase.REBOTE:
        anotar_rebote(correo)
    elif dictamen.clase == Clase.AUSENCIA:
        anotar_ausencia(correo)


def _radicar(correo: Correo, dictamen: Dictamen, piezas: Piezas) -> None:
    """When it answers our question, both are one solicitud, which came when the first one did."""
    if dictamen.entidad_id is None:
        raise ValidationError("No se sabe de qué entidad es.")
    pregunta = _la_pregunta(dictamen)
    radicar_correo(
        pregunta or correo,
        temas=dictamen.temas,
        modalidad_id=dictamen.modalidad_id,
        entidad_id=dictamen.entidad_id,
        autor_id=dictamen.autor_id,
        logistica=dictamen.logistica,
        completado_con=correo if pregunta else None,
        piezas=piezas,
        faltan=dictamen.faltan,
    )
    _contestar(pregunta, correo, dictamen)


def _la_pregunta(dictamen: Dictamen) -> Correo | None:
    """The message for which something was asked, when this one brings it and nobody decided it meanwhile."""
    esperan = Correo.objects.bajo_cerrojo().filter(pk=dictamen.completa_id, estado=EstadoCorreo.ESPERANDO)
    pregunta: Correo | None = esperan.first() if dictamen.completa_id is not None else None
    return pregunta


def _contestar(pregunta: Correo | None, correo: Correo, dictamen: Dictamen) -> None:
    if pregunta is not None:
        correo.grupo = pregunta
        correo.save(update_fields=["grupo"])
        pregunta.clase, pregunta.propuesta = dictamen.clase, ""
        pregunta.save(update_fields=["clase", "propuesta"])
        mover(pregunta, "respuesta", motivo=next(iter(dictamen.razones), ""))


def _que_los_vea_una_persona(dictamen: Dictamen) -> None:
    """What it answers waits for nothing else: nobody is asked twice. Both are decided together."""
    pregunta = _la_pregunta(dictamen)
    if pregunta is not None:
        devolver(pregunta, YA_RESPONDIO)


def _no_se_pudo(correo: Correo, dictamen: Dictamen, porque: str) -> Dictamen:
    """What was decided could not be done: nothing of it stays, and a person sees why."""
    correo.refresh_from_db()
    en_su_lugar = por_clasificar(porque, dictamen)
    correo.clase, correo.estado = en_su_lugar.clase, en_su_lugar.estado
    correo.propuesta = en_su_lugar.propuesta or ""
    correo.razones = _limpio(list(en_su_lugar.razones))
    correo.save(update_fields=["clase", "estado", "propuesta", "razones"])
    _que_los_vea_una_persona(dictamen)
    return en_su_lugar


# --- The row -------------------------------------------------------------------------------------------------------
def _crear(llegada: Llegada, leido: Desarmado, dictamen: Dictamen) -> Correo:
    """What it says and what was decided of it. What names a solicitud is for a person, until it has it."""
    plazo, _ = plazo_y_regla(llegada.recibida_en)
    ciudadana = Clase.PETICION_CIUDADANA in (dictamen.clase, dictamen.propuesta)
    sin_atar = dictamen.clase in CON_SOLICITUD and dictamen.estado == EstadoCorreo.ATENDIDO
    anio = timezone.localtime(ahora()).year
    correo: Correo = Correo.objects.create(
        numero=formato("CR", anio, siguiente("CR", anio)),
        huella=leido.huella,
        mensaje_id=_corto(leido.mensaje_id, 300),
        en_respuesta_a=_corto(leido.en_respuesta_a, 300),
        referencias=[_corto(una, 300) for una in leido.referencias],
        de_correo=_corto(leido.de.correo, 320),
        de_nombre=_corto(leido.de.nombre, 300),
        para=_limpio([[uno.nombre, uno.correo] for uno in leido.para]),
        asunto=_corto(leido.asunto, 300),
        fecha_dicha=leido.fecha,
        recibido_en=llegada.recibida_en,
        fecha_efectiva=plazo.fecha_efectiva,
        texto=_limpio(leido.nuevo),
        citado=_limpio(leido.citado),
        html=_limpio(leido.html) if len(leido.html) <= HTML_MAXIMO else "",
        reenviado_de=_reenviado(leido),
        autentico=Autenticidad(leido.autenticacion.veredicto),
        autenticacion=_limpio(asdict(leido.autenticacion)),
        senales=_limpio(asdict(leido.senales) | {"defectos": [defecto.dice for defecto in leido.defectos]}),
        clase=dictamen.clase,
        propuesta=dictamen.propuesta or "",
        confianza=dictamen.confianza,
        razones=_limpio(list(dictamen.razones)) or [NO_DECIDIO],
        advertencias=_limpio(list(dict.fromkeys([*dictamen.advertencias, *_del_mensaje(llegada, leido)]))),
        estado=EstadoCorreo.POR_CLASIFICAR if sin_atar else dictamen.estado,
        envio_id=dictamen.envio_id,
        entidad_id=dictamen.entidad_id,
        temas=list(dictamen.temas),
        modalidad_id=dictamen.modalidad_id,
        dependencias=sorted({*dictamen.dependencias, *llegada.dependencias}),
        reservado=dictamen.reservado,
        grupo_id=dictamen.grupo_id or dictamen.completa_id,
        repetido_de_id=dictamen.repetido_de_id,
        solicitud_propuesta_id=dictamen.solicitud_propuesta_id,
        conjetura=_conjetura(dictamen),
        vence_traslado=limite_para_trasladar(llegada.recibida_en) if ciudadana else None,
    )
    return correo


def _conjetura(dictamen: Dictamen) -> dict[str, Any]:
    """What the text says, for the form of whoever decides."""
    conjetura: dict[str, Any] = {}
    if dictamen.logistica:
        conjetura["logistica"] = _limpio(dict(dictamen.logistica))
    if dictamen.enlace is not None:
        conjetura["enlace"] = _limpio(asdict(dictamen.enlace))
    return conjetura


def _del_mensaje(llegada: Llegada, leido: Desarmado) -> list[str]:
    """What whoever reads it should know, whatever it is."""
    avisos = [defecto.dice for defecto in leido.defectos]
    de_un_archivo = llegada.origen == Origen.COMANDO and not leido.valor("received")
    if de_un_archivo and leido.fecha and abs(leido.fecha - llegada.recibida_en) < timedelta(seconds=1):
        avisos.append("La hora de recepción es la que dice el mensaje: ningún servidor la anotó.")
    if len(leido.html) > HTML_MAXIMO:
        avisos.append("Su versión con formato es demasiado larga: está en el original.")
    return avisos


def _reenviado(leido: Desarmado) -> dict[str, str]:
    """Of the message that it hands over; who sent this one is who forwards it."""
    if not leido.reenviado:
        return {}
    uno = leido.reenviado[0]
    datos = {"nombre": uno.de.nombre, "correo": uno.de.correo, "asunto": uno.asunto, "fecha": uno.fecha}
    limpios: dict[str, str] = _limpio(datos)
    return limpios


def _corto(texto: str, largo: int) -> str:
    return str(_limpio(texto))[:largo]


def _limpio(valor: Any) -> Any:
    """What the base takes, whatever came: no NUL, no half of a character, dates as text."""
    if isinstance(valor, str):
        return valor.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(valor, dict):
        return {clave: _limpio(uno) for clave, uno in valor.items()}
    if isinstance(valor, list | tuple):
        return [_limpio(uno) for uno in valor]
    return valor.isoformat() if isinstance(valor, date) else valor
