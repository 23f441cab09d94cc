"""How each URL with parameters is filled, and which URLs anybody may open. Both are reviewed by hand.

Add a row when you add a URL with parameters: the objects of the world (objetos.py) that it names, and values of the
same shape that name nothing. A row may also say why a visible object answers 403 to some (`fina`), or who reaches it
through this URL when that is not everybody who sees the object (`ven`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from avisos.models import PoliticaAviso
from buzones.botones import BOTONES
from direcciones.fichas import FICHAS
from importaciones.estados import Tipo as TiposImportados
from sdfi_portal.aislamiento.elenco import JEFES_X, TODOS
from sdfi_portal.aislamiento.objetos import Objeto


def por_pk(fila: Any) -> dict[str, Any]:
    return {"pk": fila.pk}


@dataclass(frozen=True, slots=True)
class Ruta:
    objetos: tuple[str, ...] = ()
    llena: Callable[[Any], dict[str, Any]] = por_pk
    # Values that name nothing. Shape: parameter → value.
    falta: dict[str, Any] = field(default_factory=dict)
    # Closed values that name no object: alone (`fijos`), or besides the object (`variantes`: steps, actions).
    fijos: tuple[dict[str, Any], ...] = ()
    variantes: tuple[dict[str, Any], ...] = ({},)
    # Why somebody who sees the object may still get 403.
    fina: str = ""
    # Who reaches the object through this URL, when they are not those who see it. None: those who see it.
    ven: frozenset[str] | None = None
    # It takes a second (a PDF is made): in the fast proof one of those who may open it is enough.
    cara: bool = False
    # Statuses that are right here besides the rule (a page that answers 404 to everybody, a link that expired: 410).
    admite: frozenset[int] = frozenset()
    porque: str = ""

    def quienes(self, objeto: Objeto) -> frozenset[str]:
        return objeto.ven if self.ven is None else self.ven


NO_EXISTE = 987_654_321
QUIENES_LEEN_TODO = frozenset({"administrador", "auditor"})
SIN_RADICADO = "AT-1998-987654"

NO_OFRECIDAS = (
    "account_signup",
    "account_email",
    "account_set_password",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "socialaccount_signup",
    "socialaccount_connections",
)

# URLs that anybody may open, signed in or not. Their reasons are in the views; tests/seguridad shows them together.
PUBLICAS = frozenset(
    {
        "inicio",
        "como_solicitar",
        "ayuda",
        "accesibilidad",
        "preferencias",
        "privacidad",
        "terminos",
        "mapa",
        "plazos:calculadora",
        "plazos:festivos_ics",
        "salud",
        # Sign-in, and the pages of the library that the portal does not offer (always 404).
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        *NO_OFRECIDAS,
        "cuentas:invitacion",
        "cuentas:pedir_usuario",
        "cuentas:usuario_pedido",
        "portafolio",
        "portafolio_pdf",
        "portafolio_direccion",
        "portafolio_direccion_pdf",
        "solicitudes:confirmar",
        "solicitudes:confirmar_constancia",
        "solicitudes:seguimiento",
        "avisos:eventos_correo",
        "buzones:entrante",
        "encuestas:gracias",
        "encuestas:responder",
        "conceptos:banco",
        "conceptos:publicado",
        "conceptos:publicado_pdf",
        "conceptos:verificar",
        "conceptos:verificar_codigo",
        "expedientes:comprobar",
        "api:documentacion",
        "api:esquema",
        "api:conceptos",
        "api:concepto",
        "demo:correos",
        "demo:correo",
        "demo:recibir",
    }
)

PASOS = ("recepcion", "necesidad", "detalle", "documentos", "revisar")
CON_ARCHIVOS = tuple({"paso": paso} for paso in ("recepcion", "documentos"))


def por_radicado(fila: Any) -> dict[str, Any]:
    return {"radicado": fila.radicado}


def por_archivo(archivo: Any) -> dict[str, Any]:
    return {"radicado": archivo.solicitud.radicado, "archivo_id": archivo.pk}


def por_archivo_de_borrador(archivo: Any) -> dict[str, Any]:
    return {"pk": archivo.borrador_id, "archivo_id": archivo.pk}


_SOLICITUDES = ("solicitud", "solicitud_reservada", "solicitud_b")
_FALTA_ARCHIVO = {"pk": NO_EXISTE, "archivo_id": NO_EXISTE}
_DE_RADICAR: dict[str, Ruta] = {
    "solicitudes:descartar": Ruta(("borrador",), falta={"pk": NO_EXISTE}),
    # The world's draft is not of one who registers: it has no step «recepción», and says so with 404 (I03).
    "solicitudes:borrador": Ruta(
        ("borrador",), falta={"pk": NO_EXISTE}, variantes=tuple({"paso": paso} for paso in PASOS[1:])
    ),
    "solicitudes:guardar": Ruta(
        ("borrador",), falta={"pk": NO_EXISTE}, variantes=tuple({"paso": paso} for paso in PASOS[1:4])
    ),
    "solicitudes:subir": Ruta(("borrador",), falta={"pk": NO_EXISTE}, variantes=CON_ARCHIVOS[1:]),
    "solicitudes:quitar_archivo": Ruta(
        ("archivo_borrador",), por_archivo_de_borrador, falta=_FALTA_ARCHIVO, variantes=CON_ARCHIVOS[1:]
    ),
    "solicitudes:devolver_archivo": Ruta(
        ("archivo_borrador",), por_archivo_de_borrador, falta=_FALTA_ARCHIVO, variantes=CON_ARCHIVOS[1:]
    ),
    "solicitudes:archivo_borrador": Ruta(("archivo_borrador",), por_archivo_de_borrador, falta=_FALTA_ARCHIVO),
    **{
        f"solicitudes:{nombre}": Ruta(_SOLICITUDES, por_radicado, falta={"radicado": SIN_RADICADO})
        for nombre in ("detalle", "mensaje", "retirar")
    },
    "solicitudes:complementar": Ruta(
        ("parte", "parte_reservada", "parte_b"),
        lambda parte: {"radicado": parte.solicitud.radicado, "parte_id": parte.pk},
        falta={"radicado": SIN_RADICADO, "parte_id": NO_EXISTE},
    ),
    "solicitudes:archivo": Ruta(
        ("archivo", "archivo_nota"), por_archivo, falta={"radicado": SIN_RADICADO, "archivo_id": NO_EXISTE}
    ),
    "solicitudes:radicada": Ruta(
        ("constancia", "constancia_reservada"), por_radicado, falta={"radicado": SIN_RADICADO}
    ),
    "solicitudes:constancia_pdf": Ruta(
        ("constancia", "constancia_reservada"), por_radicado, falta={"radicado": SIN_RADICADO}, cara=True
    ),
    "solicitudes:confirmar_constancia": Ruta(
        ("constancia", "constancia_reservada"),
        lambda constancia: {"codigo": constancia.codigo},
        falta={"codigo": "0000-0000-0000-0000"},
        ven=TODOS,
        porque="quien tiene el código la confirma: radicado, instantes y huella, nada más",
    ),
    "solicitudes:seguimiento": Ruta(
        ("seguimiento",),
        lambda enlace: {"token": enlace.token()},
        falta={"token": "0" * 40},
        ven=TODOS,
        porque="quien tiene el enlace sigue esa solicitud, que pidió sin tener usuario",
    ),
    "solicitudes:nueva": Ruta(
        admite=frozenset({403}), porque="explica a quien no puede radicar por qué no puede (R7)"
    ),
}

RUTAS: dict[str, Ruta] = {
    "preferencias": Ruta(fijos=({"cambio": "letra-mas"}, {"cambio": "contraste"})),
    "bandeja:reintentar": Ruta(
        ("entrega",),
        falta={"pk": NO_EXISTE},
        admite=frozenset({302}),
        porque="vuelve a la lista y dice que esa entrega ya no está",
    ),
    "bandeja:descartar": Ruta(("entrega",), falta={"pk": NO_EXISTE}),
    "avisos:reintentar": Ruta(
        ("envio",),
        falta={"pk": NO_EXISTE},
        admite=frozenset({302}),
        porque="vuelve al libro y dice que ese aviso ya no se puede reintentar",
    ),
    "avisos:abrir": Ruta(("aviso",), falta={"pk": NO_EXISTE}),
    "avisos:politica": Ruta(
        ("parte",),
        lambda _: {"pk": PoliticaAviso.objects.filter(dependencia=None, reloj="obliga").latest("pk").pk},
        falta={"pk": NO_EXISTE},
        ven=JEFES_X | {"subdirector_y", "director_y", "administrador"},
        porque="la política general rige en toda dependencia",
    ),
    "avisos:direccion": Ruta(("direccion_correo",), falta={"pk": NO_EXISTE}),
    "avisos:eventos_correo": Ruta(
        fijos=({"proveedor": "postmark"},),
        admite=frozenset({404}),
        porque="existe con un proveedor de correo y su clave",
    ),
    **{
        f"buzones:{nombre}": Ruta(
            ("llegada",),
            lambda llegada: {"pk": llegada.casilla_id},
            falta={"pk": NO_EXISTE},
            ven=quienes,
            porque="una casilla es del portal: la ven y la cambian quienes lo administran, y la lee el auditor",
        )
        for nombre, quienes in (
            ("casilla", QUIENES_LEEN_TODO),
            ("casilla_editar", frozenset({"administrador"})),
            ("casilla_leer", frozenset({"administrador"})),
        )
    },
    "buzones:entrante": Ruta(
        fijos=({"proveedor": "postmark"},),
        admite=frozenset({404}),
        porque="existe con un proveedor que entrega correo y su clave",
    ),
    "encuestas:responder": Ruta(
        ("encuesta",),
        lambda encuesta: {"token": encuesta.token()},
        falta={"token": "0" * 40},
        ven=TODOS,
        porque="quien tiene el enlace la responde; de ella solo se muestra el radicado",
    ),
    **_DE_RADICAR,
    # --- Attending ---
    "atencion:caso": Ruta(
        ("solicitud", "solicitud_reservada", "solicitud_b"),
        lambda solicitud: {"radicado": solicitud.radicado},
        falta={"radicado": SIN_RADICADO},
    ),
    "atencion:avisos": Ruta(
        ("solicitud", "solicitud_reservada", "solicitud_b"),
        lambda solicitud: {"radicado": solicitud.radicado},
        falta={"radicado": SIN_RADICADO},
    ),
    "atencion:accion": Ruta(
        ("solicitud", "solicitud_b"),
        lambda solicitud: {"radicado": solicitud.radicado, "accion": "mensaje"},
        falta={"radicado": SIN_RADICADO, "accion": "mensaje"},
        fina="cada acción dice de qué roles y de qué responsable es (solicitudes/estados.py)",
    ),
    "atencion:sesion": Ruta(
        ("actuacion",),
        lambda actuacion: {"radicado": actuacion.solicitud.radicado, "pk": actuacion.pk},
        falta={"radicado": SIN_RADICADO, "pk": NO_EXISTE},
        fina="la cambia quien la atiende o su jefatura",
    ),
    "atencion:vista": Ruta(("vista",), falta={"pk": NO_EXISTE}),
    "atencion:vista_borrar": Ruta(("vista",), falta={"pk": NO_EXISTE}),
    "atencion:sector": Ruta(
        ("parte",),
        lambda parte: {"dependencia": parte.dependencia.codigo, "sector": parte.entidad.sector.codigo},
        falta={"dependencia": "no-existe", "sector": "no-existe"},
        ven=JEFES_X,
        fina="solo se asignan los sectores de la dependencia que reparte por sector",
    ),
    "atencion:terminar_ausencia": Ruta(
        ("ausencia",),
        falta={"pk": NO_EXISTE},
        fina="la termina la persona, su jefatura o el administrador",
    ),
    "conceptos:nuevo": Ruta(("parte",), lambda parte: {"parte": parte.pk}, falta={"parte": NO_EXISTE}),
    **{
        f"conceptos:{nombre}": Ruta(("concepto",), falta={"pk": NO_EXISTE})
        for nombre in ("editar", "vista_previa", "enviar", "retomar", "revisar", "devolver", "firmar", "comparar")
    },
    "conceptos:version_pdf": Ruta(
        ("version",),
        lambda version: {"pk": version.concepto_id, "numero": version.numero},
        falta={"pk": NO_EXISTE, "numero": 1},
    ),
    **{
        f"conceptos:{nombre}": Ruta(("concepto_reservado",), falta={"pk": NO_EXISTE})
        for nombre in ("detalle", "pdf", "siga", "anular", "sustituir")
    },
    **{
        nombre: Ruta(
            ("concepto_publico", "concepto_entidades", "concepto_sda"),
            lambda concepto: {"numero": concepto.numero},
            falta={"numero": "C-1998-987654"},
        )
        for nombre in ("conceptos:publicado", "conceptos:publicado_pdf", "api:concepto")
    },
    "conceptos:verificar_codigo": Ruta(
        ("concepto_publico", "concepto_reservado"),
        lambda concepto: {"codigo": concepto.codigo},
        falta={"codigo": "0000-0000-0000-0000"},
        ven=TODOS,
        porque="quien tiene el código lo comprueba; solo lee la tabla de hechos públicos",
    ),
    # --- Electronic file ---
    "expedientes:expediente": Ruta(
        ("solicitud", "solicitud_reservada", "solicitud_b"),
        por_radicado,
        falta={"radicado": SIN_RADICADO},
        fina="el expediente no es para la entidad, y solo algunos roles piden copias",
    ),
    "expedientes:descargar": Ruta(
        ("copia",),
        lambda copia: {"radicado": copia.solicitud.radicado, "pk": copia.pk},
        falta={"radicado": SIN_RADICADO, "pk": NO_EXISTE},
        fina="solo algunos roles entregan copias",
    ),
    "demo:correo": Ruta(falta={"nombre": "no-existe"}),
    # --- Sign-in and accounts ---
    "mfa_authenticate": Ruta(admite=frozenset({302}), porque="sin el primer paso, vuelve a la entrada"),
    "account_reauthenticate": Ruta(admite=frozenset({403}), porque="quien no tiene clave no la confirma"),
    **{
        nombre: Ruta(admite=frozenset({404}), porque="no existe hasta tener segundo factor")
        for nombre in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes")
    },
    "mfa_reauthenticate": Ruta(admite=frozenset({403}), porque="quien no tiene segundo factor no lo confirma"),
    **{nombre: Ruta(admite=frozenset({404}), porque="no se ofrece") for nombre in NO_OFRECIDAS},
    "socialaccount_login_error": Ruta(admite=frozenset({401}), porque="dice que no se pudo entrar"),
    "account_reset_password_from_key": Ruta(
        falta={"uidb36": "zzz", "key": "no-existe"}, admite=frozenset({200}), porque="dice que el enlace ya no sirve"
    ),
    "openid_connect_login": Ruta(falta={"provider_id": "no-existe"}),
    "openid_connect_callback": Ruta(falta={"provider_id": "no-existe"}),
    "cuentas:invitacion": Ruta(
        ("invitacion",),
        lambda invitacion: {"token": invitacion.token()},
        falta={"token": "0" * 40},
        ven=TODOS,
        admite=frozenset({410}),
        porque="quien tiene el enlace la acepta; los demás ven que no sirve",
    ),
    **{
        f"cuentas:{nombre}": Ruta(("invitacion",), falta={"pk": NO_EXISTE})
        for nombre in ("reenviar_invitacion", "anular_invitacion")
    },
    "cuentas:acceso": Ruta(("solicitud_acceso",), falta={"pk": NO_EXISTE}),
    **{
        f"cuentas:{nombre}": Ruta(("membresia",), falta={"pk": NO_EXISTE})
        for nombre in ("terminar_rol", "retirar_enlace", "reemplazar_enlace", "limitar_enlace")
    },
    **{
        f"cuentas:{nombre}": Ruta(
            ("membresia",), lambda m: {"pk": m.persona_id}, falta={"pk": NO_EXISTE}, ven=QUIENES_LEEN_TODO
        )
        for nombre in (
            "usuario",
            "corregir_usuario",
            "agregar_rol",
            "desactivar_usuario",
            "activar_usuario",
            "desbloquear_usuario",
            "retirar_segundo_factor",
        )
    },
    # --- Mail that arrives ---
    "buzones:trasladar": Ruta(
        ("correo", "correo_reservado", "correo_de_solicitud"),
        falta={"pk": NO_EXISTE},
        fina="la lee quien ve el correo; la traslada quien decide qué es",
    ),
    "buzones:invitar": Ruta(("correo", "correo_reservado"), falta={"pk": NO_EXISTE}),
    "buzones:invitar_de_solicitud": Ruta(_SOLICITUDES, por_radicado, falta={"radicado": SIN_RADICADO}),
    **{
        f"buzones:{nombre}": Ruta(
            ("propuesta",), falta={"pk": NO_EXISTE}, fina="la decide quien administra la entidad o el portal"
        )
        for nombre in ("propuesta", "reabrir_propuesta")
    },
    "buzones:deshacer_traslado": Ruta(
        ("traslado",),
        lambda traslado: {"pk": traslado.correo_id},
        falta={"pk": NO_EXISTE},
        fina="lo retira quien decide qué es el correo",
    ),
    # --- Exports ---
    "exportaciones:descargar": Ruta(("exportacion",), falta={"pk": NO_EXISTE}),
    "exportaciones:repetir": Ruta(("exportacion",), falta={"pk": NO_EXISTE}),
    "exportaciones:cancelar": Ruta(("exportacion_activa",), falta={"pk": NO_EXISTE}),
    # --- Import ---
    **{
        f"importaciones:{nombre}": Ruta(
            fijos=tuple({"tipo": tipo} for tipo in TiposImportados),
            admite=frozenset({403}),
            porque="la ventanilla solo importa los archivos de SIGA",
        )
        for nombre in ("nueva", "plantilla")
    },
    **{
        f"importaciones:{nombre}": Ruta(("importacion", "importacion_siga"), falta={"pk": NO_EXISTE})
        for nombre in ("ver", "informe", "detener", "seguir")
    },
    "importaciones:invitar": Ruta(("importacion",), falta={"pk": NO_EXISTE}),
    **{
        f"importaciones:{nombre}": Ruta(("importacion_ensayada",), falta={"pk": NO_EXISTE})
        for nombre in ("columnas", "confirmar", "descartar")
    },
    # --- API and its tokens ---
    "api:solicitudes": Ruta(admite=frozenset({403}), porque="leerlas es de todos los roles; radicar, de la entidad"),
    "api:revocar_token": Ruta(("token",), falta={"pk": NO_EXISTE}, ven=frozenset({"enlace_a", "administrador"})),
    **{
        f"api:{nombre}": Ruta(
            ("exportacion", "exportacion_activa"),
            lambda exportacion: {"exportacion_id": exportacion.pk},
            falta={"exportacion_id": NO_EXISTE},
            admite=frozenset({409}),
            porque="lo que todavía se prepara o ya terminó lo dice con 409",
        )
        for nombre in ("exportacion", "cancelar_exportacion", "archivo_exportacion")
    },
    **{
        f"api:{nombre}": Ruta(_SOLICITUDES, por_radicado, falta={"radicado": SIN_RADICADO})
        for nombre in ("solicitud", "mensajes")
    },
    # --- The mail ---
    **{
        f"buzones:{nombre}": Ruta(
            ("correo", "correo_reservado", "correo_de_solicitud", "correo_de_nota"), falta={"pk": NO_EXISTE}
        )
        for nombre in ("detalle", "html", "original")
    },
    "buzones:adjunto": Ruta(
        ("adjunto",),
        lambda adjunto: {"pk": adjunto.correo_id, "orden": adjunto.orden},
        falta={"pk": NO_EXISTE, "orden": 1},
    ),
    "buzones:decidir": Ruta(
        ("correo", "correo_reservado"),
        falta={"pk": NO_EXISTE, "accion": "spam"},
        variantes=tuple({"accion": accion} for accion in BOTONES),
    ),
    # --- Systems that are told what happens ---
    **{
        f"api:{nombre}": Ruta(("integracion",), falta={"pk": NO_EXISTE})
        for nombre in (
            "integracion",
            "editar_integracion",
            "probar_integracion",
            "encender_integracion",
            "apagar_integracion",
            "secreto_integracion",
        )
    },
    "api:numeros_siga": Ruta(
        _SOLICITUDES, por_radicado, falta={"radicado": SIN_RADICADO}, ven=frozenset({"ventanilla"})
    ),
    # --- Catalogues ---
    **{
        f"direcciones:{nombre}": Ruta(
            fijos=tuple({"clave": ficha.clave} for ficha in FICHAS), falta={"clave": "no-existe"}
        )
        for nombre in ("catalogo", "nueva")
    },
    **{
        f"direcciones:{nombre}": Ruta(
            ("parte",),
            lambda parte: {"clave": "temas", "pk": parte.tema_id},
            falta={"clave": "temas", "pk": NO_EXISTE},
            ven=QUIENES_LEEN_TODO,
        )
        for nombre in ("fila", "editar", "terminar", "reabrir")
    },
    **{
        nombre: Ruta(
            ("parte",),
            lambda parte: {"codigo": parte.dependencia.padre.codigo.lower()},
            falta={"codigo": "no-existe"},
            ven=TODOS,
        )
        for nombre in ("portafolio_direccion", "portafolio_direccion_pdf")
    },
}
