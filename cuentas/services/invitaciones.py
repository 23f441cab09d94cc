"""Invitations: offered to a mailbox, good once and for 72 hours (security.md N04, N05)."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alcance import Alcance, como_sistema, con_alcance, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from cuentas.models import Invitacion, huella
from direcciones.models import Dependencia, Entidad, Membresia, Persona
from direcciones.permisos import puede_dar_rol
from direcciones.roles import DE_ENTIDAD
from direcciones.services.membresias import agregar_membresia, terminar_membresia

FORMA_DEL_TOKEN = re.compile(r"[0-9a-f]{40}")
ACCION_INVITAR = "invitacion.enviar"


@transaction.atomic
def invitar(
    *,
    correo: str,
    nombre: str,
    rol: str,
    cargo: str = "",
    entidad: Entidad | None = None,
    dependencia: Dependencia | None = None,
    solo_direcciones: Sequence[int] = (),
    solo_temas: Sequence[int] = (),
    reemplaza: Membresia | None = None,
) -> Invitacion:
    """Offer a role to a mailbox and write the mail in the outbox. An open invitation for the same is replaced."""
    alcance, correo = exigir(), correo.strip().lower()
    if not puede_dar_rol(alcance, rol, entidad.pk if entidad else None):
        raise ValidationError("Usted no puede dar ese rol.")
    _rehusar_si_ya_lo_tiene(correo, rol, entidad, dependencia)
    exigir_dominio_propio(correo, entidad)
    for anterior in Invitacion.objects.pendientes().filter(
        correo=correo, rol=rol, entidad=entidad, dependencia=dependencia
    ):
        anular(invitacion=anterior)
    fila = Invitacion(
        correo=correo,
        nombre=nombre.strip(),
        cargo=cargo.strip(),
        rol=rol,
        entidad=entidad,
        dependencia=dependencia,
        solo_direcciones=sorted(solo_direcciones),
        solo_temas=sorted(solo_temas),
        reemplaza=reemplaza,
        creada_por_id=alcance.persona_id,
    )
    fila.renovar()
    fila.full_clean()
    fila.save()
    registrar(accion=ACCION_INVITAR, objeto=fila, despues={"rol": rol, "vence": fila.vence_en})
    _anotar_correo(fila)
    return fila


@transaction.atomic
def reemplazar_enlace(*, membresia: Membresia, correo: str, nombre: str, cargo: str) -> Invitacion:
    """Who was enlace loses access now and stays in the history; who follows gets the invitation (R47)."""
    if membresia.rol not in DE_ENTIDAD or membresia.entidad is None:
        raise ValidationError("Solo se reemplaza a quien representa una entidad.")
    terminada = terminar_membresia(membresia=membresia, motivo="Reemplazo de enlace")
    return invitar(
        correo=correo,
        nombre=nombre,
        cargo=cargo,
        rol=terminada.rol,
        entidad=membresia.entidad,
        solo_direcciones=terminada.solo_direcciones,
        solo_temas=terminada.solo_temas,
        reemplaza=terminada,
    )


def _rehusar_si_ya_lo_tiene(correo: str, rol: str, entidad: Entidad | None, dependencia: Dependencia | None) -> None:
    """Who was imported has the role but never came in: the invitation is how they do."""
    ya = (
        Membresia.objects.vigentes()
        .de_quien_entra()
        .filter(persona__correo__iexact=correo, rol=rol, entidad=entidad, dependencia=dependencia)
    )
    if ya.exists():
        raise ValidationError("Esa persona ya tiene ese rol ahí.")


def exigir_dominio_propio(correo: str, entidad: Entidad | None) -> None:
    dominios = [d.strip().lower() for d in (entidad.dominios_correo if entidad else "").split(",") if d.strip()]
    if dominios and correo.rpartition("@")[2] not in dominios:
        raise ValidationError(f"Use un correo institucional de la entidad: termina en {' o '.join(dominios)}.")


def _anotar_correo(fila: Invitacion) -> None:
    anotar(
        tipo="cuentas.invitacion",
        clave=f"invitacion:{fila.pk}:{fila.envios}",
        destinatario=fila.correo,
        carga={"invitacion": fila.pk},
    )


@transaction.atomic
def reenviar(*, invitacion: Invitacion) -> Invitacion:
    """A new link for 72 hours more. The one sent before stops working."""
    fila = _pendiente(invitacion)
    fila.renovar()
    fila.envios += 1
    fila.save(update_fields=["nonce", "token_sha256", "enviada_en", "vence_en", "envios"])
    registrar(accion="invitacion.reenviar", objeto=fila, despues={"vence": fila.vence_en})
    _anotar_correo(fila)
    return fila


@transaction.atomic
def anular(*, invitacion: Invitacion) -> None:
    """The link stops working. The invitation stays in the list."""
    fila = _pendiente(invitacion)
    fila.anulada_en = timezone.now()
    fila.save(update_fields=["anulada_en"])
    registrar(accion="invitacion.anular", objeto=fila)


def _pendiente(invitacion: Invitacion) -> Invitacion:
    fila = Invitacion.objects.select_for_update(of=("self",)).get(pk=invitacion.pk)
    if not puede_dar_rol(exigir(), fila.rol, fila.entidad_id):
        raise ValidationError("Usted no puede cambiar esa invitación.")
    if fila.aceptada_en or fila.anulada_en:
        raise ValidationError("Esa invitación ya se aceptó o se anuló.")
    return fila


def por_token(token: str) -> Invitacion | None:
    """The invitation of a link that still works; None when no link is like that, whatever the reason."""
    if not FORMA_DEL_TOKEN.fullmatch(token):
        return None
    with con_alcance(Alcance(token=huella(token))), transaction.atomic():
        return (
            Invitacion.objects.abiertas()
            .filter(token_sha256=huella(token))
            .select_related("entidad", "dependencia")
            .first()
        )


def persona_invitada(fila: Invitacion) -> Persona | None:
    """Who already has an account with that mailbox."""
    return Persona.objects.filter(correo__iexact=fila.correo).first()


def necesita_clave(persona: Persona | None) -> bool:
    """A new person, or one who never set a password. An account that works is not touched by a link."""
    return persona is None or not persona.has_usable_password()


def aceptar(*, token: str, clave: str | None = None) -> Persona | None:
    """Use the link: create or complete the account and give the role. None when it does not work any more."""
    if not FORMA_DEL_TOKEN.fullmatch(token):
        return None
    with como_sistema("aceptar una invitación"), transaction.atomic():
        fila = (
            Invitacion.objects.select_for_update(of=("self",))
            .select_related("entidad", "dependencia")
            .filter(token_sha256=huella(token), aceptada_en__isnull=True, anulada_en__isnull=True)
            .first()
        )
        if fila is None or fila.vence_en <= timezone.now():
            return None
        persona = _persona_que_acepta(fila, clave)
        if persona is None:
            return None
        _dar_rol(fila, persona)
        fila.aceptada_en, fila.persona = timezone.now(), persona
        fila.save(update_fields=["aceptada_en", "persona"])
        registrar(accion="invitacion.aceptar", objeto=fila, despues={"persona": persona.pk, "rol": fila.rol})
        return persona


def _persona_que_acepta(fila: Invitacion, clave: str | None) -> Persona | None:
    """Locked. None when a password is needed and missing, or an administrator disabled the account."""
    persona = Persona.objects.select_for_update(of=("self",)).filter(correo__iexact=fila.correo).first()
    if necesita_clave(persona) and not clave:
        return None
    if persona is None:
        return Persona.objects.crear(correo=fila.correo, nombre=fila.nombre, clave=clave, cargo=fila.cargo)
    if not persona.is_active:
        return None
    if not persona.has_usable_password():
        persona.set_password(clave)
        persona.save(update_fields=["password"])
    return persona


def _dar_rol(fila: Invitacion, persona: Persona) -> None:
    ya = Membresia.objects.vigentes().filter(
        persona=persona, rol=fila.rol, entidad=fila.entidad, dependencia=fila.dependencia
    )
    if not ya.exists():
        agregar_membresia(
            persona=persona,
            rol=fila.rol,
            entidad=fila.entidad,
            dependencia=fila.dependencia,
            solo_direcciones=fila.solo_direcciones,
            solo_temas=fila.solo_temas,
            cargo=fila.cargo,
            creada_por_id=fila.creada_por_id,
        )
