"""The wizard (interface.md §2.2, W2): one page per step over a draft that saves itself; it needs no JavaScript."""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alcance.politicas import autenticada, requiere
from archivos.errores import ArchivoRehusado
from archivos.tipos import ATRIBUTO_ACCEPT
from archivos.validacion import texto_limites
from direcciones.models import Modalidad
from direcciones.models.acuerdos import requisitos_de
from direcciones.roles import DE_ENTIDAD
from solicitudes import pasos
from solicitudes.eleccion import Eleccion, leer_eleccion, modalidades_para_pedir, temas_para_pedir
from solicitudes.forms.base import FormaDePaso
from solicitudes.forms.radicar import MAXIMO_PREGUNTAS, DetalleForm, DocumentosForm, NecesidadForm
from solicitudes.forms.registrar import RecepcionForm
from solicitudes.models import Borrador
from solicitudes.propuestas import proponer_temas
from solicitudes.relacionados import Relacionado, buscar_relacionados
from solicitudes.services.archivos import agregar_al_borrador
from solicitudes.services.asignacion import asesores_de_la_entidad
from solicitudes.services.borradores import (
    BorradorCambiado,
    BorradorCerrado,
    Guardado,
    cambiar_entidad,
    crear_borrador,
    descartar_borrador,
    guardar_paso,
)
from solicitudes.views.comunes import (
    RADICAN,
    REGISTRAN,
    borrador_de,
    lista_de_borradores,
    url_para_volver_a_entrar,
    ya_cerrado,
)
from solicitudes.views.rescate import conservar_lo_escrito, recuperar_lo_escrito
from solicitudes.views.revisar import revisar
from solicitudes.views.temas import arbol_de_temas

FORMAS: dict[str, type[FormaDePaso]] = {
    forma.paso: forma for forma in (RecepcionForm, NecesidadForm, DetalleForm, DocumentosForm)
}


# --- Before starting -----------------------------------------------------------------------------------------------
@autenticada("explica a quien no puede radicar por qué no puede (R7)")
@require_http_methods(["GET", "POST"])
def nueva(request: HttpRequest) -> HttpResponse:
    """What is needed, the drafts already begun, and the button that starts. Opening it creates nothing."""
    alcance, membresia = request.alcance, request.membresia  # type: ignore[attr-defined]
    if alcance.rol in REGISTRAN:
        return redirect("solicitudes:registrar")
    entidad = membresia.entidad if membresia else None
    if alcance.rol not in DE_ENTIDAD or entidad is None or not entidad.esta_vigente():
        return render(request, "solicitudes/no_puede_radicar.html", {"entidad": entidad}, status=403)
    tema = _tema_de_partida(request)
    if request.method == "POST":
        datos = {"temas": [str(tema.pk)]} if tema else {}
        borrador = crear_borrador(persona=request.user, entidad=entidad, datos=datos)  # type: ignore[arg-type]
        return redirect(borrador.get_absolute_url())
    contexto = {
        "entidad": entidad,
        "tema": tema,
        "borradores": list(_borradores_abiertos(request)[:5]),
        "relacionados": buscar_relacionados(temas=[tema.pk] if tema else [], texto="", alcance=alcance),
        "limites": texto_limites(),
    }
    return render(request, "solicitudes/nueva.html", contexto)


