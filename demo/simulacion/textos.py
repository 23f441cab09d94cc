"""Words for the simulation, composed from `casos`: the same draw gives the same words."""

from random import Random

from demo.simulacion.casos import LISTAS, Caso

NOMBRES = ("Adriana", "Álvaro", "Bibiana", "César", "Claudia", "Diego", "Elsa", "Fabio", "Gladys", "Hugo", "Ingrid",
           "Javier", "Liliana", "Mauricio", "Nidia", "Orlando", "Pilar", "Rafael", "Rocío", "Sergio", "Tatiana",
           "Vladimir", "Yaneth", "Wilmer", "Marcela", "Fredy", "Consuelo", "Iván", "Paola", "Germán")  # fmt: skip
APELLIDOS = ("Acosta", "Bernal", "Bohórquez", "Cifuentes", "Delgado", "Espitia", "Fajardo", "Gaitán", "Herrera",
             "Infante", "Jaramillo", "Lizarazo", "Montaña", "Novoa", "Osorio", "Pachón", "Quiroga", "Riaño",
             "Sarmiento", "Triana", "Umaña", "Villalba", "Wilches", "Zambrano", "Ballesteros", "Camargo",
             "Galvis", "Mendoza", "Patiño", "Rubiano")  # fmt: skip
CARGOS = ("Profesional de planeación", "Líder de gestión documental", "Profesional especializado",
          "Jefe de la oficina asesora", "Profesional universitario", "Subdirectora administrativa",
          "Técnico administrativo", "Contratista de apoyo")  # fmt: skip

SALUDOS = (
    "Buenos días. Recibimos su solicitud y ya la estamos atendiendo. Le escribiremos si falta algo.",
    "Cordial saludo. Tengo a mi cargo su solicitud. Esta semana reviso los documentos y le cuento.",
    "Buenas tardes. Leí su solicitud y propongo que hablemos antes de responder por escrito.",
    "Recibida, muchas gracias. Si tiene otros documentos sobre el tema, puede enviarlos por aquí.",
)
MENSAJES_ENTIDAD = (
    "Gracias. ¿Es posible tener la respuesta antes de nuestro comité?",
    "Quedamos atentos. Cualquier dato que falte lo enviamos el mismo día.",
    "Agregamos que el tema también lo revisa la oficina jurídica de la entidad.",
    "¿Pueden indicarnos quién asistirá por parte de la dirección?",
)
NOTAS = (
    "Hay un concepto anterior sobre el mismo punto: revisarlo antes de responder.",
    "Hablé con la entidad por teléfono; confirma que el comité es la próxima semana.",
    "Conviene responder junto con la solicitud similar de la misma localidad.",
    "Pendiente confirmar la sala y el enlace de la reunión.",
)
COMPLEMENTOS = (
    "Para continuar necesitamos el acto administrativo que se menciona y la versión editable del documento.",
    "Por favor envíe el inventario en hoja de cálculo y diga a cuántos metros lineales corresponde.",
    "Falta el acta del comité en la que se aprobó la propuesta. Envíela, por favor.",
    "Precise a qué dependencia se refiere y desde qué fecha ocurre lo que describe.",
)
RESPUESTAS_ENTIDAD = (
    "Enviamos lo solicitado. El documento va completo y en versión editable.",
    "Adjuntamos el acta y aclaramos que aplica para toda la entidad.",
    "Respondemos tarde porque la dependencia estaba en empalme. Va la información pedida.",
    "La cifra correcta es la del inventario adjunto; la de la solicitud era aproximada.",
)
MOTIVOS_RETIRO = ("Ya resolvimos la duda con otra dependencia", "La radicamos dos veces por error",
                  "El proyecto se aplazó para la próxima vigencia")  # fmt: skip
MOTIVOS_LIBERAR = ("Se requiere el perfil de otra persona del equipo", "Salgo a comisión y no alcanzo a atenderla")
MOTIVOS_TRASLADO = ("El tema corresponde a la otra dependencia", "Se pidió por error a esta dependencia")
MOTIVOS_REABRIR = ("La entidad mostró que faltó responder una pregunta", "Se debe precisar la recomendación final")
DESTINOS = (
    ("Departamento Administrativo del Servicio Civil Distrital", "Es competente en empleo y planta de personal"),
    ("Secretaría Jurídica Distrital", "Pide un concepto jurídico de alcance general"),
    ("Secretaría Distrital de Hacienda", "La consulta es presupuestal"),
)
NO_COMPETENCIA = (
    "Lo que pide es una queja contra un particular. La SDFI asesora a entidades; presente la queja en Bogotá te "
    "escucha, que la envía a quien corresponde.",
    "La solicitud pide representación judicial, que no es asistencia técnica. Acuda a la Secretaría Jurídica "
    "Distrital, que defiende al Distrito.",
)
PRECEDENCIA = {
    "fecha_legal": "La entidad debe responder a un juez esta semana",
    "fecha_evento": "El evento es el viernes y no se puede mover",
    "sesion_conjunta": "Se atiende en la misma sesión que la de otra entidad",
    "disponibilidad": "La agenda se acordó con la entidad antes de su comité",
}
COMENTARIOS_BUENOS = ("Muy clara la explicación, la aplicamos de inmediato.", "Excelente disposición.",
                      "Que sigan los ejemplos prácticos.", "La sesión resolvió más de lo pedido.")  # fmt: skip
COMENTARIOS_MALOS = ("La respuesta llegó después de nuestro comité.", "Faltó un ejemplo aplicable a la entidad.",
                     "Sería mejor una reunión antes del documento.", "Pedimos visita y fue virtual.")  # fmt: skip
APERTURAS = ("", "Cordial saludo. ", "Respetados señores. ", "Buenos días. ")
CIERRES = ("", " Agradecemos la respuesta antes del {plazo}.", " Quedamos atentos.", " Gracias por su apoyo.",
           " Adjuntamos los soportes.")  # fmt: skip


def palabras(azar: Random, entidad: str) -> dict[str, str]:
    """One choice of every list: the whole solicitud speaks of the same área, series and years."""
    return {nombre: azar.choice(opciones) for nombre, opciones in LISTAS.items()} | {"entidad": entidad}


def frase(plantilla: str, elegidas: dict[str, str]) -> str:
    texto = plantilla.format_map(elegidas).replace(" de el ", " del ").replace(" a el ", " al ")
    return texto[:1].upper() + texto[1:]


def necesidad(caso: Caso, azar: Random, elegidas: dict[str, str]) -> str:
    cuerpo = f"{frase(azar.choice(caso.situaciones), elegidas)} {frase(azar.choice(caso.piden), elegidas)}"
    return azar.choice(APERTURAS) + cuerpo + frase(azar.choice(CIERRES), elegidas)


def contacto(azar: Random) -> tuple[str, str]:
    """Name and position of somebody of an entity."""
    primero, segundo = azar.sample(APELLIDOS, 2)
    return f"{azar.choice(NOMBRES)} {primero} {segundo}", azar.choice(CARGOS)
