"""Each action of a plan and the service that does it: the same that a page calls."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone

from alcance import como_sistema
from archivos.services import recibir
from conceptos import services as conceptos
from conceptos.estados import Audiencia
from conceptos.models import Concepto, Version
from demo.simulacion import numeros
from demo.simulacion.historias import Historia, Paso
from demo.simulacion.reparto import Reparto
from documentos import codigos
from encuestas import services as encuestas
from encuestas.models import Encuesta
from plazos.reloj import ahora
from solicitudes.models import Actuacion, Mensaje, Parte, Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, empezar_a_atender, mover, radicar, reasignar
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from solicitudes.services.archivos import adjuntar, adjuntar_recibidos
from solicitudes.services.cola import asignar
from solicitudes.services.constancias import emitir_constancia
from solicitudes.services.conversacion import cerrar_con_resultado, escribir_mensaje, pedir_complemento, responder
from solicitudes.services.entidad import responder_complemento, retirar
from solicitudes.services.salidas import (
    declarar_no_competencia,
    marcar_duplicada,
    reabrir,
    trasladar,
    trasladar_fuera,
)
from solicitudes.services.transiciones import NoSePuede

POR_TELEFONO = {"telefono": "Llamada atendida en la ventanilla", "presencial": "Oficio entregado en la ventanilla"}
MAS_TARDE = 10  # hours that a session waits for its asesor to be free
NOMBRES_DE_ARCHIVO = ("Oficio de solicitud", "Acta del comité", "Anexo técnico", "Informe de soporte", "Inventario")


class Escena:
    """One story being played. `solicitud` and `partes` are read when they are needed: others may have moved them."""

    def __init__(self, historia: Historia, reparto: Reparto) -> None:
        self.historia, self.reparto = historia, reparto
        self._solicitud: Solicitud | None = None

    def hacer(self, paso: Paso) -> None:
        """Do one step as its person at its instant. Raises ValidationError when the services refuse it."""
        persona = self.reparto.quien(self.historia, paso.quien)
        with self.reparto.como(persona, paso.cuando):
            ACCIONES[paso.accion](self, paso)

    @property
    def solicitud(self) -> Solicitud:
        if self._solicitud is None:
            with como_sistema("leer la solicitud de la simulación"):
                self._solicitud = Solicitud.objects.get(clave_radicacion=self.historia.clave())
        return self._solicitud

    def parte(self, paso: Paso) -> Parte:
        """The parte as it is now. Its dependencia may have changed; its place among its sisters has not."""
        with como_sistema("leer la parte de la simulación"):
            partes = Parte.objects.filter(solicitud=self.solicitud).order_by("-lidera", "id")
            return partes.select_related("dependencia", "modalidad", "solicitud", "entidad")[paso.parte]

    def clave(self, paso: Paso) -> Any:
        return self.historia.clave(f"{paso.accion}:{paso.parte}:{paso.cuando.isoformat()}")

    def concepto(self, paso: Paso) -> Concepto:
        return Concepto.objects.select_related("solicitud", "parte", "dependencia").get(parte=self.parte(paso))

    def ultima(self, paso: Paso) -> Version:
        return Version.objects.filter(concepto__parte=self.parte(paso)).order_by("-numero")[0]

    def congelada(self, paso: Paso) -> Version:
        congeladas = Version.objects.filter(concepto__parte=self.parte(paso), congelada_en__isnull=False)
        return congeladas.order_by("-numero")[0]

    def archivos(self, paso: Paso, cuantos: int) -> list[SimpleUploadedFile]:
        return [un_pdf(f"{self.historia.id}:{paso.accion}:{n}") for n in range(cuantos)]


def un_pdf(semilla: str) -> SimpleUploadedFile:
    """A small PDF of its own."""
    salida, documento = BytesIO(), pikepdf.new()
    documento.add_blank_page()
    documento.docinfo["/Subject"] = semilla
    documento.save(salida, deterministic_id=True)
    nombre = NOMBRES_DE_ARCHIVO[sum(semilla.encode()) % len(NOMBRES_DE_ARCHIVO)]
    return SimpleUploadedFile(f"{nombre}.pdf", salida.getvalue(), content_type="application/pdf")


# --- Arrival -------------------------------------------------------------------------------------------------------
def _radicar(escena: Escena, paso: Paso) -> None:
    h, r = escena.historia, escena.reparto
    datos = DatosSolicitud(
        entidad=r.entidades[h.entidad],
        asunto=h.asunto,
        necesidad=h.necesidad,
        temas=[r.temas[tema] for parte in h.partes for tema in parte.temas],
        modalidad=r.modalidades[h.modalidad],
        preguntas=h.preguntas,
        reservada=h.reservada,
        motivo_reserva="La entidad pidió reserva" if h.reservada else "",
    )
    with numeros.en_su_lugar(timezone.localtime(paso.cuando).year, h.numero):
        solicitud = radicar(clave=h.clave(), datos=datos, recepcion=_recepcion(escena))
    subidos = escena.archivos(paso, h.archivos)
    if _no_la_abre(solicitud):
        _guardar(subidos, solicitud)
    else:
        adjuntar(solicitud=solicitud, subidos=subidos)
    emitir_constancia(solicitud=solicitud)
    escena._solicitud = solicitud


def _no_la_abre(solicitud: Solicitud) -> bool:
    """Whoever registered a reserved one does not open it any more: its files are kept as those of a mail. It may be
    reserved for its theme, and not because the story asked."""
    return solicitud.reservada and solicitud.canal != Solicitud.Canal.PORTAL


def _guardar(subidos: Sequence[UploadedFile], solicitud: Solicitud, **lugar: Any) -> None:
    adjuntar_recibidos(solicitud=solicitud, recibidos=[recibir(uno) for uno in subidos], **lugar)


def _recepcion(escena: Escena) -> Recepcion:
    h, r = escena.historia, escena.reparto
    if h.canal == "portal":
        return Recepcion(radicada_por=r.quien(h, ""))
    numero = f"1-{timezone.localtime(h.recibida).year}-{10000 + h.numero}"
    return Recepcion(
        canal=h.canal,
        recibido_en=h.recibida,
        registrada_por=r.quien(h, ""),
        remitente_nombre=h.contacto,
        remitente_cargo=h.cargo,
        remitente_correo=h.correo,
        evidencia=POR_TELEFONO.get(h.canal, f"Registro {h.id} del canal {Solicitud.Canal(h.canal).label.lower()}"),
        siga_entrada=numero if h.canal == "siga" else "",
    )


# --- Queue ---------------------------------------------------------------------------------------------------------
def _tomar(escena: Escena, paso: Paso) -> None:
    parte = escena.parte(paso)
    try:
        empezar_a_atender(parte=parte, **paso.datos)
    except NoSePuede as falla:
        # Somebody who uses the portal meanwhile registered an older one: it goes on, and says why.
        if falla.code != "fuera_de_orden":
            raise
        empezar_a_atender(parte=parte, codigo="disponibilidad", motivo="Ya estaba acordada con la entidad")


def _asignar(escena: Escena, paso: Paso) -> None:
    asignar(parte=escena.parte(paso), asesor=escena.reparto.personas[paso.datos["a"]])


def _reasignar(escena: Escena, paso: Paso) -> None:
    asesor = escena.reparto.personas[paso.datos["a"]]
    reasignar(parte=escena.parte(paso), asesor=asesor, motivo=paso.datos["motivo"])


def _trasladar(escena: Escena, paso: Paso) -> None:
    r, d = escena.reparto, paso.datos
    trasladar(
        parte=escena.parte(paso),
        dependencia=r.dependencias[d["dependencia"]],
        tema=r.temas[d["tema"]],
        motivo=d["motivo"],
    )


def _mover(accion: str) -> Callable[[Escena, Paso], None]:
    def hacer(escena: Escena, paso: Paso) -> None:
        mover(parte=escena.parte(paso), accion=accion, motivo=paso.datos["motivo"])

    return hacer


# --- Talk ----------------------------------------------------------------------------------------------------------
def _escribir(tipo: str) -> Callable[[Escena, Paso], None]:
    def hacer(escena: Escena, paso: Paso) -> None:
        parte = escena.parte(paso) if paso.quien else None
        texto = paso.datos["texto"]
        escribir_mensaje(solicitud=escena.solicitud, texto=texto, clave=escena.clave(paso), tipo=tipo, parte=parte)

    return hacer


def _pedir(escena: Escena, paso: Paso) -> None:
    pedir_complemento(parte=escena.parte(paso), texto=paso.datos["texto"], clave=escena.clave(paso))


def _complementar(escena: Escena, paso: Paso) -> None:
    clave, subidos = escena.clave(paso), escena.archivos(paso, paso.datos["archivos"])
    parte = escena.parte(paso)
    aparte = _no_la_abre(parte.solicitud)
    movida = responder_complemento(
        parte=parte, texto=paso.datos["texto"], clave=clave, archivos=() if aparte else subidos
    )
    if aparte:
        with como_sistema("leer la respuesta que la ventanilla registró"):
            mensaje = Mensaje.objects.get(clave=clave)
        _guardar(subidos, parte.solicitud, mensaje=mensaje, parte=movida)


# --- Sessions and plain answers ------------------------------------------------------------------------------------
def _programar(escena: Escena, paso: Paso) -> None:
    """At the hour planned, or the first one after it in which the asesor has no other session."""
    parte, datos = escena.parte(paso), _sesion(escena, paso)
    for horas in range(MAS_TARDE):
        try:
            cuando = paso.datos["para"] + timedelta(hours=horas)
            registrar_actuacion(parte=parte, datos=datos | {"programada_para": cuando})
        except ValidationError as falla:
            if horas + 1 == MAS_TARDE or "programada_para" not in getattr(falla, "error_dict", {}):
                raise
        else:
            return


def _sesion(escena: Escena, paso: Paso) -> dict[str, Any]:
    h = escena.historia
    return {
        "modalidad": escena.reparto.modalidades[paso.datos["forma"]],
        "medio": paso.datos["medio"],
        "lugar": paso.datos["lugar"],
        "asunto": h.asunto[:200],
        "participantes": [{"nombre": h.contacto, "cargo": h.cargo}],
    }


def _realizar(escena: Escena, paso: Paso) -> None:
    d = paso.datos
    fin = d.get("fin", paso.cuando)
    hecho = {
        "estado": Actuacion.Estado.REALIZADA,
        "inicio": d.get("inicio", max(fin - timedelta(minutes=40), escena.historia.recibida)),
        "fin": fin,
        "resultado": d["resultado"],
        "productos": d["productos"],
    }
    parte = escena.parte(paso)
    if d.get("directa"):
        registrar_actuacion(parte=parte, datos=_sesion(escena, paso) | hecho)
    else:
        cambiar_actuacion(actuacion=_programada(parte), cambios=hecho)


def _programada(parte: Parte) -> Actuacion:
    return Actuacion.objects.filter(parte=parte, estado=Actuacion.Estado.PROGRAMADA).latest("id")


def _cancelar(escena: Escena, paso: Paso) -> None:
    cambios = {"estado": Actuacion.Estado.CANCELADA, "motivo_cancelacion": paso.datos["motivo"]}
    cambiar_actuacion(actuacion=_programada(escena.parte(paso)), cambios=cambios)


def _cerrar(escena: Escena, paso: Paso) -> None:
    parte = escena.parte(paso)
    adjuntar(solicitud=escena.solicitud, subidos=escena.archivos(paso, paso.datos.get("archivos", 0)), parte=parte)
    cerrar_con_resultado(parte=parte, resultado=paso.datos["resultado"])
    encuestas.abrir_encuesta(solicitud=escena.solicitud)


def _responder(escena: Escena, paso: Paso) -> None:
    responder(parte=escena.parte(paso), texto=paso.datos["texto"], clave=escena.clave(paso))
    encuestas.abrir_encuesta(solicitud=escena.solicitud)


# --- Other endings -------------------------------------------------------------------------------------------------
def _duplicar(escena: Escena, paso: Paso) -> None:
    with como_sistema("leer la principal de la duplicada"):
        clave = Historia.clave_de(paso.datos["principal"])
        principal = Solicitud.objects.get(clave_radicacion=clave)
    marcar_duplicada(parte=escena.parte(paso), principal=principal, motivo=paso.datos["motivo"])


def _retirar(escena: Escena, paso: Paso) -> None:
    retirar(solicitud=escena.solicitud, motivo=paso.datos["motivo"])


def _enviar_fuera(escena: Escena, paso: Paso) -> None:
    trasladar_fuera(parte=escena.parte(paso), **paso.datos)


def _no_competencia(escena: Escena, paso: Paso) -> None:
    declarar_no_competencia(parte=escena.parte(paso), respuesta=paso.datos["respuesta"], clave=escena.clave(paso))


def _reabrir(escena: Escena, paso: Paso) -> None:
    reabrir(parte=escena.parte(paso), motivo=paso.datos["motivo"])


# --- Conceptos -----------------------------------------------------------------------------------------------------
def _proyectar(escena: Escena, paso: Paso) -> None:
    concepto = conceptos.empezar(parte=escena.parte(paso))
    numero = numeros.de_concepto(*escena.historia.numeros_concepto[paso.parte])
    Concepto.objects.filter(pk=concepto.pk).update(numero=numero, codigo=codigos.nuevo())
    version = escena.ultima(paso)
    conceptos.guardar(concepto=concepto, visto=version.guardado, escrito=_texto(escena, version))
    conceptos.enviar(concepto=concepto)


def _texto(escena: Escena, version: Version) -> dict[str, Any]:
    h, quien = escena.historia, escena.reparto.entidades[escena.historia.entidad].nombre
    uno, otro = h.respuestas[0], h.respuestas[-1]
    preguntas = version.contenido["respuestas"]
    tema = escena.reparto.temas[h.partes[0].temas[0]].nombre
    return {
        "asunto": h.asunto,
        "respuesta_corta": uno,
        "antecedentes": f"{quien} expuso lo siguiente: {h.necesidad[:600]}",
        "respuestas": [
            f"{uno if n % 2 == 0 else otro} Deje constancia en acta firmada y conserve los soportes en el expediente."
            for n, _ in enumerate(preguntas)
        ],
        "marco_normativo": "\n".join(f"- {norma}" for norma in h.normas),
        "normas": h.normas,
        "analisis": (
            "Se revisaron los documentos enviados y la normativa vigente. Los hechos descritos corresponden a los "
            f"supuestos de la norma. No se encontraron conceptos anteriores en sentido contrario.\n\n{otro}\n\n"
            f"El tema consultado es «{tema}»."
        ),
        "conclusiones": f"1. {uno}\n2. La entidad debe documentar cada paso.",
        "recomendaciones": "Programe una mesa de trabajo con el equipo técnico antes de iniciar.",
    }


def _devolver(escena: Escena, paso: Paso) -> None:
    conceptos.devolver(
        concepto=escena.concepto(paso), sha256_visto=escena.congelada(paso).sha256, motivo=paso.datos["motivo"]
    )


def _corregir(escena: Escena, paso: Paso) -> None:
    concepto, version = escena.concepto(paso), escena.ultima(paso)
    conclusiones = version.contenido["conclusiones"] + "\n3. Debe publicar el resultado en su página."
    conceptos.guardar(concepto=concepto, visto=version.guardado, escrito={"conclusiones": conclusiones})
    conceptos.enviar(concepto=concepto)


def _aprobar(escena: Escena, paso: Paso) -> None:
    conceptos.aprobar(concepto=escena.concepto(paso), sha256_visto=escena.congelada(paso).sha256)


def _firmar(escena: Escena, paso: Paso) -> None:
    """Signed, sealed and delivered at once: what the worker does in seconds must not wait for it here."""
    reservada = escena.historia.reservada
    firma = conceptos.firmar(
        concepto=escena.concepto(paso),
        sha256_visto=escena.congelada(paso).sha256,
        audiencia=Audiencia.RESERVADO if reservada else paso.datos["audiencia"],
        motivo_audiencia="La solicitud es reservada" if reservada else "",
        segundo_factor_en=ahora(),
    )
    conceptos.sellar(firma_id=firma.pk)
    encuestas.abrir_encuesta(solicitud=escena.solicitud)


# --- Survey --------------------------------------------------------------------------------------------------------
def _encuesta(escena: Escena, paso: Paso) -> None:
    with como_sistema("leer la encuesta de la simulación"):
        encuesta = Encuesta.objects.get(solicitud=escena.solicitud)
    encuestas.responder(token=encuesta.token(), respuestas=paso.datos)


def _cerrar_encuesta(escena: Escena, paso: Paso) -> None:
    with como_sistema("leer la encuesta de la simulación"):
        encuesta = Encuesta.objects.get(solicitud=escena.solicitud)
    encuestas.cerrar_sin_respuesta(encuesta=encuesta)


ACCIONES: dict[str, Callable[[Escena, Paso], None]] = {
    "radicar": _radicar,
    "tomar": _tomar,
    "asignar": _asignar,
    "reasignar": _reasignar,
    "trasladar": _trasladar,
    "liberar": _mover("liberar"),
    "retomar": _mover("retomar"),
    "escribir": _escribir(Mensaje.Tipo.MENSAJE),
    "anotar": _escribir(Mensaje.Tipo.NOTA),
    "pedir": _pedir,
    "complementar": _complementar,
    "programar": _programar,
    "realizar": _realizar,
    "cancelar": _cancelar,
    "cerrar": _cerrar,
    "responder": _responder,
    "duplicar": _duplicar,
    "retirar": _retirar,
    "enviar_fuera": _enviar_fuera,
    "no_competencia": _no_competencia,
    "reabrir": _reabrir,
    "proyectar": _proyectar,
    "devolver": _devolver,
    "corregir": _corregir,
    "aprobar": _aprobar,
    "firmar": _firmar,
    "encuesta": _encuesta,
    "cerrar_encuesta": _cerrar_encuesta,
}