@requiere(*DE_ENTIDAD)
@require_http_methods(["GET", "POST"])
def mi_asesor(request: HttpRequest) -> HttpResponse:
    """Write to the asesor of one's sector: a solicitud of asesoría like any other, already on its way (R54)."""
    membresia = request.membresia  # type: ignore[attr-defined]
    entidad = membresia.entidad if membresia else None
    if entidad is None or not entidad.esta_vigente():
        return render(request, "solicitudes/no_puede_radicar.html", {"entidad": entidad}, status=403)
    asesores = asesores_de_la_entidad(entidad)
    if request.method == "POST":
        pedida = request.POST.get("dependencia", "")
        donde, quien = next((par for par in asesores if par[0].codigo == pedida), (None, None))
        asesoria = modalidades_para_pedir().filter(formulario=Modalidad.Formulario.ASESORIA).first()
        datos = {
            "modalidad": str(asesoria.pk) if asesoria else "",
            "direccion": donde.direccion.codigo if donde else "",
        }
        borrador = crear_borrador(persona=request.user, entidad=entidad, datos=datos)  # type: ignore[arg-type]
        if donde and quien:
            messages.info(request, f"Para que la reciba {quien.nombre}, elija un tema de {donde.con_articulo}.")
        return redirect(borrador.get_absolute_url())
    return render(request, "solicitudes/mi_asesor.html", {"entidad": entidad, "asesores": asesores})


def _tema_de_partida(request: HttpRequest) -> Any:
    """`?tema=DDAB-12`: the portfolio sends here with a tema already chosen."""
    codigo = request.POST.get("tema") or request.GET.get("tema", "")
    return temas_para_pedir().filter(codigo=codigo[:20]).first() if codigo else None


def _borradores_abiertos(request: HttpRequest) -> Any:
    mios = Borrador.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    return mios.sin_radicar().filter(es_registro=False).order_by("-guardado_en", "-pk")


@requiere(*RADICAN)
@require_http_methods(["GET", "POST"])
def descartar(request: HttpRequest, pk: int) -> HttpResponse:
    """A page before what can't be undone."""
    borrador = borrador_de(request, pk)
    if borrador.solicitud_id or borrador.descartado_en:
        return ya_cerrado(request, borrador)
    resuelve = _el_que_resuelve(request, borrador)
    if request.method == "POST":
        descartar_borrador(borrador=borrador, resuelto_por=resuelve.numero if resuelve else "")
        messages.success(request, "Descartamos el borrador.")
        return redirect(lista_de_borradores(borrador))
    contexto = {"borrador": borrador, "form": None, "volver": borrador.get_absolute_url(), "resuelve": resuelve}
    return render(request, "solicitudes/descartar.html", contexto)


def _el_que_resuelve(request: HttpRequest, borrador: Borrador) -> Relacionado | None:
    """`?concepto=`: one of those we offer for this very draft, and no other (R95)."""
    numero = request.GET.get("concepto", "")
    if not numero or borrador.es_registro:
        return None
    ofrecidos = _relacionados(request, borrador, leer_eleccion(borrador.datos))["relacionados"]
    return next((concepto for concepto in ofrecidos if concepto.numero == numero), None)


# --- The steps -----------------------------------------------------------------------------------------------------
@requiere(*RADICAN, sin_sesion=conservar_lo_escrito)
@require_http_methods(["GET", "POST"])
def borrador(request: HttpRequest, pk: int, paso: str) -> HttpResponse:
    """One step of a draft."""
    radica = paso == pasos.REVISAR.clave and request.method == "POST"
    propio = borrador_de(request, pk, paso, cerrado=radica)
    if propio.solicitud_id or propio.descartado_en:
        return ya_cerrado(request, propio)
    if paso == pasos.REVISAR.clave:
        # Asked for only when the page is drawn: the POST that files shows nothing of it.
        return revisar(
            request,
            propio,
            lambda eleccion: comun_del_paso(request, propio, paso) | _relacionados(request, propio, eleccion),
        )
    return enviar_paso(request, propio, paso) if request.method == "POST" else _ver_paso(request, propio, paso)


def _ver_paso(request: HttpRequest, borrador: Borrador, paso: str) -> HttpResponse:
    clase = FORMAS[paso]
    # In memory only: what the person sees and may save, over what is kept.
    borrador.datos = {**borrador.datos, **recuperar_lo_escrito(request, clase.multiples)}
    forma = clase(borrador=borrador, eleccion=leer_eleccion(borrador.datos))
    if "revisar" in request.GET:
        # Sent here because something is missing: it says what, beside its field.
        forma = forma_enviada(request, borrador, paso, forma.para_validar())
    return _pintar(request, borrador, paso, forma)


