"""What the pages of those who attend share: the solicitud through the tenant, and which of its partes is meant."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, DateField, DateTimeField, Q, Value, When
from django.http import Http404, HttpRequest
from django.utils import timezone

from alcance import Alcance, exigir
from alcance.compiladas import Compilada
from direcciones.ausencias import Responde
from direcciones.models import Dependencia
from direcciones.roles import ATIENDEN, DE_DEPENDENCIA, PERSONAL
from plazos.reloj import hoy
from solicitudes.estados import ABIERTOS
from solicitudes.models import Parte, Solicitud
from solicitudes.registro import dependencias_al_alcance
from solicitudes.services.transiciones import recordar_quien_responde
from solicitudes.views.comunes import con_la_version, la_unica, partes_de

VEN_EL_CASO = tuple(sorted(PERSONAL))
ATIENDEN_ = tuple(sorted(ATIENDEN))
ESCRIBEN = tuple(sorted(DE_DEPENDENCIA))


def la_solicitud(alcance: Alcance, radicado: str) -> Solicitud:
    """404 when it does not exist or is not for this person: the two are told apart by nobody."""
    solicitud: Solicitud = la_unica(_LA_SOLICITUD(alcance=alcance, radicado=radicado))
    return solicitud


_LA_SOLICITUD = Compilada(
    lambda alcance, radicado: (
        Solicitud.objects.visibles_para(alcance)
        .filter(radicado=radicado)
        .order_by()
        .select_related("entidad__sector", "registrada_por", "duplicada_de")
    ),
    alcance=Alcance,
    radicado=str,
)


def las_partes(solicitud: Solicitud) -> list[Parte]:
    """Every parte of a solicitud one may see, the leading one first. Of what others have in hand, with who answers for
    it today."""
    quien = exigir().persona_id
    partes = con_la_version(_LAS_PARTES(solicitud=solicitud.pk, quien=quien, dia=hoy(), ahora=timezone.now()))
    for parte in partes:
        parte.solicitud = solicitud
        if parte.esta_abierta and parte.asesor_id not in {None, quien}:
            recordar_quien_responde(parte, parte.responde)
    return partes


def _las_partes(solicitud: int, quien: int, dia: date, ahora: datetime) -> Any:
    de_otros = Q(estado__in=sorted(ABIERTOS), asesor__isnull=False) & ~Q(asesor=quien)
    cuando = Value(dia, DateField()), Value(ahora, DateTimeField())
    responde = Responde("asesor_id", "dependencia_id", "reservada", *cuando)
    return partes_de(solicitud).annotate(responde=Case(When(de_otros, then=responde)))


_LAS_PARTES = Compilada(_las_partes, solicitud=int, quien=int, dia=date, ahora=datetime)


def la_parte(partes: list[Parte], alcance: Alcance, elegida: str = "") -> Parte:
    """The one the page acts on: the one chosen, else one's own, else the one that leads."""
    if elegida:
        parte = next((p for p in partes if str(p.pk) == elegida), None)
        if parte is None:
            raise Http404("Esa parte no es de esta solicitud.")
        return parte
    return min(partes, key=lambda p: _preferencia(p, alcance))


def _preferencia(parte: Parte, alcance: Alcance) -> tuple[bool, ...]:
    propia = parte.dependencia_id in alcance.dependencias
    return (not propia, parte.asesor_id != alcance.persona_id, not parte.esta_abierta, not parte.lidera)


def dependencias_de(request: Any) -> list[Dependencia]:
    """Dependencias with a queue that this person reaches, by name; all of them for those with oversight."""
    return [d for d in dependencias_del_registro(request) if d.atiende and d.esta_vigente()]


def dependencias_del_registro(request: Any) -> list[Dependencia]:
    """The same, and those that ended or no longer attend: what they received stays in the register.

    One's own come with the membership that was already read: no query.
    """
    if request.alcance.nivel:
        return dependencias_al_alcance(request.alcance)
    propia = request.membresia.dependencia
    alcanzadas = [propia, *request.membresia.hijas()] if propia else []
    return sorted(alcanzadas, key=lambda d: d.nombre)


def dependencia_elegida(request: HttpRequest, dependencias: list[Dependencia]) -> Dependencia | None:
    """The one of `?dependencia=CODIGO`, the only one there is, or None for all."""
    codigo = request.GET.get("dependencia", "")
    if codigo:
        return next((d for d in dependencias if d.codigo == codigo), None)
    return dependencias[0] if len(dependencias) == 1 else None
