"""What the pages of an enlace share: fetch through the tenant, and send the staff to their own page."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse

from alcance import Alcance
from alcance.compiladas import Compilada
from direcciones.roles import ATIENDEN, DE_ENTIDAD, Rol
from plazos.services import recordar_version, version_en
from solicitudes.models import Actuacion, Borrador, ConstanciaRadicacion, Parte, Solicitud
from solicitudes.pasos import pasos_de

REGISTRAN = frozenset({Rol.VENTANILLA, *ATIENDEN})
RADICAN = DE_ENTIDAD | REGISTRAN


def solicitud_de(request: HttpRequest, radicado: str) -> Solicitud:
    """The solicitud this person may see, or 404: a foreign one does not exist (architecture §8.8)."""
    alcance = request.alcance  # type: ignore[attr-defined]
    solicitud: Solicitud = la_unica(_LA_SOLICITUD(alcance=alcance, radicado=radicado))
    return solicitud


def la_unica(filas: list[Any], si_no: str = "No encontramos esa solicitud.") -> Any:
    """The row that was asked for, or 404: what does not exist and what is not for this person are told apart by
    nobody."""
    if not filas:
        raise Http404(si_no)
    return filas[0]


_LA_SOLICITUD = Compilada(
    lambda alcance, radicado: (
        Solicitud.objects.visibles_para(alcance).filter(radicado=radicado).order_by().select_related("modalidad")
    ),
    alcance=Alcance,
    radicado=str,
)


def leer_partes(solicitud: Solicitud) -> list[Parte]:
    """Every parte of a solicitud that the database lets one see, the leading one first."""
    return con_la_version(_LAS_PARTES(solicitud=solicitud.pk))


def con_la_version(partes: list[Parte]) -> list[Parte]:
    """The version of the calendar came with them: the request will not ask for it."""
    if partes:
        recordar_version(partes[0])
    return partes


def partes_de(solicitud: int) -> Any:
    return version_en(
        Parte.objects.filter(solicitud=solicitud)
        .select_related("dependencia", "tema", "asesor", "modalidad")
        .annotate(con_actuaciones=Exists(Actuacion.objects.filter(parte=OuterRef("pk"))))
        .order_by("-lidera", "pk")
    )


_LAS_PARTES = Compilada(partes_de, solicitud=int)


def borrador_de(request: HttpRequest, pk: int, paso: str = "", *, cerrado: bool = False) -> Borrador:
    """The draft of this person, or 404; also when it has no such step: only who registers says how it came (I03).

    `cerrado`: locked until the request ends, for whoever is to file what they read.
    """
    leer = _EL_BORRADOR_CERRADO if cerrado else _EL_BORRADOR
    filas = leer(quien=request.alcance, pk=int(pk))  # type: ignore[attr-defined]
    borrador: Borrador = la_unica(filas, "No encontramos ese borrador.")
    if paso and paso not in {uno.clave for uno in pasos_de(borrador.es_registro)}:
        raise Http404("Ese borrador no tiene ese paso.")
    return borrador


def _el_borrador(quien: Alcance, pk: int) -> Any:
    mios = Borrador.objects.visibles_para(quien).filter(pk=pk)
    return mios.select_related("entidad", "persona").order_by()


_EL_BORRADOR = Compilada(_el_borrador, quien=Alcance, pk=int)
_EL_BORRADOR_CERRADO = Compilada(lambda quien, pk: _el_borrador(quien, pk).bajo_cerrojo(), quien=Alcance, pk=int)


def lista_de_borradores(borrador: Borrador) -> str:
    """Where its author finds it among the others."""
    if borrador.es_registro:
        return reverse("solicitudes:registrar")
    return f"{reverse('solicitudes:mias')}?pestana=borradores"


def ya_cerrado(request: HttpRequest, borrador: Borrador) -> HttpResponse:
    """The second tab, or the button «back» after filing: there is one solicitud, and it is this.

    Its radicado comes from the constancia: whoever registered a reserved one may not open the solicitud itself.
    """
    if borrador.solicitud_id:
        visibles = ConstanciaRadicacion.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
        constancia = get_object_or_404(visibles, solicitud_id=borrador.solicitud_id)
        return redirect("solicitudes:radicada", constancia.radicado)
    messages.info(request, "Ese borrador ya se había descartado.")
    return redirect(lista_de_borradores(borrador))


def pagina_del_personal(request: HttpRequest, solicitud: Solicitud) -> HttpResponse | None:
    """The staff have a page of their own for a solicitud."""
    if request.alcance.rol in DE_ENTIDAD:  # type: ignore[attr-defined]
        return None
    try:
        return redirect(reverse("atencion:caso", args=[solicitud.radicado]))
    except NoReverseMatch:
        return None


def url_para_volver_a_entrar() -> str:
    """Where who was writing when their session ended enters again, without leaving the page."""
    return f"{reverse(settings.LOGIN_URL)}?next={reverse('solicitudes:sesion_abierta')}"
