"""What the administrador does with an account: correct it, disable it, open it again, unlock it."""

from typing import Any
from uuid import uuid4

from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import exigir
from avisos.services import enviar_correo
from bandeja.services import anotar
from bitacora.services import registrar
from cuentas import correo as cartas
from cuentas import segundo_factor, sesiones
from direcciones.models import Membresia, Persona
from direcciones.relevos import donde_atiende, relevar
from direcciones.roles import Rol
from direcciones.services.membresias import agregar_membresia, otros_administradores, terminar_membresia


def _exigir_administrador() -> None:
    alcance = exigir()
    if alcance.rol != Rol.ADMINISTRADOR and not alcance.es_sistema:
        raise ValidationError("Solo el administrador del portal cambia usuarios.")


def _bloqueada(persona: Persona) -> Persona:
    return Persona.objects.select_for_update(of=("self",), no_key=True).get(pk=persona.pk)


@transaction.atomic
def desactivar_persona(*, persona: Persona, motivo: str) -> None:
    """The account stops working now: every session ends, nothing is deleted (security.md S02). What they had in hand
    goes to others."""
    _exigir_administrador()
    fila = _bloqueada(persona)
    if fila.pk == exigir().persona_id:
        raise ValidationError("Usted no puede desactivar su propio usuario.")
    if not motivo.strip():
        raise ValidationError("Escriba el motivo.")
    if _es_administrador(fila) and not otros_administradores(fila.pk):
        raise ValidationError("Es el único administrador del portal. Nombre otro antes de desactivarlo.")
    fila.is_active = False
    fila.save(update_fields=["is_active"])
    sesiones.terminar_todas(fila)
    suyas = Membresia.objects.vigentes().filter(persona=fila)
    relevar(persona=fila.pk, lugares=donde_atiende(suyas), motivo=f"El usuario de {fila} se desactivó")
    registrar(
        accion="persona.desactivar", objeto=fila, antes={"activa": True}, despues={"activa": False}, motivo=motivo
    )


def _es_administrador(persona: Persona) -> bool:
    return Membresia.objects.vigentes().filter(persona=persona, rol=Rol.ADMINISTRADOR).exists()


@transaction.atomic
def activar_persona(*, persona: Persona) -> None:
    _exigir_administrador()
    fila = _bloqueada(persona)
    fila.is_active = True
    fila.save(update_fields=["is_active"])
    registrar(accion="persona.activar", objeto=fila, antes={"activa": False}, despues={"activa": True})


@transaction.atomic
def corregir_persona(*, persona: Persona, **datos: Any) -> None:
    """Change the data of a person. With another mail, sessions end and links sent to the old one die (N04)."""
    fila = _bloqueada(persona)
    if fila.pk != exigir().persona_id or "correo" in datos:
        _exigir_administrador()
    cambian = [campo for campo, valor in datos.items() if getattr(fila, campo) != valor]
    if not cambian:
        return
    anterior = fila.correo
    for campo in cambian:
        setattr(fila, campo, datos[campo])
    fila.full_clean(exclude=["password"])
    fila.save(update_fields=cambian)
    if "correo" in cambian:
        sesiones.terminar_todas(fila)
    # Personal data enter the bitácora by name of field only (Ley 1581 de 2012).
    registrar(accion="persona.corregir", objeto=fila, despues={"campos": sorted(cambian)})
    cual = f"persona:{fila.pk}:{uuid4()}"
    anotar(tipo="cuentas.persona_corregida", clave=cual, carga={"persona": fila.pk})
    if "correo" in cambian:
        # What bounced at the address before leaves again to this one.
        anotar(
            tipo="avisos.direccion_cambiada",
            clave=f"{cual}:correo",
            carga={"de": anterior, "persona": fila.pk},
            destinatario=fila.correo,
        )


@transaction.atomic
def desbloquear_persona(*, persona: Persona) -> int:
    """Forget the failed attempts on this account. Returns how many rows there were."""
    _exigir_administrador()
    cuantos, _ = AccessAttempt.objects.filter(username=persona.correo.lower()).delete()
    registrar(accion="persona.desbloquear", objeto=persona, despues={"intentos": cuantos})
    return cuantos


@transaction.atomic
def retirar_segundo_factor(*, persona: Persona, motivo: str) -> None:
    """The person lost the phone and the codes: out everywhere, and a new enrolment at the next sign-in."""
    _exigir_administrador()
    if not motivo.strip():
        raise ValidationError("Escriba el motivo.")
    segundo_factor.retirar(persona)
    sesiones.terminar_todas(persona)
    registrar(accion="persona.retirar_segundo_factor", objeto=persona, motivo=motivo)
    enviar_correo(
        a=persona.correo,
        nombre=persona.nombre,
        carta=cartas.aviso_de_cuenta("mfa/email/totp_deactivated"),
        clave=cartas.clave_de_ahora("retiro", persona),
        evento="cuentas.seguridad",
    )


def dar_rol(*, persona: Persona, **datos: Any) -> Membresia:
    """Give a role to somebody who already has an account, and tell them."""
    membresia = agregar_membresia(persona=persona, **datos)
    enviar_correo(
        a=persona.correo,
        nombre=persona.nombre,
        carta=cartas.rol_nuevo(membresia.get_rol_display(), membresia.lugar),
        clave=f"membresia:{membresia.pk}:nueva",
        evento="cuentas.rol_nuevo",
    )
    return membresia


def quitar_rol(*, membresia: Membresia, **datos: Any) -> None:
    """End a role and tell the person."""
    terminada = terminar_membresia(membresia=membresia, **datos)
    persona = Persona.objects.get(pk=terminada.persona_id)
    enviar_correo(
        a=persona.correo if persona.is_active else "",
        nombre=persona.nombre,
        carta=cartas.rol_terminado(terminada.get_rol_display(), terminada.lugar),
        clave=f"membresia:{terminada.pk}:terminada:{terminada.hasta}",
        evento="cuentas.rol_terminado",
    )
