"""What it answers: rules 8 to 11. Who is not party adds nothing to a solicitud, whatever the message carries."""

from dataclasses import dataclass, replace

from buzones.criterio.base import (
    NADIE_COMPROBO,
    acaba_de_responderse,
    atendido,
    con_voz,
    cuantos_van,
    es_desmentido,
    esta_comprobado,
    por_clasificar,
    son_demasiados,
    tiene_con_que,
)
from buzones.criterio.hechos import CorreoAnterior, Hechos, SolicitudConocida
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.partes import Desarmado


@dataclass(frozen=True, slots=True)
class Completa:
    """It is judged together with another one; while a person must decide, they are seen together too."""

    otro: CorreoAnterior

    def a(self, dicho: Dictamen) -> Dictamen:
        razon = f"Completa {self.otro.numero}, por el que se le preguntó."
        junto = replace(dicho, completa_id=self.otro.id, razones=(razon, *dicho.razones))
        return junto if dicho.estado == EstadoCorreo.ATENDIDO else replace(junto, grupo_id=self.otro.id)


def trae_direccion_firmada(d: Desarmado, h: Hechos) -> Dictamen | None:
    """8. It came to a reply address of ours: of one solicitud and of one person."""
    if not h.firmadas:
        return None
    primera = None
    for firmada in h.firmadas:
        suya = h.solicitudes.get(firmada.solicitud_id)
        if suya is None:
            continue
        reparo = "" if firmada.es_suya else "La dirección firmada a la que responde es de otra persona."
        reparo = reparo or _reparo(d, h, suya)
        if not reparo:
            razon = f"Respondió a la dirección firmada de {suya.radicado}."
            return _mensaje(d, h, suya, razon, firmado=True, confianza=100)
        primera = primera or _propuesto(h, suya, f"Llegó a la dirección firmada de {suya.radicado}.", reparo)
    return primera


def responde_a_otro(d: Desarmado, h: Hechos) -> Dictamen | None:
    """9. By its headers it answers a mail of ours, or follows one that was received."""
    de_cual = h.responde_a.solicitud_id if h.responde_a else None
    como = "Responde a un correo nuestro sobre {}."
    if de_cual is None and h.anterior is not None:
        de_cual, como = h.anterior.solicitud_id, "Sigue a un correo que ya es de {}."
    suya = h.solicitudes.get(de_cual) if de_cual is not None else None
    return _si_es_parte(d, h, suya, como, confianza=95) if suya else None


def completa_otro(d: Desarmado, h: Hechos) -> Completa | None:
    """10. It answers what was asked of an earlier message: what follows judges both, with the instant of the first."""
    return Completa(h.esperando) if h.esperando is not None and not es_desmentido(d) else None


def nombra_un_numero(d: Desarmado, h: Hechos) -> Dictamen | None:
    """11. Its subject has the number of a solicitud. In its text, it may be what it answers or what it only cites."""
    conocidas = [h.solicitudes[una] for una in h.nombradas if una in h.solicitudes]
    if not conocidas:
        return _la_que_dice(d, h)
    if len(conocidas) > 1:
        juntas = " y ".join(una.radicado for una in conocidas[:3])
        return _propuesto(h, conocidas[0], f"Su asunto nombra {juntas}.", "No se sabe de cuál de las dos es.")
    return _si_es_parte(d, h, conocidas[0], "Su asunto nombra {}.", complementa=False, confianza=90)


def _la_que_dice(d: Desarmado, h: Hechos) -> Dictamen | None:
    suyas = [h.solicitudes[una] for una in h.dichas if una in h.solicitudes and not _reparo(d, h, h.solicitudes[una])]
    if not suyas or h.esperando is not None:
        return None
    razones = (f"Su texto nombra {suyas[0].radicado}.", "No se sabe si sigue a esa solicitud o pide otra cosa.")
    calla = h.contesta or acaba_de_responderse(d, h) or son_demasiados(h)
    return replace(_propuesto(h, suyas[0], *razones), responder=Respuesta.NINGUNA if calla else Respuesta.RECIBIDO)


def _si_es_parte(
    d: Desarmado, h: Hechos, suya: SolicitudConocida, como: str, *, confianza: int, complementa: bool = True
) -> Dictamen:
    razon, reparo = como.format(suya.radicado), _reparo(d, h, suya)
    if not reparo and son_demasiados(h) and not esta_comprobado(d):
        reparo = cuantos_van(h)
    if reparo:
        return _propuesto(h, suya, razon, reparo)
    return _mensaje(d, h, suya, razon, firmado=False, confianza=confianza, puede_completar=complementa)


def _reparo(d: Desarmado, h: Hechos, suya: SolicitudConocida) -> str:
    """Why it is not added without asking; '' when it may."""
    if not d.de_seguro:
        return "El remitente no se pudo leer con seguridad."
    if es_desmentido(d):
        return "El servidor comprobó que no viene de quien dice (DMARC)."
    if not suya.es_parte:
        return f"Quien escribe no es parte de {suya.radicado}."
    if suya.hasta is not None and h.dia > suya.hasta:
        return f"{suya.radicado} se cerró hace más de 90 días."
    return ""


def _mensaje(
    d: Desarmado,
    h: Hechos,
    suya: SolicitudConocida,
    razon: str,
    *,
    firmado: bool,
    confianza: int,
    puede_completar: bool = True,
) -> Dictamen:
    probado = firmado or esta_comprobado(d)
    return atendido(
        h,
        Clase.MENSAJE,
        razon,
        "Quien escribe es parte de ella.",
        confianza=confianza,
        solicitud_id=suya.id,
        entidad_id=suya.entidad_id,
        autor_id=con_voz(h) if probado else None,
        complementa=puede_completar and suya.esperan == 1 and tiene_con_que(d, h),
        dependencias=suya.dependencias,
        reservado=suya.reservada,
        advertencias=() if probado else (NADIE_COMPROBO,),
    )


def _propuesto(h: Hechos, suya: SolicitudConocida, *razones: str) -> Dictamen:
    return por_clasificar(
        h,
        *razones,
        propuesta=Clase.MENSAJE,
        confianza=50,
        solicitud_propuesta_id=suya.id,
        dependencias=tuple(dict.fromkeys((*h.dependencias, *suya.dependencias))),
        reservado=suya.reservada,
        grupo_id=h.grupo_id if son_demasiados(h) else None,
    )
