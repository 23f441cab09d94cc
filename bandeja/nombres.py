"""What each kind of fact is called on screen. Codes are for whoever reads the code."""

NOMBRES = {
    "avisos.correo": "Correo",
    "avisos.direccion_cambiada": "Repetir lo que no llegó a una dirección corregida",
    "avisos.direccion_mala": "Aviso de una dirección que no recibe",
    "avisos.no_llego": "Aviso de un correo que no llegó",
    "avisos.sello": "Sello diario de la auditoría",
    "bandeja.rechazo": "Anotar una dirección que el servidor rechazó",
    "buzones.traslado": "Traslado de una petición ciudadana",
    "buzones.traslado_por_vencer": "Recordatorio de una petición por trasladar",
    "conceptos.entrega": "Entrega de un concepto a la entidad",
    "conceptos.firmado": "Sellado de un concepto firmado",
    "conceptos.movimiento": "Aviso de un paso de un concepto",
    "cuentas.invitacion": "Invitación a crear una cuenta",
    "cuentas.persona_corregida": "Llevar a sus solicitudes los datos corregidos de una persona",
    "cuentas.recuperacion": "Correo para cambiar la contraseña",
    "direcciones.ausencia": "Aviso de una ausencia",
    "direcciones.sector_asignado": "Aviso de quién asesora a un sector",
    "encuestas.invitacion": "Invitación a la encuesta",
    "expedientes.copia": "Copia de un expediente",
    "exportaciones.elaborar": "Exportación del registro",
    "importaciones.avanzar": "Importación de lo anterior",
    "solicitudes.actuacion": "Aviso de una sesión",
    "solicitudes.acuse": "Acuse de recibo de una solicitud",
    "solicitudes.archivo_infectado": "Aviso de un archivo con virus",
    "solicitudes.archivo_subido": "Revisión antivirus de un archivo",
    "solicitudes.cerrada": "Cierre de un expediente",
    "solicitudes.informar_asesor": "Aviso a una entidad de quién la asesora",
    "solicitudes.llegada": "Aviso de una solicitud que llegó a la cola",
    "solicitudes.mensaje": "Aviso de un mensaje",
    "solicitudes.movimiento": "Aviso de un paso de una solicitud",
    "solicitudes.parte_cerrada": "Abrir la encuesta de una solicitud",
    "solicitudes.prorroga": "Aviso de una prórroga",
    "solicitudes.recordatorio": "Recordatorio de un plazo",
    "solicitudes.reflujo": "Aviso de un cambio del calendario",
    "solicitudes.sin_contar": "Aviso de una solicitud cuyo plazo no se pudo contar",
    "tableros.informe": "Informe mensual del tablero",
}


def nombre_de(tipo: str) -> str:
    return NOMBRES.get(tipo, tipo)
