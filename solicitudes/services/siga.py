"""The numbers that SIGA gave to what came in and to the answer that went out, each in its own field (domain.md §3).

A number of entry is of one solicitud only, whatever the way it came: the form, a file of SIGA, the API or by hand.
"""

import re

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from alcance import como_sistema, exigir
from bitacora.services import registrar
from direcciones.roles import Rol
from plazos.fechas import enumerar
from plazos.reloj import ahora
from solicitudes.models import Movimiento, Solicitud

ANOTAN = frozenset({Rol.VENTANILLA, Rol.ADMINISTRADOR})
NOMBRES = {"siga_entrada": "SIGA de entrada", "siga_salida": "SIGA de salida"}
LARGO = Solicitud._meta.get_field("siga_entrada").max_length or 0
_FORMA = re.compile(r"(?=.*\d)[\w./-]+(?: [\w./-]+)*")


class YaTieneOtro(ValidationError):
    """The solicitud has another number, and nobody said to replace it. Shape: {field: (it has, it was given)}."""

    def __init__(self, radicado: str, otros: dict[str, tuple[str, str]]) -> None:
        dichos = enumerar([f"{NOMBRES[campo]}: {antes} → {nuevo}" for campo, (antes, nuevo) in otros.items()])
        super().__init__(f"{radicado} ya tiene otro número. {dichos}.", code="otro")
        self.otros = otros


class NoExiste(ValidationError):
    """No solicitud has that radicado."""


class NumeroRepetido(ValidationError):
    """Another solicitud has that number of entry."""

    def __init__(self, numero: str, radicado: str) -> None:
        super().__init__(f"El número SIGA {numero} ya es de la solicitud {radicado}.", code="repetido")
        self.radicado = radicado


def leer_numero(texto: str) -> str:
    """As it is kept: one space between words. Raises ValidationError when it can't be a number of SIGA."""
    numero = " ".join(texto.split())
    if numero and (len(numero) > LARGO or not _FORMA.fullmatch(numero)):
        raise ValidationError("Escriba el número como lo da SIGA, por ejemplo 1-2026-34567.", code="forma")
    return numero


def radicado_con_siga(numero: str) -> str:
    """The radicado of the solicitud that has that number of entry, of whoever it is; '' when none has it."""
    if not numero:
        return ""
    with transaction.atomic(), como_sistema("ver qué solicitud tiene ese número SIGA"):
        suya = Solicitud.objects.filter(siga_entrada=numero).order_by("pk").values_list("radicado", flat=True)
        return suya.first() or ""


def apartar_numero(numero: str, *, salvo: str = "") -> None:
    """Inside a transaction: until it ends nobody else takes that number. Raises NumeroRepetido when one has it."""
    if not numero:
        return
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"solicitudes.siga:{numero}"])
    suya = radicado_con_siga(numero)
    if suya and suya != salvo:
        raise NumeroRepetido(numero, suya)


def anotar_siga(*, radicado: str, entrada: str = "", salida: str = "", reemplazar: bool = False) -> Solicitud:
    """Write the numbers that came, and nothing for the empty ones. The same ones again change nothing.

    Whoever keeps the correspondence annotates any solicitud, also one they may not open: they learn its numbers alone.
    Raises NoExiste, YaTieneOtro, NumeroRepetido, or ValidationError: what is no number, not their role.
    """
    alcance = exigir()
    if alcance.rol not in ANOTAN:
        raise ValidationError("Los números SIGA los anota la ventanilla.", code="rol")
    dados = {"siga_entrada": leer_numero(entrada), "siga_salida": leer_numero(salida)}
    with transaction.atomic():
        apartar_numero(dados["siga_entrada"], salvo=radicado)
        with como_sistema("anotar los números SIGA de una solicitud"):
            actual = Solicitud.objects.bajo_cerrojo().filter(radicado=radicado).first()
            if actual is None:
                raise NoExiste(f"{radicado} no existe en el portal.", code="no_existe")
            nuevos = cambios_de(actual, dados)
            otros = {campo: par for campo, par in nuevos.items() if par[0]}
            if otros and not reemplazar:
                raise YaTieneOtro(radicado, otros)
            if not nuevos:
                return actual
            _escribir(actual, nuevos)
        registrar(
            accion="solicitud.siga",
            objeto=actual,
            antes={campo: antes for campo, (antes, _) in nuevos.items()},
            despues={campo: numero for campo, (_, numero) in nuevos.items()},
        )
    return actual


def anotar_salida(*, solicitud_id: int, numero: str) -> None:
    """The number with which its answer went out, as whoever wrote the answer notes it."""
    with transaction.atomic(), como_sistema("decir en la solicitud con qué número SIGA salió la respuesta"):
        actual = Solicitud.objects.bajo_cerrojo().get(pk=solicitud_id)
        if nuevos := cambios_de(actual, {"siga_salida": leer_numero(numero)}):
            _escribir(actual, nuevos)


def _escribir(solicitud: Solicitud, nuevos: dict[str, tuple[str, str]]) -> None:
    """With its line in the history, which is what other systems are told. The solicitud is locked, as the system."""
    alcance = exigir()
    for campo, (_, numero) in nuevos.items():
        setattr(solicitud, campo, numero)
    solicitud.save(update_fields=sorted(nuevos))
    Movimiento.objects.create(
        solicitud=solicitud,
        accion="anotar_siga",
        texto=_en_palabras(nuevos)[:300],
        datos={campo: list(par) for campo, par in nuevos.items()},
        persona_id=alcance.persona_id,
        rol=alcance.rol,
        en=ahora(),
    )


def cambios_de(solicitud: Solicitud, dados: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Shape: {field: (before, after)}, of the given ones that are not already there."""
    pares = {campo: (getattr(solicitud, campo), numero) for campo, numero in dados.items() if numero}
    return {campo: par for campo, par in pares.items() if par[0] != par[1]}


def _en_palabras(nuevos: dict[str, tuple[str, str]]) -> str:
    dichos = [
        f"el número {NOMBRES[campo]} {numero}" + (f", que reemplaza a {antes}" if antes else "")
        for campo, (antes, numero) in nuevos.items()
    ]
    return f"Anotó {enumerar(dichos)}"
