"""The page of a solicitud for those who attend it: everything about it and the buttons of the one table."""

from datetime import date, datetime
from operator import itemgetter
from typing import Any
from uuid import uuid4

from django.db.models import Case, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from alcance import Alcance
from alcance.compiladas import Compilada
from alcance.politicas import requiere
from avisos.services import leer_los_de
from bitacora.services import registrar
from direcciones.models import Modalidad, Tema
from direcciones.roles import ATIENDEN, JEFES, VEN_AUDITORIA, Rol
from plazos.fechas import fecha_corrida, hora_junta
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from solicitudes.botones import Boton, botones_de
from solicitudes.detalle import filas_de_detalle
from solicitudes.estados import ACTOS, EstadoParte, Transicion
from solicitudes.models import Actuacion, Archivo, Mensaje, Movimiento, Parte, Solicitud, Termino
from solicitudes.relacionados import buscar_relacionados
from solicitudes.services.cola import hasta_cien_anteriores
from solicitudes.services.esperas import OCURRIO, esperas_de, frase_de_espera
from solicitudes.services.novedades import novedades_desde
from solicitudes.services.plazo import limite_para_trasladar
from solicitudes.services.relojes import RelojDicho, relojes_de
from solicitudes.services.transiciones import acciones_posibles, actos_posibles, responde_hoy
from solicitudes.vencimiento import vencimiento
from solicitudes.views.atencion.comun import VEN_EL_CASO, la_parte, la_solicitud, las_partes
from solicitudes.views.filas import ruta_de
from solicitudes.views.piezas import (
    DE_UN_ARCHIVO,
    EL_PORTAL,
    TIPOS,
    ArchivoPuesto,
    Hecho,
    Parecida,
    archivos_del_caso,
    botonera,
    conceptos_relacionados,
    ficha,
    formulario_de,
    historia,
    mas_acciones,
    parecidas,
    relojes,
    sesiones_con,
)

# The one main button of each state; the rest are drawn after it in the order of the table. What is asked as a session
# starts with one and, once held, ends with its outcome; while it waits to be held, its own button is the main one.
PRINCIPALES = ("tomar", "empezar", "responder")
DE_SESION = ("tomar", "empezar", "programar")
CON_SESION_PENDIENTE = ()
DE_OTRA_PERSONA = ("reasignar", "reasignar_en_espera")  # to a head; to the rest the table offers neither
CON_SESION_HECHA = ("atender",)
F = Modalidad.Formulario
SE_PIDEN_COMO_SESION = frozenset({F.VISITA, F.SESION, F.ASESORIA})
A_LA_VISTA = frozenset(
    {
        "asignar",
        "responder",
        "pedir_complemento",
        "programar",
        "atender",
        "complementar",
        "retomar",
        "reasignar",
        "reasignar_en_espera",
    }
)
INVITAN = ATIENDEN | {Rol.VENTANILLA}
EN_LA_PAGINA = frozenset({"mensaje", "nota"})  # their forms are on the page itself
SIN_PAGINA = frozenset({"retirar"})  # the entity's
DE_LOS_AVISOS = frozenset({"corregir_correo"})  # its button is beside what did not arrive


@requiere(*VEN_EL_CASO)
def caso(request: HttpRequest, radicado: str) -> HttpResponse:
    alcance = request.alcance
    solicitud = la_solicitud(alcance, radicado)
    if request.GET.get("parcial"):
        return _novedades(request, solicitud)
    partes = las_partes(solicitud)
    parte = la_parte(partes, alcance, request.GET.get("parte", ""))
    if solicitud.reservada:
        registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
    leer_los_de(request, solicitud.pk)
    return render(request, "atencion/caso.html", contexto_del_caso(request, solicitud, partes, parte))


