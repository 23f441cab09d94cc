"""Moments of the world (sdfi_portal/aislamiento) in which a page shows what it does not show by itself.

A URL name whose objects are already right needs no row. Each scene: its main papel and how to arrange it; it runs as
the system inside a savepoint that is undone, and gives the address to open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from api.models import IntentoWebhook
from buzones.models import Conciliacion, Correo, Decision, EstadoCasilla, Llegada
from conceptos.estados import EstadoConcepto
from direcciones.models import AsignacionSector, Ausencia, Dependencia, Persona
from sdfi_portal.aislamiento.mundo import Mundo
from solicitudes.estados import ACCIONES, EstadoParte, Transicion
from solicitudes.models import Borrador, Mensaje
from solicitudes.views.atencion.acciones import DE_LA_ENTIDAD

CODIGO = "0000-0000-0000-0000"  # nobody has it
CLAVE = "una clave larga de prueba"


@dataclass(frozen=True, slots=True)
class Escena:
    """`papel`: who mainly sees it. `recien`: they have just confirmed who they are. `estado`: what the page answers.
    `sigue`: its address leads to another one."""

    nombre: str
    papel: str
    preparar: Callable[[Mundo], str]
    recien: bool = False
    estado: int = 200
    sigue: bool = False


# --- Attending -----------------------------------------------------------------------------------------------------
# The state in which an action is looked at: the first of these that its row admits.
MOMENTOS = (EstadoParte.EN_ATENCION, EstadoParte.ASIGNADA, *EstadoParte)


def _papel_de(fila: Transicion) -> str:
    return next(p for p in ("asesor_x", "subdirector_x", "ventanilla") if p.split("_")[0] in fila.roles)


def _en_su_momento(fila: Transicion) -> Callable[[Mundo], str]:
    """The page of an action while its parte is in the first state from which the row may be done."""

    def preparar(este: Mundo) -> str:
        parte, solicitud = este.objeto("parte").fila, este.objeto("solicitud").fila
        estado = next(e for e in MOMENTOS if e in fila.desde)
        cerrada = timezone.now() if estado == EstadoParte.ATENDIDA else None
        asesor = None if estado == EstadoParte.EN_COLA else parte.asesor
        reservada = fila.accion == "levantar_reserva"
        type(parte).objects.filter(pk=parte.pk).update(
            estado=estado, asesor=asesor, cerrada_en=cerrada, prestada_en=cerrada, reservada=reservada
        )
        return reverse("atencion:accion", args=[solicitud.radicado, fila.accion.replace("_", "-")])

    return preparar


# The legal term of the one everybody sees was extended already: its page says so.
YA_HECHAS = {"prorrogar": 409}
ACCIONES_CON_PAGINA = tuple(
    Escena(accion, _papel_de(fila), _en_su_momento(fila), estado=YA_HECHAS.get(accion, 200))
    for accion, fila in ACCIONES.items()
    if accion not in DE_LA_ENTIDAD
)


def _espera_complemento(este: Mundo) -> str:
    parte = este.objeto("parte").fila
    type(parte).objects.filter(pk=parte.pk).update(estado=EstadoParte.EN_COMPLEMENTO)
    return reverse("solicitudes:complementar", args=[parte.solicitud.radicado, parte.pk])


def _caso_en_cola(este: Mundo) -> str:
    parte = este.objeto("parte").fila
    type(parte).objects.filter(pk=parte.pk).update(estado=EstadoParte.EN_COLA, asesor=None)
    return reverse("atencion:caso", args=[parte.solicitud.radicado])


def _cola_sin_asignar(este: Mundo) -> str:
    _caso_en_cola(este)
    return reverse("atencion:cola") + "?vista=sin-asignar"


def _sector(este: Mundo) -> str:
    dependencia = este.objeto("parte").fila.dependencia
    type(dependencia).objects.filter(pk=dependencia.pk).update(reparto=Dependencia.Reparto.SECTOR)
    return reverse("atencion:sector", args=[dependencia.codigo, este.objeto("parte").fila.entidad.sector.codigo])


def _informar_asesores(este: Mundo) -> str:
    parte = este.objeto("parte").fila
    lugar, sector = parte.dependencia, parte.entidad.sector
    type(lugar).objects.filter(pk=lugar.pk).update(reparto=Dependencia.Reparto.SECTOR)
    AsignacionSector.objects.create(
        dependencia=lugar, sector=sector, asesor=este.elenco.personas["asesor_x"], desde=timezone.localdate()
    )
    return reverse("atencion:informar_asesores")


def _ausencia(nombre: str) -> Callable[[Mundo], str]:
    """A colleague is away with a case in hand, and asesor_x covers."""

    def preparar(este: Mundo) -> str:
        personas, parte = este.elenco.personas, este.objeto("parte").fila
        type(parte).objects.filter(pk=parte.pk).update(asesor=personas["vecino_x"], estado=EstadoParte.EN_ATENCION)
        hoy = timezone.localdate()
        Ausencia.objects.create(
            persona=personas["vecino_x"], suplente=personas["asesor_x"], desde=hoy, hasta=hoy + timedelta(days=5),
            registrada_por=personas["subdirector_x"],
        )  # fmt: skip
        return reverse(f"atencion:{nombre}")

    return preparar


def _recepcion(este: Mundo) -> str:
    borrador = Borrador.objects.create(
        persona=este.elenco.personas["ventanilla"], entidad=este.elenco.lugares["a"], es_registro=True
    )
    return reverse("solicitudes:borrador", args=[borrador.pk, "recepcion"])


def _propuestas(este: Mundo) -> str:
    """What somebody wrote while they listened, and the themes that it suggests."""
    tema = este.elenco.temas["x"]
    borrador = Borrador.objects.create(
        persona=este.elenco.personas["ventanilla"],
        entidad=este.elenco.lugares["a"],
        es_registro=True,
        datos={"lo_pedido": f"{tema.nombre}\nLlaman a preguntar por {tema.nombre.lower()}."},
    )
    return reverse("solicitudes:borrador", args=[borrador.pk, "necesidad"])


def _paso_lleno(paso: str) -> Callable[[Mundo], str]:
    """A draft with everything that its steps ask."""

    def preparar(este: Mundo) -> str:
        borrador = este.objeto("borrador").fila
        datos = {
            "temas": [str(este.elenco.temas["x"].pk)],
            "asunto": "Migración del sistema que guarda los expedientes electrónicos de contratación",
            "necesidad": "Vamos a cambiar de sistema.\nQueremos saber qué metadatos conservar.",
            "pregunta_1": "¿Qué metadatos mínimos debe conservar un expediente electrónico?",
            "pregunta_2": "¿Puede la entidad migrar a otro formato sin autorización previa?",
            "n_preguntas": "2",
            "contacto_nombre": "Laura Pérez",
            "contacto_correo": "laura.perez@gobiernobogota.example",
        }
        type(borrador).objects.filter(pk=borrador.pk).update(datos=datos)
        return reverse("solicitudes:borrador", args=[borrador.pk, paso])

    return preparar


# --- Conceptos -----------------------------------------------------------------------------------------------------
def _concepto(nombre: str, estado: EstadoConcepto) -> Callable[[Mundo], str]:
    """A page of the concepto in a state; its version 1 is the frozen one."""

    def preparar(este: Mundo) -> str:
        concepto = este.objeto("concepto").fila
        type(concepto).objects.filter(pk=concepto.pk).update(estado=estado, para_firma_en=timezone.now())
        return reverse(f"conceptos:{nombre}", args=[concepto.pk])

    return preparar


def _lista(nombre: str, estado: EstadoConcepto) -> Callable[[Mundo], str]:
    def preparar(este: Mundo) -> str:
        _concepto("detalle", estado)(este)
        return reverse(f"conceptos:{nombre}")

    return preparar


# --- Accounts ------------------------------------------------------------------------------------------------------
def _con_clave(nombre: str, papel: str = "enlace_a") -> Callable[[Mundo], str]:
    def preparar(este: Mundo) -> str:
        # A fresh one: what is written here is undone, and the cast must not remember it.
        persona = Persona.objects.get(pk=este.elenco.personas[papel].pk)
        persona.set_password(CLAVE)
        persona.save(update_fields=["password"])
        return reverse(nombre)

    return preparar


def _clave_nueva(este: Mundo) -> str:
    persona = este.elenco.personas["enlace_a"]
    return reverse(
        "account_reset_password_from_key",
        args=[user_pk_to_url_str(persona), default_token_generator.make_token(persona)],
    )


def _invitada_con_usuario(este: Mundo) -> str:
    invitacion = este.objeto("invitacion").fila
    type(invitacion).objects.filter(pk=invitacion.pk).update(correo=este.elenco.personas["enlace_b"].correo)
    return reverse("cuentas:invitacion", args=[invitacion.token()])


def _encuesta_cerrada(este: Mundo) -> str:
    encuesta = este.objeto("encuesta").fila
    type(encuesta).objects.filter(pk=encuesta.pk).update(cerrada_en=timezone.now())
    return reverse("encuestas:responder", args=[encuesta.token()])


def _encuesta_respondida(este: Mundo) -> str:
    encuesta = este.objeto("encuesta").fila
    type(encuesta).objects.filter(pk=encuesta.pk).update(
        respondida_en=timezone.now(), oportunidad=5, pertinencia=5, calidad=4
    )
    return reverse("encuestas:responder", args=[encuesta.token()])


def _seguida(**cambios: Any) -> Callable[[Mundo], str]:
    """The solicitud of a private link, changed."""

    def preparar(este: Mundo) -> str:
        enlace = este.objeto("seguimiento").fila
        type(enlace.solicitud).objects.filter(pk=enlace.solicitud_id).update(**cambios)
        Mensaje.objects.create(
            solicitud=enlace.solicitud, clave=uuid4(), texto="Envíe la tabla que aplican hoy.", en=timezone.now()
        )
        return enlace.ruta()

    return preparar


def _un_correo(este: Mundo) -> str:
    archivo = Path(settings.VAR) / "correo" / "muestra.eml"
    archivo.parent.mkdir(exist_ok=True)
    archivo.write_bytes(MENSAJE)
    return reverse("demo:correo", args=[archivo.stem])


MENSAJE = (
    b"Subject: [AT-2026-000001] Recibimos su solicitud\r\nTo: enlace@demo.example\r\n"
    b"Date: Mon, 23 Nov 2026 10:00:00 -0500\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"\r\nRecibimos su solicitud.\r\n"
)


def fijo(ruta: str) -> Callable[[Mundo], str]:
    return lambda este: ruta


def _de(objeto: str, nombre: str, campo: str = "pk") -> Callable[[Mundo], str]:
    return lambda este: reverse(nombre, args=[getattr(este.objeto(objeto).fila, campo)])


E = EstadoConcepto


# --- Mail ----------------------------------------------------------------------------------------------------------
def _casilla_que_falla(este: Mundo) -> str:
    """It can't be read, its ledger does not agree, and something was set apart."""
    llegada, en = este.objeto("llegada").fila, timezone.now()
    casilla = llegada.casilla
    suya = type(casilla).objects.filter(pk=casilla.pk)
    suya.update(conexion="prueba", carpeta="Fortalecimiento", es_compartida=True)
    EstadoCasilla.objects.create(
        casilla=casilla,
        leida_en=en - timedelta(hours=2),
        falla="imap.correo.example no aceptó al usuario «mipgdistrito@correo.example» o su clave.",
        falla_desde=en - timedelta(hours=1),
        intentar_en=en + timedelta(minutes=9),
        pedida_en=en,
    )
    for dias, bien in enumerate((False, True)):
        Conciliacion.objects.create(
            casilla=casilla,
            dia=timezone.localdate() - timedelta(days=dias),
            en_servidor=1204,
            en_libro=1203,
            recuperados=1 - bien,
            faltan=[] if bien else [["Fortalecimiento", 41]],
            bien=bien,
            hecha_en=en,
        )
    falla = "Pesa 75 MB y no se trajo: está entero en la carpeta del buzón. Aquí quedan sus encabezados."
    Llegada.objects.filter(pk=llegada.pk).update(estado="apartada", falla=falla)
    return str(reverse("buzones:casilla", args=[casilla.pk]))


