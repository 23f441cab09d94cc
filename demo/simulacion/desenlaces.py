"""What follows once somebody attends a parte for good, until its survey: nothing here waits in any queue."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from django.utils import timezone

from demo.simulacion import textos
from demo.simulacion.faltas import Faltas
from demo.simulacion.historias import Historia
from demo.simulacion.llegadas import a_las
from demo.simulacion.mundo import Mundo
from plazos.calendario import Calendario

PRESENCIALES = {"visita", "jornada", "taller"}
SALAS = ("Sede de la entidad, sala de juntas", "Archivo de Bogotá, aula 2")
ESCRITAS = {"publicacion", "impreso", "respuesta"}
PRODUCTOS = {
    "visita": ["Informe de la visita", "Registro fotográfico"],
    "mesa": ["Acta de la mesa", "Compromisos con fechas"],
    "jornada": ["Lista de asistencia", "Presentación de la jornada"],
    "taller": ["Lista de asistencia", "Guía del taller"],
    "revision": ["Documento con observaciones"],
    "comision": ["Valoración de la invitación"],
}
Q = TypeVar("Q")
DEMORA = 0.06  # of those that are answered some days late


class Agenda:
    """Working hours of each person: nobody does anything on a day they are away."""

    def __init__(self, calendario: Calendario, faltas: Faltas) -> None:
        self.calendario, self.faltas = calendario, faltas

    def habil(self, desde: datetime, dias: int, azar: Random, quien: str = "") -> datetime:
        """Some business days after, at a working hour when that person is there. 0 days: later the same day."""
        return self.cuando(desde, dias, azar, lambda dia: not quien or self.faltas.esta(quien, dia))[0]

    def cuando(self, desde: datetime, dias: int, azar: Random, quien: Callable[[date], Q]) -> tuple[datetime, Q]:
        """The same, when there is somebody to do it: at which instant, and who."""
        dia = timezone.localdate(desde)
        if dias == 0 and (hoy := quien(dia)):
            return desde + timedelta(minutes=azar.randint(5, 50)), hoy
        dia = self.calendario.sumar_habiles(dia, max(dias, 1))
        while not (alguien := quien(dia)):
            dia = self.calendario.siguiente_habil(dia)
        return a_las(dia, azar.randint(8 * 60, 16 * 60), azar.randint(0, 59)), alguien


def continuar(agenda: Agenda, mundo: Mundo, historia: Historia, parte: int, t: datetime, azar: Random) -> None:
    """The steps from the taking to the end, whatever the date: `plan` cuts them at today."""
    if historia.tope == "tomar":
        return
    _Desenlace(agenda, mundo, historia, parte, azar).correr(t)


class _Desenlace:
    def __init__(self, agenda: Agenda, mundo: Mundo, historia: Historia, parte: int, azar: Random) -> None:
        self.agenda, self.mundo, self.historia, self.parte, self.azar = agenda, mundo, historia, parte, azar
        suya = historia.partes[parte]
        self.asesor, self.dependencia = suya.asesor, suya.dependencia

    def _en(self, t: datetime, desde: int, hasta: int, quien: str | None = None) -> datetime:
        return self.agenda.habil(
            t, self.azar.randint(desde, hasta), self.azar, self.asesor if quien is None else quien
        )

    def _quien(self, t: datetime, desde: int, hasta: int, quien: Callable[[str, date], str]) -> tuple[datetime, str]:
        """When there is somebody of that place to do it, and who."""
        dias = self.azar.randint(desde, hasta)
        return self.agenda.cuando(t, dias, self.azar, lambda dia: quien(self.dependencia, dia))

    def _responde(self, dependencia: str, dia: date) -> str:
        """The asesor or, while away, whoever covers them; what is reserved waits for them."""
        quien = self.agenda.faltas.responde(self.asesor, dia)
        return quien if quien == self.asesor or not self.historia.reservada else ""

    def _paso(self, t: datetime, accion: str, quien: str | None = None, **datos: object) -> None:
        self.historia.paso(t, accion, self.asesor if quien is None else quien, self.parte, **datos)

    def correr(self, t: datetime) -> None:
        historia, azar = self.historia, self.azar
        salida = {
            "duplicada": self._duplicada,
            "retirada": self._retirada,
            "fuera": self._fuera,
            "no_competencia": self._no_competencia,
        }.get(historia.destino)
        if salida is not None:
            salida(t)
            return
        t = t if historia.tope else self._conversar(t)
        if historia.tope == "pedir" or (historia.destino == "complemento" and self.parte == 0):
            t = self._complemento(t)
        if azar.random() < DEMORA and not historia.tope:
            t = self._en(t, 5, 12)
        # Who only helps answers in writing or in a session: the concepto is of the one who leads.
        forma = historia.forma if self.parte == 0 or historia.forma != "concepto" else "respuesta"
        if forma == "concepto":
            t = self._concepto(t)
        elif forma in ESCRITAS:
            t = self._escrita(t)
        else:
            t = self._sesion(forma, t)
        self.historia.partes[self.parte].cerrada = None if historia.tope else t

    # --- Endings that are no answer ----------------------------------------------------------------------------
    def _duplicada(self, t: datetime) -> None:
        motivo = "Pide lo mismo que la anterior de la entidad"
        self._paso(self._en(t, 0, 1), "duplicar", motivo=motivo, principal=self.historia.principal)

    def _retirada(self, t: datetime) -> None:
        self._paso(self._en(t, 1, 3, ""), "retirar", "", motivo=self.azar.choice(textos.MOTIVOS_RETIRO))

    def _fuera(self, t: datetime) -> None:
        destino, motivo = self.azar.choice(textos.DESTINOS)
        self._paso(*self._jefatura(t, "enviar_fuera"), destino=destino, motivo=motivo)

    def _no_competencia(self, t: datetime) -> None:
        texto = self.azar.choice(textos.NO_COMPETENCIA)
        if self.historia.id.startswith("EJ-"):
            texto = "Es una petición de información: se responde por el canal de peticiones, con su propio plazo."
        self._paso(*self._jefatura(t, "no_competencia"), respuesta=texto)

    def _jefatura(self, t: datetime, accion: str) -> tuple[datetime, str, str]:
        cuando, jefe = self._quien(t, 1, 3, self.agenda.faltas.jefe)
        return cuando, accion, jefe

    # --- Talk --------------------------------------------------------------------------------------------------
    def _conversar(self, t: datetime) -> datetime:
        azar = self.azar
        if azar.random() < 0.55:
            t = self._en(t, 0, 0)
            self._paso(t, "escribir", texto=azar.choice(textos.SALUDOS))
            if azar.random() < 0.25 and self.historia.canal == "portal":
                t = self._en(t, 0, 1, "")
                self._paso(t, "escribir", "", texto=azar.choice(textos.MENSAJES_ENTIDAD))
        if azar.random() < 0.13:
            t = self._en(t, 0, 0)
            self._paso(t, "anotar", texto=azar.choice(textos.NOTAS))
        return t

    def _complemento(self, t: datetime) -> datetime:
        """Most answer within two weeks; some at the edge of the month, some never."""
        t, quien = self._quien(t, 0, 1, self._responde)
        self._paso(t, "pedir", quien, texto=self.azar.choice(textos.COMPLEMENTOS))
        if self.azar.random() < 0.12:
            t, quien = self._quien(t + timedelta(days=31), 1, 1, self._responde)
            self._paso(t, "retomar", quien, motivo="Venció el plazo que se dio a la entidad")
            return t
        t = self._en(t, *((1, 5) if self.azar.random() < 0.75 else (12, 17)), "")
        archivos = 1 if self.azar.random() < 0.3 else 0
        self._paso(t, "complementar", "", texto=self.azar.choice(textos.RESPUESTAS_ENTIDAD), archivos=archivos)
        return t

    # --- Answers -----------------------------------------------------------------------------------------------
    def _concepto(self, t: datetime) -> datetime:
        faltas = self.agenda.faltas
        t = self._en(t, 1, 1 if self.historia.tope else 4)
        self._paso(t, "proyectar")
        if self.historia.tope != "proyectar" and (self.azar.random() < 0.2 or self.historia.tope == "devolver"):
            t, quien = self._quien(t, 1, 1, faltas.revisa)
            self._paso(t, "devolver", quien, motivo="Precisar la conclusión segunda y la norma")
            t = self._en(t, 1, 1)
            self._paso(t, "corregir")
        t, quien = self._quien(t, 1, 1, faltas.revisa)
        self._paso(t, "aprobar", quien)
        t, quien = self._quien(t, 1, 2, lambda lugar, dia: faltas.firma(lugar, dia, self.asesor))
        audiencia = self.azar.choices(("publico", "sda", "entidades"), (60, 25, 15))[0]
        self._paso(t, "firmar", quien, audiencia=audiencia)
        return t

    def _escrita(self, t: datetime) -> datetime:
        t, quien = self._quien(t, 1, 4, self._responde)
        self._escribe_respuesta(t, quien)
        return self._reabrir(t)

    def _escribe_respuesta(self, t: datetime, quien: str) -> None:
        texto = (
            f"En respuesta a su solicitud «{self.historia.asunto}»: {self.azar.choice(self.historia.respuestas)} "
            "Quedamos atentos a lo que necesite."
        )
        self._paso(t, "responder", quien, texto=texto)
        self.historia.partes[self.parte].cerrada = t

    def _sesion(self, forma: str, t: datetime) -> datetime:
        azar, datos = self.azar, self._como_es(forma)
        if forma == "asesoria" and azar.random() < 0.4:  # it was on the telephone, the same day: only written down
            t = self._en(t, 1, 3)
            self._paso(t, "realizar", **datos, directa=True, **self._que_quedo(forma))
            self._paso(t + timedelta(minutes=4), "cerrar", resultado=self._resultado(forma))
            return self._reabrir(t + timedelta(minutes=4))
        t = self._en(t, 0, 1)
        para = _en_punto(self._en(t, 2, 4))
        self._paso(t, "programar", **datos, para=para)
        if azar.random() < 0.08:
            cuando = para - timedelta(hours=3) if para - t > timedelta(hours=5) else para
            self._paso(cuando, "cancelar", motivo="La entidad pidió aplazarla por agenda de su comité")
            t, para = cuando, _en_punto(self._en(para, 2, 4))
            self._paso(t + timedelta(minutes=20), "programar", **datos, para=para)
        fin = para + timedelta(minutes=azar.choice((60, 90, 120)))
        self._paso(fin + timedelta(minutes=15), "realizar", inicio=para, fin=fin, **self._que_quedo(forma))
        t, quien = self._quien(fin + timedelta(minutes=20), 0, 1, self._responde)
        self._paso(t, "cerrar", quien, resultado=self._resultado(forma), archivos=1 if azar.random() < 0.08 else 0)
        return self._reabrir(t)

    def _como_es(self, forma: str) -> dict[str, object]:
        azar = self.azar
        if forma in PRESENCIALES or azar.random() < 0.15:
            medio, lugar = (
                "presencial",
                azar.choice(SALAS),
            )
        elif forma == "asesoria" and azar.random() < 0.35:
            medio, lugar = "telefonica", f"601 381 30 00, extensión {azar.randint(1100, 1999)}"
        else:
            medio, lugar = "virtual", f"https://reunion.example/{azar.randint(10**8, 10**9)}"
        return {"forma": forma, "medio": medio, "lugar": lugar}

    def _que_quedo(self, forma: str) -> dict[str, object]:
        productos = PRODUCTOS.get(forma, ["Ayuda de memoria"])
        return {"resultado": self.azar.choice(self.historia.respuestas), "productos": productos}

    def _resultado(self, forma: str) -> str:
        productos = PRODUCTOS.get(forma, ["Ayuda de memoria"])
        return f"{self.azar.choice(self.historia.respuestas)} Se entregó: {', '.join(productos).lower()}."

    def _reabrir(self, t: datetime) -> datetime:
        """Once answered, the head takes it up again to complete the answer, while who gave it is there."""
        if self.historia.destino != "reabierta" or self.parte:
            return t
        t, jefe = self._quien(t, 2, 6, self._jefe_de_quien_esta)
        self._paso(t, "reabrir", jefe, motivo=self.azar.choice(textos.MOTIVOS_REABRIR))
        t = self._en(t, 1, 2)
        self._paso(t, "escribir", texto="Completamos la respuesta con lo que faltaba. Gracias por avisarnos.")
        self._paso(t + timedelta(minutes=9), "cerrar", resultado="Se completó la respuesta con lo que faltaba.")
        return t + timedelta(minutes=9)

    def _jefe_de_quien_esta(self, dependencia: str, dia: date) -> str:
        faltas = self.agenda.faltas
        return faltas.jefe(dependencia, dia) if faltas.esta(self.asesor, dia) else ""


def _en_punto(t: datetime) -> datetime:
    """Nobody calls people together at 11:15:09."""
    return t.replace(minute=t.minute // 15 * 15, second=0, microsecond=0)


def encuestar(agenda: Agenda, historia: Historia, azar: Random) -> None:
    """When every parte was answered: the survey, answered or not. Late answers please less."""
    cierres = [parte.cerrada for parte in historia.partes]
    if any(cierre is None for cierre in cierres) or historia.destino in {"duplicada", "retirada"}:
        return
    t = max(filter(None, cierres))
    if azar.random() > 0.64:
        historia.paso(agenda.habil(t, 11, azar), "cerrar_encuesta")
        return
    dias = agenda.calendario.habiles_entre(timezone.localdate(historia.recibida), timezone.localdate(t))
    base = 4.4 if dias <= 10 else 3.3
    notas = {
        cual: min(5, max(1, round(azar.gauss(base - (0.5 if cual == "oportunidad" and dias > 10 else 0), 0.8))))
        for cual in ("oportunidad", "pertinencia", "calidad")
    }
    contento = notas["calidad"] >= 4
    comentarios = textos.COMENTARIOS_BUENOS if contento else textos.COMENTARIOS_MALOS
    historia.paso(
        agenda.habil(t, azar.randint(1, 8), azar),
        "encuesta",
        **notas,
        resolvio="si" if contento else azar.choice(("en_parte", "en_parte", "no")),
        aplicara=azar.choice(("si", "si", "si", "en_parte")) if contento else azar.choice(("en_parte", "si", "no")),
        mejoraria=azar.choice(comentarios) if azar.random() < 0.3 else "",
    )
