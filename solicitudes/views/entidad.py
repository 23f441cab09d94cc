"""What an enlace follows: the list of the entity, each solicitud, its proof, its conversation, its withdrawal."""

from collections import Counter
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from alcance import Alcance
from alcance.compiladas import Compilada, Forma, agregada
from alcance.planes import sin_mapas
from alcance.politicas import autenticada, publica, requiere
from archivos.descarga import responder
from avisos.services import leer_los_de
from bitacora.services import registrar
from direcciones.roles import DE_ENTIDAD, PERSONAL
from documentos.pdf import DocumentoNoDisponible
from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from plazos.services import calendario_vigente, reglas_vigentes
from solicitudes.detalle import filas_de_detalle
from solicitudes.estados import SOLICITUD_ABIERTA, EstadoParte, EstadoSolicitud
from solicitudes.forms.entidad import SU_RESPUESTA, BuscarForm, MensajeForm, RetirarForm
from solicitudes.models import (
    Actuacion,
    Archivo,
    Borrador,
    ConstanciaRadicacion,
    Mensaje,
    Movimiento,
    Parte,
    Solicitud,
)
from solicitudes.paginas import Lista, Pagina
from solicitudes.respuestas import documentos_de
from solicitudes.seguimiento import que_sigue, responsables
from solicitudes.services.constancias import constancia_por_codigo, pdf_de_constancia
from solicitudes.services.entidad import enviar_mensaje, responder_complemento, retirar
from solicitudes.services.esperas import OCURRIO, esperas_de, frase_de_espera
from solicitudes.services.relojes import relojes_de
from solicitudes.vencimiento import DEL_VENCIMIENTO, Leido, vencimiento, vencimiento_de
from solicitudes.views.comunes import leer_partes, pagina_del_personal, solicitud_de
from solicitudes.views.filas import EnlaceDePestana, FilaDeEntidad, de_la_entidad, juntas
from solicitudes.views.piezas import (
    DE_UN_ARCHIVO,
    ArchivoPuesto,
    ficha,
    formulario_de_mensaje,
    linea_de_tiempo,
    lista_de_archivos,
    mensajes_con,
    por_que_vence,
    relojes,
    sesiones_con,
)
from solicitudes.views.rescate import conservar_lo_escrito, recuperar_lo_escrito

E = EstadoSolicitud
ORDEN = ("-recibido_en", "-id")
EN_CURSO = SOLICITUD_ABIERTA - {E.EN_COMPLEMENTO}
PESTANAS = {
    "en_curso": ("En curso", Q(estado__in=EN_CURSO)),
    "esperan": ("Esperan por usted", Q(estado=E.EN_COMPLEMENTO)),
    "borradores": ("Borradores", None),
    "respondidas": ("Respondidas", ~Q(estado__in=SOLICITUD_ABIERTA)),
}
MUCHAS = 101
MAS_DE_CIEN = "más de 100"
Cuenta = int | str
CON_SOLICITUDES = {clave: filtro for clave, (_, filtro) in PESTANAS.items() if filtro is not None}


# --- The list ------------------------------------------------------------------------------------------------------
@requiere(*DE_ENTIDAD)
@require_GET
def mias(request: HttpRequest) -> HttpResponse:
    """The solicitudes of the entity, in tabs that are addresses; the drafts are only the person's own."""
    alcance = request.alcance  # type: ignore[attr-defined]
    actual = request.GET.get("pestana", "en_curso")
    actual = actual if actual in PESTANAS else "en_curso"
    busca, entendida = _busqueda(request.GET.get("q", ""))
    contexto: dict[str, Any] = {
        "pestanas": _pestanas(actual, _cuentas(alcance, busca), busca),
        "actual": actual,
        "entidad": str(request.membresia.entidad or ""),  # type: ignore[attr-defined]
        "rotulo": BuscarForm.base_fields["q"].label,
        "busca": busca,
        "con_errores": not entendida,
        "borradores": [],
        "pagina": None,
    }
    if actual == "borradores":
        contexto["borradores"] = list(_borradores(alcance).order_by("-guardado_en", "-pk")[:50])
    else:
        pagina = _pagina(alcance, actual, busca, request.GET.get("desde", ""))
        contexto["pagina"] = pagina
        contexto["renglones"] = juntas(_renglones(pagina))
    return render(request, "solicitudes/mias.html", contexto)