def _casillas_con_apartados(este: Mundo) -> str:
    _casilla_que_falla(este)
    return str(reverse("buzones:casillas"))


def _de_la_integracion(nombre: str) -> Callable[[Mundo], str]:
    return lambda este: str(reverse(f"api:{nombre}", args=[este.objeto("integracion").fila.pk]))


def _integracion_en_pausa(este: Mundo) -> str:
    """It answered, it failed and it was paused."""
    fila, en = este.objeto("integracion").fila, timezone.now()
    type(fila).objects.filter(pk=fila.pk).update(fallas_seguidas=20, pausada_en=en)
    for minutos, datos in enumerate(
        (
            {"error": "No respondió en 10 segundos."},
            {"codigo": 404, "ms": 211, "error": 'Respondió 404: {"detail":"No encontrado"}'},
            {"codigo": 204, "ms": 87},
        )
    ):
        IntentoWebhook.objects.create(
            suscripcion=fila,
            clave=f"webhook:{fila.pk}:m{48213 - minutos}",
            evento="solicitud.respondida",
            radicado="AT-2026-000123",
            en=en - timedelta(minutes=minutos),
            **datos,
        )
    return str(reverse("api:integracion", args=[fila.pk]))


def _traslado(**datos: object) -> Callable[[Mundo], str]:
    """A petition that was sent on: it waits to leave, or it left."""

    def preparar(este: Mundo) -> str:
        traslado = este.objeto("traslado").fila
        type(traslado).objects.filter(pk=traslado.pk).update(con_copia="quien.pidio@aislamiento.example", **datos)
        return reverse("buzones:trasladar", args=[traslado.correo_id])

    return preparar


