"""Open solicitudes of a file, with their own dates: the term and the place in the queue count from the true reception.

The same service of filing writes them. A SIGA number, the number they had, or what they say, makes the key by which
the same one twice is one (security.md C01).
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import reverse

from alcance import como_sistema, exigir
from direcciones.models import Dependencia, Entidad, Membresia, Modalidad, Persona, Tema
from direcciones.roles import ATIENDEN, DE_ENTIDAD
from importaciones.estados import Resultado
from importaciones.services.juicio import Celdas, Falta, Faltas, Hecho, Juicio, Lugares, Sugeridor, limpiar_campos
from importaciones.services.trayectoria import (
    EN_ATENCION,
    EN_COLA,
    EN_ESPERA,
    Agenda,
    Avances,
    Suspenden,
    ajustar,
    en_palabras,
    estado_de,
    hasta_cuando,
    leer_trayectoria,
)
from importaciones.valores import BOGOTA, elegir, leer_hora, leer_instante, llano
from plazos.calendario import ErrorDePlazo
from plazos.fechas import a_las, fecha_corrida, oracion
from plazos.reloj import ahora
from plazos.services import horario_vigente
from solicitudes.models import Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, radicar
from solicitudes.services.asignacion import quien_recibe
from solicitudes.services.constancias import emitir_constancia
from solicitudes.services.relojes import catalogo_de, plazo_previsto
from solicitudes.services.trayectoria import Trayectoria, traer

ESPACIO = uuid5(NAMESPACE_URL, "portal-sdfi/importaciones")
_CANALES = {
    Solicitud.Canal.CORREO: {"correo", "correo electrónico", "correo institucional", "email", "e-mail", "mail"},
    Solicitud.Canal.TELEFONO: {"teléfono", "telefónico", "llamada", "llamada telefónica", "celular"},
    Solicitud.Canal.PRESENCIAL: {"presencial", "en persona", "personal", "ventanilla", "físico"},
    Solicitud.Canal.SIGA: {"siga", "radicado siga", "sistema siga"},
}
_TITULOS = {
    "asunto": "Asunto", "remitente_nombre": "Quien la pide", "remitente_cargo": "Cargo de quien la pide",
    "remitente_correo": "Correo de quien la pide", "remitente_telefono": "Teléfono de quien la pide",
    "siga_entrada": "Número SIGA",
}  # fmt: skip
_DE_LA_FILA = {"remitente_nombre": "remitente", "siga_entrada": "siga"}
LARGO_ASUNTO = 200


@dataclass(frozen=True, slots=True)
class _Datos:
    clave: UUID
    datos: DatosSolicitud
    recepcion: dict[str, Any]
    # The number of the answer, when it already went out.
    salida: str = ""
    trayectoria: Trayectoria = field(default_factory=Trayectoria)


@dataclass(frozen=True, slots=True)
class _Completa:
    """What one that is here lacks."""

    solicitud: Solicitud
    trayectoria: Trayectoria


class JuezSolicitudes:
    def __init__(self, filas: list[Celdas]) -> None:
        self.entidades = Lugares.entidades()
        self.dependencias = Lugares.dependencias()
        self.temas = list(Tema.objects.vigentes().select_related("dependencia", "modalidad").order_by("pk"))
        self.modalidades = list(Modalidad.objects.vigentes().order_by("pk"))
        self.catalogo = catalogo_de(*{tema.dependencia for tema in self.temas})
        self.temas_por_nombre: dict[str, list[Tema]] = defaultdict(list)
        for tema in self.temas:
            for nombre in {llano(tema.codigo), llano(tema.nombre)}:
                self.temas_por_nombre[nombre].append(tema)
        self.sugerir_tema = Sugeridor(t.nombre for t in self.temas)
        self.sugerir_modalidad = Sugeridor(m.nombre for m in self.modalidades)
        self._leer_personas()
        sigas = {siga for celdas in filas if (siga := celdas.get("siga", ""))}
        with como_sistema("importar: ver qué solicitudes ya están"), transaction.atomic():
            con_siga = Solicitud.objects.filter(siga_entrada__in=sigas).order_by("pk")
            self.por_siga = {llano(s.siga_entrada): s for s in con_siga}
            claves = [clave for celdas in filas if (clave := self._clave_de(celdas)) is not None]
            importadas = Solicitud.objects.filter(clave_radicacion__in=claves).order_by("pk")
            self.por_clave = {s.clave_radicacion: s for s in importadas}
        self.avances = Avances([*self.por_siga.values(), *self.por_clave.values()])
        self.agenda, self.suspenden = Agenda(), Suspenden()

    def _clave_de(self, celdas: Celdas) -> UUID | None:
        """The key of a row, when it says enough to have one."""
        try:
            entidad: Entidad = self.entidades.uno(celdas.get("entidad", ""), "Entidad")
            return _clave(celdas, entidad, self._recibida(celdas, []), self._que_pide(celdas, Faltas(), [])[0])
        except Falta:
            return None

    def _leer_personas(self) -> None:
        self.asesores: dict[str, list[tuple[Persona, int]]] = defaultdict(list)
        self.enlaces: dict[tuple[str, int], Persona] = {}
        self.reciben: dict[tuple[int, int], Persona | None] = {}
        activas = Membresia.objects.activas().select_related("persona").order_by("-pk")
        for m in activas.filter(rol__in=sorted(ATIENDEN)):
            for nombre in (m.persona.correo.lower(), llano(m.persona.nombre)):
                self.asesores[nombre].append((m.persona, m.dependencia_id))
        self.sugerir_asesor = Sugeridor({p.nombre for suyas in self.asesores.values() for p, _ in suyas})
        for m in activas.filter(rol__in=sorted(DE_ENTIDAD)):
            self.enlaces[m.persona.correo.lower(), m.entidad_id] = m.persona

    def juzgar(self, celdas: Celdas, origen: str) -> Juicio:
        faltas = Faltas()
        notas: list[str] = []
        entidad, tema, modalidad, recibida, canal, estado = None, None, None, None, "", ""
        escrita, asesor = None, None
        with faltas.anotando():
            recibida = self._recibida(celdas, notas)
        with faltas.anotando():
            entidad = self.entidades.uno(celdas.get("entidad", ""), "Entidad")
        with faltas.anotando():
            tema = self._tema(celdas)
        with faltas.anotando():
            modalidad = self._modalidad(celdas)
        with faltas.anotando():
            canal = self._canal(celdas)
        with faltas.anotando():
            estado = estado_de(celdas)
            escrita, asesor = self._asesor(celdas, estado, tema, notas)
        suya = modalidad or (tema.modalidad if tema is not None else None)
        trayectoria = Trayectoria()
        if estado and recibida is not None and suya is not None:
            trayectoria = leer_trayectoria(celdas, estado=estado, recibida=recibida, modalidad=suya, faltas=faltas)
        asunto, necesidad = self._que_pide(celdas, faltas, notas)
        valores = {campo: " ".join(celdas.get(_DE_LA_FILA.get(campo, campo), "").split()) for campo in _TITULOS}
        valores |= {"asunto": asunto, "remitente_correo": valores["remitente_correo"].lower()}
        if not valores["remitente_nombre"]:
            faltas.agregar("Quien la pide: está vacío. Escriba su nombre.")
        limpiar_campos(faltas, Solicitud(**valores), {c: t for c, t in _TITULOS.items() if valores[c]})
        if faltas.frases or recibida is None or entidad is None or tema is None:
            return faltas.juicio()
        clave = _clave(celdas, entidad, recibida, asunto)
        anterior = self._ya_esta(clave, valores["siga_entrada"])
        if anterior is not None:
            return self._lo_que_le_falta(anterior, trayectoria, escrita, str(clave), _orden(recibida))
        trayectoria, nota = ajustar(trayectoria, estado=estado, escrita=escrita, recibe=asesor)
        notas += [nota] if nota else []
        en_atencion = asesor is not None and (estado == EN_ESPERA or (estado == EN_ATENCION and asesor == escrita))
        try:
            if trayectoria.sesion is not None and asesor is not None:
                self.agenda.comprobar(trayectoria.sesion, asesor, f"«{asunto[:60]}»")
            desde = trayectoria.espera_desde
            espera = (desde, hasta_cuando(desde)) if desde else None
            plazo = plazo_previsto(
                recibida, tema.dependencia, (modalidad or tema.modalidad).pk, self.catalogo,
                espera=espera, suspenden=self.suspenden,
            )  # fmt: skip
        except Falta as falta:
            faltas.agregar(str(falta))
            return faltas.juicio()
        except ErrorDePlazo as error:
            faltas.agregar(f"Recibida el: {error}")
            return faltas.juicio()
        valores.pop("asunto")
        recepcion = valores | {
            "canal": canal,
            "recibido_en": recibida,
            "radicada_por": self.enlaces.get((valores["remitente_correo"], entidad.pk)),
            "evidencia": _evidencia(celdas, origen),
            "importada_de": origen,
            "asesor": asesor,
            "en_atencion": en_atencion,
        }
        datos = DatosSolicitud(
            entidad=entidad, asunto=asunto, necesidad=necesidad, temas=[tema], modalidad=modalidad or tema.modalidad
        )
        frase = (
            f"Recibida el {fecha_corrida(recibida.date())} {a_las(recibida)}, "
            f"vence el {fecha_corrida(plazo.vence)}; {_donde_entra(tema, asesor, en_atencion, espera)}."
        )
        if dicho := en_palabras(trayectoria):
            notas.append(dicho)
        return Juicio(
            Resultado.CREAR,
            " ".join([frase, *map(oracion, notas)]),
            str(clave),
            _orden(recibida),
            datos=_Datos(clave, datos, recepcion, trayectoria=trayectoria),
        )

    def _lo_que_le_falta(
        self, anterior: Solicitud, trayectoria: Trayectoria, asesor: Persona | None, clave: str, orden: str
    ) -> Juicio:
        """It is here. What this file says and no file had said is written, while nobody of the portal has moved it."""
        falta, cambios, por_que_no = self.avances.lo_que_falta(anterior, trayectoria, asesor)
        if not falta:
            frase = f"Ya está en el portal: {anterior.radicado}. {por_que_no}".strip()
            return Juicio(Resultado.IGUAL, frase, clave, orden, hecho=_hecho(anterior))
        try:
            if falta.sesion is not None and asesor is not None:
                self.agenda.comprobar(falta.sesion, asesor, anterior.radicado)
        except Falta as falta_de_agenda:
            return Juicio(Resultado.ERROR, str(falta_de_agenda), clave, orden, hecho=_hecho(anterior))
        return Juicio(
            Resultado.CAMBIAR,
            f"Ya está en el portal: completa {anterior.radicado}.",
            clave,
            orden,
            cambios=cambios,
            datos=_Completa(anterior, falta),
            hecho=_hecho(anterior),
        )

    def _recibida(self, celdas: Celdas, notas: list[str]) -> datetime:
        texto = celdas.get("recibida", "")
        if not texto:
            raise Falta("Recibida el: está vacía. Escriba la fecha en que llegó.")
        leida = leer_instante(texto)
        if leida is None:
            raise Falta(
                f"Recibida el: no se entiende «{texto[:40]}». Escriba día, mes y año, por ejemplo 23/10/2026 10:42."
            )
        dia, hora = leida
        aparte = celdas.get("hora", "")
        if aparte:
            hora_aparte = leer_hora(aparte.rpartition("T")[2])
            if hora_aparte is None:
                raise Falta(f"Hora: no se entiende «{aparte[:20]}». Escríbala así: 14:30.")
            hora = hora_aparte
        if hora is None:
            hora = self._apertura(dia)
            notas.append(f"Sin hora: se toma la de apertura, {a_las(hora)}")
        recibida = datetime.combine(dia, hora, BOGOTA)
        if recibida > ahora():
            raise Falta("Recibida el: esa fecha aún no llega. Corríjala.")
        return recibida

    def _apertura(self, dia: date) -> time:
        try:
            return horario_vigente(dia).abre
        except ErrorDePlazo as error:
            raise Falta(f"Recibida el: {error}") from None

    def _tema(self, celdas: Celdas) -> Tema:
        texto = celdas.get("tema", "")
        if not texto:
            raise Falta("Tema: está vacío. Escriba su código o su nombre.")
        buscado = llano(texto)
        hallados = self.temas_por_nombre.get(buscado, [])
        if celdas.get("dependencia") and len(hallados) > 1:
            dependencia: Dependencia = self.dependencias.uno(celdas["dependencia"], "Dependencia")
            hallados = [t for t in hallados if dependencia.pk in {t.dependencia_id, t.dependencia.padre_id}]
        if len(hallados) == 1:
            return hallados[0]
        if hallados:
            codigos = ", ".join(f"{t.codigo} ({t.dependencia.nombre_corto})" for t in hallados[:4])
            raise Falta(f"Tema: ese nombre es de varios. Escriba el código: {codigos}.")
        raise Falta(f"Tema: «{texto[:80]}» no está en el catálogo vigente.{self.sugerir_tema(texto)}")

    def _modalidad(self, celdas: Celdas) -> Modalidad | None:
        texto = celdas.get("modalidad", "")
        if not texto:
            return None
        for modalidad in self.modalidades:
            if llano(texto) in {llano(modalidad.codigo), llano(modalidad.nombre)}:
                return modalidad
        cerca = self.sugerir_modalidad(texto)
        raise Falta(f"Modalidad: «{texto[:60]}» no está en el catálogo. Déjela vacía o corríjala.{cerca}")

    def _canal(self, celdas: Celdas) -> str:
        texto = celdas.get("canal", "")
        if not texto:
            if celdas.get("siga"):
                return Solicitud.Canal.SIGA
            raise Falta("Canal: está vacío. Escriba correo, teléfono, presencial o SIGA.")
        canal = elegir(texto, _CANALES)
        if canal is None:
            raise Falta(f"Canal: no se entiende «{texto[:40]}». Escriba correo, teléfono, presencial o SIGA.")
        if canal == Solicitud.Canal.SIGA and not celdas.get("siga"):
            raise Falta("Número SIGA: está vacío y llegó por SIGA. Escríbalo.")
        return canal

    def _asesor(
        self, celdas: Celdas, estado: str, tema: Tema | None, notas: list[str]
    ) -> tuple[Persona | None, Persona | None]:
        """Who had it, and who receives it today."""
        escrito = celdas.get("asesor", "")
        if estado == EN_COLA:
            if escrito:
                raise Falta("Estado: está sin asignar pero trae asesor. Corrija uno de los dos.")
            return None, None
        if not escrito:
            raise Falta("Correo del asesor: está vacío y la solicitud tiene quién la atienda. Escríbalo.")
        hallados = self.asesores.get(escrito.strip().lower()) or self.asesores.get(llano(escrito), [])
        if not hallados:
            cerca = "" if "@" in escrito else self.sugerir_asesor(escrito)
            raise Falta(
                f"Correo del asesor: «{escrito[:60]}» no es de nadie que atienda.{cerca} Corríjalo, o impórtelo antes "
                "en Asesores."
            )
        if tema is None:
            return None, None  # its own fault is already told
        aqui = {persona.pk: persona for persona, lugar in hallados if lugar == tema.dependencia_id}
        if len(aqui) != 1:
            raise Falta(f"Correo del asesor: no atiende en {tema.dependencia}, que es la del tema. Corrija uno.")
        [asesor] = aqui.values()
        recibe = self._quien_recibe(asesor, tema.dependencia_id)
        if recibe != asesor:
            notas.append(f"{asesor} está ausente: {f'la recibe {recibe}' if recibe else 'nadie la cubre'}")
        return asesor, recibe

    def _quien_recibe(self, asesor: Persona, dependencia_id: int) -> Persona | None:
        """Asked once for each one: a file has thousands of rows."""
        clave = asesor.pk, dependencia_id
        if clave not in self.reciben:
            self.reciben[clave] = quien_recibe(asesor, dependencia_id)
        return self.reciben[clave]

    def _que_pide(self, celdas: Celdas, faltas: Faltas, notas: list[str]) -> tuple[str, str]:
        """A subject too long to be one is kept whole at the top of what is asked."""
        asunto, necesidad = " ".join(celdas.get("asunto", "").split()), celdas.get("necesidad", "")
        if not asunto:
            faltas.agregar("Asunto: está vacío. Escriba en una línea qué pide.")
        if len(asunto) > LARGO_ASUNTO:
            necesidad = f"{asunto}\n\n{necesidad}".strip()
            asunto = f"{asunto[: LARGO_ASUNTO - 1].rstrip()}…"
            notas.append("El asunto pasa de 200 letras: entero queda en la necesidad.")
        return asunto, necesidad or asunto

    def _ya_esta(self, clave: UUID | None, siga: str) -> Solicitud | None:
        importada = self.por_clave.get(clave) if clave else None
        return importada or (self.por_siga.get(llano(siga)) if siga else None)

    def aplicar(self, juicio: Juicio, con_acuse: bool) -> Hecho:
        if isinstance(juicio.datos, _Completa):
            traer(solicitud=juicio.datos.solicitud, trayectoria=juicio.datos.trayectoria)
            return _hecho(juicio.datos.solicitud)
        datos: _Datos = juicio.datos
        registra = Persona.objects.get(pk=exigir().persona_id or 0)
        solicitud = radicar(
            clave=datos.clave,
            datos=datos.datos,
            recepcion=Recepcion(registrada_por=registra, con_acuse=con_acuse, **datos.recepcion),
        )
        emitir_constancia(solicitud=solicitud)
        if datos.trayectoria:
            traer(solicitud=solicitud, trayectoria=datos.trayectoria)
        return _hecho(solicitud)


def _clave(celdas: Celdas, entidad: Entidad, recibida: datetime, asunto: str) -> UUID:
    """SIGA numbers are of the whole Secretaría. A number of before may repeat between registers: with its entidad and
    its day it does not. Without any number, what it says."""
    siga, anterior = llano(celdas.get("siga", "")), llano(celdas.get("anterior", ""))
    if siga:
        return uuid5(ESPACIO, f"siga:{siga}")
    if anterior:
        return uuid5(ESPACIO, f"anterior:{anterior}:{entidad.codigo}:{recibida.date()}")
    cuerpo = f"{entidad.codigo}|{recibida.isoformat()}|{llano(asunto)}|{llano(celdas.get('remitente', ''))}"
    return uuid5(ESPACIO, f"fila:{hashlib.sha256(cuerpo.encode()).hexdigest()}")


def _evidencia(celdas: Celdas, origen: str) -> str:
    anterior = celdas.get("anterior", "")
    partes = [
        celdas.get("evidencia", ""),
        f"Número anterior: {anterior[:60]}" if anterior else "",
        f"Importada de la {origen}",
    ]
    return ". ".join(filter(None, (parte.strip().rstrip(".") for parte in partes)))[:300]


def _donde_entra(tema: Tema, asesor: Persona | None, en_atencion: bool, espera: tuple[date, date] | None) -> str:
    if espera is not None:
        desde, hasta = (fecha_corrida(dia) for dia in espera)
        donde = tema.dependencia.nombre_corto
        return f"queda esperando a la entidad desde el {desde}, en {donde}, que tenía hasta el {hasta} para responder"
    if asesor is not None:
        return f"queda {'en elaboración' if en_atencion else 'asignada'} en {tema.dependencia.nombre_corto}"
    return f"entra a la cola de {tema.dependencia.nombre_corto}"


def _orden(recibida: datetime) -> str:
    return recibida.astimezone(BOGOTA).isoformat()


def ruta_de(solicitud: Solicitud) -> str:
    return reverse("atencion:caso", args=[solicitud.radicado])


def _hecho(solicitud: Solicitud) -> Hecho:
    return Hecho(solicitud.pk, solicitud.radicado, ruta_de(solicitud))