@lru_cache(maxsize=256)
def _busqueda(escrito: str) -> tuple[str, bool]:
    """What is looked for, and whether it was understood."""
    form = BuscarForm({"q": escrito})
    return (form.cleaned_data["q"].strip(), True) if form.is_valid() else ("", False)


def _borradores(quien: Alcance) -> Any:
    return Borrador.objects.visibles_para(quien).sin_radicar().filter(es_registro=False)


def _de_la_pestana(quien: Alcance, pestana: str) -> Any:
    return Solicitud.objects.visibles_para(quien).filter(PESTANAS[pestana][1])


def _por_ramas(quien: Alcance, pestana: str) -> tuple[Any, ...]:
    return tuple(rama.filter(PESTANAS[pestana][1]) for rama in Solicitud.objects.ramas_visibles(quien))


_LISTA = Lista(
    Solicitud,
    _por_ramas,
    FilaDeEntidad,
    FilaDeEntidad._fields,
    bordes={"recibido_en": datetime, "id": int},
    quien=Alcance,
    pestana=Forma,
)


def _pagina(alcance: Alcance, pestana: str, busca: str, cursor: str) -> Pagina:
    if busca:
        return _LISTA.pagina_de(que_contengan(_de_la_pestana(alcance, pestana), busca), ORDEN, cursor)
    with sin_mapas():
        return _LISTA.pagina(ORDEN, cursor, quien=alcance, pestana=pestana)


def _cuentas(alcance: Alcance, busca: str) -> dict[str, Cuenta]:
    """How many there are in each tab, with what is looked for."""
    ((borradores,),) = _CUENTA_BORRADORES(quien=alcance)
    if busca:
        (fila,) = _contadas(que_contengan(Solicitud.objects.visibles_para(alcance), busca))
        return {**dict(zip(CON_SOLICITUDES, fila, strict=True)), "borradores": borradores}
    with sin_mapas():
        abiertas = Counter(estado in EN_CURSO for (estado,) in _ABIERTAS(quien=alcance))
        respondidas = len(_RESPONDIDAS(quien=alcance))
    cuentas = {"en_curso": abiertas[True], "esperan": abiertas[False], "respondidas": respondidas}
    return {
        "borradores": borradores,
        **{clave: cuantas if cuantas < MUCHAS else MAS_DE_CIEN for clave, cuantas in cuentas.items()},
    }


def _contadas(consulta: Any) -> Any:
    return agregada(consulta, **{clave: Count("pk", filter=filtro) for clave, filtro in CON_SOLICITUDES.items()})


def _juntas(ramas: list[Any]) -> Any:
    primera, *otras = ramas
    return primera.union(*otras, all=True) if otras else primera


def _primeras_abiertas(quien: Alcance) -> Any:
    """The states: of each tab as many as are counted, in no order that had to be made. Those from elsewhere are said
    by what they are not: by what they are, an index would walk those of all the entidades."""
    suyas, *de_afuera = Solicitud.objects.ramas_visibles(quien)
    return _juntas([
        rama.order_by().values_list("estado")[:MUCHAS]
        for estados in (EN_CURSO, {E.EN_COMPLEMENTO})
        for rama in (
            suyas.filter(estado__in=sorted(estados)),
            *(una.exclude(estado__in=sorted(set(E) - estados)) for una in de_afuera),
        )
    ])  # fmt: skip


def _primeras_respondidas(quien: Alcance) -> Any:
    ramas = _por_ramas(quien, "respondidas")
    return _juntas([rama.order_by(*ORDEN).values_list("pk")[:MUCHAS] for rama in ramas])[:MUCHAS]


# Beyond a hundred nobody needs to know how many, and what was answered only grows.
_ABIERTAS = Compilada(_primeras_abiertas, quien=Alcance).con_un_plan()
_RESPONDIDAS = Compilada(_primeras_respondidas, quien=Alcance).con_un_plan()
_CUENTA_BORRADORES = Compilada(lambda quien: agregada(_borradores(quien), cuantos=Count("pk")), quien=Alcance)