def _propuesta_rechazada(este: Mundo) -> str:
    propuesta = este.objeto("propuesta").fila
    type(propuesta).objects.filter(pk=propuesta.pk).update(
        estado="rechazada",
        motivo="No trabaja en la entidad",
        decidida_en=timezone.now(),
        decidida_por=este.elenco.personas["admin_a"],
    )
    return reverse("buzones:propuesta", args=[propuesta.pk])


def _propuestas_decididas(este: Mundo) -> str:
    _propuesta_rechazada(este)
    return reverse("buzones:propuestas")


ESCENAS: dict[str, tuple[Escena, ...]] = {
    "account_change_password": (Escena("con clave", "enlace_a", _con_clave("account_change_password")),),
    "account_reauthenticate": (Escena("con clave", "enlace_a", _con_clave("account_reauthenticate")),),
    "account_reset_password_from_key": (
        Escena("enlace bueno", "anonimo", _clave_nueva, sigue=True),
        Escena("enlace gastado", "anonimo", fijo("/recuperar/1-abc-def/")),
    ),
    "mfa_index": (Escena("con segundo factor", "director_x", fijo("/cuenta/segundo-factor/")),),
    **{
        nombre: (Escena("recién confirmada", "director_x", fijo(ruta), recien=True),)
        for nombre, ruta in (
            ("mfa_deactivate_totp", "/cuenta/segundo-factor/retirar/"),
            ("mfa_view_recovery_codes", "/cuenta/segundo-factor/codigos/"),
            ("mfa_generate_recovery_codes", "/cuenta/segundo-factor/codigos/nuevos/"),
        )
    },
    "cuentas:invitacion": (
        Escena("con usuario", "anonimo", _invitada_con_usuario),
        Escena("vencida", "anonimo", fijo(f"/invitacion/{'0' * 40}/"), estado=410),
    ),
    "socialaccount_login_error": (Escena("no se pudo", "anonimo", fijo("/entrar/institucional/error/"), estado=401),),
    "solicitudes:nueva": (Escena("no puede radicar", "auditor", fijo("/solicitudes/nueva/"), estado=403),),
    "demo:correo": (Escena("un correo", "anonimo", _un_correo),),
    "atencion:accion": ACCIONES_CON_PAGINA,
    "atencion:caso": (
        Escena("en la cola", "asesor_x", _caso_en_cola),
        Escena("de la jefatura", "subdirector_x", _de("solicitud", "atencion:caso", "radicado")),
    ),
    "atencion:cola": (
        Escena("sin asignar", "asesor_x", _cola_sin_asignar),
        Escena("esperando", "asesor_x", fijo("/asesor/cola/?vista=esperando")),
    ),
    "atencion:ausencias": (Escena("una", "subdirector_x", _ausencia("ausencias")),),
    "atencion:ausencia": (Escena("cubre", "asesor_x", _ausencia("ausencia")),),
    "atencion:equipo": (Escena("uno ausente", "subdirector_x", _ausencia("equipo")),),
    "atencion:informar_asesores": (Escena("reparte por sector", "subdirector_x", _informar_asesores),),
    "atencion:sector": (Escena("reparte por sector", "subdirector_x", _sector),),
    "solicitudes:complementar": (Escena("le piden algo", "enlace_a", _espera_complemento),),
    "solicitudes:borrador": (
        Escena("recepción", "ventanilla", _recepcion),
        Escena("temas propuestos", "ventanilla", _propuestas),
        *(Escena(f"{paso} lleno", "enlace_a", _paso_lleno(paso)) for paso in ("necesidad", "detalle", "revisar")),
    ),
    "solicitudes:mias": (Escena("borradores", "enlace_a", fijo("/mis-solicitudes/?pestana=borradores")),),
    "conceptos:detalle": (
        Escena("en proyección", "asesor_x", _de("concepto", "conceptos:detalle")),
        Escena("en revisión", "revisor_x", _concepto("detalle", E.EN_REVISION)),
        Escena("enviado", "asesor_x", _de("concepto_publico", "conceptos:detalle")),
    ),
    "conceptos:por_revisar": (Escena("uno", "revisor_x", _lista("por_revisar", E.EN_REVISION)),),
    "conceptos:por_firmar": (Escena("uno", "director_x", _lista("por_firmar", E.PARA_FIRMA)),),
    "conceptos:revisar": (Escena("en revisión", "revisor_x", _concepto("revisar", E.EN_REVISION)),),
    "conceptos:devolver": (Escena("para firma", "director_x", _concepto("devolver", E.PARA_FIRMA)),),
    "conceptos:firmar": (Escena("para firma", "director_x", _concepto("firmar", E.PARA_FIRMA)),),
    "conceptos:banco": (Escena("sin resultados", "anonimo", fijo("/banco/?q=nadaseparece")),),
    "conceptos:verificar_codigo": (
        Escena("no existe", "anonimo", fijo("/verificar/0000-0000-0000-0000/"), estado=404),
    ),
    "api:integracion": (Escena("en pausa", "administrador", _integracion_en_pausa),),
    "api:crear_integracion": (
        Escena("recién confirmado", "administrador", fijo("/integraciones/crear/"), recien=True),
    ),
    **{
        f"api:{nombre}": (Escena("recién confirmado", "administrador", _de_la_integracion(nombre), recien=True),)
        for nombre in ("editar_integracion", "secreto_integracion")
    },
    "buzones:casilla": (Escena("falla", "administrador", _casilla_que_falla),),
    "buzones:casillas": (
        Escena("con apartados", "administrador", _casillas_con_apartados),
        Escena("quien audita", "auditor", _casillas_con_apartados),
    ),
    "buzones:trasladar": (
        Escena("por salir", "ventanilla", _traslado()),
        Escena("trasladada", "ventanilla", _traslado(enviado_en=timezone.now(), tardio=True)),
    ),
    "buzones:propuesta": (Escena("rechazada", "admin_a", _propuesta_rechazada),),
    "buzones:propuestas": (Escena("decididas", "admin_a", _propuestas_decididas),),
    "plazos:calculadora": (
        Escena("calculado", "anonimo", fijo("/plazos/?fecha=2026-03-27&hora=16:31&dias=10")),
        Escena("con errores", "anonimo", fijo("/plazos/?fecha=2026-02-31&hora=16:31&dias=0")),
    ),
    "solicitudes:confirmar_constancia": (
        Escena("no existe", "anonimo", fijo("/constancias/0000-0000-0000-0000/"), estado=404),
    ),
    "solicitudes:seguimiento": (
        Escena("con un mensaje", "anonimo", _seguida()),
        Escena("reservada", "anonimo", _seguida(reservada=True)),
        Escena("terminado", "anonimo", _seguida(remitente_correo="otra@aislamiento.example"), estado=410),
    ),
    "encuestas:responder": (
        Escena("respondida", "anonimo", _encuesta_respondida),
        Escena("cerrada", "anonimo", _encuesta_cerrada, estado=410),
    ),
}


