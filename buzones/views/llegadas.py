"""What reached the mailboxes, as it reached them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from buzones.forms.llegadas import LlegadasForm
from buzones.models import Llegada
from buzones.permisos import VEN_LIBRO
from solicitudes.paginas import paginar

ORDEN = ("-recibida_en", "-id")


@requiere(*sorted(VEN_LIBRO))
@require_GET
def llegadas(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    form = LlegadasForm(request.GET)
    criterios = form.criterios()
    suyas = Llegada.objects.visibles_para(request.alcance).filter(**criterios)  # type: ignore[attr-defined]
    contexto = {
        "form": form,
        "hay_filtros": bool(criterios),
        "pagina": paginar(suyas.select_related("casilla__buzon"), ORDEN, request.GET.get("desde", "")),
    }
    return render(request, "buzones/llegadas.html", contexto)
