"""Random histories by the real services: whatever the table of states allows, at random instants, by whoever may."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, transaction

from direcciones.models import Persona
from encuestas.models import Encuesta
from encuestas.services import abrir_encuesta, responder
from plazos.reloj import con_reloj
from solicitudes.estados import ABIERTOS, EN_TRABAJO, MOTIVOS_DE_ORDEN
from solicitudes.models import Parte, Solicitud
from solicitudes.services import atender_siguiente, mover
from solicitudes.services.entidad import retirar
from tableros.services import compactar
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hacer, sistema
from tests.soporte.elenco import Elenco

# What is tried, and how often. «error» moves without the check of the order: a fault of the code.
SUCESOS = {
    "radicar": 8, "siguiente": 5, "tomar": 4, "asignar": 2, "empezar": 4, "atender": 7, "error": 1, "liberar": 1,
    "reasignar": 3, "pedir_complemento": 2, "complementar": 2, "trasladar": 1, "trasladar_fuera": 1,
    "marcar_duplicada": 1, "declarar_no_competencia": 1, "retirar": 1, "reabrir": 1, "agregar_dependencia": 2,
    "cambiar_lider": 2, "reservar": 1, "levantar_reserva": 1, "encuesta": 5, "contestar": 4, "sector": 1,
    "compactar": 1,
}  # fmt: skip

DE_SI_O_NO = {"resolvio": "oportunidad", "aplicara": "calidad"}  # what is said follows a note: no dice of its own


class Historia:
    def __init__(self, elenco: Elenco, semilla: int, empieza: datetime) -> None:
        self.elenco, self.azar, self.reloj = elenco, Random(semilla), empieza
        self.hechos: dict[str, int] = {}
        e = elenco
        self.temas = [e.tema_tablas, e.tema_visitas, e.tema_integridad, e.tema_cooperacion, e.tema_comision]
        self.asesores = {
            e.sistema_archivos.pk: [e.asesora, e.otra_asesora, e.subdirector],
            e.tecnica.pk: [e.asesor_tecnica, e.director_desarrollo],
            e.internacionales.pk: [e.asesor_internacional],
        }
        self.jefes = {e.sistema_archivos.pk: e.subdirector, e.tecnica.pk: e.director_desarrollo}

    def vivir(self, cuantos: int, hasta: datetime) -> None:
        """Try `cuantos` random things between now and `hasta`. What the services refuse did not happen."""
        paso = (hasta - self.reloj) / cuantos
        for _ in range(cuantos):
            self.reloj += paso * self.azar.uniform(0.2, 1.8)
            self.reloj = min(self.reloj, hasta)
            suceso = self.azar.choices(list(SUCESOS), list(SUCESOS.values()))[0]
            with con_reloj(self.reloj):
                try:
                    with transaction.atomic():
                        hizo = getattr(self, f"_{suceso}", lambda s=suceso: self._accion(s))()
                except (ValidationError, ObjectDoesNotExist):
                    hizo = False
            self.hechos[suceso] = self.hechos.get(suceso, 0) + bool(hizo)

    # --- One thing each ------------------------------------------------------------------------------------------
    def _radicar(self) -> bool:
        e, azar = self.elenco, self.azar
        temas = azar.sample(self.temas, azar.choice([1, 1, 1, 2]))
        atraso = timedelta(hours=azar.choice([0, 0, 0, 5, 40, 200]))
        if atraso:
            radicada(
                registrada_por=e.ventanilla, entidad=azar.choice([e.secretaria, e.instituto]), temas=temas,
                canal="correo", recibida=self.reloj - atraso,
            )  # fmt: skip
        else:
            radicada(por=azar.choice([e.enlace, e.otra_enlace]), temas=temas, reservada=azar.random() < 0.15)
        return True

    def _siguiente(self) -> bool:
        persona = self.azar.choice([self.elenco.asesora, self.elenco.otra_asesora])
        with actuar(persona):
            return atender_siguiente(dependencia=self.elenco.sistema_archivos, persona=persona) is not None

    def _error(self) -> bool:
        parte = self._una(estado="en_cola")
        if parte is None:
            return False
        persona = self._asesor(parte)
        with actuar(persona):
            mover(parte=parte, accion="tomar", cambios={"asesor": persona})
        return True

    def _encuesta(self) -> bool:
        with sistema():
            filas = list(Solicitud.objects.filter(estado="atendida", encuesta__isnull=True).order_by("id"))
        return bool(filas) and abrir_encuesta(solicitud=self.azar.choice(filas)) is not None

    def _contestar(self) -> bool:
        with sistema():
            filas = list(Encuesta.objects.sin_responder().order_by("id"))
        if not filas:
            return False
        notas = {m: self.azar.randint(1, 5) for m in ("oportunidad", "pertinencia", "calidad")}
        dichas = {campo: ("si", "en_parte", "no")[notas[nota] % 3] for campo, nota in DE_SI_O_NO.items()}
        return responder(token=self.azar.choice(filas).token(), respuestas=notas | dichas)

    def _sector(self) -> bool:
        entidad = self.azar.choice([self.elenco.secretaria, self.elenco.instituto])
        entidad.sector = self.azar.choice([self.elenco.secretaria.sector, self.elenco.prestadora.sector])
        with sistema():
            # The deferred checks of this very transaction would stand in the way of the lock; elsewhere it is alone.
            connection.cursor().execute("set constraints all immediate")
            entidad.save(update_fields=["sector"])
        return True

    def _compactar(self) -> bool:
        return compactar() > 0

    def _retirar(self) -> bool:
        with sistema():
            filas = list(Solicitud.objects.abiertas().order_by("id"))
        if not filas:
            return False
        solicitud = self.azar.choice(filas)
        with actuar(
            self.elenco.enlace if solicitud.entidad_id == self.elenco.secretaria.pk else self.elenco.otra_enlace
        ):
            retirar(solicitud=solicitud, motivo="Ya no la necesitamos")
        return True

    def _accion(self, accion: str) -> bool:
        desde = {
            "tomar": ["en_cola"], "asignar": ["en_cola"], "empezar": ["asignada"], "atender": ["en_atencion"],
            "complementar": ["en_complemento"], "reabrir": ["atendida"],
        }.get(accion)  # fmt: skip
        if desde is None:
            en_trabajo = {"liberar", "reasignar", "pedir_complemento", "agregar_dependencia", "cambiar_lider"}
            desde = sorted(EN_TRABAJO if accion in en_trabajo else ABIERTOS)
        que_lidera = {"lidera": True, "solicitud__dependencias__len__gt": 1} if accion == "cambiar_lider" else {}
        parte = self._una(estado__in=desde, **que_lidera)
        if parte is None:
            return False
        hacer(self._quien(accion, parte), parte, accion, **self._datos(accion, parte))
        return True

    def _una(self, **donde: Any) -> Parte | None:
        with sistema():
            filas = list(Parte.objects.filter(**donde).select_related("solicitud", "entidad").order_by("id"))
        return self.azar.choice(filas) if filas else None

    def _suyos(self, parte: Parte) -> list[Persona]:
        """Who attends there, and others of elsewhere, whom the service refuses."""
        return [*self.asesores[parte.dependencia_id], self.elenco.asesor_internacional, self.elenco.asesora]

    def _asesor(self, parte: Parte) -> Persona:
        return self.azar.choice(self.asesores[parte.dependencia_id])

    def _quien(self, accion: str, parte: Parte) -> Persona:
        e = self.elenco
        if accion == "complementar":
            return e.enlace if parte.entidad_id == e.secretaria.pk else e.otra_enlace
        de_jefe = {"asignar", "reasignar", "trasladar_fuera", "declarar_no_competencia", "reabrir", "cambiar_lider",
                   "reservar", "levantar_reserva"}  # fmt: skip
        if accion in de_jefe:
            return self.jefes.get(parte.dependencia_id, e.asesor_internacional)
        with sistema():
            return parte.asesor or self._asesor(parte)

    def _datos(self, accion: str, parte: Parte) -> dict[str, Any]:
        azar = self.azar
        datos: dict[str, Callable[[], dict[str, Any]]] = {
            "asignar": lambda: {"asesor": self._asesor(parte)},
            "reasignar": lambda: {"asesor": azar.choice([a for a in self._suyos(parte) if a.pk != parte.asesor_id])},
            "atender": lambda: {"resultado": "Se explicó"},
            "pedir_complemento": lambda: {
                "texto": "Falta el acta", "hasta": (self.reloj + timedelta(days=20)).date(), "clave": uuid4(),
            },
            "complementar": lambda: {"texto": "Va el acta"},
            "trasladar": self._a_otra,
            "agregar_dependencia": self._a_otra,
            "trasladar_fuera": lambda: {"destino": "Otra entidad"},
            "declarar_no_competencia": lambda: {"respuesta": "No nos corresponde"},
            "marcar_duplicada": lambda: {"principal": self._otra_solicitud(parte)},
            "cambiar_lider": lambda: {"parte_lider": self._una(solicitud=parte.solicitud_id, lidera=False)},
        }  # fmt: skip
        propios = datos.get(accion, dict)()
        if accion in {"tomar", "empezar", "asignar"} and azar.random() < 0.7:
            propios |= {"codigo": azar.choice(sorted(MOTIVOS_DE_ORDEN)), "motivo": "Así se acordó"}
        return propios

    def _a_otra(self) -> dict[str, Any]:
        tema = self.azar.choice(self.temas)
        return {"tema": tema, "dependencia": tema.dependencia}

    def _otra_solicitud(self, parte: Parte) -> Solicitud:
        with sistema():
            filas = list(Solicitud.objects.filter(entidad=parte.entidad_id).exclude(pk=parte.solicitud_id))
        if not filas:
            raise ValidationError("No hay otra.")
        return self.azar.choice(sorted(filas, key=lambda s: s.pk))