def enviar_paso(request: HttpRequest, borrador: Borrador, paso: str) -> HttpResponse:
    """Keep first, judge afterwards: a wrong answer is kept as any other."""
    forma = forma_enviada(request, borrador, paso)
    try:
        guardar_lo_enviado(request, borrador, forma, insistir=True)
    except BorradorCambiado as choque:
        choque_visto = {"en": choque.borrador.guardado_en, "campos": forma.valores_de(choque.guardados)}
        borrador.version = choque.borrador.version
        return _pintar(request, borrador, paso, forma, choque=choque_visto, status=409)
    except BorradorCerrado as cierre:
        return ya_cerrado(request, borrador_de(request, cierre.borrador.pk))
    borrador.refresh_from_db()
    rehusos = recibir_archivos(request, borrador, paso)
    accion, _, dato = request.POST.get("accion", "continuar").partition(":")
    if accion in ACCIONES:
        return ACCIONES[accion](request, borrador, paso, dato)
    if accion == "salir":
        messages.success(request, "Su borrador está guardado. Lo encuentra en Borradores.")
        return redirect(lista_de_borradores(borrador))
    forma = forma_enviada(request, borrador, paso)
    if rehusos or accion == "subir" or not forma.is_valid():
        return _pintar(request, borrador, paso, forma, rehusos=rehusos)
    return redirect("solicitudes:borrador", borrador.pk, pasos.siguiente(paso, borrador.es_registro))


def forma_enviada(request: HttpRequest, borrador: Borrador, paso: str, datos: QueryDict | None = None) -> FormaDePaso:
    extra = {"con_evidencia_subida": _hay_evidencia(borrador)} if paso == pasos.RECEPCION.clave else {}
    enviado = request.POST if datos is None else datos
    return FORMAS[paso](enviado, borrador=borrador, eleccion=leer_eleccion(borrador.datos), **extra)


def _hay_evidencia(borrador: Borrador) -> bool:
    return bool(borrador.pk) and borrador.archivos.puestos().filter(es_evidencia=True).exists()


def guardar_lo_enviado(
    request: HttpRequest, borrador: Borrador, forma: FormaDePaso, *, insistir: bool = False
) -> Guardado:
    guardado = guardar_paso(
        borrador=borrador,
        paso=forma.paso,
        campos=forma.crudo(request.POST),
        version=_version(request),
        ventana=request.POST.get("ventana", ""),
        insistir=insistir,
    )
    if isinstance(forma, RecepcionForm):
        _seguir_la_entidad(borrador, forma, request)
    return guardado


def _seguir_la_entidad(borrador: Borrador, forma: RecepcionForm, request: HttpRequest) -> None:
    elegida = request.POST.get("entidad", "")
    if elegida.isdecimal() and int(elegida) != borrador.entidad_id:
        entidad = forma.fields["entidad"].queryset.filter(pk=elegida).first()  # type: ignore[attr-defined]
        if entidad is not None:
            cambiar_entidad(borrador=borrador, entidad=entidad)


def _version(request: HttpRequest) -> int:
    crudo = request.POST.get("version", "")
    return int(crudo) if crudo.isdecimal() and len(crudo) < 10 else 0


def recibir_archivos(request: HttpRequest, borrador: Borrador, paso: str) -> list[str]:
    """Without JavaScript files travel with the form: each is kept, or told why not."""
    rehusos: list[str] = []
    for subido in request.FILES.getlist("archivos"):
        try:
            agregar_al_borrador(borrador=borrador, subido=subido, es_evidencia=paso == pasos.RECEPCION.clave)
        except ArchivoRehusado as rehuso:
            rehusos += rehuso.messages
    return rehusos


