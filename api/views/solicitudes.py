"""Solicitudes: those one sees, each with its history, filing one and writing in it."""

from operator import attrgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from alcance import Alcance
from api.ejemplos import MENSAJE, RADICADA, SOLICITUD, SOLICITUD_NUEVA, SOLICITUDES
from api.errores import Rehusada
from api.esquema import LLAVE, RADICADO, operacion, pagina_de
from api.listado import MAS_RECIENTES, pagina_de_solicitudes
from api.permisos import Permiso
from api.radicacion import OTRO_CONTENIDO, clave_propia, radicar_por_api
from api.serializadores import (
    MensajeEntrada,
    MensajeSalida,
    ParametrosDeSolicitudes,
    SolicitudCompleta,
    SolicitudEnLista,
    SolicitudEntrada,
    SolicitudRadicada,
)
from api.views.base import Vista, como_respuesta, con_token, cursor_de
from bitacora.services import registrar
from direcciones.models import Dependencia, Tema
from direcciones.roles import ATIENDEN, DE_ENTIDAD, PERSONAL
from plazos.reloj import hoy
from plazos.services import calendario_vigente
from sdfi_portal.problemas import describir
from solicitudes.detalle import alertas_de_comision
from solicitudes.estados import ACCIONES, EstadoSolicitud
from solicitudes.models import Archivo, Mensaje, Movimiento, Parte, Solicitud
from solicitudes.relacionados import buscar_relacionados
from solicitudes.services.acciones import ejecutar
from solicitudes.services.entidad import enviar_mensaje
from solicitudes.services.esperas import OCURRIO, esperas_de
from solicitudes.services.relojes import relojes_de
from solicitudes.services.transiciones import NoSePuede, no_es_momento, no_le_corresponde
from solicitudes.views.atencion.comun import la_parte, las_partes

GRUPO = "Solicitudes"
PARECIDAS = 5


def codigos() -> dict[str, dict[int, str]]:
    """Codes of temas and dependencias by id: two queries, whatever the rows."""
    return {
        "temas": dict(Tema.objects.order_by().values_list("pk", "codigo")),
        "dependencias": dict(Dependencia.objects.order_by().values_list("pk", "codigo")),
    }


def llave_de(request: Request) -> UUID:
    crudo = request.headers.get("Idempotency-Key", "")
    try:
        if len(crudo) != 36:
            raise ValueError(crudo)
        return UUID(crudo)
    except ValueError:
        falta = "Envíe en el encabezado un UUID nuevo por cada cosa que envía." if not crudo else "No es un UUID."
        raise exceptions.ValidationError({"Idempotency-Key": [falta]}) from None


@con_token(*DE_ENTIDAD, *PERSONAL)
class Solicitudes(Vista):
    permisos = {"GET": Permiso.LEER_SOLICITUDES, "POST": Permiso.RADICAR}

    @operacion(
        "listar_solicitudes",
        "Listar solicitudes",
        grupo=GRUPO,
        descripcion="Las que ve la persona del token, de la más reciente a la más antigua.",
        parametros=ParametrosDeSolicitudes,
        sale=pagina_de(SolicitudEnLista),
        ejemplo=SOLICITUDES,
        errores=(400, 422),
    )
    def get(self, request: Request) -> Response:
        parametros = self.leer(ParametrosDeSolicitudes)
        parametros["cursor"] = cursor_de(parametros, Solicitud.objects.none(), MAS_RECIENTES)
        return como_respuesta(pagina_de_solicitudes(self.alcance, parametros), SolicitudEnLista, codigos())

    @operacion(
        "radicar_solicitud",
        "Radicar una solicitud",
        grupo=GRUPO,
        descripcion="La radica la entidad del token, con las mismas reglas que el asistente del portal. "
        "Los documentos se agregan en la página de la solicitud.",
        entra=SolicitudEntrada,
        ejemplo_entra=SOLICITUD_NUEVA,
        sale=SolicitudRadicada,
        ejemplo=RADICADA,
        errores=(400, 413, 415, 422),
        crea=True,
        extra=(LLAVE,),
    )
    def post(self, request: Request) -> Response:
        llave, cuerpo = llave_de(request), self.recibir(SolicitudEntrada)
        membresia = request.auth.membresia
        hecha = radicar_por_api(
            persona=request.user,
            entidad=membresia.entidad,
            cuerpo=cuerpo,
            llave=llave,
            credencial=request.auth.token_id,
        )
        return Response(*hecha.responder(lambda: _radicada(self.alcance, hecha.solicitud)))


def _radicada(alcance: Any, solicitud: Solicitud) -> dict[str, Any]:
    relacionados = buscar_relacionados(temas=solicitud.temas, texto=solicitud.asunto, alcance=alcance)
    otras = Solicitud.objects.visibles_para(alcance).abiertas().exclude(pk=solicitud.pk)
    mismas = otras.filter(entidad=solicitud.entidad_id, temas__overlap=solicitud.temas).order_by(*MAS_RECIENTES)
    contexto = codigos() | {
        "url": settings.DOMINIO + solicitud.get_absolute_url(),
        "avisos": list(alertas_de_comision(solicitud.logistica, hoy())),
        "parecidas": list(mismas.values_list("radicado", flat=True)[:PARECIDAS]),
        "relacionados": [{"numero": r.numero, "titulo": r.titulo, "url": settings.DOMINIO + r.url}
                         for r in relacionados],
    }  # fmt: skip
    return dict(SolicitudRadicada(solicitud, context=contexto).data)


