"""The import in pages: file, columns, rehearsal, confirmation, progress and result, and the invitations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from archivos.descarga import responder
from cuentas.services.lote import MAXIMO as INVITACIONES
from importaciones.campos import CAMPOS
from importaciones.estados import POR_HACER, Estado, Resultado, Tipo
from importaciones.forms import ColumnasForm, SubirForm
from importaciones.informes import informe as informe_csv
from importaciones.models import Importacion
from importaciones.permisos import ROLES, tipos_de
from importaciones.plantillas import TIPO_MIME, libro
from importaciones.services import importar as servicio
from importaciones.services import invitar as invitaciones
from sdfi_portal.acciones import anotar_errores, enviado, hacer
from solicitudes.paginas import paginar

IMPORTA = requiere(*sorted(ROLES))
PARA_QUE = {
    Tipo.ENTIDADES: "Las entidades que pueden pedir asistencia, con su sector y su tipo.",
    Tipo.ENLACES: "Las personas de las entidades. Quedan con su rol y sin clave: usted decide cuándo invitarlas.",
    Tipo.ASESORES: "Las personas que atienden, con su dependencia y su rol.",
    Tipo.SOLICITUDES: "Las que están sin responder, con la fecha en que llegaron: de ella salen el plazo y el turno. "
    "También traen lo ya hecho: cuándo se asignaron y se atendieron, desde cuándo se espera a la entidad y su sesión.",
    Tipo.SIGA: "Lo que llegó por SIGA entra con su hora verdadera. En las que ya están, se anotan sus números de "
    "entrada y de salida. El mismo archivo dos veces no repite nada.",
}
INICIO = {False: "Importar", True: "Archivos de SIGA"}
MUESTRA = 3
PLURAL_HECHO = {
    Tipo.ENTIDADES: "entidades",
    Tipo.ENLACES: "personas",
    Tipo.ASESORES: "personas",
    Tipo.SOLICITUDES: "solicitudes",
    Tipo.SIGA: "solicitudes",
}


def _importacion(request: HttpRequest, pk: int) -> Importacion:
    visibles = Importacion.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    return get_object_or_404(visibles.select_related("subida_por", "confirmada_por"), pk=pk)


def _exigir_el_tipo(request: HttpRequest, tipo: Tipo) -> None:
    if tipo not in tipos_de(request.alcance.rol):  # type: ignore[attr-defined]
        raise PermissionDenied("Su rol no importa esos datos.")


def _pintar(request: HttpRequest, plantilla: str, contexto: dict[str, Any]) -> HttpResponse:
    """Whoever imports only what SIGA gives calls by that name the page where it begins, as their menu does."""
    solo_siga = tipos_de(request.alcance.rol) == [Tipo.SIGA]  # type: ignore[attr-defined]
    return render(request, plantilla, {**contexto, "solo_siga": solo_siga, "importar": INICIO[solo_siga]})


@IMPORTA
@require_GET
def lista(request: HttpRequest) -> HttpResponse:
    visibles = Importacion.objects.visibles_para(request.alcance).select_related("subida_por")  # type: ignore[attr-defined]
    contexto = {
        "tipos": [(tipo, PARA_QUE[tipo]) for tipo in tipos_de(request.alcance.rol)],  # type: ignore[attr-defined]
        "pagina": paginar(visibles, ("-id",), request.GET.get("desde", "")),
    }
    return _pintar(request, "importaciones/lista.html", contexto)


@IMPORTA
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest, tipo: Tipo) -> HttpResponse:
    _exigir_el_tipo(request, tipo)
    form = SubirForm(request.POST or None, request.FILES or None)
    if enviado(request, form):
        importacion = hacer(form, servicio.subir, tipo=tipo, subido=form.cleaned_data["archivo"])
        if importacion is not None:
            return redirect("importaciones:columnas", importacion.pk)
    contexto = {"form": form, "tipo": tipo, "para_que": PARA_QUE[tipo], "campos": CAMPOS[tipo]}
    return _pintar(request, "importaciones/nueva.html", contexto)


@IMPORTA
@require_GET
def plantilla(request: HttpRequest, tipo: Tipo) -> HttpResponse:
    _exigir_el_tipo(request, tipo)
    return responder(libro(tipo), nombre=f"plantilla-{tipo}.xlsx", servido=TIPO_MIME)


@IMPORTA
@require_http_methods(["GET", "POST"])
def columnas(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is what, with the first rows in sight."""
    importacion = _importacion(request, pk)
    if importacion.estado not in {Estado.SUBIDA, Estado.REVISADA}:
        return redirect("importaciones:ver", importacion.pk)
    elegida = request.POST.get("hoja", request.GET.get("hoja", "")) or importacion.hoja
    if elegida not in importacion.hojas:
        elegida = importacion.hoja
    try:
        hoja = servicio.hoja_de(importacion, elegida)
    except ValidationError as error:
        anotar_errores(request, error)
        destino = "importaciones:columnas" if elegida != importacion.hoja else "importaciones:lista"
        return redirect(destino, *([pk] if elegida != importacion.hoja else []))
    misma = elegida == importacion.hoja
    inicial = importacion.mapa if misma else servicio.mapa_propuesto(importacion.tipo, hoja)
    form = ColumnasForm(
        request.POST or None,
        importacion=importacion,
        hoja=hoja,
        initial={**inicial, "con_acuse": importacion.con_acuse, "reemplaza": importacion.reemplaza},
    )
    if enviado(request, form):
        datos = {"mapa": form.mapa(), "hoja": elegida, **form.marcas()}
        if hacer(form, servicio.revisar, importacion=importacion, **datos) is not None:
            return redirect("importaciones:ver", importacion.pk)
    contexto = {
        "form": form,
        "importacion": importacion,
        "hoja": elegida,
        "titulos": hoja.titulos,
        "muestra": [[celda[:60] for celda in celdas] for _, celdas in hoja.filas[:MUESTRA]],
        "cuantas": len(hoja.filas),
        "avisos": hoja.avisos,
    }
    return _pintar(request, "importaciones/columnas.html", contexto)


