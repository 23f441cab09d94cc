"""Tokens: create, revoke, and find out whose one is. The secret is shown once; only its digest is kept (E06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from alcance import Alcance, con_alcance, exigir
from api.models import FORMA, Token, huella, secreto_nuevo, sello_de
from api.permisos import permisos_de
from bitacora.services import registrar
from cuentas import segundo_factor
from direcciones.acceso import membresias_activas
from direcciones.models import Membresia, Persona

DURACION_MAXIMA = timedelta(days=365)
ACTIVOS_MAXIMOS = 20
ENTRE_USOS = timedelta(minutes=1)  # the last use is written at most this often


@dataclass(frozen=True, slots=True)
class Credencial:
    """A token that works now: who it is, and the one membership it acts as."""

    token_id: int
    nombre: str
    permisos: list[str]
    vence_en: datetime
    ultimo_uso_en: datetime | None
    persona: Persona
    membresia: Membresia


def crear_token(*, membresia: Membresia, nombre: str, permisos: Sequence[str], dias: int) -> tuple[Token, str]:
    """A token of the acting person, and its secret: nobody will be able to read it again.

    `membresia` is one in force of the acting person. Raises ValidationError in plain Spanish.
    """
    alcance = exigir()
    if membresia.persona_id != alcance.persona_id:
        raise ValidationError("Un token solo se crea para un rol propio.")
    if not permisos or set(permisos) - set(permisos_de(membresia.rol)):
        raise ValidationError({"permisos": "Elija al menos un permiso de los que su rol puede dar."})
    if not nombre.strip():
        raise ValidationError({"nombre": "Escriba para qué es."})
    duracion = timedelta(days=dias)
    if not timedelta(0) < duracion <= DURACION_MAXIMA:
        raise ValidationError({"dias": "Un token dura a lo sumo un año."})
    ahora = timezone.now()
    secreto = secreto_nuevo()
    with transaction.atomic():
        persona = Persona.objects.select_for_update(of=("self",), no_key=True).get(pk=alcance.persona_id)
        if Token.objects.activos().filter(persona=persona).count() >= ACTIVOS_MAXIMOS:
            raise ValidationError(f"Ya tiene {ACTIVOS_MAXIMOS} tokens activos. Revoque los que no use.")
        creado = Token.objects.create(
            persona=persona,
            membresia=membresia,
            nombre=nombre.strip(),
            permisos=sorted(permisos),
            sha256=huella(secreto),
            final=secreto[-4:],
            sello=sello_de(persona),
            creado_en=ahora,
            vence_en=ahora + duracion,
        )
        registrar(
            accion="api.crear_credencial",
            objeto=creado,
            texto=creado.nombre,
            entidad_id=membresia.entidad_id,
            dependencias=alcance.dependencias,
            despues={"membresia": membresia.pk, "permisos": creado.permisos, "vence": creado.vence_en},
        )
    return creado, secreto


def revocar_token(*, credencial: Token) -> None:
    """It stops working now. Twice is once. Whoever calls has found it among `revocables_por` the acting person."""
    alcance = exigir()
    with transaction.atomic():
        fila = Token.objects.bajo_cerrojo().get(pk=credencial.pk)
        if fila.revocado_en:
            return
        fila.revocado_en, fila.revocado_por_id = timezone.now(), alcance.persona_id
        fila.save(update_fields=["revocado_en", "revocado_por"])
        registrar(
            accion="api.revocar_credencial",
            objeto=fila,
            texto=fila.nombre,
            entidad_id=alcance.entidad_id,
            dependencias=alcance.dependencias,
            despues={"persona": fila.persona_id},
        )


def credencial_de(secreto: str) -> Credencial | None:
    """Whose this secret is, or None when it opens nothing: unknown, revoked, expired, of a role that ended, of a
    person disabled, with another password since, or without the second factor that the role needs."""
    if not FORMA.fullmatch(secreto):
        return None
    digesto = huella(secreto)
    # The policy of the table lets whoever carries the digest read that row and no other.
    with con_alcance(Alcance(token=digesto)), transaction.atomic():
        fila = (
            Token.objects.activos().filter(sha256=digesto, persona__is_active=True).select_related("persona").first()
        )
    if fila is None or not constant_time_compare(fila.sello, sello_de(fila.persona)):
        return None
    membresia = next((m for m in membresias_activas(fila.persona_id) if m.pk == fila.membresia_id), None)
    if membresia is None:
        return None
    if segundo_factor.exige_segundo_factor([membresia]) and not segundo_factor.inscrito(fila.persona):
        return None
    return Credencial(
        fila.pk, fila.nombre, list(fila.permisos), fila.vence_en, fila.ultimo_uso_en, fila.persona, membresia
    )


def anotar_uso(credencial: Credencial, ip: str) -> None:
    """When and from where it was last used, at most once a minute: requests of one token do not wait in line."""
    ahora, ultimo = timezone.now(), credencial.ultimo_uso_en
    if ultimo is not None and ahora - ultimo < ENTRE_USOS:
        return
    with con_alcance(Alcance(persona_id=credencial.persona.pk)), transaction.atomic():
        hace_rato = Q(ultimo_uso_en__isnull=True) | Q(ultimo_uso_en__lt=ahora - ENTRE_USOS)
        Token.objects.filter(hace_rato, pk=credencial.token_id).update(ultimo_uso_en=ahora, ultimo_uso_ip=ip or None)
