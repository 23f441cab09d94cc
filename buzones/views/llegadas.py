"""What reached the mailboxes, as it reached them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alcance.politicas import requiere
from buzones.forms.llegadas import LlegadasForm
from buzones.models import Correo, Llegada
from buzones.permisos import VEN_LIBRO
from buzones.services.numeros import numeros_de
from solicitudes.paginas import paginar

ORDEN = ("-recibida_en", "-id")


@requiere(*sorted(VEN_LIBRO))
@require_GET
def llegadas(request: HttpRequest) -> HttpResponse:
    """The newest first. Who sent each, only to whoever sees the message it became: one may be reserved."""
    form, alcance = LlegadasForm(request.GET), request.alcance  # type: ignore[attr-defined]
    criterios = form.criterios()
    suyas = Llegada.objects.visibles_para(alcance).filter(**criterios).select_related("casilla__buzon")
    pagina = paginar(suyas, ORDEN, request.GET.get("desde", ""))
    leidas = [una.correo_id for una in pagina if una.correo_id]
    numeros = numeros_de(leidas)
    for una in pagina:
        una.radicada = numeros.get(una.correo_id)
    correos = Correo.objects.visibles_para(alcance).filter(pk__in=leidas)
    contexto = {
        "form": form,
        "hay_filtros": bool(criterios),
        "pagina": pagina,
        "se_ven": {None, *correos.values_list("pk", flat=True)},  # None: of what nobody has read yet
    }
    return render(request, "buzones/llegadas.html", contexto)
