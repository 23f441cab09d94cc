"""Outbox handlers: wake the worker that seals, tell people, send the signed concepto to whoever asked."""

from dataclasses import replace
from functools import partial

from django.urls import reverse

from avisos.carta import Carta
from avisos.correo import construir
from avisos.services import avisar, dejar_aviso, despachar
from bandeja.models import Entrega
from bandeja.services import manejador
from bandeja.services.manejadores import Efecto
from conceptos.estados import Audiencia
from conceptos.models import Concepto
from conceptos.services.comun import autores_de
from conceptos.services.documento import leer_pdf
from conceptos.tasks import sellar
from direcciones.ausencias import con_rol, presentes, relevar_destinatarios, responsable_de
from direcciones.models import Encargo, Persona
from direcciones.roles import JEFES, Rol
from documentos.codigos import agrupar
from plazos.reloj import hoy
from solicitudes.destinatarios import (
    Destino,
    avisar_a_la_entidad,
    avisar_al_personal,
    de_la_entidad,
    puede_abrir,
)

# accion → who is told, of which event, what the notice says, the button and its page.
A_QUIEN = {
    "enviar_a_revision": (
        "revisores", "conceptos.por_revisar", "espera su revisión", "Revisar el concepto", "revisar",
    ),
    "enviar_a_firma": ("firmantes", "conceptos.por_firmar", "espera su firma", "Leer y firmar", "firmar"),
    "aprobar": ("firmantes", "conceptos.por_firmar", "espera su firma", "Leer y firmar", "firmar"),
    "devolver": ("autores", "conceptos.devuelto", "volvió con observaciones", "Corregir el concepto", "editar"),
    "notificar": (
        "autores", "conceptos.notificado", "se firmó y se envió a la entidad", "Ver el concepto", "detalle",
    ),
    "anular": ("autores", "conceptos.sin_efecto", "se anuló", "Ver el concepto", "detalle"),
    "sustituir": ("autores", "conceptos.sin_efecto", "se sustituyó", "Ver el concepto", "detalle"),
}  # fmt: skip
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
    quienes, evento, que_paso, boton, pagina = A_QUIEN[accion]
    concepto = Concepto.objects.select_related(
        "solicitud__entidad", "dependencia", "parte__dependencia", "parte__entidad", "sustituido_por"
    ).get(pk=entrega.carga["concepto"])
    radicado, motivo = concepto.solicitud.radicado, entrega.carga.get("motivo", "")
    carta = Carta(
        asunto=f"[{radicado}] El concepto {concepto.numero} {que_paso}",
        que_paso=f"El concepto {concepto.numero}, «{concepto.asunto}», {que_paso}."
        + (f" Motivo: {motivo}" if motivo else ""),
        boton=boton,
        ruta=_ruta(concepto, pagina),
    )
    clave, solicitud_id = entrega.clave_idempotencia, concepto.solicitud_id
    pueden = [p for p in DESTINATARIOS[quienes](concepto) if _puede_abrirlo(p, concepto)]
    for persona in pueden:
        if persona.pk != entrega.carga.get("por"):
            avisar(persona=persona, carta=carta, clave=clave, solicitud_id=solicitud_id, evento=evento)
    if not presentes(pueden):
        parte = concepto.parte
        parte.solicitud = concepto.solicitud
        if pueden:
            carta = replace(
                carta,
                que_hacer="Quien debe hacerlo está ausente: dé un encargo o avísele.",
                boton="Ver el concepto",
                ruta=_ruta(concepto, "detalle"),
            )
        avisar_al_personal(parte=parte, destino=Destino.JEFATURA, carta=carta, clave=clave, evento=evento)
    if accion in YA_NO_VALE and concepto.notificado_en:
        _decir_que_ya_no_vale(concepto, YA_NO_VALE[accion], motivo, entrega.clave_idempotencia)


def _decir_que_ya_no_vale(concepto: Concepto, que_paso: str, motivo: str, clave: str) -> None:
    """Whoever received it learns that it changed, and why; of a reserved one the reason stays in the portal."""
    solicitud = concepto.solicitud
    que_paso = que_paso.format(nuevo=concepto.sustituido_por.numero if concepto.sustituido_por else "")
    carta = Carta(
        asunto=f"[{solicitud.radicado}] El concepto {concepto.numero} {que_paso}",
        que_paso=f"El concepto {concepto.numero}, que respondió su solicitud {solicitud.radicado}, {que_paso}."
        + ("" if _es_reservado(concepto) else f" Motivo: {motivo}"),
        que_hacer="Si ya lo usó, revise qué decidió con él.",
        boton="Ver el concepto",
        ruta=_ruta(concepto, "detalle"),
    )
    avisar_a_la_entidad(
        solicitud=solicitud,
        carta=carta,
        sin_cuenta=replace(carta, boton="Comprobar el concepto", ruta=_ruta_publica(concepto)),
        clave=f"{clave}:entidad",
        evento="conceptos.ya_no_vale",
    )


def _puede_abrirlo(persona: Persona, concepto: Concepto) -> bool:
    """Also who signs by an encargo: it opens what they sign."""
    lugares = [concepto.dependencia_id, concepto.dependencia.padre_id]
    encargos = Encargo.objects.vigentes(hoy()).filter(persona=persona, dependencia__in=lugares)
    return persona.is_active and (puede_abrir(persona, concepto.solicitud) or encargos.exists())