def _correo_con_todo(este: Mundo) -> Correo:
    """A petition that somebody forwarded, with what may be said of it."""
    correo = este.objeto("adjunto").fila.correo
    Correo.objects.filter(pk=correo.pk).update(
        propuesta="peticion_ciudadana",
        confianza=71,
        razones=["No es de ninguna entidad registrada.", "Habla de un asunto propio: pensión, mi papá."],
        advertencias=["La fecha está mal escrita."],
        senales={"urgente": True, "pide_acuse_de_lectura": True},
        de_correo="rosa@correo.example",
        de_nombre="Rosa Elvira Cárdenas de los Ángeles",
        para=[["MIPG", "mipg@prueba.example"], ["", "ventanilla@prueba.example"]],
        asunto="Certificación laboral de mi papá, que trabajó en la Secretaría de Obras Públicas entre 1971 y 1984",
        texto="Buenas tardes.\n\nMi papá trabajó en la Secretaría de Obras Públicas.\nNecesito su certificación.\n",
        citado="El martes 7 de julio usted escribió:\n> Radique su solicitud en la ventanilla.",
        vence_traslado=timezone.localdate() + timedelta(days=3),
        fecha_dicha=timezone.now(),
    )
    return Correo.objects.get(pk=correo.pk)


def _bandeja(este: Mundo) -> str:
    correo = _correo_con_todo(este)
    Correo.objects.filter(pk=este.objeto("correo").fila.pk).update(grupo=correo)
    hecho = este.objeto("correo_reservado").fila
    Correo.objects.filter(pk=hecho.pk).update(estado="descartado", clase="spam")
    quien = este.elenco.personas["ventanilla"]
    decision = Decision.objects.create(correo=hecho, clase="spam", persona=quien, datos={"accion": "spam"})
    return f"{reverse('buzones:por_clasificar')}?correo={correo.pk}&hecho={decision.pk}"


