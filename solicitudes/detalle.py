"""How the particular answers of each kind of solicitud are kept (`Solicitud.logistica`) and told.

Shape of `logistica`: {name of the field: text, number, ISO date or list}. The same rows serve the review step, the
page of the entity, the page of the staff and the register.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from plazos.fechas import fecha_corrida, hora_junta

MEDIOS = {"presencial": "Presencial", "virtual": "Virtual", "telefonica": "Telefónica"}
FINANCIACIONES = {"total": "Total", "parcial": "Parcial", "ninguna": "Ninguna: la paga la entidad"}
NATURALEZAS = {"publico": "Público (gobierno extranjero u organismo internacional)", "privado": "Privado"}
SI_NO = {"si": "Sí", "no": "No"}
OPCIONES = {"medio": MEDIOS, "financiacion": FINANCIACIONES, "naturaleza": NATURALEZAS, "ya_aceptada": SI_NO}

# Calendar days: lineamiento §8.3 says «45 días» without more (assumption G4 of the domain notes).
DIAS_MINISTERIO = 45

# In the order people read them.
ETIQUETAS = {
    "normas": "Normas que ya consultó",
    "terminos": "Cómo necesita la respuesta",
    "medio": "Medio",
    "lugar": "Lugar o plataforma",
    "opcion_1": "Primera opción de fecha",
    "opcion_2": "Segunda opción de fecha",
    "opcion_3": "Tercera opción de fecha",
    "participantes": "Entidades que participan",
    "personas": "Número de personas",
    "acceso": "Condiciones de acceso",
    "accesibilidad": "Necesidades de accesibilidad",
    "otra_logistica": "Otros aspectos logísticos",
    "objeto": "Objeto del viaje",
    "destino": "Destino",
    "viaje_desde": "Sale",
    "viaje_hasta": "Regresa",
    "ya_aceptada": "La invitación ya se aceptó",
    "financiacion": "Financiación de un actor internacional",
    "naturaleza": "Naturaleza de quien financia",
    "financiador": "Quién financia",
    "justificacion_alcance": "Por qué pide asistencia a una dirección que no atiende a este tipo de entidad",
}


def a_json(valor: Any) -> Any:
    """A cleaned value as it is kept: dates in ISO, Bogotá's time for instants."""
    if isinstance(valor, datetime):
        return timezone.localtime(valor).isoformat(timespec="minutes")
    return valor.isoformat() if isinstance(valor, date) else valor


def filas_de_detalle(logistica: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value, in order, without the empty ones."""
    return [
        (etiqueta, texto_de(clave, logistica[clave]))
        for clave, etiqueta in ETIQUETAS.items()
        if logistica.get(clave) not in (None, "", [])
    ]


def texto_de(clave: str, valor: Any) -> str:
    """One value in words."""
    if clave in OPCIONES:
        return OPCIONES[clave].get(str(valor), str(valor))
    if isinstance(valor, list):
        return ", ".join(map(str, valor))
    if clave.startswith("opcion_"):
        instante = datetime.fromisoformat(str(valor))
        return f"{fecha_corrida(instante.date())}, {hora_junta(instante)}"
    if clave.startswith("viaje_"):
        return fecha_corrida(date.fromisoformat(str(valor)))
    return str(valor)


def alertas_de_comision(logistica: Mapping[str, Any], hoy: date) -> Iterator[str]:
    """What a commission abroad must be told; it informs and never blocks (R135, R138; lineamiento §8.3)."""
    if logistica.get("ya_aceptada") == "si":
        yield (
            "La invitación ya se aceptó. El lineamiento (§8.3) pide que Relaciones Internacionales la valore antes "
            "de aceptarla; quedará registrado."
        )
    salida = logistica.get("viaje_desde")
    if not salida or logistica.get("naturaleza") != "publico" or logistica.get("financiacion") == "ninguna":
        return
    dias = (date.fromisoformat(str(salida)) - hoy).days
    if dias < DIAS_MINISTERIO:
        yield (
            f"Faltan {dias} días calendario para el viaje. Con financiación pública extranjera, la autorización ante "
            f"el Ministerio del Interior necesita mínimo {DIAS_MINISTERIO} días de antelación. "
            "Puede radicar de todos modos."
        )
