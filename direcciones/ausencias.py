"""Who is away, who covers them, and who answers today for what somebody has in hand.

Notices and assignments ask here. Absences count by the clock of the services, so a history can be rebuilt with them.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import BigIntegerField, BooleanField, DateField, DateTimeField, F, Func, Q, QuerySet, Value
from django.utils import timezone

from alcance import como_sistema
from direcciones.models import Ausencia, Dependencia, Membresia, Persona
from direcciones.roles import ATIENDEN, DE_DEPENDENCIA, JEFES, Rol
from plazos.reloj import hoy

SOBRE_TODOS = (Rol.SUBSECRETARIO, Rol.ADMINISTRADOR)


class Reemplazo(Func):
    function = "direcciones_reemplazo"
    output_field = BigIntegerField()


class Responsable(Func):
    function = "direcciones_responsable"
    output_field = BigIntegerField()


class Responde(Func):
    """The same, in a query of whoever acts."""

    function = "direcciones_responde"
    output_field = BigIntegerField()


class QuienQueda(Func):
    function = "direcciones_quien_queda"
    output_field = BigIntegerField()


class Atiende(Func):
    function = "direcciones_atiende"
    output_field = BooleanField()


class Ausente(Func):
    """`Ausente("persona", Value(dia))`, in a query."""

    function = "direcciones_ausente"
    output_field = BooleanField()


def de_ese_dia(dia: date | None = None) -> tuple[Value, Value]:
    """The day of the services and the real instant: roles end at an instant, absences at the end of a day."""
    return Value(dia or hoy(), DateField()), Value(timezone.now(), DateTimeField())


def id_(valor: int) -> Value:
    return Value(valor, BigIntegerField())


def ausencia_de(persona: Persona | int, dia: date | None = None) -> Ausencia | None:
    """The absence in which somebody is that day."""
    clave = persona if isinstance(persona, int) else persona.pk
    with como_sistema("saber si alguien está ausente"):
        en_curso = Ausencia.objects.en_curso(dia or hoy()).filter(persona=clave).select_related("persona", "suplente")
        ausencia: Ausencia | None = en_curso.first()
    return ausencia


def ausencias_de(personas: Iterable[int], dia: date | None = None) -> dict[int, Ausencia]:
    """Of several at once. Shape: persona → absence."""
    with como_sistema("saber si alguien está ausente"):
        en_curso = Ausencia.objects.en_curso(dia or hoy()).filter(persona__in=list(personas))
        return {a.persona_id: a for a in en_curso.select_related("persona", "suplente")}


def reemplazo_de(persona: Persona, dia: date | None = None) -> Persona | None:
    """Themselves when they are there; else whoever covers them, chains followed; None when nobody does."""
    with como_sistema("saber quién cubre a alguien"):
        cual = Reemplazo(id_(persona.pk), de_ese_dia(dia)[0])
        return Persona.objects.filter(pk=cual, is_active=True).first()


def presentes(personas: Iterable[Persona], dia: date | None = None) -> list[Persona]:
    """Those who are not away."""
    todas = list(personas)
    ausentes = ausencias_de([p.pk for p in todas], dia) if todas else {}
    return [p for p in todas if p.pk not in ausentes]


def quienes_cubren(personas: Iterable[Persona]) -> list[Persona]:
    """Whoever covers these people, who are away; none for who left nobody."""
    cubren = [reemplazo_de(p) for p in personas]
    return list({p.pk: p for p in cubren if p is not None}.values())


def quienes_dirigen(lugar: Dependencia) -> list[Persona]:
    """Who heads it and is there today: of it, or of the one above; else who covers them; else who is over all. When
    all are away, whoever heads it, on their way back."""
    ausentes = []
    for donde in (lugar.pk, lugar.padre_id):
        jefes = con_rol(*JEFES, dependencia=donde) if donde else []
        if estan := presentes(jefes):
            return estan
        ausentes += jefes
    if cubren := quienes_cubren(ausentes):
        return cubren
    return _sobre_todos() or ausentes


def con_rol(*roles: str, **lugar: object) -> list[Persona]:
    """The active people who have one of these roles there, or anywhere without `lugar`: away or not."""
    tienen = Membresia.objects.activas().filter(rol__in=roles, **lugar).order_by().values("persona")
    return list(Persona.objects.filter(pk__in=tienen, is_active=True).order_by("pk"))


def de_turno(*roles: str) -> list[Persona]:
    """To whom goes what is for these roles of the whole SDFI: who is there today. When nobody is, who is over all, and
    they on their way back; a substitute covers what one does in a dependencia, not this."""
    suyas = con_rol(*roles)
    if estan := presentes(suyas):
        return estan
    return list(dict.fromkeys([*_sobre_todos(), *suyas])) or con_rol(*SOBRE_TODOS)


def _sobre_todos() -> list[Persona]:
    return next((estan for rol in SOBRE_TODOS if (estan := presentes(con_rol(rol)))), [])


def relevar_destinatarios(personas: Iterable[Persona], dia: date | None = None) -> list[Persona]:
    """To whom what is for these people goes today: each one, or whoever covers them. Nobody is dropped: who is away
    without anybody finds it on the way back."""
    todas = list(personas)
    ausentes = ausencias_de([p.pk for p in todas], dia) if todas else {}
    reciben = [(reemplazo_de(p, dia) or p) if p.pk in ausentes else p for p in todas]
    return list({p.pk: p for p in reciben}.values())


def responsable_de(
    asesor: int, dependencia: int, *, reservada: bool = False, dia: date | None = None
) -> Persona | None:
    """Who answers today for what `asesor` has in hand in a dependencia; None when nobody is left there."""
    cual = Responsable(id_(asesor), id_(dependencia), Value(reservada, BooleanField()), *de_ese_dia(dia))
    return _persona(cual)


def quien_queda(dependencia: int, dia: date | None = None, *, solo_jefes: bool = False) -> Persona | None:
    """The head of a dependencia who is there that day, or else who attends in it; None when it is alone."""
    return _persona(QuienQueda(id_(dependencia), Value(solo_jefes, BooleanField()), *de_ese_dia(dia)))


def atiende_en(persona: int, dependencia: int, dia: date | None = None) -> bool:
    """Has an active role that attends there or above it, away or not."""
    condicion = Atiende(id_(persona), id_(dependencia), *de_ese_dia(dia))
    with como_sistema("saber quién responde hoy"):
        return Persona.objects.annotate(si=condicion).filter(pk=persona, si=True).exists()


def dirige_una_de(lugar: int) -> QuerySet[Membresia]:
    """The heads of its subdirecciones: with the act of an encargo they sign what the head of it would (R57)."""
    return Membresia.objects.activas().filter(rol__in=sorted(JEFES), dependencia__padre=lugar)


def pueden_cubrir_a(persona: int) -> list[int]:
    """Whoever serves as their substitute: attends, or at least works, in each place where the person does; for the
    one who heads it, also the heads of its subdirecciones."""
    with como_sistema("saber quién puede cubrir a alguien"):
        suyas = Membresia.objects.activas().filter(persona=persona, rol__in=sorted(DE_DEPENDENCIA))
        gente = Persona.objects.exclude(pk=persona)
        for rol, lugar in suyas.values_list("rol", "dependencia"):
            if rol in JEFES:
                sus_jefes = dirige_una_de(lugar).values("persona")
                gente = gente.filter(Q(Atiende(F("pk"), id_(lugar), *de_ese_dia())) | Q(pk__in=sus_jefes))
            elif rol in ATIENDEN:
                gente = gente.filter(Atiende(F("pk"), id_(lugar), *de_ese_dia()))
            else:
                aqui = Membresia.objects.activas().filter(dependencia=lugar)
                gente = gente.filter(pk__in=aqui.values("persona"))
        activas = Membresia.objects.activas().filter(rol__in=sorted(DE_DEPENDENCIA))
        return list(gente.filter(pk__in=activas.values("persona")).values_list("pk", flat=True))


def _persona(cual: Func) -> Persona | None:
    with como_sistema("saber quién responde hoy"):
        return Persona.objects.filter(pk=cual).first()
