"""How a mail leaves: built again from its carta, sent once `enviando` is on record. And who gets the daily seal."""

import json
from datetime import date

from django.conf import settings
from django.core.files.storage import default_storage

from avisos.carta import Carta
from avisos.correo import construir
from avisos.horas import a_su_hora
from avisos.identidad import mensaje_id
from avisos.models import EventoCorreo
from avisos.services import despachar, enviar_correo
from avisos.services.direcciones import EN_LA_PUERTA, Suceso, anotar_suceso, cambiar_direccion
from avisos.services.frenos import esperar_turno
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
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
    """One mail to each auditor and to the mailbox of the control office, with the seal inside."""
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
    auditores = Membresia.objects.activas().filter(rol=Rol.AUDITOR).select_related("persona").order_by("pk")
    nombres = {m.persona.correo.lower(): m.persona.nombre for m in auditores}
    for correo in {*nombres, *(c.lower() for c in settings.CORREOS_DE_CONTROL)}:
        enviar_correo(
            a=correo,
            nombre=nombres.get(correo, ""),
            carta=carta,
            clave=entrega.clave_idempotencia,
            adjunto=ruta,
            evento="avisos.sello",
        )