def _correo(este: Mundo) -> str:
    return reverse("buzones:detalle", args=[_correo_con_todo(este).pk])


def _sin_correos(este: Mundo) -> str:
    Correo.objects.update(estado="descartado", clase="spam")
    return reverse("buzones:por_clasificar")


ESCENAS |= {
    "buzones:por_clasificar": (
        Escena("con todo", "ventanilla", _bandeja),
        Escena("vacía", "ventanilla", _sin_correos),
    ),
    "buzones:detalle": (Escena("con todo", "ventanilla", _correo),),
    "buzones:libro": (Escena("sin resultados", "ventanilla", fijo("/correo/?q=nadaseparece")),),
}

# The main papel of a page, where it is not the first of `visitas.ORDEN` that opens it.
PRINCIPAL = {
    "account_logout": "enlace_a",
    "mfa_reauthenticate": "director_x",
    "atencion:terminar_ausencia": "director_x",
    "conceptos:por_firmar": "director_x",
    "cuentas:enlaces": "admin_a",
    "bitacora:lista": "auditor",
    "avisos:libro": "auditor",
    "importaciones:nueva": "administrador",
    "importaciones:plantilla": "administrador",
    "buzones:llegadas": "ventanilla",
    "buzones:libro": "ventanilla",
    "buzones:detalle": "ventanilla",
    "buzones:por_clasificar": "ventanilla",
    "buzones:decidir": "ventanilla",
    "buzones:trasladar": "ventanilla",
    "buzones:propuesta": "admin_a",
    "buzones:propuestas": "admin_a",
}

# URLs that are asked with GET, belong to somebody and never draw a page with 200; with the reason.
SIN_PAGINA: dict[str, str] = {
    "avisos:eventos_correo": "la llama el proveedor de correo, no una persona: tests/avisos/test_webhooks.py",
    "buzones:entrante": "la llama el proveedor de correo, no una persona: tests/buzones/test_entrante.py",
    "preferencias": "anota la letra o el contraste y vuelve",
    "mfa_authenticate": "pide haber escrito antes la clave: tests/cuentas/test_aspecto.py",
    "mfa_download_recovery_codes": "baja un archivo de texto",
    "openid_connect_login": "solo con un proveedor configurado",
    "openid_connect_callback": "solo con un proveedor configurado",
}

# Pages that are only seen inside a frame of another, without scripts: what they say was written by strangers, and axe
# cannot run in them. Shape: page → (the page with its frame, the reason).
ENMARCADAS: dict[str, tuple[str, str]] = {
    "buzones:html": (
        "buzones:detalle",
        "es el formato de quien escribió, en un marco sin guiones: tests/seguridad/test_xss.py mira qué trae",
    ),
}


def de(nombre: str) -> tuple[Escena, ...]:
    return ESCENAS.get(nombre, ())