@IMPORTA
@require_GET
def ver(request: HttpRequest, pk: int) -> HttpResponse:
    """The rehearsal before confirming; the progress and the result after."""
    importacion = _importacion(request, pk)
    cuenta = servicio.contar(importacion)
    hechas = sum(n for resultado, n in cuenta.items() if resultado not in POR_HACER)
    if "parcial" in request.GET:
        return _sondeo(request, importacion, hechas, sum(cuenta.values()))
    if importacion.estado == Estado.SUBIDA:
        return redirect("importaciones:columnas", importacion.pk)
    cual = request.GET.get("ver", "")
    filas = importacion.filas.all()
    if cual in Resultado.values:
        filas = filas.filter(resultado=cual)
    contexto = {
        "importacion": importacion,
        "pestanas": _pestanas(cuenta, cual),
        "pagina": paginar(filas, ("numero",), request.GET.get("desde", "")),
        "por_hacer": sum(cuenta.get(resultado, 0) for resultado in POR_HACER),
        "malas": cuenta.get(Resultado.ERROR, 0),
        "total": sum(cuenta.values()),
        "hechas": hechas,
        "que": PLURAL_HECHO[Tipo(importacion.tipo)],
    }
    return _pintar(request, "importaciones/ver.html", contexto)


def _sondeo(request: HttpRequest, importacion: Importacion, hechas: int, total: int) -> HttpResponse:
    """204 while nothing moved; else how far it is."""
    if request.GET.get("version") == str(hechas) and importacion.estado == Estado.IMPORTANDO:
        return HttpResponse(status=204)
    if importacion.estado == Estado.IMPORTANDO:
        return JsonResponse({"texto": f"Van {hechas} de {total} filas."})
    return JsonResponse({"texto": "La importación terminó." if importacion.terminada_en else "La importación paró."})


