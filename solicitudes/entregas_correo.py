"""An address that no longer receives: whoever can mend it is told, and whose it is sees it in the portal.

By mail nothing reaches them, and in nobody else's hands is it: who attends each open solicitud corrects the address of
who asked in it; who administers the users of the entidad, or the portal, that of an account.
"""

from django.urls import reverse

from avisos.carta import Carta
from avisos.models import Envio
from avisos.services import avisar, dejar_aviso
from bandeja.models import Entrega
from bandeja.services import manejador
from direcciones.ausencias import con_rol, de_turno
from direcciones.models import Membresia, Persona
from direcciones.roles import Rol
from solicitudes.destinatarios import Destino, del_personal
from solicitudes.models import Parte

DE_LA_PARTE = ("solicitud", "asesor", "dependencia__padre")
CAUSAS = {
    "rebote": "Los correos que le enviamos rebotan.",
    "queja": "Marcó nuestros correos como no deseados: solo le enviamos los que ordena la ley.",
}


@manejador("avisos.direccion_mala")
def pedir_que_la_corrijan(entrega: Entrega) -> None:
    correo, causa = entrega.destinatario, CAUSAS[entrega.carga["causa"]]
    persona = Persona.objects.filter(correo__iexact=correo, is_active=True).first()
    if persona is not None:
        _decirle(entrega, persona, causa)
    avisados = _avisar_a_quien_atiende(entrega, correo, causa)
    if persona is not None or not avisados:
        _avisar_a_quien_administra(entrega, persona, correo, causa)


@manejador("avisos.no_llego")
def decir_que_no_llego(entrega: Entrega) -> None:
    """A mail that the law orders and that came back, or did not leave because its address bounces."""
    envio = Envio.objects.get(pk=entrega.carga["envio"])
    parte = Parte.objects.filter(solicitud=entrega.solicitud_id, lidera=True).select_related(*DE_LA_PARTE).first()
    no_salio = envio.desenlace == Envio.Desenlace.RECHAZADO
    que = f"para {envio.correo} no salió" if no_salio else f"que enviamos a {envio.correo} volvió"
    carta = Carta(
        asunto=(f"[{parte.solicitud.radicado}] " if parte else "") + "Un aviso de ley no llegó",
        que_paso=f"El correo «{envio.que}» {que}: {(envio.motivo or 'no dice por qué').rstrip('.')}.",
        que_hacer="Avísele por otro medio y déjelo escrito en una nota.",
        boton="Ver los avisos de la solicitud" if parte else "Ver los avisos enviados",
        ruta=reverse("atencion:avisos", args=[parte.solicitud.radicado]) if parte else reverse("avisos:libro"),
    )
    for quien in (_responsables(parte) if parte else []) or de_turno(Rol.ADMINISTRADOR):
        avisar(
            persona=quien,
            carta=carta,
            clave=entrega.clave_idempotencia,
            solicitud_id=entrega.solicitud_id,
            evento="solicitudes.direccion_mala",
        )


def _decirle(entrega: Entrega, persona: Persona, causa: str) -> None:
    """Only in the portal: there they may read it."""
    carta = Carta(
        asunto="Nuestros correos no le llegan",
        que_paso=f"{causa} Sus avisos quedan aquí.",
        que_hacer="Pida a quien administra el portal que corrija su dirección.",
        ruta=reverse("cuentas:datos"),
    )
    dejar_aviso(persona=persona, carta=carta, clave=entrega.clave_idempotencia)


def _avisar_a_quien_atiende(entrega: Entrega, correo: str, causa: str) -> int:
    """Of each open solicitud that was being told to that address. Returns to how many people."""
    de_ellas = Parte.objects.abiertas().filter(solicitud__in=entrega.carga["solicitudes"], lidera=True)
    avisados = set()
    for parte in de_ellas.select_related(*DE_LA_PARTE).order_by("id"):
        radicado = parte.solicitud.radicado
        con_usuario = parte.solicitud.radicada_por_id is not None
        carta = Carta(
            asunto=f"[{radicado}] No pudimos escribirle a quien la pide",
            que_paso=f"{causa} Su dirección es {correo}.",
            que_hacer="Avísele por otro medio y pida que corrijan el correo de su usuario."
            if con_usuario
            else "Consiga su correo por otro medio y corríjalo: lo que no llegó sale de nuevo.",
            boton="Ver los avisos de la solicitud",
            ruta=reverse("atencion:avisos", args=[radicado]),
        )
        for quien in _responsables(parte):
            clave = f"{entrega.clave_idempotencia}:{parte.pk}"
            avisar(
                persona=quien,
                carta=carta,
                clave=clave,
                solicitud_id=parte.solicitud_id,
                evento="solicitudes.direccion_mala",
            )
            avisados.add(quien.pk)
    return len(avisados)


def _responsables(parte: Parte) -> list[Persona]:
    return list(del_personal(Destino.RESPONSABLE, parte).personas)


def _avisar_a_quien_administra(entrega: Entrega, persona: Persona | None, correo: str, causa: str) -> None:
    """Who corrects the address of any account; and the administrators of their entidad, who know them."""
    que_paso = f"{causa} Es {persona.nombre if persona else 'alguien sin usuario'}, {correo}."
    del_portal = Carta(
        asunto="No pudimos escribirle a una persona",
        que_paso=que_paso,
        que_hacer="Corrija su correo: lo que no llegó sale de nuevo. Si ya recibe, dígalo en Direcciones que rebotan.",
        boton="Ver la persona" if persona else "Ver las direcciones que rebotan",
        ruta=reverse("cuentas:usuario", args=[persona.pk]) if persona else reverse("avisos:direcciones"),
    )
    de_la_entidad = Carta(
        asunto="No pudimos escribirle a una persona de su entidad",
        que_paso=que_paso,
        que_hacer="Pídale su correo de hoy y escríbalo a quien administra el portal: él lo corrige.",
    )
    for carta, quienes in ((del_portal, de_turno(Rol.ADMINISTRADOR)), (de_la_entidad, _de_su_entidad(persona))):
        for quien in quienes:
            if persona is None or quien.pk != persona.pk:
                avisar(
                    persona=quien,
                    carta=carta,
                    clave=f"{entrega.clave_idempotencia}:administra",
                    evento="solicitudes.direccion_mala",
                )


def _de_su_entidad(persona: Persona | None) -> list[Persona]:
    if persona is None:
        return []
    suyas = Membresia.objects.activas().filter(persona=persona, entidad__isnull=False).values("entidad")
    return con_rol(Rol.ADMIN_ENTIDAD, entidad__in=suyas)