def contexto_del_caso(request: HttpRequest, solicitud: Solicitud, partes: list[Parte], parte: Parte) -> dict[str, Any]:
    alcance, radicado, varias = request.alcance, solicitud.radicado, len(partes) > 1
    movimientos, mensajes = _MOVIMIENTOS(solicitud=solicitud.pk), _MENSAJES(solicitud=solicitud.pk)
    archivos = [ArchivoPuesto._make(fila) for fila in _ARCHIVOS(solicitud=solicitud.pk)]
    propios = tuple(a for a in archivos if not (a.mensaje_id or a.actuacion_id))
    # The key is the first column of both.
    version = f"{max(movimientos, default=(0,))[0]}.{max(mensajes, default=(0,))[0]}"
    anteriores = hasta_cien_anteriores(parte)
    actos = {t.accion for t in actos_posibles(parte, alcance)}
    tiene: bool = parte.con_actuaciones  # type: ignore[attr-defined]
    actuaciones = sesiones_con(_SESIONES(parte=parte.pk) if tiene else [], archivos, radicado)
    relacionados = buscar_relacionados(temas=[parte.tema_id, *parte.otros_temas], texto="", alcance=alcance)
    # Asked already, for the buttons: whoever covers an asesor who is away.
    cubre = alcance.rol == Rol.ASESOR and parte.asesor_id not in {None, alcance.persona_id}
    cubre = cubre and parte.esta_abierta and parte.dependencia_id in alcance.dependencias
    cubre = cubre and responde_hoy(parte, alcance)
    principales = _principales(parte, actuaciones, alcance, cubre=cubre)
    botones = _botones(parte, varias, actos, anteriores, alcance, principales=principales)
    return {
        "solicitud": solicitud,
        "partes": partes,
        "parte": parte,
        "varias": varias,
        "vence": vencimiento(parte),
        "relojes": relojes(_de_la_parte(solicitud, partes, parte), "Por qué vence ese día"),
        "espera": _espera(movimientos, parte),
        "historia": historia(_hechos(movimientos, mensajes, archivos, varias=varias), radicado),
        "archivos": archivos_del_caso(propios, radicado),
        "cuantos_archivos": len(propios),
        "actuaciones": actuaciones,
        "respondio": parte.estado == EstadoParte.EN_ATENCION and _hablo_la_entidad(mensajes),
        "datos": ficha(_datos(solicitud, parte)),
        "puede_programar": "programar" in actos,
        "detalle": ficha(filas_de_detalle(solicitud.logistica)),
        "parecidas": _parecidas(solicitud, parte, alcance),
        "conceptos": conceptos_relacionados(tuple((uno.url, uno.numero, uno.titulo) for uno in relacionados)),
        "botones": botones,
        "botonera": botonera(botones),
        "menores": mas_acciones(botones),
        "clave": uuid4(),
        "urls": {accion: url_de_accion(parte, accion, varias) for accion in EN_LA_PAGINA},
        "puede_ver_cola": alcance.rol in ATIENDEN,
        "anteriores": anteriores,
        "es_mia": parte.asesor_id == alcance.persona_id,
        "cubre": cubre,
        "formularios": {accion: formulario_de(accion, version) for accion in ("mensaje", "nota") if accion in actos},
        "version": version,
        "limite_traslado": _limite_para_trasladar(parte, botones),
        "es_jefe": alcance.rol in JEFES,
        "ve_auditoria": alcance.rol in VEN_AUDITORIA,
        # What was filed from the ledger of the mail says the number of its message there.
        "ve_correos": "CR-" in solicitud.evidencia and alcance.rol in INVITAN | VEN_AUDITORIA,
        # Who asked without an account may become a liaison, if their entidad says so.
        "puede_invitar": alcance.rol in INVITAN and bool(solicitud.remitente_correo) and not solicitud.radicada_por_id,
    }


_MOVIMIENTOS = Compilada(
    lambda solicitud: Movimiento.objects.filter(solicitud=solicitud).values_list(
        "pk",
        "en",
        "texto",
        "motivo",
        "interno",
        "persona__nombre",
        "parte__dependencia__nombre_corto",
        "parte_id",
        "a",
        OCURRIO,
    ),
    solicitud=int,
)
_MENSAJES = Compilada(
    lambda solicitud: Mensaje.objects.filter(solicitud=solicitud).values_list(
        "pk", "en", "tipo", "texto", "interno", "de_la_entidad", "clave", Coalesce("remitente", "autor__nombre")
    ),
    solicitud=int,
)
_ARCHIVOS = Compilada(
    lambda solicitud: Archivo.objects.filter(solicitud=solicitud).puestos().values_list(*DE_UN_ARCHIVO),
    solicitud=int,
)
_SESIONES = Compilada(lambda parte: Actuacion.objects.filter(parte=parte).select_related("modalidad"), parte=int)


