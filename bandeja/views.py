"""What could not be handed over: one more try, or give it up with a reason (security.md §5.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from bandeja.forms import DescarteForm
from bandeja.services import descartar, muerta, muertas, reintentar, reintentar_todas, salud


@requiere("administrador")
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    pagina = request.GET.get("pagina", "1")
    numero = int(pagina) if pagina.isdecimal() and 1 <= int(pagina) <= 9999 else 1
    hoja = muertas(pagina=numero)
    contexto = {"hoja": hoja, "salud": salud(), "anterior": numero - 1, "siguiente": numero + 1 if hoja.hay_mas else 0}
    return render(request, "bandeja/lista.html", contexto)


@requiere("administrador")
@require_POST
def pagina_reintentar(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        reintentar(pk=pk)
    except ValidationError as falla:
        messages.error(request, falla.message)
    else:
        messages.success(request, "La entrega se intenta de nuevo. Si falla, vuelve a esta lista.")
    return redirect("bandeja:lista")


@requiere("administrador")
@require_POST
def pagina_reintentar_todas(request: HttpRequest) -> HttpResponse:
    tipo = request.POST.get("tipo", "")
    cuantas = reintentar_todas(tipo=tipo) if tipo.isprintable() else 0
    if cuantas:
        messages.success(request, f"Se intentan de nuevo {cuantas}. Las que fallen vuelven a esta lista.")
    else:
        messages.error(request, "Ya no hay entregas de ese tipo que se puedan reintentar juntas.")
    return redirect("bandeja:lista")


@requiere("administrador")
@require_http_methods(["GET", "POST"])
def pagina_descartar(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirmation page: what is given up is not sent any more."""
    entrega = muerta(pk=pk)
    if entrega is None:
        raise Http404("Esa entrega ya no está en la lista.")
    form = DescarteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            descartar(pk=pk, motivo=form.cleaned_data["motivo"])
        except ValidationError as falla:
            messages.error(request, falla.message)
        else:
            messages.success(request, "La entrega quedó descartada y el motivo, en la bitácora.")
        return redirect("bandeja:lista")
    return render(request, "bandeja/descartar.html", {"form": form, "entrega": entrega})
