"""The tokens of a person, in their account; those of everybody, for the administrador and the auditor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import autenticada, requiere
from api.forms import TokenForm
from api.models import Token
from api.services import crear_token, revocar_token
from cuentas import segundo_factor
from cuentas.views.usuarios import pestanas
from direcciones.roles import Rol
from sdfi_portal.acciones import enviado, hacer
from solicitudes.paginas import paginar

MAS_RECIENTES = ("-creado_en", "-id")


@autenticada("cada quien ve sus propios tokens")
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    propios = Token.objects.visibles_para(request.alcance).filter(persona=request.user)
    pagina = paginar(_con_lo_que_muestra(propios), MAS_RECIENTES, request.GET.get("desde", ""))
    return render(request, "api/tokens.html", {"pagina": pagina, "de_todos": False})


@requiere(Rol.ADMINISTRADOR, Rol.AUDITOR)
@require_GET
def todos(request: HttpRequest) -> HttpResponse:
    """That they exist, whose they are and when they were used. No secret: nobody has them."""
    visibles = Token.objects.visibles_para(request.alcance)
    pagina = paginar(_con_lo_que_muestra(visibles), MAS_RECIENTES, request.GET.get("desde", ""))
    contexto = {
        "pagina": pagina,
        "de_todos": True,
        "puede_revocar": request.alcance.rol == Rol.ADMINISTRADOR,
        "pestanas": pestanas(request, "todos_los_tokens"),
    }
    return render(request, "api/tokens.html", contexto)


def _con_lo_que_muestra(consulta):
    return consulta.select_related("persona", "membresia__entidad", "membresia__dependencia", "revocado_por")


@autenticada("cada quien crea sus propios tokens, con el segundo factor si lo tiene")
@require_http_methods(["GET", "POST"])
def crear(request: HttpRequest) -> HttpResponse:
    """The answer to the form carries the secret, once: it is kept nowhere."""
    if request.membresia is None:
        messages.error(request, "Para crear un token necesita un rol vigente.")
        return redirect("api:tokens")
    if segundo_factor.inscrito(request.user):
        segundo_factor.exigir_reciente(request)
    form = TokenForm(request.POST or None, rol=request.membresia.rol)
    if enviado(request, form):
        hecho = hacer(form, crear_token, membresia=request.membresia, **form.cleaned_data)
        if hecho is not None:
            creado, secreto = hecho
            return render(request, "api/token_creado.html", {"creado": creado, "secreto": secreto})
    return render(request, "api/crear_token.html", {"form": form})


@autenticada("cada quien revoca los suyos; el administrador, cualquiera")
@require_http_methods(["GET", "POST"])
def revocar(request: HttpRequest, pk: int) -> HttpResponse:
    """A page before what can't be undone."""
    visibles = Token.objects.visibles_para(request.alcance).revocables_por(request.alcance)
    cual = get_object_or_404(visibles.select_related("persona"), pk=pk)
    propio = cual.persona_id == request.user.pk
    if request.method == "POST":
        revocar_token(credencial=cual)
        messages.success(request, f"Revocó el token «{cual.nombre}». Ya no sirve.")
        return redirect("api:tokens" if propio else "api:todos_los_tokens")
    return render(request, "api/revocar_token.html", {"cual": cual, "propio": propio, "form": None})
