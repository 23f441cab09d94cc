"""Reviewed exceptions to test_codigo.py. Add a line only after reading what it lets through."""

# SQL written by hand: locks, counters, catalogue of PostgreSQL, backups. None of it is made from what people type.
SQL_A_MANO = {
    "alcance/compiladas.py",  # what the ORM wrote, with other values
    "alcance/marcas.py",  # which transactions had not ended
    "alcance/ordenes.py",  # sends what its callers write, listed here too
    "alcance/postgres/base.py",
    "api/cuotas.py",
    "avisos/services/frenos.py",
    "bandeja/services/anotar.py",
    "bandeja/services/entregar.py",
    "bitacora/cadena.py",
    "bitacora/services.py",
    "bitacora/verificacion.py",
    "conceptos/services/documento.py",
    "cuentas/sesiones.py",
    "exportaciones/copia.py",  # COPY of what the ORM wrote
    "exportaciones/trabajo.py",
    "expedientes/entregas.py",
    "datos_personales/services/suprimir.py",
    "demo/simulacion/jugar.py",
    # Fills and measures bases of its own; a production refuses it.
    "rendimiento/escena.py",
    "rendimiento/operaciones.py",
    "rendimiento/piso/preparar.py",
    "rendimiento/piso/views.py",
    "rendimiento/sembrar.py",
    "rendimiento/tareas.py",
    "rendimiento/taller.py",
    "sdfi_portal/aislamiento/catalogo.py",
    "sdfi_portal/aislamiento/mundo.py",
    "sdfi_portal/aislamiento/prueba.py",
    "sdfi_portal/aislamiento/redes.py",
    "sdfi_portal/management/commands/migrate.py",
    "sdfi_portal/pila/provision.py",
    "sdfi_portal/pila/vacia.py",
    "sdfi_portal/respaldo.py",
    "sdfi_portal/salud.py",
    "solicitudes/services/inversiones.py",
    "solicitudes/services/reflujo.py",
    "solicitudes/services/numeracion.py",
    "solicitudes/services/radicacion.py",
    "solicitudes/services/relevo.py",
    "solicitudes/services/siga.py",
    "solicitudes/services/transiciones.py",
    "solicitudes/services/turnos.py",
    "tableros/historia.py",
    "tableros/inicios.py",
    "tableros/lectura.py",
    "tableros/recuento.py",
    "tableros/services.py",
}
# Generic code over models: catalogues, and the proof itself.
GESTOR_POR_DEFECTO = {
    "alcance/checks.py",
    "bitacora/cambios.py",
    "datos_personales/services/exportar.py",
    "datos_personales/services/suprimir.py",
    "direcciones/fichas.py",
    "direcciones/forms.py",
    "direcciones/services/catalogos.py",
    "sdfi_portal/aislamiento/redes.py",
}
# The third one takes the role that may empty a reason of the bitácora (Ley 1581 de 2012), for one statement.
ESCRIBEN_EL_CONTEXTO = {
    "alcance/postgres/base.py",
    "datos_personales/services/suprimir.py",
    "sdfi_portal/aislamiento/prueba.py",
}
# The last id of the movements of everybody: a number that changes when the page should ask again.
ENTRADA_COMO_SISTEMA = {"solicitudes/views/atencion/cola.py"}
TEXTO_SEGURO = {"sdfi_portal/guia.py": 1}  # a sample of the style page
# Plain text, and the help texts of our own forms.
PLANTILLAS_CON_SAFE = {
    # What nh3 left of a message, alone in a frame where nothing runs (buzones/mime/limpiar_html.py).
    "buzones/html.html",
    "correos/aviso.txt",
    "django/forms/field.html",
    "mfa/recovery_codes/download.txt",
}
USAN_EL_HOST = {"sdfi_portal/preferencias.py"}  # only to come back inside the same host
EVALUAN: set[tuple[str, str]] = set()