def _hechos(
    movimientos: list[tuple[Any, ...]], mensajes: list[tuple[Any, ...]], archivos: list[ArchivoPuesto], *, varias: bool
) -> list[Hecho]:
    """Newest first. What moved and what was written, in one thread."""
    con_mensaje = [a for a in archivos if a.mensaje_id]
    hechos = [
        Hecho(en, quien or EL_PORTAL, f"{texto} ({donde})" if varias and donde else texto, motivo, interno)
        for _, en, texto, motivo, interno, quien, donde, *_ in movimientos
    ]
    hechos += [
        Hecho(
            en,
            quien or "La entidad",
            TIPOS[tipo],
            texto,
            interno,
            "nota" if interno else "entidad" if de_la_entidad else "mensaje",
            tuple(a for a in con_mensaje if a.mensaje_id == pk) if con_mensaje else (),
            clave,
        )
        for pk, en, tipo, texto, interno, de_la_entidad, clave, quien in mensajes
    ]
    return sorted(hechos, key=itemgetter(0))[::-1]


def _hablo_la_entidad(mensajes: list[tuple[Any, ...]]) -> bool:
    """Whether the last word is the entity's: it waits for an answer (E14)."""
    publicos = [de_la_entidad for *_, interno, de_la_entidad, _, _ in mensajes if not interno]
    return bool(publicos) and publicos[-1]


def _datos(solicitud: Solicitud, parte: Parte) -> list[tuple[str, str]]:
    """Rows of the data sheet, without the empty ones."""
    quien = ", ".join(filter(None, (solicitud.remitente_nombre, solicitud.remitente_cargo)))
    contacto = " · ".join(filter(None, (solicitud.remitente_correo, solicitud.remitente_telefono)))
    canal = solicitud.get_canal_display()
    if solicitud.registrada_por:
        canal = f"{canal}, registrada por {solicitud.registrada_por.nombre}"
    filas = (
        ("Dependencia", parte.dependencia.nombre),
        ("Tema", ", ".join(_temas(parte))),
        ("Modalidad", parte.modalidad.nombre),
        ("Recibida", _fecha_hora(solicitud.recibido_en)),
        ("Registrada", _fecha_hora(solicitud.radicado_en) if solicitud.registrada_por else ""),
        ("Canal", canal),
        ("Evidencia", solicitud.evidencia),
        ("SIGA de entrada", solicitud.siga_entrada),
        ("SIGA de salida", solicitud.siga_salida),
        ("Pide", quien),
        ("Contacto", contacto),
        ("Sector", solicitud.entidad.sector.nombre),
        ("La necesita para", fecha_corrida(solicitud.fecha_requerida) if solicitud.fecha_requerida else ""),
        ("Por qué esa fecha", solicitud.motivo_fecha),
        ("Primera atención", _fecha_hora(parte.primera_atencion_en)),
        ("Programada", _fecha_hora(parte.programada_para)),
        ("Prestada", _fecha_hora(parte.prestada_en)),
        ("Resultado", parte.resultado),
        ("Motivo de la reserva", solicitud.motivo_reserva),
    )
    return [fila for fila in filas if fila[1]]


def _fecha_hora(instante: datetime | None) -> str:
    """«23 de noviembre de 2026, 10:42 a. m.», in Bogotá."""
    if instante is None:
        return ""
    local = timezone.localtime(instante)
    return f"{fecha_corrida(local.date())}, {hora_junta(local)}"


def url_de_accion(parte: Parte, accion: str, varias: bool) -> str:
    url = ruta_de("atencion:accion", parte.solicitud.radicado, accion.replace("_", "-"))
    return f"{url}?parte={parte.pk}" if varias else url


def _principales(parte: Parte, actuaciones: list[Actuacion], alcance: Any, *, cubre: bool) -> tuple[str, ...]:
    if parte.asesor_id not in {None, alcance.persona_id} and not cubre:
        return DE_OTRA_PERSONA
    estados = {a.estado for a in actuaciones}
    if Actuacion.Estado.PROGRAMADA in estados:
        return CON_SESION_PENDIENTE
    if Actuacion.Estado.REALIZADA in estados:
        return CON_SESION_HECHA
    modalidad = parte.modalidad
    es_sesion = modalidad.formulario in SE_PIDEN_COMO_SESION or modalidad.exige_proveedor
    return DE_SESION if es_sesion else PRINCIPALES


def _botones(
    parte: Parte, varias: bool, actos: set[str], anteriores: int, alcance: Any, *, principales: tuple[str, ...]
) -> list[Boton]:
    """One button for each row of the table that is open to this person now."""
    filas = [t for t in acciones_posibles(parte, alcance) if t.accion not in SIN_PAGINA]
    filas += [t for t in ACTOS.values() if t.accion in actos - EN_LA_PAGINA - DE_LOS_AVISOS]
    if not varias:
        filas = [t for t in filas if t.accion != "cambiar_lider"]
    if not parte.solicitud.peticion:  # it has no legal term to extend
        filas = [t for t in filas if t.accion != "prorrogar"]
    de_arriba = botones_de(parte, alcance)
    propias = {t.accion for t in filas}
    hay_principal = any(boton.clase == "" for boton in de_arriba)
    principal = "" if hay_principal else next((accion for accion in principales if accion in propias), "")
    botones = [_boton(t, parte, varias, anteriores, t.accion == principal) for t in filas]
    return sorted([*de_arriba, *botones], key=lambda boton: boton.clase != "")