def _renglones(pagina: Pagina) -> list[SafeString]:
    """Each with its partes, read all in one query: the leading one says the term."""
    partes: dict[int, list[tuple[Any, ...]]] = {}
    for solicitud, *parte in _PARTES(solicitudes=tuple([una.id for una in pagina.filas])):
        partes.setdefault(solicitud, []).append(tuple(parte))
    dia, reglas = hoy(), reglas_vigentes()
    return [
        de_la_entidad(
            una,
            tuple([parte[-1] for parte in partes[una.id]]),
            vencimiento_de(Leido(*partes[una.id][0][:-1]), dia, reglas),
            dia.year,
        )
        for una in pagina.filas
    ]


_PARTES = Compilada(
    lambda solicitudes: (
        Parte.objects.filter(solicitud__in=solicitudes)
        .order_by("-lidera", "pk")
        .values_list("solicitud_id", *DEL_VENCIMIENTO, "dependencia__nombre_corto")
    ),
    solicitudes=tuple,
)


def que_contengan(consulta: Any, busca: str) -> Any:
    """Every word in the radicado, the SIGA number or the subject."""
    for palabra in busca.split()[:6]:
        consulta = consulta.filter(
            Q(radicado__icontains=palabra) | Q(siga_entrada__icontains=palabra) | Q(asunto__icontains=palabra)
        )
    return consulta


def _pestanas(actual: str, cuentas: dict[str, Cuenta], busca: str) -> tuple[EnlaceDePestana, ...]:
    resto = f"&q={busca}" if busca else ""
    return tuple(
        [
            EnlaceDePestana(texto, f"?pestana={clave}{resto}", cuentas[clave], clave == actual)
            for clave, (texto, _) in PESTANAS.items()
        ]
    )


# --- One solicitud -------------------------------------------------------------------------------------------------
@requiere(*DE_ENTIDAD, *PERSONAL)
@require_GET
def detalle(request: HttpRequest, radicado: str) -> HttpResponse:
    """Where it is, who has it and what follows, without calling (E6)."""
    solicitud = solicitud_de(request, radicado)
    otra = pagina_del_personal(request, solicitud)
    if otra is not None:
        return otra
    if solicitud.reservada:
        registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
    leer_los_de(request, solicitud.pk)
    partes = leer_partes(solicitud)
    sigue = que_sigue(solicitud, partes)
    archivos = [ArchivoPuesto._make(fila) for fila in _ARCHIVOS(alcance=request.alcance, solicitud=solicitud.pk)]  # type: ignore[attr-defined]
    sesiones = (
        _SESIONES(alcance=request.alcance, solicitud=solicitud.pk)  # type: ignore[attr-defined]
        if any(parte.con_actuaciones for parte in partes)  # type: ignore[attr-defined]
        else []
    )
    movimientos = _MOVIMIENTOS(solicitud=solicitud.pk)
    de_la_solicitud = tuple(a for a in archivos if a.mensaje_id is None and a.actuacion_id is None)
    puede_escribir = solicitud.esta_abierta or solicitud.estado == E.ATENDIDA
    contexto = {
        "solicitud": solicitud,
        "partes": partes,
        "sigue": sigue,
        "vencimiento": vencimiento(partes[0]),
        "relojes": relojes(
            [r for r in relojes_de(solicitud, partes) if r.parte_id == partes[0].pk],
            f"¿Por qué {'vence' if solicitud.esta_abierta else 'vencía'} el {fecha_corrida(solicitud.vence)}?",
        ),
        "espera": _espera(movimientos),
        "historia": linea_de_tiempo(
            [linea[:5] for linea in movimientos],
            varias=len(partes) > 1,
            hasta=solicitud.vence if solicitud.esta_abierta else None,
        ),
        "mensajes_": mensajes_con(_MENSAJES(solicitud=solicitud.pk), archivos, radicado),
        "archivos": lista_de_archivos(de_la_solicitud, radicado),
        "cuantos_archivos": len(de_la_solicitud),
        "actuaciones": sesiones_con(sesiones, archivos, radicado),
        "resultados": [parte for parte in partes if parte.resultado],
        "documentos": documentos_de(solicitud, request.alcance),  # type: ignore[attr-defined]
        "detalles": ficha(filas_de_detalle(solicitud.logistica)),
        "responsables": responsables(partes),
        "formulario": formulario_de_mensaje("Escriba a quien la atiende") if puede_escribir else "",
    }
    return render(request, "solicitudes/detalle.html", contexto)