# --- Buttons inside a step that are not «continue» -------------------------------------------------------------------
def _buscar_tema(request: HttpRequest, borrador: Borrador, paso: str, dato: str) -> HttpResponse:
    forma = FORMAS[paso](borrador=borrador, eleccion=leer_eleccion(borrador.datos))
    return _pintar(request, borrador, paso, forma)


def _usar_tema(request: HttpRequest, borrador: Borrador, paso: str, dato: str) -> HttpResponse:
    """One of the proposed: it joins those already chosen. What is no theme is said by the form, as always."""
    tema, _, modalidad = dato.partition("-")
    elegidos = [*borrador.datos.get("temas", []), tema]
    campos: dict[str, str | list[str]] = {"temas": list(dict.fromkeys(filter(str.isdecimal, elegidos)))}
    if modalidad:
        campos["modalidad"] = modalidad
    return _guardar_y_seguir(request, borrador, paso, campos, "id_temas_0")


def _guardar_y_seguir(
    request: HttpRequest, borrador: Borrador, paso: str, campos: dict[str, str | list[str]], donde: str
) -> HttpResponse:
    """What a button changed is kept, and the same step is shown again, at the field that changed."""
    guardar_paso(
        borrador=borrador,
        paso=paso,
        campos=campos,
        version=borrador.version,
        ventana=request.POST.get("ventana", ""),
        insistir=True,
    )
    return redirect(f"{reverse('solicitudes:borrador', args=[borrador.pk, paso])}#{donde}")


def _agregar_pregunta(request: HttpRequest, borrador: Borrador, paso: str, dato: str) -> HttpResponse:
    cuantas = min(_cuantas_preguntas(borrador) + 1, MAXIMO_PREGUNTAS)
    return _con_preguntas(request, borrador, paso, _preguntas(borrador), cuantas, enfocar=cuantas)


def _quitar_pregunta(request: HttpRequest, borrador: Borrador, paso: str, dato: str) -> HttpResponse:
    preguntas = _preguntas(borrador)
    if dato.isdecimal() and 1 <= int(dato) <= len(preguntas):
        del preguntas[int(dato) - 1]
    cuantas = max(len(preguntas), 1)
    return _con_preguntas(request, borrador, paso, preguntas, cuantas, enfocar=min(_entero(dato), cuantas))


def _con_preguntas(
    request: HttpRequest, borrador: Borrador, paso: str, preguntas: list[str], cuantas: int, *, enfocar: int
) -> HttpResponse:
    antes = _cuantas_preguntas(borrador)
    campos: dict[str, str | list[str]] = {
        f"pregunta_{n}": preguntas[n - 1] if n <= len(preguntas) else "" for n in range(1, max(antes, cuantas) + 1)
    }
    campos["n_preguntas"] = str(cuantas)
    return _guardar_y_seguir(request, borrador, paso, campos, f"id_pregunta_{max(enfocar, 1)}")


def _preguntas(borrador: Borrador) -> list[str]:
    return [borrador.datos.get(f"pregunta_{n}", "") for n in range(1, _cuantas_preguntas(borrador) + 1)]


def _cuantas_preguntas(borrador: Borrador) -> int:
    return min(max(_entero(borrador.datos.get("n_preguntas", "")), 1), MAXIMO_PREGUNTAS)


def _entero(crudo: str) -> int:
    return int(crudo) if crudo.isdecimal() and len(crudo) < 6 else 0


ACCIONES: dict[str, Callable[[HttpRequest, Borrador, str, str], HttpResponse]] = {
    "buscar": _buscar_tema,
    "proponer": _buscar_tema,  # draws the step again: the proposals come with it
    "usar": _usar_tema,
    "agregar_pregunta": _agregar_pregunta,
    "quitar_pregunta": _quitar_pregunta,
}


