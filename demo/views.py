"""The mail of a demonstration: it sends to nobody and shows what it would have sent, and receives."""

import email
import email.policy
import email.utils
from datetime import UTC
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import publica
from buzones.estados import Clase, EstadoCorreo
from demo.correo import esperan_su_hora
from demo.entrantes import escribir, recibir
from demo.forms import RecibirForm

MAXIMO = 200


def _carpeta() -> Path:
    return Path(settings.VAR) / "correo"


def _leer(ruta: Path) -> EmailMessage:
    with ruta.open("rb") as archivo:
        return email.message_from_binary_file(archivo, policy=email.policy.default)  # type: ignore[return-value]


def _resumen(ruta: Path) -> dict[str, Any]:
    mensaje = _leer(ruta)
    fecha = email.utils.parsedate_to_datetime(mensaje["Date"])
    if fecha.tzinfo is None:  # «-0000»: in UTC, without saying where it was written
        fecha = fecha.replace(tzinfo=UTC)
    return {"id": ruta.stem, "asunto": mensaje["Subject"], "para": mensaje["To"], "fecha": fecha}


def _texto(mensaje: EmailMessage) -> str:
    cuerpo = mensaje.get_body(preferencelist=("plain",))
    return cuerpo.get_content() if cuerpo else ""


@publica("solo existe en la demostración: muestra el correo que se habría enviado")
@require_GET
def correos(request: HttpRequest) -> HttpResponse:
    rutas = sorted(_carpeta().glob("*.eml"), key=lambda r: r.stat().st_mtime, reverse=True)[:MAXIMO]
    contexto = {"correos": [_resumen(ruta) for ruta in rutas], "esperan": esperan_su_hora()}
    return render(request, "demo/correos.html", contexto)


@publica("solo existe en la demostración")
@require_GET
def correo(request: HttpRequest, nombre: str) -> HttpResponse:
    ruta = _carpeta() / f"{nombre}.eml"
    if not ruta.is_file():
        raise Http404("Ese correo no está.")
    mensaje = _leer(ruta)
    return render(
        request, "demo/correo.html", {"mensaje": mensaje, "texto": _texto(mensaje), "resumen": _resumen(ruta)}
    )


@publica("solo existe en la demostración: escribe a un buzón oficial como lo haría cualquiera")
@require_http_methods(["GET", "POST"])
def recibir_correo(request: HttpRequest) -> HttpResponse:
    """A message to an official mailbox, and what the portal made of it."""
    form = RecibirForm(request.POST or None, request.FILES or None)
    contexto: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        datos = form.cleaned_data
        crudo = (
            datos["archivo"].read()
            if datos["archivo"]
            else escribir(de=datos["de"], casilla=datos["casilla"], asunto=datos["asunto"], texto=datos["texto"])
        )
        hecho = recibir(crudo, casilla=datos["casilla"])
        contexto |= {
            "hecho": hecho,
            "clase": Clase(hecho["clase"]).label,
            "propuesta": Clase(hecho["propuesta"]).label if hecho["propuesta"] else "",
            "estado": EstadoCorreo(hecho["estado"]).label,
        }
    return render(request, "demo/recibir.html", contexto, status=422 if form.errors else 200)
