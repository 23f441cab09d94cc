"""The catalogue screens: one list, one page, one form for all of them (direcciones/fichas.py)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from bitacora.models import Suceso
from direcciones.efectos import Efecto
from direcciones.fichas import FICHAS, GRUPOS, POR_CLAVE, Columna, Ficha
from direcciones.forms import RetirarFilaForm, TerminarFilaForm, como_esta, formulario
from direcciones.historia import historia, texto_de
from direcciones.permisos import puede_editar_catalogos
from direcciones.roles import Rol
from direcciones.services import catalogos as servicio
from direcciones.vacantes import dependencias_solas, vacantes
from sdfi_portal.acciones import anotar_errores, enviado, hacer

POR_PAGINA = 50
LEE = requiere(Rol.ADMINISTRADOR, Rol.AUDITOR)
EDITA = requiere(Rol.ADMINISTRADOR)


def _ficha(clave: str) -> Ficha:
    if clave not in POR_CLAVE:
        raise Http404("Ese catálogo no existe.")
    return POR_CLAVE[clave]


def _fila(ficha: Ficha, pk: int) -> Any:
    return get_object_or_404(ficha.todas(), pk=pk)


@LEE
@require_GET
def catalogos(request: HttpRequest) -> HttpResponse:
    """Every catalogue with how many rows are in force, and what needs somebody."""
    grupos = [
        {"nombre": grupo, "fichas": [(f, f.vigentes().count()) for f in FICHAS if f.grupo == grupo]}
        for grupo in GRUPOS
    ]
    contexto = {"grupos": grupos, "vacantes": vacantes(), "solas": dependencias_solas()}
    return render(request, "direcciones/catalogos.html", contexto)


@LEE
@require_GET
def catalogo(request: HttpRequest, clave: str) -> HttpResponse:
    ficha = _ficha(clave)
    historicos, texto = request.GET.get("ver") == "historicos", _buscado(request)
    filas = ficha.buscadas(ficha.historicas() if historicos else ficha.vigentes(), texto)
    pagina = Paginator(filas.order_by(*ficha.modelo._meta.ordering, "pk"), POR_PAGINA).get_page(
        request.GET.get("pagina")
    )
    columnas, filas_dibujadas = _tabla(ficha, list(pagina))
    contexto = {
        "ficha": ficha,
        "q": texto,
        "pagina": pagina,
        "anterior": str(pagina.number - 1) if pagina.has_previous() else "",
        "siguiente": str(pagina.number + 1) if pagina.has_next() else "",
        "columnas": columnas,
        "filas": filas_dibujadas,
        "pestanas": _pestanas(ficha, historicos),
        "historicos": historicos,
        "puede_editar": puede_editar_catalogos(request.alcance),
        "vacantes": vacantes() if clave == "asignaciones" else [],
        "solas": dependencias_solas() if clave in {"dependencias", "encargos"} else [],
    }
    return render(request, "direcciones/catalogo.html", contexto)


def _tabla(ficha: Ficha, filas: list[Any]) -> tuple[list[Columna], list[Any]]:
    """Columns with something to say, and rows as (row, [(column, text)])."""
    textos = [[texto_de(columna.valor(fila)) for columna in ficha.columnas] for fila in filas]
    vistas = [i for i, columna in enumerate(ficha.columnas) if not columna.si_hay or any(fila[i] for fila in textos)]
    columnas = [ficha.columnas[i] for i in vistas]
    return columnas, [
        (fila, [(ficha.columnas[i], celdas[i]) for i in vistas]) for fila, celdas in zip(filas, textos, strict=True)
    ]


def _buscado(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]


def _pestanas(ficha: Ficha, historicos: bool) -> list[dict[str, Any]]:
    url = reverse("direcciones:catalogo", args=[ficha.clave])
    return [
        {"texto": "Vigentes", "url": url, "n": ficha.vigentes().count(), "actual": not historicos},
        {"texto": "Históricos", "url": f"{url}?ver=historicos", "n": ficha.historicas().count(), "actual": historicos},
    ]


@LEE
@require_GET
def fila(request: HttpRequest, clave: str, pk: int) -> HttpResponse:
    """One row with all its fields and its history."""
    ficha = _ficha(clave)
    elegida = _fila(ficha, pk)
    vigente = ficha.es_vigente(elegida)
    desde = getattr(elegida, "desde", None)
    contexto = {
        "ficha": ficha,
        "fila": elegida,
        "datos": list(_datos(ficha, elegida)),
        "vigente": vigente,
        "por_empezar": desde if vigente and desde and desde > timezone.localdate() else None,
        "historia": historia(elegida, Suceso.objects.visibles_para(request.alcance)),
        "puede_editar": puede_editar_catalogos(request.alcance),
        "se_reabre": not vigente and hasattr(elegida, "hasta") and not ficha.por_vigencias,
    }
    return render(request, "direcciones/fila.html", contexto)


def _datos(ficha: Ficha, elegida: Any) -> Any:
    extra = [c for c in ("hasta", "motivo_retiro", "fuente") if c not in ficha.campos]
    for nombre in [*ficha.campos, *extra]:
        if not hasattr(elegida, nombre) or (nombre == "motivo_retiro" and not elegida.motivo_retiro):
            continue
        mostrar = getattr(elegida, f"get_{nombre}_display", None)
        etiqueta = str(elegida._meta.get_field(nombre).verbose_name)
        valor = texto_de(mostrar() if mostrar else getattr(elegida, nombre))
        yield {"nombre": etiqueta[0].upper() + etiqueta[1:], "valor": valor or "—"}


@EDITA
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest, clave: str) -> HttpResponse:
    ficha = _ficha(clave)
    form = formulario(ficha)(request.POST or None)
    if enviado(request, form):
        efecto = ficha.efecto_de_agregar(form.cleaned_data) if ficha.efecto_de_agregar else None
        if efecto is not None and not _confirmado(request, efecto):
            return _confirmar(request, ficha, form, efecto)
        creada = hacer(form, servicio.crear_fila, modelo=ficha.modelo, datos=form.cleaned_data)
        if creada is not None:
            messages.success(request, f"Agregó «{creada}».{_lo_que_sigue(efecto)}")
            return redirect("direcciones:fila", clave, creada.pk)
    return render(request, "direcciones/fila_form.html", {"form": form, "ficha": ficha, "fila": None})


def _lo_que_sigue(efecto: Efecto | None) -> str:
    """What the portal does by itself after a change of the calendar."""
    if efecto is None or not efecto.cuantas:
        return ""
    cambian = "cambia la fecha de 1 solicitud" if efecto.cuantas == 1 else f"cambian las fechas de {efecto.cuantas}"
    return f" En unos minutos {cambian}{' solicitudes' if efecto.cuantas > 1 else ''} y se avisa a cada persona."


def _confirmado(request: HttpRequest, efecto: Efecto) -> bool:
    """The person confirmed what would happen now: if it is not what they saw, they see it again."""
    return request.POST.get("confirmado") == efecto.huella


def _confirmar(
    request: HttpRequest, ficha: Ficha, form: Any, efecto: Efecto, elegida: models.Model | None = None
) -> HttpResponse:
    """What moves, before saving; going back keeps what was written."""
    if "corregir" in request.POST:
        form.errors.clear()
        plantilla = "direcciones/terminar_fila.html" if elegida else "direcciones/fila_form.html"
        contexto: dict[str, Any] = {"form": form, "ficha": ficha, "fila": elegida, "impedimentos": []}
        return render(request, plantilla, contexto)
    contexto = {
        "ficha": ficha,
        "form": form,
        "fila": elegida,
        "campos": [(campo, _dicho(form, campo.name)) for campo in form],
        "efecto": efecto,
        "cambio": bool(request.POST.get("confirmado")),
    }
    return render(request, "direcciones/confirmar_dia.html", contexto)


def _dicho(form: Any, campo: str) -> str:
    """What was written in a field, as it will be read."""
    opciones = dict(getattr(form.fields[campo], "choices", ()))
    valor = form.cleaned_data[campo]
    return texto_de(opciones.get(valor, valor))


@EDITA
@require_http_methods(["GET", "POST"])
def editar(request: HttpRequest, clave: str, pk: int) -> HttpResponse:
    ficha = _ficha(clave)
    elegida = _fila(ficha, pk)
    if not ficha.editable or not ficha.es_vigente(elegida):
        raise Http404("Esa fila no se cambia.")
    form = formulario(ficha, elegida)(request.POST or None, initial=como_esta(ficha, elegida))
    if enviado(request, form):
        cambiada = hacer(form, servicio.cambiar_fila, fila=elegida, datos=form.cleaned_data)
        if cambiada is not None:
            messages.success(request, f"Guardó «{cambiada}».")
            return redirect("direcciones:fila", clave, cambiada.pk)
    return render(request, "direcciones/fila_form.html", {"form": form, "ficha": ficha, "fila": elegida})


@EDITA
@require_http_methods(["GET", "POST"])
def terminar(request: HttpRequest, clave: str, pk: int) -> HttpResponse:
    """A page before it: what depends on the row, and its last day or the reason."""
    ficha = _ficha(clave)
    elegida = _fila(ficha, pk)
    if not ficha.es_vigente(elegida):
        raise Http404("Esa fila ya no está vigente.")
    impedimentos = ficha.impedimentos(elegida)
    clase = TerminarFilaForm if ficha.con_vigencia else RetirarFilaForm
    form = clase(request.POST or None, initial={"hasta": timezone.localdate()})
    if not impedimentos and enviado(request, form):
        efecto = ficha.efecto_de_retirar(elegida) if ficha.efecto_de_retirar else None
        if efecto is not None and not _confirmado(request, efecto):
            return _confirmar(request, ficha, form, efecto, elegida)
        if hacer(form, servicio.terminar_fila, fila=elegida, **form.cleaned_data):
            messages.success(request, f"«{elegida}» queda en los históricos.{_lo_que_sigue(efecto)}")
            return redirect("direcciones:fila", clave, pk)
    contexto = {"form": form, "ficha": ficha, "fila": elegida, "impedimentos": impedimentos}
    return render(request, "direcciones/terminar_fila.html", contexto)


@EDITA
@require_POST
def reabrir(request: HttpRequest, clave: str, pk: int) -> HttpResponse:
    ficha = _ficha(clave)
    elegida = _fila(ficha, pk)
    try:
        servicio.reabrir_fila(fila=elegida)
    except ValidationError as error:
        anotar_errores(request, error)
    else:
        messages.success(request, f"«{elegida}» vuelve a estar vigente.")
    return redirect("direcciones:fila", clave, pk)