def _pestanas(cuenta: dict[str, int], cual: str) -> list[dict[str, Any]]:
    pares = [("", "Todas", sum(cuenta.values()))]
    pares += [(r, Resultado(r).label, n) for r, n in cuenta.items()]
    return [
        {"texto": texto, "url": f"?ver={clave}" if clave else "?", "n": n, "actual": clave == cual}
        for clave, texto, n in pares
    ]


@IMPORTA
@require_http_methods(["GET", "POST"])
def confirmar(request: HttpRequest, pk: int) -> HttpResponse:
    """The page before what can't be undone."""
    importacion = _importacion(request, pk)
    if importacion.estado != Estado.REVISADA:
        return redirect("importaciones:ver", importacion.pk)
    if request.method == "POST":
        try:
            servicio.confirmar(importacion=importacion)
        except ValidationError as error:
            anotar_errores(request, error)
        return redirect("importaciones:ver", importacion.pk)
    cuenta = servicio.contar(importacion)
    contexto = {
        "importacion": importacion,
        "por_hacer": sum(cuenta.get(resultado, 0) for resultado in POR_HACER),
        "nuevas": cuenta.get(Resultado.CREAR, 0),
        "cambian": cuenta.get(Resultado.CAMBIAR, 0),
        "malas": cuenta.get(Resultado.ERROR, 0),
        "que": PLURAL_HECHO[Tipo(importacion.tipo)],
    }
    return _pintar(request, "importaciones/confirmar.html", contexto)


@IMPORTA
@require_GET
def informe(request: HttpRequest, pk: int) -> HttpResponse:
    importacion = _importacion(request, pk)
    return responder(
        informe_csv(importacion), nombre=f"importacion-{importacion.pk}.csv", servido="text/csv; charset=utf-8"
    )


@IMPORTA
@require_http_methods(["GET", "POST"])
def invitar(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would get an invitation and who not, and why; then they go out."""
    importacion = _importacion(request, pk)
    if not importacion.de_personas or not importacion.ya_confirmada:
        raise Http404("Esa importación no es de personas.")
    if request.method == "POST":
        try:
            cuantas = invitaciones.invitar(importacion=importacion)
        except ValidationError as error:
            anotar_errores(request, error)
        else:
            messages.success(request, f"Enviamos {cuantas} {'invitación' if cuantas == 1 else 'invitaciones'}.")
        return redirect("importaciones:ver", importacion.pk)
    filas = invitaciones.por_invitar(importacion)
    listas = [fila for fila in filas if fila.lista]
    contexto = {
        "importacion": importacion,
        "listas": listas[:INVITACIONES],
        "quedan": max(len(listas) - INVITACIONES, 0),
        "omitidas": [fila for fila in filas if not fila.lista],
    }
    return _pintar(request, "importaciones/invitar.html", contexto)


@IMPORTA
@require_POST
def detener(request: HttpRequest, pk: int) -> HttpResponse:
    return _mover(request, pk, servicio.detener, "Se detuvo. Lo ya importado queda; puede seguir cuando quiera.")


@IMPORTA
@require_POST
def seguir(request: HttpRequest, pk: int) -> HttpResponse:
    return _mover(request, pk, servicio.seguir, "La importación sigue donde iba.")


@IMPORTA
@require_POST
def descartar(request: HttpRequest, pk: int) -> HttpResponse:
    return _mover(request, pk, servicio.descartar, "Descartada. No se importó nada.", destino="importaciones:lista")


def _mover(request: HttpRequest, pk: int, accion: Any, mensaje: str, destino: str = "") -> HttpResponse:
    importacion = _importacion(request, pk)
    try:
        accion(importacion=importacion)
    except ValidationError as error:
        anotar_errores(request, error)
    else:
        messages.success(request, mensaje)
    return redirect(destino or reverse("importaciones:ver", args=[pk]))