# --- Drawing a step ------------------------------------------------------------------------------------------------
def _pintar(
    request: HttpRequest,
    borrador: Borrador,
    paso: str,
    forma: FormaDePaso,
    *,
    choque: dict[str, Any] | None = None,
    rehusos: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    contexto = {
        **comun_del_paso(request, borrador, paso),
        "form": forma,
        "choque": choque,
        "rehusos": rehusos or [],
        **_propio_del_paso(request, borrador, paso, forma),
    }
    return render(request, f"solicitudes/paso_{paso}.html", contexto, status=status)


def comun_del_paso(request: HttpRequest, borrador: Borrador, paso: str) -> dict[str, Any]:
    todos = pasos.pasos_de(borrador.es_registro)
    claves = [uno.clave for uno in todos]
    anterior = pasos.anterior(paso, borrador.es_registro)
    return {
        "borrador": borrador,
        "paso": pasos.POR_CLAVE[paso],
        "titulo": pasos.POR_CLAVE[paso].titulo_para(borrador.es_registro),
        "numero": claves.index(paso) + 1,
        "total": len(todos),
        "volver": reverse("solicitudes:borrador", args=[borrador.pk, anterior])
        if anterior
        else lista_de_borradores(borrador),
        "ventana": request.POST.get("ventana", "")[:32] or secrets.token_hex(8),
        "url_guardar": reverse("solicitudes:guardar", args=[borrador.pk, paso]) if paso in FORMAS else "",
        "url_entrar": url_para_volver_a_entrar(),
    }


def _propio_del_paso(request: HttpRequest, borrador: Borrador, paso: str, forma: FormaDePaso) -> dict[str, Any]:
    eleccion: Eleccion = forma.eleccion
    if paso == pasos.NECESIDAD.clave:
        busca = (request.POST.get("buscar_tema") or request.GET.get("buscar_tema", ""))[:100]
        elegidos = forma["temas"].value() or []
        return {
            "arbol": arbol_de_temas(elegidos, busca, str(borrador.datos.get("direccion", ""))),
            "busca": busca,
            "propuestas": proponer_temas(forma["lo_pedido"].value() or "") if borrador.es_registro else [],
            **_relacionados(request, borrador, eleccion),
        }
    if paso == pasos.DETALLE.clave:
        return {
            "eleccion": eleccion,
            "requisitos": _que_debe_traer(eleccion),
            "maximo_preguntas": MAXIMO_PREGUNTAS,
            **_relacionados(request, borrador, eleccion),
        }
    return {
        **_archivos(borrador, solo_evidencia=paso == pasos.RECEPCION.clave),
        "limites": texto_limites(),
        "acepta": ATRIBUTO_ACCEPT,
        "maximo_bytes": settings.ARCHIVO_MAXIMO_MB * 1024 * 1024,
    }


def _que_debe_traer(eleccion: Eleccion) -> tuple[str, ...]:
    if eleccion.modalidad is None or not eleccion.temas:
        return ()
    return requisitos_de(eleccion.dependencias, eleccion.modalidad.pk, timezone.localdate())


def _relacionados(request: HttpRequest, borrador: Borrador, eleccion: Eleccion) -> dict[str, Any]:
    texto = f"{borrador.datos.get('asunto', '')} {borrador.datos.get('pregunta_1', '')}"
    temas = [tema.pk for tema in eleccion.temas]
    alcance = request.alcance  # type: ignore[attr-defined]
    return {"relacionados": buscar_relacionados(temas=temas, texto=texto, alcance=alcance)}


def _archivos(borrador: Borrador, *, solo_evidencia: bool = False) -> dict[str, Any]:
    todos = list(borrador.archivos.filter(solicitud__isnull=True).order_by("subido_en", "pk"))
    suyos = [archivo for archivo in todos if archivo.es_evidencia or not solo_evidencia]
    return {
        "archivos": [archivo for archivo in suyos if archivo.quitado_en is None],
        "quitados": [archivo for archivo in suyos if archivo.quitado_en is not None],
    }