@con_token(*DE_ENTIDAD, *PERSONAL)
class UnaSolicitud(Vista):
    permisos = {"GET": Permiso.LEER_SOLICITUDES}

    @operacion(
        "leer_solicitud",
        "Leer una solicitud",
        grupo=GRUPO,
        descripcion="Con sus partes, su historia, sus mensajes y la lista de sus archivos. "
        "Abrir una reservada queda anotado.",
        sale=SolicitudCompleta,
        ejemplo=SOLICITUD,
        errores=(404,),
        extra=(RADICADO,),
    )
    def get(self, request: Request, radicado: str) -> Response:
        alcance = self.alcance
        solicitud = _solicitud(alcance, radicado)
        if solicitud.reservada:
            registrar(accion="solicitud.abrir_reservada", objeto=solicitud)
        de_ella = {"solicitud": solicitud}
        partes = list(
            Parte.objects.visibles_para(alcance)
            .filter(**de_ella)
            .order_by("-lidera", "pk")
            .select_related("dependencia", "tema", "modalidad", "asesor")
        )
        suyos = Movimiento.objects.visibles_para(alcance).filter(**de_ella).annotate(ocurrio=OCURRIO)
        historia = list(suyos.select_related("persona"))
        contexto = codigos() | {
            "partes": partes,
            "historia": historia,
            "relojes": _relojes(solicitud, partes),
            "esperas": _esperas(partes, historia),
            "mensajes": Mensaje.objects.visibles_para(alcance).filter(**de_ella).select_related("autor"),
            "archivos": Archivo.objects.visibles_para(alcance).filter(**de_ella).puestos(),
        }
        return Response(SolicitudCompleta(solicitud, context=contexto).data)


def _relojes(solicitud: Solicitud, partes: list[Parte]) -> list[dict[str, Any]]:
    donde = {parte.pk: parte.dependencia.codigo for parte in partes}
    return [{**reloj._asdict(), "frases": reloj.frases, "dependencia": donde[reloj.parte_id]}
            for reloj in relojes_de(solicitud, partes)]  # fmt: skip


def _esperas(partes: list[Parte], historia: list[Movimiento]) -> list[dict[str, Any]]:
    donde, dia = {parte.pk: parte.dependencia.codigo for parte in partes}, hoy()
    esperas = esperas_de((uno.parte_id, uno.a, uno.ocurrio) for uno in sorted(historia, key=attrgetter("pk")))
    return [
        {
            "dependencia": donde[espera.parte_id],
            "desde": espera.desde,
            "hasta": espera.hasta,
            "dias_habiles": espera.dias(dia, calendario_vigente()),
        }
        for espera in esperas
        if espera.parte_id in donde
    ]


def _solicitud(alcance: Any, radicado: str) -> Solicitud:
    visibles = Solicitud.objects.visibles_para(alcance).select_related("entidad", "modalidad")
    return get_object_or_404(visibles, radicado=radicado)


@con_token(*DE_ENTIDAD, *ATIENDEN)
class Mensajes(Vista):
    permisos = {"POST": Permiso.ESCRIBIR_MENSAJES}

    @operacion(
        "escribir_mensaje",
        "Escribir un mensaje",
        grupo=GRUPO,
        descripcion="De la entidad, a quien atiende la solicitud; de quien la atiende, a la entidad. Llega como si se "
        "hubiera escrito en el portal.",
        entra=MensajeEntrada,
        ejemplo_entra={"texto": "Adjuntamos en el portal el inventario que nos pidieron."},
        sale=MensajeSalida,
        ejemplo=MENSAJE,
        errores=(400, 404, 409, 413, 415, 422),
        crea=True,
        extra=(RADICADO, LLAVE),
    )
    def post(self, request: Request, radicado: str) -> Response:
        solicitud = _solicitud(self.alcance, radicado)
        clave, texto = clave_propia("mensaje", llave_de(request)), self.recibir(MensajeEntrada)["texto"].strip()
        anterior = Mensaje.objects.visibles_para(self.alcance).filter(clave=clave).first()
        if anterior is None:
            escribir = _de_la_entidad if self.alcance.rol in DE_ENTIDAD else _de_quien_atiende
            try:
                escrito = escribir(self.alcance, solicitud, texto, clave)
            except NoSePuede as rechazo:
                return Response(describir(409, rechazo.message), 409, content_type="application/problem+json")
        else:
            escrito = anterior
        if (escrito.solicitud_id, escrito.texto) != (solicitud.pk, texto):
            raise Rehusada({"Idempotency-Key": [OTRO_CONTENIDO]})
        return Response(MensajeSalida(escrito).data, 200 if anterior else 201)


def _de_la_entidad(alcance: Alcance, solicitud: Solicitud, texto: str, clave: UUID) -> Mensaje:
    if not (solicitud.esta_abierta or solicitud.estado == EstadoSolicitud.ATENDIDA):
        raise NoSePuede("Esa solicitud ya se cerró: no recibe mensajes. Radique una nueva.")
    return enviar_mensaje(solicitud=solicitud, texto=texto, clave=clave)


def _de_quien_atiende(alcance: Alcance, solicitud: Solicitud, texto: str, clave: UUID) -> Mensaje:
    """The act of its page, on the parte that the page would act on."""
    acto, partes = ACCIONES["mensaje"], las_partes(solicitud)
    parte = la_parte(partes, alcance) if partes else None
    ajena = no_le_corresponde(parte, acto, alcance) if parte else "La atiende otra dependencia."
    if parte is None or ajena:
        raise exceptions.PermissionDenied(ajena)
    if no_es_momento(parte, acto):
        raise NoSePuede("Esa solicitud ya se cerró para su dependencia: no recibe mensajes.")
    ejecutar(parte=parte, accion=acto.accion, datos={"texto": texto, "clave": clave})
    escrito: Mensaje = Mensaje.objects.visibles_para(alcance).get(clave=clave)
    return escrito
