"""Public verification: by code, by file, or both. The file is compared and discarded; nothing of it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from alcance.politicas import publica
from conceptos import services
from conceptos.forms import ArchivoForm, VerificarForm
from conceptos.services.verificacion import Veredicto
from conceptos.views.comun import enviado
from documentos.codigos import agrupar, normalizar
from solicitudes.services.constancias import constancia_por_codigo


@publica("cualquiera comprueba un documento con su código o con el archivo")
@require_http_methods(["GET", "POST"])
def verificar(request: HttpRequest) -> HttpResponse:
    escribio = {"codigo": request.GET.get("codigo", "")[:40]}  # what did not match, to correct it
    form = VerificarForm(enviado(request), request.FILES if request.method == "POST" else None, initial=escribio)
    if request.method == "POST" and form.is_valid():
        escrito, archivo = form.cleaned_data["codigo"], form.cleaned_data["archivo"]
        if archivo:
            veredicto = services.verificar_archivo(archivo.read(), codigo=escrito)
            return _responder(request, veredicto, con_archivo=True)
        codigo = normalizar(escrito)
        if codigo:
            return redirect("conceptos:verificar_codigo", agrupar(codigo))
        form.add_error("codigo", "Revise el código: son 16 letras y números, en cuatro grupos.")
    return render(request, "conceptos/verificar.html", {"form": form})


@publica("lo que muestra el código QR: solo los hechos públicos del documento")
@require_http_methods(["GET", "POST"])
def verificar_codigo(request: HttpRequest, codigo: str) -> HttpResponse:
    """The answer of a code; a POST compares a file with it. The code of a constancia leads to its own page."""
    if request.method == "POST":
        form = ArchivoForm(request.POST, request.FILES)
        if form.is_valid():
            contenido = form.cleaned_data["archivo"].read()
            return _responder(request, services.verificar_archivo(contenido, codigo=codigo), con_archivo=True)
        return _responder(request, services.verificar_codigo(codigo), form=form, escrito=codigo[:40])
    veredicto = services.verificar_codigo(codigo)
    if veredicto.hechos is None and constancia_por_codigo(codigo) is not None:
        return redirect("solicitudes:confirmar_constancia", codigo)
    return _responder(request, veredicto, escrito=codigo[:40])


def _responder(
    request: HttpRequest,
    veredicto: Veredicto,
    *,
    con_archivo: bool = False,
    form: ArchivoForm | None = None,
    escrito: str = "",
) -> HttpResponse:
    hechos = veredicto.hechos
    contexto = {
        "respuesta": veredicto.respuesta.value,
        "hechos": hechos,
        "codigo": agrupar(hechos.codigo) if hechos else "",
        "escrito": escrito,
        "con_archivo": con_archivo,
        "form": form or ArchivoForm(),
    }
    return render(request, "conceptos/veredicto.html", contexto, status=200 if hechos or con_archivo else 404)