def _espera(movimientos: list[tuple[Any, ...]]) -> str:
    """Its turn is a time of its own: the term does not stop for it."""
    esperas = esperas_de((parte_id, a, desde) for *_, parte_id, a, desde in reversed(movimientos))
    if not esperas:
        return ""
    return frase_de_espera(esperas, hoy=hoy(), calendario=calendario_vigente(), a_quien="su entidad")


_ARCHIVOS = Compilada(
    lambda alcance, solicitud: (
        Archivo.objects.visibles_para(alcance).filter(solicitud=solicitud).puestos().values_list(*DE_UN_ARCHIVO)
    ),
    alcance=Alcance,
    solicitud=int,
).con_un_plan()  # planning it took longer than asking: 1.3 ms and 0.3, at a million
_SESIONES = Compilada(
    lambda alcance, solicitud: (
        Actuacion.objects.visibles_para(alcance).filter(solicitud=solicitud).select_related("modalidad")
    ),
    alcance=Alcance,
    solicitud=int,
)
# Newest first.
_MOVIMIENTOS = Compilada(
    lambda solicitud: (
        Movimiento.objects.filter(solicitud=solicitud, interno=False)
        .order_by("-en", "-pk")
        .values_list(
            "en", "texto", "motivo", "persona__nombre", "parte__dependencia__nombre_corto", "parte_id", "a", OCURRIO
        )
    ),
    solicitud=int,
)
_MENSAJES = Compilada(
    lambda solicitud: (
        Mensaje.objects.filter(solicitud=solicitud, interno=False)
        .order_by("-en", "-pk")
        .values_list("pk", "en", "tipo", "texto", Coalesce("remitente", "autor__nombre"))
    ),
    solicitud=int,
)


@requiere(*DE_ENTIDAD, sin_sesion=conservar_lo_escrito)
@require_http_methods(["GET", "POST"])
def mensaje(request: HttpRequest, radicado: str) -> HttpResponse:
    """Write to whoever attends."""
    solicitud = solicitud_de(request, radicado)
    form = _formulario_de_mensaje(request, "Mensaje")
    if request.method == "POST" and form.is_valid():
        enviar_mensaje(
            solicitud=solicitud,
            texto=form.cleaned_data["texto"],
            clave=form.clave_enviada,
            archivos=form.cleaned_data["archivos"],
        )
        return redirect(f"{solicitud.get_absolute_url()}#mensajes")
    return render(request, "solicitudes/mensaje.html", {"form": form, "solicitud": solicitud, "pedido": None})


@requiere(*DE_ENTIDAD, sin_sesion=conservar_lo_escrito)
@require_http_methods(["GET", "POST"])
def complementar(request: HttpRequest, radicado: str, parte_id: int) -> HttpResponse:
    """Answer what was asked."""
    solicitud = solicitud_de(request, radicado)
    parte = get_object_or_404(Parte.objects.filter(solicitud=solicitud), pk=parte_id)
    if parte.estado != EstadoParte.EN_COMPLEMENTO:
        return redirect(solicitud)
    form = _formulario_de_mensaje(request, SU_RESPUESTA)
    if request.method == "POST" and form.is_valid():
        try:
            responder_complemento(
                parte=parte,
                texto=form.cleaned_data["texto"],
                clave=form.clave_enviada,
                archivos=form.cleaned_data["archivos"],
            )
            return redirect(f"{solicitud.get_absolute_url()}#mensajes")
        except ValidationError as falla:
            form.add_error(None, falla)
    pedidos = Mensaje.objects.filter(solicitud=solicitud, parte=parte, tipo=Mensaje.Tipo.COMPLEMENTO_PEDIDO)
    contexto = {
        "form": form,
        "solicitud": solicitud,
        "parte": parte,
        "pedido": pedidos.select_related("autor").order_by("-en", "-pk").first(),
    }
    return render(request, "solicitudes/mensaje.html", contexto)


