"""What is known of a message, told in words: for whoever must decide what it is."""

from collections.abc import Mapping
from typing import Any

from buzones.estados import Autenticidad
from buzones.models import Correo

_COMPROBACIONES = {"dmarc": "DMARC", "dkim": "DKIM", "spf": "SPF"}
_RESULTADOS = {
    "pass": "pasa",
    "fail": "falla",
    "softfail": "falla sin rechazo",
    "none": "no tiene",
    "neutral": "no afirma nada",
    "temperror": "no se pudo comprobar",
    "permerror": "está mal configurado",
}
# What each sign of a message means for whoever reads it. Those that come with data are told apart.
_SENALES = {
    "urgente": "Viene marcado como urgente: no cambia su turno.",
    "pide_acuse_de_lectura": "Pide acuse de lectura: el portal no lo envía.",
    "acuse_de_lectura": "Es un acuse de lectura.",
    "lista": "Lo reparte una lista de correo.",
    "informe": "Es un informe de entrega de un servidor.",
    "firmado": "Trae una firma digital, que el portal no verifica.",
    "cifrado": "Está cifrado: el portal no puede leerlo.",
}


def remitente(correo: Correo) -> str:
    """«Jimena Tovar <jimena@entidad.example>», or that it cannot be read."""
    if not correo.de_correo:
        return correo.de_nombre or "No se puede leer"
    return f"{correo.de_nombre} <{correo.de_correo}>" if correo.de_nombre else correo.de_correo


def destinatarios(correo: Correo) -> list[str]:
    pares = [par for par in correo.para if isinstance(par, list | tuple) and len(par) == 2]
    return [f"{nombre} <{direccion}>" if nombre else str(direccion) for nombre, direccion in pares]


def comprobacion(correo: Correo) -> str:
    """Who vouches for the sender. Only the server of the border is believed."""
    dicho = _mapa(correo.autenticacion)
    servidor = dicho.get("servidor") or "El servidor de correo"
    if correo.autentico == Autenticidad.SI:
        dominio = dicho.get("dominio") or correo.de_correo.rpartition("@")[2]
        return f"{servidor} comprobó que viene de {dominio}.{_detalle(dicho)}"
    if correo.autentico == Autenticidad.NO:
        return f"{servidor} comprobó que no viene de quien dice.{_detalle(dicho)} No le crea al remitente."
    return "Nadie comprobó el remitente: esa dirección la pudo escribir cualquiera."


def _detalle(dicho: Mapping[str, Any]) -> str:
    partes = [
        f"{nombre} {_RESULTADOS.get(str(dicho[clave]), dicho[clave])}"
        for clave, nombre in _COMPROBACIONES.items()
        if dicho.get(clave)
    ]
    return f" {', '.join(partes)}." if partes else ""


def senales(correo: Correo) -> list[str]:
    """What the message says of itself that matters."""
    dichas = _mapa(correo.senales)
    frases = [str(razon) for razon in dichas.get("robot") or ()]
    frases += [frase for clave, frase in _SENALES.items() if dichas.get(clave)]
    calendario = _mapa(dichas.get("calendario"))
    if calendario:
        frases.append(_cita(calendario))
    if dichas.get("ausente_hasta"):
        frases.append(f"Está ausente hasta el {dichas['ausente_hasta']}.")
    if dichas.get("sustituto"):
        frases.append(f"Mientras tanto, remite a {dichas['sustituto']}.")
    return list(dict.fromkeys(frases))


def _cita(calendario: Mapping[str, Any]) -> str:
    partes = [str(calendario[clave]) for clave in ("resumen", "inicio", "lugar") if calendario.get(clave)]
    return f"Trae una cita de calendario: {', '.join(partes)}." if partes else "Trae una cita de calendario."


def _mapa(valor: Any) -> Mapping[str, Any]:
    return valor if isinstance(valor, Mapping) else {}
