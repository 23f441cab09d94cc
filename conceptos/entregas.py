"""Outbox handlers: wake the worker that seals, tell people, send the signed concepto to whoever asked."""

from functools import partial
from typing import Any

from django.urls import reverse

from avisos.carta import Carta
from avisos.correo import construir
from avisos.services import avisar, dejar_aviso, despachar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import manejador
from bandeja.services.manejadores import Efecto
from conceptos.estados import Audiencia
from conceptos.models import Concepto
from conceptos.services.comun import autores_de
from conceptos.services.documento import leer_pdf
from conceptos.tasks import sellar
from direcciones.models import Encargo, Membresia, Persona
from direcciones.roles import JEFES, Rol
from documentos.codigos import agrupar
from plazos.reloj import hoy
from solicitudes.models import Solicitud

# accion → who is told, what the notice says, the button and its page.
A_QUIEN = {
    "enviar_a_revision": ("revisores", "espera su revisión", "Revisar el concepto", "revisar"),
    "enviar_a_firma": ("firmantes", "espera su firma", "Leer y firmar", "firmar"),
    "aprobar": ("firmantes", "espera su firma", "Leer y firmar", "firmar"),
    "devolver": ("autores", "volvió con observaciones", "Corregir el concepto", "editar"),
    "notificar": ("autores", "se firmó y se envió a la entidad", "Ver el concepto", "detalle"),
    "anular": ("autores", "se anuló", "Ver el concepto", "detalle"),
    "sustituir": ("autores", "se sustituyó", "Ver el concepto", "detalle"),
}
# What whoever received it is told.
YA_NO_VALE = {"anular": "se anuló y ya no vale", "sustituir": "se sustituyó por el {nuevo}"}


@manejador("conceptos.firmado")
def despertar(entrega: Entrega) -> Efecto:
    """The worker is only rung: if nobody hears, the sweep finds it."""
    return partial(sellar.delay, entrega.carga["firma"])


@manejador("conceptos.movimiento")
def contar_movimiento(entrega: Entrega) -> None:
    accion = entrega.carga["accion"]
    if accion not in A_QUIEN:
        return
    quienes, que_paso, boton, pagina = A_QUIEN[accion]
    concepto = Concepto.objects.select_related(
        "solicitud__radicada_por", "dependencia", "parte", "sustituido_por"
    ).get(pk=entrega.carga["concepto"])
    radicado, motivo = concepto.solicitud.radicado, entrega.carga.get("motivo", "")
    carta = Carta(
        asunto=f"[{radicado}] El concepto {concepto.numero} {que_paso}",
        que_paso=f"El concepto {concepto.numero}, «{concepto.asunto}», {que_paso}."
        + (f" Motivo: {motivo}" if motivo else ""),
        boton=boton,
        ruta=_ruta(concepto, pagina),
    )
    for persona in DESTINATARIOS[quienes](concepto):
        if persona.pk != entrega.carga.get("por"):
            avisar(persona=persona, carta=carta, clave=entrega.clave_idempotencia, solicitud_id=concepto.solicitud_id)
    if accion in YA_NO_VALE and concepto.notificado_en:
        _decir_que_ya_no_vale(concepto, YA_NO_VALE[accion], motivo, entrega.clave_idempotencia)


def _decir_que_ya_no_vale(concepto: Concepto, que_paso: str, motivo: str, clave: str) -> None:
    """Whoever received it learns that it changed, and why; of a reserved one the reason stays in the portal."""
    solicitud = concepto.solicitud
    quien = _quien_pidio(solicitud)
    que_paso = que_paso.format(nuevo=concepto.sustituido_por.numero if concepto.sustituido_por else "")
    carta = Carta(
        asunto=f"[{solicitud.radicado}] El concepto {concepto.numero} {que_paso}",
        que_paso=f"El concepto {concepto.numero}, que respondió su solicitud {solicitud.radicado}, {que_paso}."
        + ("" if _es_reservado(concepto) else f" Motivo: {motivo}"),
        que_hacer="Si ya lo usó, revise qué decidió con él.",
        boton="Ver el concepto" if quien else "Comprobar el concepto",
        ruta=_ruta(concepto, "detalle") if quien else _ruta_publica(concepto),
    )
    if quien is not None:
        avisar(persona=quien, carta=carta, clave=f"{clave}:entidad", solicitud_id=solicitud.pk)
    else:
        enviar_correo(
            a=solicitud.remitente_correo,
            nombre=solicitud.remitente_nombre,
            carta=carta,
            clave=f"{clave}:entidad",
            solicitud_id=solicitud.pk,
        )