# Who acts as the system, and why. Shape: file → reasons.
COMO_SISTEMA: dict[str, set[str]] = {
    "api/webhooks.py": {
        "borrar los intentos viejos de avisos a otros sistemas",
        "soltar los avisos que esperaban a una integración",
    },
    "archivos/management/commands/verificar_archivos.py": {
        "verificación de archivos",
    },
    "avisos/services/avisar.py": {
        "dejar un aviso",
    },
    "avisos/services/calendario.py": {
        "vigilar el calendario de los plazos",
    },
    "avisos/services/ciclos.py": {
        "avisar lo que toca cada año",
        "ver a quién se avisó lo de cada año",
    },
    "avisos/services/direcciones.py": {
        "reintentar un aviso que rebotó",
        "ver qué avisos que rebotaron se pueden reintentar",
        "anotar lo que se supo de un correo",
        "dar por buena una dirección de correo",
        "reenviar lo que no llegó a la dirección anterior",
        "ver a qué direcciones no se les escribe",
        "ver una dirección a la que no se le escribe",
    },
    "avisos/services/libro.py": {
        "apuntar que a esa dirección no se le escribe",
        "apuntar en el libro de avisos",
        "leer los avisos de una solicitud que se puede ver",
    },
    "avisos/services/rebotes.py": {
        "buscar de qué correo dice ser un rebote",
        "buscar de qué correo es un rebote",
    },
    "avisos/services/resumen.py": {
        "resumir los avisos del día",
    },
    "avisos/tasks.py": {
        "pedir la comprobación diaria de la bitácora",
        "anotar el sello diario de la bitácora",
    },
    "bandeja/services/entregar.py": {
        "aplazar …",
        "entregar …",
        "enviar …",
        "tomar entregas",
        "tomar una entrega larga",
        "ver si hay entregas largas",
    },
    "bandeja/services/reparar.py": {
        "descartar una entrega",
        "reintentar las entregas de un tipo",
        "reintentar una entrega",
        "ver entregas muertas",
        "ver una entrega muerta",
    },
    "bandeja/services/salud.py": {
        "salud de la bandeja",
    },
    "bandeja/services/sonda.py": {
        "soltar lo que esperaba al servidor de correo",
        "ver si algo espera al servidor de correo",
    },
    "bitacora/management/commands/sellar_bitacora.py": {
        "sello de la bitácora",
    },
    "bitacora/management/commands/verificar_bitacora.py": {
        "verificación de la bitácora",
    },
    "bitacora/sellos.py": {
        "sello diario de la bitácora",
    },
    "bitacora/verificacion.py": {
        "salud de la bitácora",
    },
    "buzones/services/actos.py": {
        "buscar la solicitud a la que ventanilla agrega un correo",
    },
    "buzones/services/alertas.py": {
        "avisar de lo que pasa con el correo recibido",
        "vigilar los buzones",
    },
    "buzones/services/casillas.py": {
        "dar por visto lo apartado de los buzones",
        "ver lo apartado de los buzones",
    },
    "buzones/services/aprendizaje.py": {
        "aprender de lo que se decidió de los correos",
    },
    "buzones/services/actuar.py": {
        "agregar a una solicitud lo que llegó por correo",
        "anotar la ausencia de quien recibió un correo",
        "anotar lo que dice un correo devuelto",
        "radicar lo que llegó por correo",
    },
    "buzones/services/conciliar.py": {
        "anotar como movido lo que estaba entre lo ya leído",
        "comparar un buzón con su libro",
    },
    "buzones/services/decidir.py": {
        "decidir qué es un correo",
    },
    "buzones/services/guardar.py": {
        "guardar lo que trajo un buzón",
        "guardar un mensaje recibido",
    },
    "buzones/services/numeros.py": {"decir a la ventanilla con qué número se radicó lo que llegó"},
    "buzones/services/pendientes.py": {
        "devolver a la bandeja lo que nadie completó",
        "recordar lo que está por clasificar",
    },
    "buzones/services/proponer.py": {
        "decidir una propuesta de enlace",
        "proponer un enlace",
        "retirar lo que propuso un correo",
        "vencer las propuestas de enlace",
        "volver a una propuesta de enlace",
    },
    "buzones/services/trasladar.py": {
        "decir qué se hizo con una petición",
        "recordar los traslados que están por vencer",
        "retirar el traslado de una petición",
        "trasladar una petición",
    },
    "buzones/services/hechos.py": {"saber qué conoce el registro de un mensaje recibido"},
    "buzones/services/ingerir.py": {
        "decir qué es lo que se recibió",
        "ver si ya se sabe qué es un mensaje",
    },
    "buzones/services/leer.py": {
        "anotar qué se movió en un buzón",
        "ver qué hay ya de un buzón",
        "ver qué se guardó de un buzón",
    },
    "buzones/services/revisar.py": {
        "asentar lo que dijo el antivirus de un mensaje",
        "leer el mensaje por revisar",
        "ver qué mensajes faltan por revisar",
    },
    "buzones/services/salud.py": {
        "salud de los buzones",
    },
    "buzones/services/originales.py": {
        "abrir el original de un correo que se puede ver",
    },
    "buzones/services/procesar.py": {
        "decidir qué es un mensaje",
        "tomar los mensajes más antiguos",
    },
    "conceptos/management/commands/exportar_concepto.py": {
        "exportar un concepto firmado",
    },
    "conceptos/services/documento.py": {
        "nombrar en el concepto las demás dependencias que responden",
    },
    "conceptos/services/firma.py": {
        "entregar el concepto firmado",
        "leer lo que hay que sellar",
    },
    "conceptos/services/salida.py": {
        "decir en el resultado que el concepto cambió",
        "llevar al concepto el número SIGA con que salió la respuesta",
    },
    "conceptos/tasks.py": {
        "buscar conceptos firmados sin sellar",
    },
    "cuentas/adaptador.py": {
        "avisar un cambio de la cuenta",
        "enviar el enlace de recuperación",
    },
    "cuentas/management/commands/crear_administrador.py": {
        "nombrar al administrador del portal",
    },
    "cuentas/services/accesos.py": {
        "recibir una solicitud de acceso",
    },
    "cuentas/services/invitaciones.py": {
        "aceptar una invitación",
    },
    "datos_personales/services/exportar.py": {
        "contar los datos personales de su titular",
        "reunir los datos personales de su titular",
    },
    "datos_personales/services/rectificar.py": {
        "corregir los datos de quien pidió en lo que sigue abierto",
    },
    "datos_personales/services/suprimir.py": {
        "suprimir los datos personales de su titular",
        "ver si los datos de una persona se pueden suprimir",
    },
    "demo/cargar.py": {
        "enseñar al clasificador de la demostración",
        "cargar la demostración",
        "contar la demostración",
        "preparar la simulación",
    },
    "demo/entrantes.py": {
        "preparar el correo de la demostración",
        "ver si ya llegó correo a la demostración",
    },
    "demo/correo.py": {
        "ver qué correos esperan su hora",
    },
    "demo/simulacion/acciones.py": {
        "leer la encuesta de la simulación",
        "leer la parte de la simulación",
        "leer la principal de la duplicada",
        "leer la respuesta que la ventanilla registró",
        "leer la solicitud de la simulación",
    },
    "demo/simulacion/entregas.py": {
        "cerrar lo que dejó la simulación",
        "entregar lo de un paso de la simulación",
    },
    "demo/simulacion/jugar.py": {
        "saber a qué bandejas llega",
        "ver si el grupo ya está",
    },
    "demo/simulacion/reparto.py": {
        "inscribir a los enlaces de la simulación",
        "leer los catálogos de la simulación",
    },
    "direcciones/ausencias.py": {
        "saber quién cubre a alguien",
        "saber quién puede cubrir a alguien",
        "saber quién responde hoy",
        "saber si alguien está ausente",
    },
    "direcciones/management/commands/cargar_catalogos.py": {
        "carga de catálogos",
    },
    "direcciones/portafolio.py": {
        "fechar el portafolio",
    },
    "direcciones/relevos.py": {
        "relevar a quien deja de atender",
    },
    "direcciones/services/ausencias.py": {
        "anotar dónde trabaja quien volvió",
        "comprobar una ausencia",
    },
    "direcciones/vacantes.py": {
        "saber quién atiende cada sector",
        "saber qué dependencias están solas",
    },
    "encuestas/services.py": {
        "ver qué encuestas se recordarían hoy",
        "abrir la encuesta de una solicitud respondida",
        "barrido de encuestas",
        "cerrar la solicitud ya encuestada",
        "cerrar una encuesta sin respuesta",
        "mostrar el radicado en su encuesta",
    },
    "exportaciones/services.py": {
        "barrer las exportaciones",
    },
    "exportaciones/siga.py": {
        "exportar para SIGA los números de todo el registro",
    },
    "expedientes/services/barrido.py": {
        "barrer los expedientes",
    },
    "expedientes/services/cierre.py": {
        "cerrar el expediente de una solicitud terminada",
    },
    "expedientes/services/copias.py": {
        "anotar el pedido de una copia sellada",
        "decir que una copia sellada no se pudo hacer",
        "hacer la copia sellada de un expediente",
        "intentar la copia sellada de un expediente",
        "reconocer una copia por su huella",
    },
    "expedientes/services/fuentes.py": {
        "leer los correos de una solicitud que se puede ver",
    },
    "expedientes/services/pdfa.py": {
        "hacer las copias PDF/A de un expediente",
    },
    "importaciones/management/commands/importar_siga.py": {
        "importar un archivo de SIGA, fila por fila",
        "saber quién importa un archivo de SIGA",
    },
    "importaciones/services/siga.py": {
        "importar de SIGA: ver las solicitudes que nombra el archivo",
    },
    "importaciones/services/solicitudes.py": {
        "importar: ver qué solicitudes ya están",
    },
    "importaciones/services/trayectoria.py": {
        "importar: hasta dónde va lo que ya está",
        "importar: ver las sesiones programadas",
    },
    "importaciones/tasks.py": {
        "caducar archivos de importaciones",
    },
    "rendimiento/escena.py": {
        "abrir una sesión para medir",
        "preparar lo que se mide",
    },
    "rendimiento/sembrar.py": {
        "leer quién atiende",
        "leer lo que prometen las dependencias",
        "sembrar para medir",
    },
    "rendimiento/tareas.py": {
        "hacer la exportación que se mide",
    },
    "sdfi_portal/aislamiento/mundo.py": {
        "construir el mundo de la prueba de aislamiento",
    },
    "sdfi_portal/aislamiento/redes.py": {
        "juzgar la segunda red sin la tercera",
    },
    "solicitudes/management/commands/comprobar_responsables.py": {
        "nombrar lo que no tiene responsable",
    },
    "solicitudes/services/acciones.py": {
        "releer la parte con el turno tomado",
    },
    "solicitudes/services/actuaciones.py": {
        "cambiar una actuación",
        "registrar una actuación",
        "ver cuándo terminó la última sesión",
        "ver si queda algo programado",
    },
    "solicitudes/services/agenda.py": {
        "contar las sesiones de quien estará ausente",
    },
    "solicitudes/services/aprendizaje.py": {
        "aprender de lo ya atendido",
    },
    "solicitudes/services/archivos.py": {
        "agregar los archivos que llegaron con un mensaje",
        "archivos por revisar",
        "asentar lo que dijo el antivirus",
        "barrido de archivos huérfanos",
        "leer el archivo por revisar",
    },
    "solicitudes/services/articulacion.py": {
        "agregar otra dependencia",
        "cambiar la dependencia que lidera",
        "cambiar la reserva",
    },
    "solicitudes/services/asignacion.py": {
        "asesores de la dependencia",
        "comprobar que la persona atiende en la dependencia",
    },
    "solicitudes/services/borradores.py": {
        "contar las dudas que resolvió el banco",
        "leer los archivos del borrador",
        "pasar los archivos del borrador a la solicitud",
        "volver a la solicitud ya radicada de este borrador",
    },
    "solicitudes/services/asesores.py": {
        "saber quiénes son los enlaces de cada entidad",
        "ver a qué enlaces se les dijo quién los asesora",
    },
    "solicitudes/services/cola.py": {
        "anotar la excepción al orden",
        "buscar la más antigua de la cola",
        "contar las más antiguas de la misma bandeja",
        "releer la parte con el turno tomado",
        "ver si hay más antiguas en la misma bandeja",
    },
    "solicitudes/services/constancias.py": {
        "confirmar una constancia por su código",
        "emitir la constancia de radicación",
    },
    "solicitudes/services/contacto.py": {
        "corregir el correo de quien pidió",
    },
    "solicitudes/services/conversacion.py": {
        "recibir un mensaje de la solicitud",
        "escribir un mensaje de la solicitud",
    },
    "solicitudes/services/entidad.py": {
        "leer el mensaje recién escrito",
        "partes abiertas de la solicitud que se retira",
        "ver si ese formulario ya se envió",
    },
    "solicitudes/services/inversiones.py": {
        "contar inversiones del orden",
    },
    "solicitudes/services/novedades.py": {
        "comparar la versión bajo cerrojo",
        "leer la versión de la solicitud",
    },
    "solicitudes/services/prorroga.py": {
        "ampliar el término legal",
        "decir qué petición es",
    },
    "solicitudes/services/radicacion.py": {
        "doble envío de la misma radicación",
        "radicar: escribir la solicitud con todas sus partes",
    },
    "solicitudes/services/previa.py": {
        "ver qué recordatorios ya se anotaron",
    },
    "solicitudes/services/recordatorios.py": {
        "barrer los plazos",
        "barrer los términos que no obligan",
    },
    "solicitudes/services/reflujo.py": {
        "avisar los plazos que cambiaron",
        "avisar los relojes que no se pudieron contar",
        "pedir el recuento de los plazos",
        "recontar los plazos abiertos",
        "ver los relojes que no se pudieron contar",
        "ver qué plazos cambiarían",
        "ver si hay plazos por recontar",
        "volver a contar lo que no se pudo",
    },
    "solicitudes/services/relojes.py": {
        "relojes: empezar los hitos de lo que ya ocurrió",
        "relojes: la entidad debe una respuesta",
        "relojes: la entidad respondió o se continúa sin ella",
        "relojes: los de la dependencia a la que llega",
        "relojes: los que faltan",
    },
    "solicitudes/services/relevo.py": {
        "buscar quién ya no atiende",
        "comprobar que todo tiene responsable",
        "relevar a quien ya no atiende",
        "saber quién responde hoy",
    },
    "solicitudes/services/salidas.py": {
        "marcar como duplicada: comprobar la otra",
        "marcar como duplicada: señalar la otra",
        "trasladar: ver si la otra dependencia ya participa",
    },
    "solicitudes/services/seguimiento_privado.py": {
        "mostrar una solicitud a quien tiene su enlace privado",
    },
    "solicitudes/services/siga.py": {
        "anotar los números SIGA de una solicitud",
        "decir en la solicitud con qué número SIGA salió la respuesta",
        "ver qué solicitud tiene ese número SIGA",
    },
    "solicitudes/services/transiciones.py": {
        "cerrar la solicitud",
        "mover: …",
    },
    "solicitudes/views/atencion/cola.py": {
        "leer el último movimiento",
        "ver si hay movimientos nuevos",
    },
    "tableros/historia.py": {
        "repasar la historia de cada parte",
    },
    "tableros/informe.py": {
        "dejar los informes del mes",
    },
    "tableros/recuento.py": {
        "recontar las cifras del tablero",
    },
    "tableros/services.py": {
        "compactar las cifras del tablero",
        "contar inversiones del orden",
        "contar las abiertas de una cola",
        "contar lo de una jefatura",
        "sumar las encuestas de cada entidad",
    },
}
