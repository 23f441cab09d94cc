"""How a mail leaves: built again from its carta, sent once `enviando` is on record. And who gets the daily seal, and
is told when the record does not agree with it."""

import json
from datetime import date

from django.conf import settings
from django.core.files.storage import default_storage

from avisos.carta import Carta
from avisos.correo import construir
from avisos.eventos import bitacora_rota
from avisos.horas import a_su_hora
from avisos.identidad import mensaje_id
from avisos.models import EventoCorreo
from avisos.services import despachar, enviar_correo
from avisos.services.direcciones import EN_LA_PUERTA, Suceso, anotar_suceso, cambiar_direccion
from avisos.services.frenos import esperar_turno
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from bitacora.verificacion import anotar_lectura, anotar_sello, comprobar, estado
from direcciones.models import Membresia
from direcciones.roles import Rol
from plazos.fechas import fecha_corrida


@manejador("avisos.correo")
def enviar(entrega: Entrega) -> Efecto | None:
    a_su_hora(entrega.carga.get("evento", ""))
    responde_a = entrega.carga.get("responde_a")
    if responde_a is not None:
        esperar_turno(entrega, entrega.carga["evento"])
    mensaje = construir(
        a=entrega.destinatario,
        nombre=entrega.carga.get("nombre", ""),
        carta=Carta.de_json(entrega.carga["carta"]),
        clave=entrega.clave_idempotencia,
        solicitud_id=entrega.solicitud_id,
        adjunto=entrega.carga.get("adjunto", ""),
        evento=entrega.carga.get("evento", ""),
        con_cuenta="persona" in entrega.carga,
        responde_a=responde_a,
    )
    return despachar(entrega, mensaje, evento=entrega.carga.get("evento", ""))


@manejador("bandeja.rechazo")
def anotar_el_rechazo(entrega: Entrega) -> None:
    """The server said no to the address before taking the mail: the same as if it had bounced."""
    dicho = entrega.carga
    tipo = EventoCorreo.Tipo.DURO if dicho["definitiva"] else EventoCorreo.Tipo.BLANDO
    anotar_suceso(
        Suceso(
            origen=EN_LA_PUERTA,
            identidad=entrega.clave_idempotencia,
            tipo=tipo,
            correo=entrega.destinatario,
            en=entrega.creada_en,
            mensaje_id=mensaje_id(dicho["clave"]),
            codigo=dicho["codigo"],
            detalle=dicho["detalle"],
        )
    )


@manejador("avisos.direccion_cambiada")
def reenviar_lo_que_no_llego(entrega: Entrega) -> None:
    """Of a person with an account, all that was theirs; of who has none, what is of that solicitud."""
    cambiar_direccion(
        de=entrega.carga["de"],
        a=entrega.destinatario,
        persona_id=entrega.carga.get("persona"),
        solicitud_id=entrega.solicitud_id,
    )


@manejador("avisos.sello")
def repartir_el_sello(entrega: Entrega) -> None:
    """One mail to each auditor and to the mailbox of the control office, with the seal inside. The record tells of it:
    so the nightly reading knows which seals there must be, and /salud/ that today's went out."""
    ruta, dia = entrega.carga["ruta"], date.fromisoformat(entrega.carga["dia"])
    with default_storage.open(ruta) as archivo:
        sello = json.load(archivo)
    sucesos = sum(cabeza["posicion"] for cabeza in sello["cabezas"].values())
    carta = Carta(
        asunto=f"Sello de la bitácora del {fecha_corrida(dia)}",
        que_paso=f"Hasta hoy la bitácora tiene {sucesos} sucesos en {len(sello['cabezas'])} cadenas. "
        f"Huella del sello: {sello['huella']}.",
        que_hacer="Guarde este correo con su archivo. Si alguien cambia o borra lo anterior, "
        "«verificar_bitacora --sello» con ese archivo dice dónde.",
    )
    correos = _quienes_controlan(Rol.AUDITOR)
    for correo, nombre in correos.items():
        enviar_correo(
            a=correo,
            nombre=nombre,
            carta=carta,
            clave=entrega.clave_idempotencia,
            adjunto=ruta,
            evento="avisos.sello",
        )
    anotar_sello(dia=str(dia), huella=sello["huella"], destinatarios=len(correos))


@manejador("avisos.verificar_bitacora", largo=True, sin_prisa=True)
def verificar_la_bitacora(entrega: Entrega) -> None:
    """The whole of it: half a minute of processor for a million events. When it is not as it was written, those who
    get the seals and whoever runs the portal are told. Delivered again, it was read already."""
    leida_en = estado().leida_en
    if leida_en is not None and leida_en >= entrega.creada_en:
        return
    lectura = comprobar()
    anotar_lectura(lectura)
    if not lectura.rupturas:
        return
    carta = bitacora_rota([str(ruptura) for ruptura in lectura.rupturas])
    for correo, nombre in _quienes_controlan(Rol.AUDITOR, Rol.ADMINISTRADOR).items():
        enviar_correo(
            a=correo,
            nombre=nombre,
            carta=carta,
            clave=entrega.clave_idempotencia,
            evento="avisos.bitacora_rota",
        )


def _quienes_controlan(*roles: Rol) -> dict[str, str]:
    """Whoever has one of these roles and the mailboxes of the control office. Shape: address → name, or nothing."""
    personas = Membresia.objects.activas().filter(rol__in=roles).select_related("persona").order_by("pk")
    nombres = {m.persona.correo.lower(): m.persona.nombre for m in personas}
    return {c.lower(): "" for c in settings.CORREOS_DE_CONTROL} | nombres
