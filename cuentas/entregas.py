"""Outbox handlers of the mails that carry a secret link: it is made here, so it is never stored (security.md N07)."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from avisos.correo import construir
from avisos.services import despachar
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from cuentas import correo
from cuentas.models import Invitacion
from direcciones.models import Persona


@manejador("cuentas.invitacion")
def enviar_invitacion(entrega: Entrega) -> Efecto | None:
    """Nothing leaves when it was accepted, withdrawn or expired meanwhile."""
    fila = (
        Invitacion.objects.abiertas()
        .select_related("entidad", "dependencia", "creada_por")
        .filter(pk=entrega.carga["invitacion"])
        .first()
    )
    if fila is None:
        return None
    carta = correo.invitacion(fila)
    clave = entrega.clave_idempotencia
    mensaje = construir(a=fila.correo, nombre=fila.nombre, carta=carta, clave=clave, evento="cuentas.invitacion")
    return despachar(entrega, mensaje, evento="cuentas.invitacion")


@manejador("cuentas.recuperacion")
def enviar_recuperacion(entrega: Entrega) -> Efecto | None:
    persona = Persona.objects.filter(pk=entrega.carga["persona"], is_active=True).first()
    if persona is None:
        return None
    carta = correo.recuperacion(persona, PasswordResetTokenGenerator().make_token(persona))
    mensaje = construir(
        a=persona.correo,
        nombre=persona.nombre,
        carta=carta,
        clave=entrega.clave_idempotencia,
        evento="cuentas.recuperacion",
    )
    return despachar(entrega, mensaje, evento="cuentas.recuperacion", persona=persona)
