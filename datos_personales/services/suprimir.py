"""Suppression (Ley 1581 de 2012, article 8; Decreto 1377 de 2013, article 9): the person stops being named.

What must be kept by law is kept without a name where it can be: radicados, dates and the chain of the bitácora stay
valid. The catalogue of columns says what is done with each and why what stays must stay.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, models, transaction

from alcance import como_sistema
from bandeja.models import Entrega, EstadoEntrega
from bitacora.services import registrar
from datos_personales.catalogo import por_titular
from datos_personales.services.exportar import filas_de
from direcciones.models import Membresia, Persona
from solicitudes.models import Parte

DOMINIO = "suprimida.invalid"
# Another role writes them: the web's may not touch the bitácora.
CON_OTRO_ROL = "motivo"
_SIN_MOTIVOS = "update bitacora_suceso set motivo = '', motivo_sal = '' where actor_id = %s and motivo <> ''"


def por_que_no_se_suprime(persona: Persona) -> list[str]:
    """What must end before, in words; nothing when it can be done."""
    with transaction.atomic(), como_sistema("ver si los datos de una persona se pueden suprimir"):
        abiertas = Parte.objects.abiertas().filter(asesor=persona).count()
        roles = Membresia.objects.vigentes().filter(persona=persona).count()
    razones = []
    if abiertas:
        razones.append(f"Tiene {abiertas} solicitudes en sus manos: reasígnelas antes.")
    if roles:
        razones.append(f"Tiene {roles} roles vigentes: termínelos antes.")
    return razones


def suprimir(*, persona: Persona | None, correo: str = "", motivo: str) -> dict[str, int]:
    """Take the person's data out. Shape of the answer: what was done → how many rows."""
    if not motivo.strip():
        raise ValidationError("Escriba el motivo: la solicitud de la persona y su fecha.")
    if persona is not None and (razones := por_que_no_se_suprime(persona)):
        raise ValidationError(razones)
    direccion = (persona.correo if persona else correo).strip()
    if persona is None and not direccion:
        raise ValidationError("Diga de quién.")
    with transaction.atomic(), como_sistema("suprimir los datos personales de su titular"):
        _que_no_salga_nada(direccion)
        hechas = _aplicar(_por_hacer(persona, direccion), persona)
        if persona is not None:
            persona.refresh_from_db()
            persona.is_active = False
            persona.set_unusable_password()
            persona.save(update_fields=["is_active", "password"])
        registrar(accion="persona.suprimir", objeto=persona, despues={"filas": sum(hechas.values())}, motivo=motivo)
    if persona is not None:
        hechas["motivos de la bitácora vaciados"] = _vaciar_motivos(persona)
    return hechas


def _que_no_salga_nada(correo: str) -> None:
    """Mail to that address that has not left yet never will."""
    abiertas = [EstadoEntrega.PENDIENTE, EstadoEntrega.MUERTA]
    Entrega.objects.filter(destinatario__iexact=correo, estado__in=abiertas).update(
        estado=EstadoEntrega.DESCARTADA, descarte_motivo="Se suprimieron los datos de esa persona."
    )


def _por_hacer(persona: Persona | None, correo: str) -> list[tuple[type[models.Model], str, str, list[Any]]]:
    """All the rows are found before any changes: some are found through others. Shape: model, column, act, keys."""
    pasos = []
    for (_, titular), columnas in sorted(por_titular().items()):
        activas = [c for c in columnas if c.al_suprimir not in {"", "conservar", CON_OTRO_ROL}]
        filas = filas_de(columnas[0].tabla, titular, persona=persona, correo=correo) if activas else None
        if filas is None:
            continue
        claves = list(filas.values_list("pk", flat=True))
        if claves:
            pasos += [(c.tabla, c.columna, c.al_suprimir, claves) for c in activas]
    return pasos


def _aplicar(pasos: list[tuple[type[models.Model], str, str, list[Any]]], persona: Persona | None) -> dict[str, int]:
    hechas: dict[str, int] = {}
    borradas = set()
    for modelo, columna, accion, claves in pasos:
        filas = modelo._default_manager.filter(pk__in=claves)
        if accion == "borrar":
            if modelo not in borradas:
                hechas[f"{modelo._meta.verbose_name_plural} borradas"], _ = filas.delete()
                borradas.add(modelo)
            continue
        nombre = f"{modelo._meta.verbose_name_plural}: {columna}"
        hechas[nombre] = hechas.get(nombre, 0) + _cambiar(filas, columna, accion, persona)
    return hechas


def _cambiar(filas: Any, columna: str, accion: str, persona: Persona | None) -> int:
    quien = f" {persona.pk}" if persona else ""
    if accion == "nombre":
        return int(filas.update(**{columna: f"Persona suprimida{quien}"}))
    if accion == "vaciar":
        return int(filas.update(**{columna: _vacio(filas.model._meta.get_field(columna))}))
    cuantas = 0
    for clave in filas.values_list("pk", flat=True):
        valor = f"suprimida:{clave}"
        if accion == "correo":
            valor = f"suprimida-{filas.model._meta.model_name}-{clave}@{DOMINIO}"
        cuantas += filas.model._default_manager.filter(pk=clave).update(**{columna: valor})
    return cuantas


def _vacio(campo: Any) -> Any:
    if isinstance(campo, models.JSONField):
        return campo.get_default()
    return None if campo.null else ""


def _vaciar_motivos(persona: Persona) -> int:
    """What the person wrote as a reason goes; its digest stays in the chain, which stays valid (security.md A07)."""
    with transaction.atomic(using="migrador"), connections["migrador"].cursor() as cursor:
        cursor.execute("set local role sdfi_sistema")
        cursor.execute(_SIN_MOTIVOS, [persona.pk])
        return int(cursor.rowcount)
