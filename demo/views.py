"""The mail of a demonstration: it sends to nobody and shows what it would have sent, and receives."""

import email
import email.policy
import email.utils
from datetime import UTC
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from alcance.politicas import publica
from buzones.estados import Clase
from demo.correo import esperan_su_hora
from demo.cuentas import CUENTAS
from demo.entrantes import escribir, recibir
from demo.forms import RecibirForm
from direcciones.roles import Rol

MAXIMO = 200


def _carpeta() -> Path:
    return Path(settings.VAR) / "correo"


def _leer(ruta: Path) -> EmailMessage:
    with ruta.open("rb") as archivo:
        return email.message_from_binary_file(archivo, policy=email.policy.default)  # type: ignore[return-value]


def _resumen(ruta: Path) -> dict[str, Any]:
    with ruta.open("rb") as archivo:
        mensaje = BytesHeaderParser(policy=email.policy.default).parse(archivo)
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
    """The newest first; `para`, only those of an address: a demonstration writes to many people at once."""
    para = request.GET.get("para", "").strip()
    rutas = sorted(_carpeta().glob("*.eml"), key=lambda r: r.stat().st_mtime, reverse=True)
    resumenes = (_resumen(ruta) for ruta in rutas)
    suyos = (uno for uno in resumenes if para.lower() in str(uno["para"]).lower())
    contexto = {"correos": list(islice(suyos, MAXIMO)), "esperan": [] if para else esperan_su_hora(), "para": para}
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


def _quien_lo_ve(hecho: dict[str, Any]) -> str:
    """An account of the demonstration that may open it: of a solicitud, only who attends it."""
    rol = Rol.ASESOR if hecho["radicado"] else Rol.VENTANILLA
    lugares = {una["codigo"] for una in hecho["dependencias"]} if hecho["radicado"] else {""}
    return next((una.correo for una in CUENTAS if una.rol == rol and una.dependencia in lugares), "")


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
            "form": RecibirForm(initial=datos | {"archivo": None}),
            "hecho": hecho,
            "clase": Clase(hecho["clase"]).label,
            "propuesta": Clase(hecho["propuesta"]).label if hecho["propuesta"] else "",
            "quien": _quien_lo_ve(hecho),
            "de": "" if datos["archivo"] else datos["de"],
        }
    return render(request, "demo/recibir.html", contexto, status=422 if form.errors else 200)
