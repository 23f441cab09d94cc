"""How a mail leaves: built again from its carta, sent once `enviando` is on record. And who gets the daily seal."""

import json
from datetime import date

from django.conf import settings
from django.core.files.storage import default_storage

from avisos.carta import Carta
from avisos.correo import construir
from avisos.horas import a_su_hora
from avisos.services import despachar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from direcciones.models import Membresia
from direcciones.roles import Rol
from plazos.fechas import fecha_corrida


@manejador("avisos.correo")
def enviar(entrega: Entrega) -> Efecto:
    a_su_hora(entrega.carga.get("evento", ""))
    mensaje = construir(
        a=entrega.destinatario,
        nombre=entrega.carga.get("nombre", ""),
        carta=Carta.de_json(entrega.carga["carta"]),
        clave=entrega.clave_idempotencia,
        solicitud_id=entrega.solicitud_id,
        adjunto=entrega.carga.get("adjunto", ""),
    )
    return despachar(entrega, mensaje, evento=entrega.carga.get("evento", ""))


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