def _boton(fila: Transicion, parte: Parte, varias: bool, anteriores: int, principal: bool) -> Boton:
    pide = [campo for campo in fila.pide if campo != "orden" or anteriores]
    return Boton(
        texto=fila.registro or fila.boton,
        url=url_de_accion(parte, fila.accion, varias),
        clase="" if principal else "boton--2",
        envia=not pide and not fila.confirma,
        menor=not principal and fila.accion not in A_LA_VISTA,
    )


def _de_la_parte(solicitud: Solicitud, partes: list[Parte], parte: Parte) -> list[RelojDicho]:
    """Its clocks, and the legal term, which is of the whole."""
    return [r for r in relojes_de(solicitud, partes) if r.parte_id == parte.pk or r.reloj == Termino.Reloj.LEGAL]


def _espera(movimientos: list[tuple[Any, ...]], parte: Parte) -> str:
    esperas = esperas_de((parte_id, a, desde) for *_, parte_id, a, desde in sorted(movimientos))
    suyas = [espera for espera in esperas if espera.parte_id == parte.pk]
    return frase_de_espera(suyas, hoy=hoy(), calendario=calendario_vigente(), a_quien="la entidad") if suyas else ""


def _limite_para_trasladar(parte: Parte, botones: list[Boton]) -> date | None:
    """Said only while it can still be kept by whoever reads it."""
    limite = limite_para_trasladar(parte.recibido_en)
    puede = any("/trasladar/" in boton.url for boton in botones)
    return limite if puede and hoy() <= limite else None


def _temas(parte: Parte) -> list[str]:
    if not parte.otros_temas:
        return [parte.tema.nombre]
    otros = Tema.objects.filter(pk__in=parte.otros_temas).order_by("nombre").values_list("nombre", flat=True)
    return [parte.tema.nombre, *otros]


def _parecidas(solicitud: Solicitud, parte: Parte, alcance: Alcance) -> SafeString:
    """Of the same entidad first, then of the same tema: to see a repeated one and to find how it was answered."""
    filas = _PARECIDAS(alcance=alcance, solicitud=solicitud.pk, tema=parte.tema_id, entidad=solicitud.entidad_id)
    return parecidas(tuple(Parecida._make(fila) for fila in filas), solicitud.entidad_id)


def _las_parecidas(alcance: Alcance, solicitud: int, tema: int, entidad: int) -> QuerySet[Parte]:
    """The newest of the entidad and the newest of all, each by its index, and the five of them that come first: to
    sort all those of a tema would read its whole history."""
    base = Parte.objects.visibles_para(alcance).exclude(solicitud=solicitud).filter(tema=tema).order_by(*NUEVAS)
    de_la_entidad, de_todas = (una.values("pk")[:CUANTAS_PARECIDAS] for una in (base.filter(entidad=entidad), base))
    return (
        Parte.objects.filter(pk__in=de_la_entidad.union(de_todas))
        .order_by(Case(When(entidad=entidad, then=0), default=1), *NUEVAS)
        .values_list(
            "solicitud__radicado", "entidad__sigla", "entidad__nombre", "entidad_id", "solicitud__asunto", "estado"
        )[:CUANTAS_PARECIDAS]  # `Parecida`
    )


CUANTAS_PARECIDAS = 5
NUEVAS = ("-recibido_en", "-solicitud_id", "-id")
_PARECIDAS = Compilada(_las_parecidas, alcance=Alcance, solicitud=int, tema=int, entidad=int)


def _novedades(request: HttpRequest, solicitud: Solicitud) -> HttpResponse:
    """What others did since the page was opened (E11): said beside the page, never over what is being typed."""
    novedades = [
        n for n in novedades_desde(solicitud, request.GET.get("version", "")) if n.quien != request.user.nombre
    ]
    if not novedades:
        return HttpResponse(status=204)
    ultima = novedades[-1]
    return JsonResponse({"texto": f"{ultima.quien}: {ultima.que}. Lo que usted escribe no se pierde."})