def _quien_pidio(solicitud: Solicitud) -> Persona | None:
    """The enlace who filed it, while the account is active; None for who has no account."""
    return solicitud.radicada_por if solicitud.radicada_por and solicitud.radicada_por.is_active else None


def _es_reservado(concepto: Concepto) -> bool:
    return concepto.audiencia == Audiencia.RESERVADO or concepto.solicitud.reservada


@manejador("conceptos.entrega")
def entregar_a_la_entidad(entrega: Entrega) -> Efecto | None:
    """The notice and the mail with the signed PDF."""
    concepto = Concepto.objects.select_related("solicitud", "dependencia").get(pk=entrega.carga["concepto"])
    solicitud = concepto.solicitud
    quien = _quien_pidio(solicitud)
    # A reserved one travels only to who has no account to open it.
    adjunto = not (quien and _es_reservado(concepto))
    carta = Carta(
        asunto=f"[{solicitud.radicado}] Respondimos su solicitud: concepto {concepto.numero}",
        que_paso=f"{concepto.dependencia.nombre} firmó el concepto {concepto.numero}, que responde su solicitud "
        f"{solicitud.radicado}: «{concepto.asunto}».",
        que_hacer=("El PDF firmado va en este correo. " if adjunto else "")
        + "Léalo y compruebe que es auténtico con el código QR de la última página.",
        boton="Abrir el concepto" if quien else "Comprobar que es auténtico",
        ruta=_ruta(concepto, "detalle") if quien else _ruta_publica(concepto),
    )
    direccion = quien.correo if quien else solicitud.remitente_correo
    if quien is not None:
        dejar_aviso(persona=quien, carta=carta, clave=entrega.clave_idempotencia, solicitud_id=solicitud.pk)
    if not direccion:  # nobody left an address: ventanilla hands over the paper
        return None
    mensaje = construir(
        a=direccion,
        nombre=solicitud.remitente_nombre,
        carta=carta,
        clave=entrega.clave_idempotencia,
        solicitud_id=solicitud.pk,
    )
    if adjunto:
        pdf = leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado)
        mensaje.attach(f"{concepto.numero}.pdf", pdf, "application/pdf")
    return despachar(entrega, mensaje, evento="conceptos.entrega", persona=quien)


def _ruta(concepto: Concepto, pagina: str) -> str:
    return reverse(f"conceptos:{pagina}", args=[concepto.pk])


def _ruta_publica(concepto: Concepto) -> str:
    return reverse("conceptos:verificar_codigo", args=[agrupar(concepto.codigo or "")])


def _revisores(concepto: Concepto) -> list[Persona]:
    """The revisores of the dependencia; its heads when there is none or it is reserved. Never who wrote it."""
    lugares = [concepto.dependencia_id, concepto.dependencia.padre_id]
    activas = Membresia.objects.activas().filter(dependencia__in=lugares)
    de = activas.filter(rol=Rol.REVISOR).exclude(persona__in=autores_de(concepto))
    reservada = concepto.solicitud.reservada
    return _personas(de if de.exists() and not reservada else activas.filter(rol__in=sorted(JEFES)))


def _firmantes(concepto: Concepto) -> list[Persona]:
    """The heads, and who has an encargo today (R57)."""
    lugares = [concepto.dependencia_id, concepto.dependencia.padre_id]
    jefes = _personas(Membresia.objects.activas().filter(dependencia__in=lugares, rol__in=sorted(JEFES)))
    encargados = Encargo.objects.vigentes(hoy()).filter(dependencia__in=lugares).select_related("persona")
    return jefes + [encargo.persona for encargo in encargados.order_by("id") if encargo.persona not in jefes]


def _autores(concepto: Concepto) -> list[Persona]:
    return list(Persona.objects.filter(pk__in={concepto.autor_id, concepto.parte.asesor_id}).order_by("pk"))


def _personas(membresias: Any) -> list[Persona]:
    return list(Persona.objects.filter(pk__in=membresias.order_by().values("persona")).order_by("pk"))


DESTINATARIOS = {"revisores": _revisores, "firmantes": _firmantes, "autores": _autores}
