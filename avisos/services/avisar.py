"""Tell people things: in the portal and by mail, exactly as many times as the fact happened.

Called by the outbox handlers of the apps above. Everything here is written in the database, with its line of the
ledger; the mail itself leaves by the outbox (`avisos.correo`), one row per recipient, with a key that gives the same
Message-ID on every retry.
"""

from django.db import transaction

from alcance import como_sistema
from avisos.carta import Carta
from avisos.horas import no_antes
from avisos.models import Aviso
from avisos.services.libro import Canal, apuntar, apuntar_sin_destino
from avisos.services.preferencias import Modo, modo_de, se_puede_callar
from bandeja.services import anotar
from direcciones.models import Persona
from plazos.reloj import ahora

LARGO = 500
Y_MAS = "\n…"


def avisar(
    *,
    persona: Persona,
    carta: Carta,
    clave: str,
    solicitud_id: int | None = None,
    evento: str = "",
    solo_portal: bool = False,
    responde_a: str | None = None,
) -> None:
    """A line in the person's notices, and a mail when and how they prefer. The same `clave` twice is one notice.

    `evento`: one of `eventos()`; without it, or when it is legal or of the account, the mail leaves at once.
    `solo_portal`: the policy asks for no mail, which silences nothing of the legal. `responde_a`: as in
    `enviar_correo`.
    """
    if not persona.is_active:
        apuntar_sin_destino(
            clave=clave, motivo="Su cuenta está inactiva.", evento=evento, persona=persona, solicitud_id=solicitud_id
        )
        return
    with transaction.atomic():
        aviso = dejar_aviso(persona=persona, carta=carta, clave=clave, solicitud_id=solicitud_id)
        modo = modo_de(persona, evento)
        if solo_portal and se_puede_callar(evento):
            modo = Modo.PORTAL
        if modo == Modo.AL_MOMENTO:
            enviar_correo(
                a=persona.correo,
                nombre=persona.nombre,
                carta=carta,
                clave=clave,
                solicitud_id=solicitud_id,
                evento=evento,
                persona=persona,
                aviso=aviso,
                responde_a=responde_a,
            )
            return
        apuntar(
            clave=f"aviso:{clave}:{persona.pk}",
            evento=evento,
            persona=persona,
            correo=persona.correo,
            nombre=persona.nombre,
            solicitud_id=solicitud_id,
            canal=Canal.RESUMEN if modo == Modo.RESUMEN else Canal.PORTAL,
            aviso=aviso,
        )


def dejar_aviso(*, persona: Persona, carta: Carta, clave: str, solicitud_id: int | None = None) -> Aviso:
    """Only the line in the person's notices: the mail of this fact is written by whoever calls."""
    aviso = Aviso(
        persona=persona,
        clave=f"{clave}:{persona.pk}",
        titulo=carta.asunto[:200],
        texto=_lo_que_dice(carta),
        ruta=carta.ruta,
        solicitud_id=solicitud_id,
        creado_en=ahora(),
    )
    with transaction.atomic(), como_sistema("dejar un aviso"):
        # Updating the key with itself gives back the line that was there.
        Aviso.objects.bulk_create([aviso], update_conflicts=True, unique_fields=["clave"], update_fields=["clave"])
    return aviso


def _lo_que_dice(carta: Carta) -> str:
    """What happened and what to do, each in its line: whoever reads it here may have no mail of it."""
    hacer = f"\n{carta.que_hacer}" if carta.que_hacer else ""
    cabe = max(LARGO - len(hacer), 0)
    if len(carta.que_paso) <= cabe:
        return f"{carta.que_paso}{hacer}"
    return f"{_hasta_donde_cabe(carta.que_paso, cabe)}{hacer}"[:LARGO]


def _hasta_donde_cabe(texto: str, cabe: int) -> str:
    """Whole lines, or at least whole words; it says that there is more."""
    entero = texto[: cabe - len(Y_MAS)]
    corte = max(entero.rfind("\n"), entero.rfind(" ") if "\n" not in entero else -1)
    return f"{entero[:corte] if corte > 0 else entero}{Y_MAS}"


def enviar_correo(
    *,
    a: str,
    carta: Carta,
    clave: str,
    nombre: str = "",
    solicitud_id: int | None = None,
    adjunto: str = "",
    evento: str = "",
    persona: Persona | None = None,
    aviso: Aviso | None = None,
    responde_a: str | None = None,
) -> str:
    """Put one mail in the outbox. `clave` identifies the fact; with the address, the mail: that key it gives back.

    `adjunto`: a path. `persona`: whose address it is, when they have an account. `aviso`: the line in the portal of
    the same fact. `responde_a`: the portal answers by itself the mail of that Message-ID ('' when it has none), so it
    waits its turn (`frenos`).
    """
    if not a:
        apuntar_sin_destino(
            clave=clave, motivo="No hay a qué dirección.", evento=evento, nombre=nombre, solicitud_id=solicitud_id
        )
        return ""
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
                **({"persona": persona.pk} if persona else {}),
                **({"responde_a": responde_a} if responde_a is not None else {}),
            },
            solicitud_id=solicitud_id,
            no_antes=no_antes(evento),
        )
        apuntar(
            clave=del_correo,
            evento=evento,
            persona=persona,
            correo=a,
            nombre=nombre,
            solicitud_id=solicitud_id,
            aviso=aviso,
        )
    return del_correo