def _es_reservado(concepto: Concepto) -> bool:
    return concepto.audiencia == Audiencia.RESERVADO or concepto.solicitud.reservada


@manejador("conceptos.entrega")
def entregar_a_la_entidad(entrega: Entrega) -> Efecto | None:
    """The notice and the mail with the signed PDF, to whoever asked. When they can no longer be told, to the enlaces
    of the entidad, who open it in the portal; when nobody left an address, ventanilla hands over the paper."""
    concepto = Concepto.objects.select_related("solicitud__entidad", "dependencia").get(pk=entrega.carga["concepto"])
    solicitud, clave = concepto.solicitud, entrega.clave_idempotencia
    a = de_la_entidad(solicitud)
    if a.correo:
        return _con_el_pdf(entrega, concepto, a.correo, _carta_de_entrega(concepto, con_cuenta=False, adjunto=True))
    if len(a.personas) != 1:
        carta = _carta_de_entrega(concepto, con_cuenta=True, adjunto=False)
        avisar_a_la_entidad(solicitud=solicitud, carta=carta, clave=clave, evento="conceptos.entrega")
        return None
    # A reserved one travels only to who has no account to open it.
    [quien], adjunto = a.personas, not _es_reservado(concepto)
    carta = _carta_de_entrega(concepto, con_cuenta=True, adjunto=adjunto)
    dejar_aviso(persona=quien, carta=carta, clave=clave, solicitud_id=solicitud.pk)
    return _con_el_pdf(entrega, concepto, quien.correo, carta, adjunto=adjunto, persona=quien)


def _carta_de_entrega(concepto: Concepto, *, con_cuenta: bool, adjunto: bool) -> Carta:
    radicado = concepto.solicitud.radicado
    return Carta(
        asunto=f"[{radicado}] Respondimos su solicitud: concepto {concepto.numero}",
        que_paso=f"{concepto.dependencia.nombre} firmó el concepto {concepto.numero}, que responde su solicitud "
        f"{radicado}: «{concepto.asunto}».",
        que_hacer=("El PDF firmado va en este correo. " if adjunto else "")
        + "Léalo y compruebe que es auténtico con el código QR de la última página.",
        boton="Abrir el concepto" if con_cuenta else "Comprobar que es auténtico",
        ruta=_ruta(concepto, "detalle") if con_cuenta else _ruta_publica(concepto),
    )


def _con_el_pdf(
    entrega: Entrega,
    concepto: Concepto,
    a: str,
    carta: Carta,
    *,
    adjunto: bool = True,
    persona: Persona | None = None,
) -> Efecto:
    mensaje = construir(
        a=a,
        nombre=persona.nombre if persona else concepto.solicitud.remitente_nombre,
        carta=carta,
        clave=entrega.clave_idempotencia,
        solicitud_id=concepto.solicitud_id,
        evento="conceptos.entrega",
    )
    if adjunto:
        pdf = leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado)
        mensaje.attach(f"{concepto.numero}.pdf", pdf, "application/pdf")
    return despachar(entrega, mensaje, evento="conceptos.entrega", persona=persona)


def _ruta(concepto: Concepto, pagina: str) -> str:
    return reverse(f"conceptos:{pagina}", args=[concepto.pk])


def _ruta_publica(concepto: Concepto) -> str:
    return reverse("conceptos:verificar_codigo", args=[agrupar(concepto.codigo or "")])


def _revisores(concepto: Concepto) -> list[Persona]:
    """The revisores of the dependencia who are there, or who cover them and may review; its heads when there is none
    or it is reserved. Never who wrote it."""
    lugares = [concepto.dependencia_id, concepto.dependencia.padre_id]
    jefes = con_rol(*JEFES, dependencia__in=lugares)
    revisores = [] if concepto.solicitud.reservada else con_rol(Rol.REVISOR, dependencia__in=lugares)
    pueden = {p.pk for p in [*revisores, *jefes]} - autores_de(concepto)
    revisan = [p for p in presentes(relevar_destinatarios(revisores)) if p.pk in pueden]
    return revisan or presentes(jefes) or jefes


def _firmantes(concepto: Concepto) -> list[Persona]:
    """The heads who are there, and who has an encargo today (R57). An absence gives nobody the signature: that of a
    head without an encargo goes to the next head up, and when no other is there, it waits for them."""
    lugares = [concepto.dependencia_id, concepto.dependencia.padre_id]
    jefes = con_rol(*JEFES, dependencia__in=lugares)
    encargos = Encargo.objects.vigentes(hoy()).filter(dependencia__in=lugares, persona__is_active=True)
    encargados = [encargo.persona for encargo in encargos.select_related("persona").order_by("id")]
    todos = list({p.pk: p for p in [*jefes, *encargados]}.values())
    return presentes(todos) or todos


def _autores(concepto: Concepto) -> list[Persona]:
    """Who wrote it and who attends the parte, or who answers for them today."""
    escriben = list(Persona.objects.filter(pk=concepto.autor_id, is_active=True))
    parte = concepto.parte
    if parte.asesor_id is not None:
        atiende = responsable_de(parte.asesor_id, parte.dependencia_id, reservada=parte.reservada)
        escriben += [atiende] if atiende else []
    return sorted(relevar_destinatarios(escriben), key=lambda persona: persona.pk)


DESTINATARIOS = {"revisores": _revisores, "firmantes": _firmantes, "autores": _autores}
