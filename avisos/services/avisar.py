"""Tell people things: in the portal and by mail, exactly as many times as the fact happened.

Called by the outbox handlers of the apps above. Everything here is written in the database, with its line of the
ledger; the mail itself leaves by the outbox (`avisos.correo`), one row per recipient, with a key that gives the same
Message-ID on every retry.
"""

from django.db import transaction

from alcance import como_sistema
from avisos.carta import Carta
from avisos.models import Aviso
from avisos.services.libro import apuntar, apuntar_sin_destino
from bandeja.services import anotar
from direcciones.models import Persona
from plazos.reloj import ahora


def avisar(*, persona: Persona, carta: Carta, clave: str, solicitud_id: int | None = None, evento: str = "") -> None:
    """A line in the person's notices and a mail, of one of `eventos()`. The same `clave` twice is one notice."""
    if not persona.is_active:
        apuntar_sin_destino(
            clave=clave, motivo="Su cuenta está inactiva.", evento=evento, persona=persona, solicitud_id=solicitud_id
        )
        return
    with transaction.atomic():
        aviso = dejar_aviso(persona=persona, carta=carta, clave=clave, solicitud_id=solicitud_id)
        enviar_correo(
            a=persona.correo,
            nombre=persona.nombre,
            carta=carta,
            clave=clave,
            solicitud_id=solicitud_id,
            evento=evento,
            aviso=aviso,
        )


def dejar_aviso(*, persona: Persona, carta: Carta, clave: str, solicitud_id: int | None = None) -> Aviso:
    """Only the line in the person's notices: the mail of this fact is written by whoever calls."""
    aviso = Aviso(
        persona=persona,
        clave=f"{clave}:{persona.pk}",
        titulo=carta.asunto[:200],
        texto=carta.que_paso[:500],
        ruta=carta.ruta,
        solicitud_id=solicitud_id,
        creado_en=ahora(),
    )
    with transaction.atomic(), como_sistema("dejar un aviso"):
        # Updating the key with itself gives back the line that was there.
        Aviso.objects.bulk_create([aviso], update_conflicts=True, unique_fields=["clave"], update_fields=["clave"])
    return aviso


def enviar_correo(
    *,
    a: str,
    carta: Carta,
    clave: str,
    nombre: str = "",
    solicitud_id: int | None = None,
    adjunto: str = "",
    evento: str = "",
    aviso: Aviso | None = None,
) -> None:
    """Put one mail in the outbox. `clave` identifies the fact; with the address, the mail. `adjunto`: a path. `aviso`:
    the line in the portal of the same fact."""
    if not a:
        apuntar_sin_destino(
            clave=clave, motivo="No hay a qué dirección.", evento=evento, nombre=nombre, solicitud_id=solicitud_id
        )
        return
    del_correo = f"correo:{clave}:{a.lower()}"
    with transaction.atomic():
        anotar(
            tipo="avisos.correo",
            clave=del_correo,
            destinatario=a,
            carga={
                "carta": carta.como_json(),
                "nombre": nombre,
                **({"adjunto": adjunto} if adjunto else {}),
                **({"evento": evento} if evento else {}),
            },
            solicitud_id=solicitud_id,
        )
        apuntar(
            clave=del_correo,
            evento=evento,
            persona=aviso.persona if aviso else None,
            correo=a,
            nombre=nombre,
            solicitud_id=solicitud_id,
            aviso=aviso,
        )
