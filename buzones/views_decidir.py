"""A decision about one message: one press, or one key."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from alcance.politicas import requiere
from buzones.botones import dicho
from buzones.models import Correo
from buzones.permisos import DECIDEN
from buzones.services.decidir import NoSePuede, decidir


@requiere(*sorted(DECIDEN))
@require_POST
def decidir_uno(request: HttpRequest, pk: int, accion: str) -> HttpResponse:
    """`version` is what the page showed; `grupo`, whether the rest of its flood goes with it. In the tray (`siguiente`
    came) the next message follows; from its own page, the same one."""
    sigue = request.POST.get("siguiente")
    try:
        decision = decidir(
            pk, accion, version=_numero(request.POST.get("version", "")), con_grupo="grupo" in request.POST
        )
    except Correo.DoesNotExist as falta:
        raise Http404("Ese correo no existe o no le toca a usted.") from falta
    except NoSePuede as falta:
        messages.error(request, falta.message)
        return redirect("buzones:detalle", pk) if sigue is None else _a_la_bandeja(sigue)
    hecho = decision.pk
    if decision.correo.solicitud is not None:
        # It has exits of its own, and perhaps it is no longer of whoever decided: nothing to undo from here.
        messages.success(request, dicho(decision.correo.numero, accion))
        hecho, sigue = 0, sigue or ""
    if sigue is None:
        return redirect(f"{reverse('buzones:detalle', args=[pk])}?hecho={decision.pk}")
    # Taken back, it is the one to look at again.
    return _a_la_bandeja(str(pk) if accion == "rescatar" else sigue, hecho)


def _a_la_bandeja(sigue: str, hecho: int = 0) -> HttpResponse:
    partes = [f"correo={sigue}"] if _numero(sigue) > 0 else []
    partes += [f"hecho={hecho}"] if hecho else []
    return redirect(f"{reverse('buzones:por_clasificar')}{'?' if partes else ''}{'&'.join(partes)}#actual")


def _numero(texto: str) -> int:
    """What the page sent; something else is no version of anything."""
    return int(texto) if texto.isdecimal() and texto.isascii() and len(texto) < 19 else -1
