"""Telling other systems what happens: who subscribes, what each call says, and what came of it.

The base leaves the fact (migration 0004) and the outbox hands it over. The call says only what happened to which
solicitud; what it is about is read with a token of the API, by whoever may see it.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema, exigir
from api import salida
from api.models import PRUEBA, Evento, IntentoWebhook, Suscripcion
from avisos.carta import Carta
from avisos.services import avisar
from bandeja.models import Entrega, EstadoEntrega
from bandeja.services import Aplazada, EntregaFallida, anotar
from bitacora.services import registrar
from direcciones.ausencias import de_turno
from direcciones.models import Dependencia
from direcciones.roles import Rol
from solicitudes.models import Mensaje, Movimiento, Solicitud

FALLAS_PARA_PAUSAR = 20
VIGENCIA = timedelta(days=7)  # how long what happened while it was paused waits for it
GUARDADOS = timedelta(days=90)
_PRIMERA_ESPERA, _ESPERA_MAXIMA = timedelta(seconds=30), timedelta(hours=1)
# While one call is out, the others of the same system wait: a slow one takes one worker at most.
_EN_CAMINO = timedelta(seconds=salida.SEGUNDOS + 2)
_LENTA = 1000  # ms
PASAJEROS = {408, 425, 429}


# --- What the administrador does -------------------------------------------------------------------------------------
def crear(*, nombre: str, url: str, eventos: Sequence[str], dependencias: Sequence[int] = ()) -> Suscripcion:
    """A new subscription. Its secret is to be shown now: afterwards it can only be changed."""
    alcance = _exigir_administrador()
    datos = _comprobado(nombre, url, eventos, dependencias)
    with transaction.atomic():
        creada = Suscripcion.objects.create(
            **datos, nonce=secrets.token_hex(32), creada_por_id=alcance.persona_id, creada_en=timezone.now()
        )
        _constancia("integracion.crear", creada, despues={**datos, "dependencias": list(dependencias)})
    return creada


def editar(
    *, suscripcion: Suscripcion, nombre: str, url: str, eventos: Sequence[str], dependencias: Sequence[int] = ()
) -> None:
    """What it is told and where. Another address starts with a clean slate."""
    _exigir_administrador()
    datos = _comprobado(nombre, url, eventos, dependencias)
    with transaction.atomic():
        fila = _bajo_cerrojo(suscripcion)
        antes = {campo: getattr(fila, campo) for campo in datos}
        for campo, valor in datos.items():
            setattr(fila, campo, valor)
        if fila.url != antes["url"]:
            fila.fallas_seguidas, fila.no_antes = 0, None
        fila.save()
        _constancia("integracion.editar", fila, antes=antes, despues=datos)


def cambiar_secreto(*, suscripcion: Suscripcion) -> Suscripcion:
    """The old one stops being right now, also for what waits to leave."""
    _exigir_administrador()
    with transaction.atomic():
        fila = _bajo_cerrojo(suscripcion)
        fila.nonce = secrets.token_hex(32)
        fila.save(update_fields=["nonce"])
        _constancia("integracion.cambiar_secreto", fila)
    return fila


def encender(*, suscripcion: Suscripcion) -> None:
    """It is told again, and what waited for it leaves now."""
    _exigir_administrador()
    with transaction.atomic():
        fila = _bajo_cerrojo(suscripcion)
        if fila.estado == "activa":
            return
        antes = fila.estado
        fila.activa, fila.pausada_en, fila.fallas_seguidas, fila.no_antes = True, None, 0, None
        fila.save(update_fields=["activa", "pausada_en", "fallas_seguidas", "no_antes"])
        _constancia("integracion.encender", fila, antes={"estado": antes}, despues={"estado": fila.estado})
        with como_sistema("soltar los avisos que esperaban a una integración"):
            esperan = Entrega.objects.filter(tipo="api.webhook", estado=EstadoEntrega.PENDIENTE)
            esperan.filter(clave_idempotencia__startswith=f"webhook:{fila.pk}:").update(proximo_intento=timezone.now())


def apagar(*, suscripcion: Suscripcion) -> None:
    """Nothing more is told, not even what waited."""
    _exigir_administrador()
    with transaction.atomic():
        fila = _bajo_cerrojo(suscripcion)
        if not fila.activa:
            return
        fila.activa = False
        fila.save(update_fields=["activa"])
        _constancia("integracion.apagar", fila, antes={"estado": "activa"}, despues={"estado": "apagada"})


def probar(*, suscripcion: Suscripcion) -> None:
    """One call that says nothing of anybody. What came of it is among the last ones."""
    _exigir_administrador()
    if not suscripcion.activa:
        raise ValidationError("Está apagada. Enciéndala y vuelva a probar.")
    with transaction.atomic():
        anotar(
            tipo="api.webhook",
            clave=f"webhook:{suscripcion.pk}:p{uuid4().hex}",
            carga={"suscripcion": suscripcion.pk, "evento": PRUEBA},
        )
        _constancia("integracion.probar", suscripcion)


def _exigir_administrador() -> Any:
    alcance = exigir()
    if alcance.rol != Rol.ADMINISTRADOR or alcance.persona_id is None:
        raise PermissionDenied("Las integraciones son de quien administra el portal.")
    return alcance


def _comprobado(nombre: str, url: str, eventos: Sequence[str], dependencias: Sequence[int]) -> dict[str, Any]:
    if not nombre.strip():
        raise ValidationError({"nombre": "Escriba qué sistema es."})
    if not eventos or set(eventos) - set(Evento.values):
        raise ValidationError({"eventos": "Elija al menos un aviso."})
    try:
        salida.destino_de(url.strip())
    except salida.Rehusada as rehuso:
        raise ValidationError({"url": str(rehuso)}) from None
    if Dependencia.objects.filter(pk__in=dependencias).count() != len(set(dependencias)):
        raise ValidationError({"dependencias": "Elija dependencias del catálogo."})
    return {
        "nombre": nombre.strip(),
        "url": url.strip(),
        "eventos": sorted(eventos),
        "dependencias": sorted(set(dependencias)),
    }


def _bajo_cerrojo(suscripcion: Suscripcion) -> Suscripcion:
    return Suscripcion.objects.select_for_update(of=("self",)).get(pk=suscripcion.pk)


def _constancia(accion: str, fila: Suscripcion, **datos: Any) -> None:
    registrar(accion=accion, objeto=fila, texto=fila.nombre, **datos)


# --- What the outbox does --------------------------------------------------------------------------------------------
def preparar(entrega: Entrega) -> Callable[[], object] | None:
    """The call of a fact, or nothing when nobody has to be told any more. Runs as the system, with the row locked."""
    suscripcion = Suscripcion.objects.select_for_update(of=("self",)).filter(pk=entrega.carga["suscripcion"]).first()
    if suscripcion is None or not suscripcion.activa:
        return None
    evento, instante = entrega.carga["evento"], timezone.now()
    if evento != PRUEBA:
        if instante > entrega.creada_en + VIGENCIA:
            _intento(suscripcion, entrega, error="Pasaron 7 días sin que su sistema lo recibiera.")
            return None
        _esperar_su_turno(suscripcion, entrega, instante)
    datos = _datos(entrega)
    if datos is None:
        return None
    suscripcion.no_antes = instante + _EN_CAMINO
    suscripcion.save(update_fields=["no_antes"])
    cuerpo = json.dumps(datos, ensure_ascii=False, separators=(",", ":")).encode()
    return partial(_llamar, suscripcion, entrega, cuerpo, (datos.get("solicitud") or {}).get("radicado", ""))


def _esperar_su_turno(suscripcion: Suscripcion, entrega: Entrega, instante: datetime) -> None:
    if suscripcion.pausada_en is not None:
        raise Aplazada(entrega.creada_en + VIGENCIA + timedelta(minutes=1))  # or until somebody turns it on
    if suscripcion.no_antes is not None and suscripcion.no_antes > instante:
        raise Aplazada(suscripcion.no_antes)


def _datos(entrega: Entrega) -> dict[str, Any] | None:
    """What is said, read now. None: it became reserved since, or internal, and is for nobody outside."""
    carga, clave = entrega.carga, entrega.clave_idempotencia
    if carga["evento"] == PRUEBA:
        return {"id": clave, "evento": PRUEBA, "en": _iso(timezone.now())}
    solicitud = Solicitud.objects.select_related("entidad").filter(pk=entrega.solicitud_id, reservada=False).first()
    que, en = _lo_que_paso(carga)
    if solicitud is None or que is None:
        return None
    ruta = reverse("api:solicitud", args=[solicitud.radicado])
    dependencias = Dependencia.objects.filter(pk__in=solicitud.dependencias).order_by("codigo")
    return {
        "id": clave,
        "evento": carga["evento"],
        "en": en,
        "solicitud": {
            "radicado": solicitud.radicado,
            "estado": solicitud.estado,
            "entidad": solicitud.entidad.codigo,
            "dependencias": list(dependencias.values_list("codigo", flat=True)),
            "canal": solicitud.canal,
            "recibido_en": _iso(solicitud.recibido_en),
            "radicado_en": _iso(solicitud.radicado_en),
            "vence": solicitud.vence.isoformat(),
            "siga_entrada": solicitud.siga_entrada,
            "siga_salida": solicitud.siga_salida,
            "url": f"{settings.DOMINIO}{ruta}",
        },
        **que,
    }


def _lo_que_paso(carga: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    if "mensaje" in carga:
        mensaje = Mensaje.objects.filter(pk=carga["mensaje"], interno=False).first()
        if mensaje is None:
            return None, ""
        return {"mensaje": {"tipo": mensaje.tipo, "de_la_entidad": mensaje.de_la_entidad}}, _iso(mensaje.en)
    lineas = Movimiento.objects.filter(pk=carga["movimiento"], interno=False).select_related("parte__dependencia")
    linea = lineas.first()
    if linea is None:
        return None, ""
    dependencia = linea.parte.dependencia.codigo if linea.parte else None
    dice = {"accion": linea.accion, "de": linea.de, "a": linea.a, "dependencia": dependencia}
    return {"movimiento": dice}, _iso(linea.en)


def _iso(cuando: datetime) -> str:
    return timezone.localtime(cuando).isoformat(timespec="seconds")


def _llamar(suscripcion: Suscripcion, entrega: Entrega, cuerpo: bytes, radicado: str) -> None:
    """Call, and write down what came of it with the fact handed over; or fail, and with it what is written of the try.

    The same `id` in each try: whoever receives it twice throws the second away.
    """
    instante = int(timezone.now().timestamp())
    cabeceras = {
        "SDFI-Id": entrega.clave_idempotencia,
        "SDFI-Evento": entrega.carga["evento"],
        "SDFI-Firma": f"t={instante},v1={firma(suscripcion.secreto, instante, cuerpo)}",
    }
    codigo, ms, error, definitiva = None, 0, "", False
    try:
        respuesta = salida.enviar(suscripcion.url, cuerpo, cabeceras)
    except salida.Rehusada as rehuso:
        error, definitiva = str(rehuso), True
    except salida.SinRespuesta as falla:
        error = str(falla)
    else:
        codigo, ms = respuesta.codigo, respuesta.ms
        error, definitiva = _error_de(respuesta)
    anotar_lo_que_paso = partial(_anotar, suscripcion.pk, entrega, radicado, codigo=codigo, ms=ms, error=error)
    if not error or entrega.carga["evento"] == PRUEBA:  # a try asked for by hand is one
        anotar_lo_que_paso()
        return
    raise EntregaFallida(error, anotar=anotar_lo_que_paso, definitiva=definitiva)


def firma(secreto: str, instante: int, cuerpo: bytes) -> str:
    """HMAC-SHA256 of the instant, a dot and the body as it goes: an old call sent again has an old instant."""
    return hmac.new(secreto.encode(), f"{instante}.".encode() + cuerpo, hashlib.sha256).hexdigest()


def _error_de(respuesta: salida.Respuesta) -> tuple[str, bool]:
    """Why it is not received, if it is not, and whether another try is useless."""
    codigo = respuesta.codigo
    if 200 <= codigo < 300:
        return "", False
    if 300 <= codigo < 400:
        return f"Respondió {codigo}: manda a otra dirección. Escriba aquí la dirección final.", True
    dice = " ".join(respuesta.dice.split())[:160]
    return f"Respondió {codigo}{f': {dice}' if dice else ''}", codigo < 500 and codigo not in PASAJEROS


def _anotar(pk: int, entrega: Entrega, radicado: str, *, codigo: int | None, ms: int, error: str) -> None:
    """The try, and when the next call to this system may be. In the transaction that closes or puts off the fact."""
    suscripcion = Suscripcion.objects.select_for_update(of=("self",)).get(pk=pk)
    _intento(suscripcion, entrega, radicado=radicado, codigo=codigo, ms=ms, error=error)
    instante = timezone.now()
    suscripcion.no_antes = instante + timedelta(milliseconds=4 * ms) if ms > _LENTA else None
    if entrega.carga["evento"] != PRUEBA:
        suscripcion.fallas_seguidas = suscripcion.fallas_seguidas + 1 if error else 0
        if error and (codigo is None or codigo >= 500 or codigo in PASAJEROS):
            espera = _PRIMERA_ESPERA * 2 ** min(suscripcion.fallas_seguidas - 1, 10)
            suscripcion.no_antes = instante + min(espera, _ESPERA_MAXIMA)
    suscripcion.save(update_fields=["no_antes", "fallas_seguidas"])
    if suscripcion.fallas_seguidas >= FALLAS_PARA_PAUSAR and suscripcion.pausada_en is None:
        _pausar(suscripcion, instante, error)


def _intento(suscripcion: Suscripcion, entrega: Entrega, **datos: Any) -> None:
    datos["error"] = datos.get("error", "").replace("\x00", "")[:300]
    IntentoWebhook.objects.create(
        suscripcion=suscripcion,
        clave=entrega.clave_idempotencia,
        evento=entrega.carga["evento"],
        en=timezone.now(),
        **datos,
    )


def _pausar(suscripcion: Suscripcion, instante: datetime, error: str) -> None:
    suscripcion.pausada_en = instante
    suscripcion.save(update_fields=["pausada_en"])
    _constancia("integracion.pausar", suscripcion, motivo=error)
    for persona in de_turno(Rol.ADMINISTRADOR):
        avisar(
            persona=persona,
            carta=carta_de_pausa(suscripcion.nombre, error, reverse("api:integracion", args=[suscripcion.pk])),
            clave=f"integracion:{suscripcion.pk}:pausa:{instante.isoformat()}",
            evento="api.integracion_pausada",
        )


def carta_de_pausa(nombre: str, error: str, ruta: str) -> Carta:
    return Carta(
        asunto=f"La integración con {nombre} está en pausa",
        que_paso=f"Falló {FALLAS_PARA_PAUSAR} veces seguidas. Lo último que pasó: {error}",
        que_hacer="Lo que ocurra la espera 7 días. Cuando su sistema responda, encienda la integración.",
        boton="Ver la integración",
        ruta=ruta,
    )


def borrar_intentos_viejos() -> None:
    with como_sistema("borrar los intentos viejos de avisos a otros sistemas"), transaction.atomic():
        IntentoWebhook.objects.filter(en__lt=timezone.now() - GUARDADOS).delete()
