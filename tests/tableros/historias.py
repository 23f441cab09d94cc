"""Random histories by the real services: whatever the table of states allows, at random instants, by whoever may."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection, transaction

from conceptos import services as conceptos
from conceptos.models import Concepto
from direcciones.models import CriterioAtencion, Persona
from direcciones.services.catalogos import crear_fila
from encuestas.models import Encuesta
from encuestas.services import abrir_encuesta, responder
from importaciones.services.solicitudes import JuezSolicitudes
from plazos.models import DiaExtraordinario
from plazos.reloj import ahora, con_reloj
from solicitudes.estados import ABIERTOS, ACTOS, EN_TRABAJO, MOTIVOS_DE_ORDEN, TRANSICIONES
from solicitudes.models import Actuacion, Parte, Solicitud
from solicitudes.services import atender_siguiente, mover
from solicitudes.services.acciones import cambiar_sesion
from solicitudes.services.entidad import retirar
from solicitudes.services.reflujo import recontar_plazos
from tableros.services import compactar
from tests.conceptos.conftest import Mesa
from tests.fabricas import actuar, escribiendo, radicada
from tests.solicitudes.apoyos import BOGOTA, habil, hacer, parte_de, sistema
from tests.soporte.elenco import Elenco

# What is tried, and how often: every row of the table, and what happens outside of it. «error» moves without the check
# of the order: a fault of the code.
SUCESOS = {
    "radicar": 8, "siguiente": 5, "tomar": 4, "asignar": 2, "empezar": 4, "atender": 6, "responder": 1, "error": 1,
    "liberar": 1, "reasignar": 3, "reasignar_en_espera": 1, "pedir_complemento": 2, "complementar": 2, "retomar": 1,
    "trasladar": 1, "trasladar_fuera": 1, "marcar_duplicada": 1, "declarar_no_competencia": 1, "retirar": 1,
    "reabrir": 1, "agregar_dependencia": 2, "cambiar_lider": 2, "reservar": 1, "levantar_reserva": 1, "encuesta": 5,
    "contestar": 4, "sector": 1, "compactar": 1, "importar": 2, "reflujo": 1, "programar": 4, "sesion": 4,
    "concepto": 1, "anular": 1, "clasificar_peticion": 1, "prorrogar": 1, "mensaje": 1, "nota": 1,
    "corregir_correo": 1,
}  # fmt: skip
DE_LA_IMPORTACION = {"recibir_asignada", "recibir_en_atencion", "recibir_en_espera"}
assert {*TRANSICIONES, *ACTOS} - DE_LA_IMPORTACION <= {*SUCESOS}, "hay filas de la tabla que la historia no intenta"
INSISTE = 4  # times more what has not happened yet
CONCEPTOS = 1  # at random in each history: their documents are printed and signed for true

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
        self.mesa = Mesa(e)
        self._criterios(empieza.date())

    def _criterios(self, desde: date) -> None:
        """What counts as attended changes in one dependencia, is another in the second and nobody ruled it in the
        third."""
        e, abril, julio = self.elenco, date(2026, 4, 1), date(2026, 7, 1)
        for dependencia, criterio, primero, ultimo in (
            (e.sistema_archivos, "programada", desde, abril),
            (e.sistema_archivos, "entregada", abril + timedelta(days=1), julio),
            (e.sistema_archivos, "realizada", julio + timedelta(days=1), None),
            (e.tecnica, "programada", desde, None),
        ):
            with escribiendo():
                CriterioAtencion.objects.create(
                    dependencia=dependencia, criterio=criterio, norma="Acta 1", desde=primero, hasta=ultimo
                )

    def vivir(self, cuantos: int, hasta: datetime) -> None:
        """Some `cuantos` random things between now and `hasta`. What the services refuse did not happen, and something
        else is tried in its place, a few times."""
        paso = (hasta - self.reloj) / cuantos
        for _ in range(cuantos):
            self.reloj += paso * self.azar.uniform(0.2, 1.8)
            self.reloj = min(self.reloj, hasta)
            any(self._pasa_algo() for _ in range(3))

    def _pasa_algo(self) -> bool:
        pesos = [peso if self.hechos.get(s) else peso * INSISTE for s, peso in SUCESOS.items()]
        suceso = self.azar.choices(list(SUCESOS), pesos)[0]
        with con_reloj(self.reloj):
            try:
                with transaction.atomic():
                    hizo = bool(getattr(self, f"_{suceso}", lambda: self._accion(suceso))())
            except (ValidationError, ObjectDoesNotExist):
                hizo = False
        self.hechos[suceso] = self.hechos.get(suceso, 0) + hizo
        return hizo

    def aguacero(self, hasta: datetime) -> None:
        """One of each day before `hasta`, at any hour of it, so that every age has some, most of them in the queue. Of
        the oldest, two were attended in their term and stay open, two more were and are answered late, and two are
        answered late. A month before one was answered at once; now another is, with what is annulled. One waits for
        somebody, and one for the entity."""
        e, adelante = self.elenco, {"codigo": "disponibilidad", "motivo": "Así se acordó"}
        with con_reloj(hasta - timedelta(days=35)), transaction.atomic():
            parte = hacer(e.asesora, self._de_visita(), "tomar", **adelante)
            hacer(e.asesora, parte, "responder", texto="Aquí está la respuesta")
        self.reloj = hasta
        for dias in range(1, 39):
            dia, hora = (hasta - timedelta(days=dias)).astimezone(BOGOTA), self.azar.choice([0, 8, 14, 23])
            recibida = dia.replace(hour=hora, minute=self.azar.randrange(60))
            with con_reloj(hasta), transaction.atomic():
                parte = self._de_visita(recibida)
                if dias == 3:
                    hacer(e.subdirector, parte, "asignar", asesor=e.asesora, **adelante)
                elif dias in {2, 4} or dias > 32 or self.azar.random() < 0.2:
                    parte = hacer(e.asesora, parte, "tomar", **adelante)
                if dias > 34:
                    self._sesion_realizada(parte, recibida + timedelta(hours=30))
                if dias > 36 or dias in {33, 34}:
                    hacer(e.asesora, parte, "responder", texto="Aquí está la respuesta")
                    self._de_visita(recibida)  # no day has only closed ones: where days were decreed it may be an age
                if dias == 2:
                    self._firmar_concepto(parte)
                    self._anular(parte=parte)
                if dias == 4:
                    hacer(e.asesora, parte, "pedir_complemento", **self._datos("pedir_complemento", parte))

    def _de_visita(self, recibida: datetime | None = None) -> Parte:
        e = self.elenco
        return parte_de(
            radicada(
                registrada_por=e.ventanilla, entidad=self.azar.choice([e.secretaria, e.instituto]),
                temas=[e.tema_visitas], canal="correo", recibida=recibida or ahora(),
            )
        )  # fmt: skip

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

    def _importar(self) -> bool:
        """One row of a file, by who imports: in the queue, or already in the hands of somebody."""
        e, azar = self.elenco, self.azar
        tema = azar.choice([e.tema_tablas, e.tema_visitas, e.tema_integridad])
        estado = azar.choice(["sin asignar", "asignada", "en elaboración", "en espera"])
        asesor = azar.choice(self.asesores[tema.dependencia_id][:-1])
        recibida = (self.reloj - timedelta(hours=azar.randrange(200))).astimezone(BOGOTA)
        celdas = {
            "recibida": f"{recibida:%d/%m/%Y %H:%M}", "entidad": azar.choice([e.secretaria, e.instituto]).codigo,
            "tema": tema.codigo, "asunto": f"De antes {uuid4()}", "remitente": "Quien la pidió", "canal": "correo",
            "estado": estado, "asesor": "" if estado == "sin asignar" else asesor.correo,
            "espera_desde": f"{self.reloj.astimezone(BOGOTA):%d/%m/%Y}" if estado == "en espera" else "",
        }  # fmt: skip
        with actuar(e.administradora):
            juez = JuezSolicitudes([celdas])
            juicio = juez.juzgar(celdas, "hoja de prueba")
            assert juicio.datos is not None, juicio
            juez.aplicar(juicio, con_acuse=False)
        return True

    def _reflujo(self) -> bool:
        """A day that was to be worked is decreed free: the open ones end another day."""
        dia = habil(self.azar.randrange(1, 10)).date()
        datos = {"fecha": dia, "tipo": "no_habil", "acto": f"Decreto {dia}", "nota": ""}
        with actuar(self.elenco.administradora):
            crear_fila(modelo=DiaExtraordinario, datos=datos)
        return recontar_plazos() > 0

    def _programar(self) -> bool:
        parte = self._una(estado="en_atencion")
        if parte is None:
            return False
        if self.azar.random() < 0.3:
            self._sesion_realizada(parte, self.reloj - timedelta(hours=self.azar.choice([2, 20, 90])))
            return True
        cuando = habil(self.azar.randrange(1, 9), f"{self.azar.randrange(8, 17):02}:00")
        hacer(parte.asesor, parte, "programar", actuacion=self._de_sesion(programada_para=cuando))
        return True

    def _de_sesion(self, **datos: Any) -> dict[str, Any]:
        como = {"modalidad": self.elenco.visita, "medio": "presencial", "lugar": "Calle 6B 5-75", "asunto": "Sesión"}
        return como | datos

    def _sesion_realizada(self, parte: Parte, inicio: datetime) -> None:
        """Held, and written down afterwards. Some say when it ended."""
        fin = min(inicio + timedelta(hours=1), ahora()) if self.azar.random() < 0.7 else None
        datos = self._de_sesion(estado="realizada", inicio=inicio, fin=fin, resultado="Se acordaron los pasos")
        hacer(parte.asesor, parte, "programar", actuacion=datos)

    def _sesion(self) -> bool:
        """What happened with one that was scheduled: held, moved or cancelled."""
        with sistema():
            filas = list(Actuacion.objects.filter(estado="programada").select_related("parte__asesor").order_by("id"))
        if not filas:
            return False
        una, azar = self.azar.choice(filas), self.azar
        quien = una.parte.asesor or self.jefes.get(una.parte.dependencia_id)  # its parte went back to the queue
        if quien is None:
            return False
        hubo = una.programada_para <= self.reloj
        cambios = azar.choice(
            [
                {"estado": "realizada", "inicio": una.programada_para, "fin": None, "resultado": "Se hizo"} if hubo
                else {"programada_para": habil(azar.randrange(1, 12), f"{azar.randrange(8, 17):02}:00")},
                {"estado": "realizada", "inicio": self.reloj - timedelta(hours=3), "resultado": "Se hizo antes"},
                {"estado": "cancelada", "motivo_cancelacion": "La entidad no pudo"},
            ]
        )  # fmt: skip
        with actuar(quien):
            cambiar_sesion(actuacion=una, cambios=cambios)
        return True

    def _concepto(self) -> bool:
        """Written, reviewed, signed and sent: it answers its parte."""
        e = self.elenco
        parte = self._una(estado="en_atencion", dependencia=e.sistema_archivos, asesor=e.asesora, reservada=False)
        if parte is None or self.hechos.get("concepto", 0) == CONCEPTOS:
            return False
        return self._firmar_concepto(parte)

    def _firmar_concepto(self, parte: Parte) -> bool:
        e = self.elenco
        with actuar(e.asesora):
            concepto = conceptos.empezar(parte=parte)
        self.mesa.escribir(concepto, respuestas=[])
        with actuar(e.asesora):
            concepto = conceptos.enviar(concepto=concepto)
        firma = self.mesa.firmar(self.mesa.aprobar(concepto))
        return conceptos.sellar(firma_id=firma.pk)

    def _anular(self, **donde: Any) -> bool:
        with sistema():
            filas = list(Concepto.objects.filter(estado="notificado", **donde).order_by("id"))
        if not filas:
            return False
        with actuar(self.elenco.directora):
            conceptos.anular(concepto=self.azar.choice(filas), motivo="Se citó una norma derogada")
        return True

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
            "responder": ["en_atencion"], "complementar": ["en_complemento"], "retomar": ["en_complemento"],
            "reasignar_en_espera": ["en_complemento"], "reabrir": ["atendida"],
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
        de_jefe = {"asignar", "reasignar", "reasignar_en_espera", "trasladar_fuera", "declarar_no_competencia",
                   "reabrir", "cambiar_lider", "reservar", "levantar_reserva", "prorrogar"}  # fmt: skip
        if accion in de_jefe:
            return self.jefes.get(parte.dependencia_id, e.asesor_internacional)
        with sistema():
            return parte.asesor or self._asesor(parte)

    def _datos(self, accion: str, parte: Parte) -> dict[str, Any]:
        azar = self.azar
        datos: dict[str, Callable[[], dict[str, Any]]] = {
            "asignar": lambda: {"asesor": self._asesor(parte)},
            "reasignar": lambda: self._a_otra_persona(parte),
            "reasignar_en_espera": lambda: self._a_otra_persona(parte),
            "atender": lambda: {"resultado": "Se explicó"},
            "pedir_complemento": lambda: {
                "texto": "Falta el acta", "hasta": (self.reloj + timedelta(days=20)).date(), "clave": uuid4(),
            },
            **dict.fromkeys(("complementar", "responder", "mensaje", "nota"), lambda: {"texto": "Va el acta"}),
            "clasificar_peticion": lambda: {"peticion": azar.choice([*Solicitud.Peticion.values, "no"])},
            "prorrogar": lambda: {"dias": azar.randrange(1, 12)},
            "corregir_correo": lambda: {"correo": f"{uuid4().hex}@prueba.example"},
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

    def _a_otra_persona(self, parte: Parte) -> dict[str, Any]:
        return {"asesor": self.azar.choice([a for a in self._suyos(parte) if a.pk != parte.asesor_id])}

    def _a_otra(self) -> dict[str, Any]:
        tema = self.azar.choice(self.temas)
        return {"tema": tema, "dependencia": tema.dependencia}

    def _otra_solicitud(self, parte: Parte) -> Solicitud:
        with sistema():
            filas = list(Solicitud.objects.filter(entidad=parte.entidad_id).exclude(pk=parte.solicitud_id))
        if not filas:
            raise ValidationError("No hay otra.")
        return self.azar.choice(sorted(filas, key=lambda s: s.pk))
