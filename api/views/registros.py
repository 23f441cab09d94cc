"""The direct link with SIGA: registering what came by another channel, and annotating its numbers (R22, R25)."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from api.ejemplos import NUMEROS_SIGA, REGISTRADA, REGISTRO_NUEVO
from api.errores import Rehusada
from api.esquema import LLAVE, RADICADO, operacion
from api.permisos import Permiso
from api.radicacion import Hecha, registrar_por_api
from api.serializadores import NumerosSigaEntrada, NumerosSigaSalida, RegistroEntrada, SolicitudRegistrada
from api.views.base import Vista, con_token
from api.views.solicitudes import codigos, llave_de
from conceptos.services.salida import llevar_numero_de_salida
from direcciones.roles import Rol
from sdfi_portal.problemas import describir
from solicitudes.services.siga import NoExiste, NumeroRepetido, YaTieneOtro, anotar_siga

GRUPO = "Registro de lo que llegó por otro canal"


@con_token(Rol.VENTANILLA)
class Registros(Vista):
    permisos = {"POST": Permiso.REGISTRAR}
    http_method_names: ClassVar[list[str]] = ["post"]

    @operacion(
        "registrar_solicitud",
        "Registrar lo que llegó por otro canal",
        grupo=GRUPO,
        descripcion="Lo que llegó por SIGA, correo, teléfono o en persona, con su hora verdadera: de ella salen el "
        "plazo y el turno. Es el mismo registro que hace la ventanilla. Un número SIGA entra una sola vez. Lo propio "
        "de cada modalidad («preguntas», «detalle») se envía si se sabe; lo que falte lo pide quien la atiende.",
        entra=RegistroEntrada,
        ejemplo_entra=REGISTRO_NUEVO,
        sale=SolicitudRegistrada,
        ejemplo=REGISTRADA,
        errores=(400, 413, 415, 422),
        crea=True,
        extra=(LLAVE,),
    )
    def post(self, request: Request) -> Response:
        llave, cuerpo = llave_de(request), self.recibir(RegistroEntrada)
        try:
            hecha = registrar_por_api(
                persona=request.user, cuerpo=cuerpo, llave=llave, credencial=request.auth.token_id
            )
        except NumeroRepetido as repetido:
            raise Rehusada({"siga_entrada": list(repetido.messages)}) from None
        return Response(*hecha.responder(lambda: _registrada(hecha)))


def _registrada(hecha: Hecha) -> dict[str, Any]:
    contexto: dict[str, Any] = codigos() | {"tema_propuesto": hecha.confianza}
    return dict(SolicitudRegistrada(hecha.solicitud, context=contexto).data)


@con_token(Rol.VENTANILLA)
class NumerosSiga(Vista):
    permisos = {"PATCH": Permiso.REGISTRAR}
    http_method_names: ClassVar[list[str]] = ["patch"]

    @operacion(
        "anotar_numeros_siga",
        "Anotar los números SIGA de una solicitud",
        grupo=GRUPO,
        descripcion="El de entrada y el de la respuesta, cada uno en su campo. Repetir el mismo no cambia nada. Uno "
        "distinto del que ya estaba se rehúsa, a menos que se diga que lo reemplaza.",
        entra=NumerosSigaEntrada,
        ejemplo_entra={"siga_salida": "2-2026-13091"},
        sale=NumerosSigaSalida,
        ejemplo=NUMEROS_SIGA,
        errores=(400, 404, 409, 413, 415, 422),
        extra=(RADICADO,),
    )
    def patch(self, request: Request, radicado: str) -> Response:
        cuerpo = self.recibir(NumerosSigaEntrada)
        entrada, salida = cuerpo.get("siga_entrada", ""), cuerpo.get("siga_salida", "")
        if not entrada.strip() and not salida.strip():
            raise Rehusada({"general": ["Envíe «siga_entrada», «siga_salida» o los dos."]})
        try:
            solicitud = anotar_siga(
                radicado=radicado, entrada=entrada, salida=salida, reemplazar=cuerpo.get("reemplazar", False)
            )
        except NoExiste:
            raise Http404 from None
        except NumeroRepetido as repetido:
            raise Rehusada({"siga_entrada": list(repetido.messages)}) from None
        except YaTieneOtro as otro:
            errores = {campo: [f"Ya tiene {antes}, y llegó {dado}."] for campo, (antes, dado) in otro.otros.items()}
            detalle = "Ya tiene otro número. Si el nuevo es el correcto, envíelo con «reemplazar»."
            return Response(describir(409, detalle, errores), 409, content_type="application/problem+json")
        if solicitud.siga_salida and salida.strip():
            llevar_numero_de_salida(solicitud_id=solicitud.pk, numero=solicitud.siga_salida)
        return Response(NumerosSigaSalida(solicitud).data)