def _formulario_de_mensaje(request: HttpRequest, rotulo: str) -> MensajeForm:
    if request.method == "POST":
        return MensajeForm(request.POST, request.FILES, rotulo=rotulo)
    return MensajeForm(initial=recuperar_lo_escrito(request), rotulo=rotulo)


@requiere(*DE_ENTIDAD, sin_sesion=conservar_lo_escrito)
@require_http_methods(["GET", "POST"])
def pagina_retirar(request: HttpRequest, radicado: str) -> HttpResponse:
    """A reason, and a page before what can't be undone. Nothing is deleted (R19)."""
    solicitud = solicitud_de(request, radicado)
    if not solicitud.esta_abierta:
        return redirect(solicitud)
    form = (
        RetirarForm(request.POST) if request.method == "POST" else RetirarForm(initial=recuperar_lo_escrito(request))
    )
    if request.method == "POST" and form.is_valid():
        try:
            retirar(solicitud=solicitud, motivo=form.cleaned_data["motivo"])
            messages.success(request, f"Retiró la solicitud {solicitud.radicado}. Su historia se conserva.")
            return redirect(solicitud)
        except ValidationError as falla:
            form.add_error(None, falla)
    return render(request, "solicitudes/retirar.html", {"form": form, "solicitud": solicitud})


# --- Proof of filing -----------------------------------------------------------------------------------------------
@requiere(*DE_ENTIDAD, *PERSONAL)
@require_GET
def radicada(request: HttpRequest, radicado: str) -> HttpResponse:
    """Confirmation. Also for whoever registered it for another, even when they may not open it (reserved)."""
    constancia = _constancia_de(request, radicado)
    visible = Solicitud.objects.visibles_para(request.alcance).filter(pk=constancia.solicitud_id).first()  # type: ignore[attr-defined]
    partes = leer_partes(visible) if visible else []
    contexto = {
        "constancia": constancia,
        "hechos": constancia.hechos,
        "por_que": por_que_vence(tuple(constancia.datos["frases"]), constancia.dias_del_plazo),
        "solicitud": visible,
        "sigue": que_sigue(visible, partes) if visible else None,
        "registrada": constancia.registrada_por_id is not None,
    }
    return render(request, "solicitudes/radicada.html", contexto)


@requiere(*DE_ENTIDAD, *PERSONAL)
@require_GET
def constancia_pdf(request: HttpRequest, radicado: str) -> HttpResponseBase:
    constancia = _constancia_de(request, radicado)
    try:
        documento = pdf_de_constancia(constancia)
    except DocumentoNoDisponible as falta:
        return render(
            request, "solicitudes/sin_constancia.html", {"motivo": str(falta), "radicado": radicado}, status=503
        )
    return responder(documento.bytes, nombre=f"Constancia {radicado}.pdf", servido="application/pdf")


def _constancia_de(request: HttpRequest, radicado: str) -> ConstanciaRadicacion:
    visibles = ConstanciaRadicacion.objects.visibles_para(request.alcance)  # type: ignore[attr-defined]
    return get_object_or_404(visibles, radicado=radicado)


@publica("confirma una constancia por su código: radicado, instantes y huella, nada más")
@require_GET
def confirmar_constancia(request: HttpRequest, codigo: str = "") -> HttpResponse:
    """What the QR of a constancia opens. A wrong code and a code that does not exist look the same."""
    escrito = codigo or request.GET.get("codigo", "")
    if not escrito:
        return render(request, "solicitudes/confirmar_constancia.html", {"constancia": None, "escrito": ""})
    constancia = constancia_por_codigo(escrito[:40])
    contexto = {"constancia": constancia, "escrito": escrito[:40]}
    return render(request, "solicitudes/confirmar_constancia.html", contexto, status=200 if constancia else 404)


@autenticada("dice que la sesión está abierta; no muestra nada")
@require_GET
def sesion_abierta(request: HttpRequest) -> HttpResponse:
    """Where signing in again from a draft lands: that tab may be closed, the other one goes on saving."""
    return render(request, "solicitudes/sesion_abierta.html")
