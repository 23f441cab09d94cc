"""More of the corpus: answers and forwards as each program writes them, robots and people, hostile HTML."""

import base64
from collections.abc import Iterator

from tests.buzones.corpus.hacer import CABEZA, Espera, con, familia, mensaje, parte, texto

NUEVO = "Confirmo la mesa del jueves.\n\nJimena Tovar"
_VIEJO = "Su solicitud AT-2026-000123 tiene fechas.\n- martes\n- jueves"
_CON_MARCA = "\n".join(f"> {linea}" for linea in _VIEJO.split("\n"))
_DE = "Portal SDFI <notificaciones@portal.example>"

# Each: what announces the quote, and whether the quote is marked with «>».
_PROGRAMAS: dict[str, tuple[str, bool]] = {
    "gmail-es": (f"El mié, 25 feb 2026 a las 15:03, {_DE} escribió:", True),
    "gmail-es-partido": (
        "El mié, 25 feb 2026 a las 15:03, Portal SDFI (<\nnotificaciones@portal.example>) escribió:",
        True,
    ),
    "gmail-en": (f"On Wed, Feb 25, 2026 at 3:03 PM {_DE} wrote:", True),
    "gmail-en-partido": ("On Wed, Feb 25, 2026 at 3:03 PM Portal SDFI <\nnotificaciones@portal.example> wrote:", True),
    "outlook-es": (
        f"De: {_DE}\nEnviado el: miércoles, 25 de febrero de 2026 3:03 p. m.\nPara: Jimena\nAsunto: [AT] Mesa\n",
        False,
    ),
    "outlook-en": (
        f"From: {_DE}\nSent: Wednesday, February 25, 2026 3:03 PM\nTo: Jimena\nCc: Otra\nSubject: [AT] Mesa\n",
        False,
    ),
    "outlook-raya": (
        f"________________________________\nDe: {_DE}\nEnviado: miércoles\nPara: Jimena\nAsunto: Mesa\n",
        False,
    ),
    "outlook-clasico-es": (
        f"-----Mensaje original-----\nDe: {_DE}\nEnviado el: miércoles\nPara: Jimena\nAsunto: Mesa\n",
        False,
    ),
    "outlook-clasico-en": (
        f"-----Original Message-----\nFrom: {_DE}\nSent: Wednesday\nTo: Jimena\nSubject: Mesa\n",
        False,
    ),
    "outlook-negrilla": (f"*De:* {_DE}\n*Enviado:* miércoles\n*Para:* Jimena\n*Asunto:* Mesa\n", False),
    "apple-es": (f"El 25/02/2026, a las 3:03 p. m., {_DE} escribió:\n", True),
    "apple-en": (f"On Feb 25, 2026, at 3:03 PM, {_DE} wrote:\n", True),
    "thunderbird-es": ("El 25/02/2026 a las 15:03, Portal SDFI escribió:", True),
    "thunderbird-en": ("On 25/02/2026 15:03, Portal SDFI wrote:", True),
    "yahoo-es": ("El miércoles, 25 de febrero de 2026, 03:03:12 p. m. COT, Portal SDFI escribió:", True),
    "zimbra": (f"----- Mensaje original -----\nDe: {_DE}\nPara: Jimena\nEnviados: miércoles\nAsunto: Mesa", False),
    "sin-anuncio": ("", True),
    "responda-arriba": ("##- RESPONDA ARRIBA -##", False),
    "responda-por-encima": ("--- Responda por encima de esta línea ---", False),
    "portugues": (f"Em qua., 25 de fev. de 2026 às 15:03, {_DE} escreveu:", True),
}


@familia
def cita() -> Iterator[tuple[str, bytes, Espera]]:
    for programa, (anuncio, marcada) in _PROGRAMAS.items():
        viejo = _CON_MARCA if marcada else _VIEJO
        cuerpo = f"{NUEVO}\n\n{anuncio}\n{viejo}\n" if anuncio else f"{NUEVO}\n\n{viejo}\n"
        yield programa, mensaje(cuerpo, asunto="RE: Mesa"), {"nuevo": NUEVO, "citado_tiene": "AT-2026-000123"}
    abajo = f"El mié, 25 feb 2026 a las 15:03, {_DE} escribió:\n{_CON_MARCA}\n\n{NUEVO}"
    yield "abajo", mensaje(abajo, asunto="Re: Mesa"), {"nuevo": NUEVO, "citado_tiene": "AT-2026-000123"}
    entre = "Hola\n> ¿El martes?\n> ¿A qué hora?\nNo puedo\n> ¿El jueves?\n> ¿Sí?\nSí, a las 9"
    yield "entre-lineas", mensaje(entre, asunto="Re: Mesa"), {"nuevo": entre, "citado": ""}
    firma_abajo = f"{NUEVO}\n\n> uno\n> dos\n> tres\n\nEnviado desde mi iPhone"
    yield (
        "firma-abajo",
        mensaje(firma_abajo, asunto="Re: Mesa"),
        {
            "nuevo": f"{NUEVO}\n\nEnviado desde mi iPhone",
            "firma": "Enviado desde mi iPhone",
        },
    )
    con_firma = "Confirmo.\n-- \nJimena Tovar\nTransMilenio"
    yield "con-firma", mensaje(con_firma), {"nuevo": con_firma, "firma": "-- \nJimena Tovar\nTransMilenio"}
    html = (
        '<div>Confirmo.</div><div class="gmail_quote">El mié, 25 feb 2026 a las 15:03, Portal escribió:'
        f"<blockquote>{_VIEJO}</blockquote></div>"
    )
    yield (
        "solo-html",
        mensaje(html, tipo="text/html; charset=utf-8", asunto="Re: M"),
        {"nuevo": "Confirmo.", "citado_tiene": "AT-2026"},
    )
    html_outlook = (
        "<p>Confirmo.</p><hr><p><b>De:</b> Portal<br><b>Enviado:</b> ayer<br><b>Para:</b> J<br><b>Asunto:</b> M</p>"
        f"<p>{_VIEJO}</p>"
    )
    yield (
        "solo-html-outlook",
        mensaje(html_outlook, tipo="text/html; charset=utf-8", asunto="Re: M"),
        {
            "nuevo": "Confirmo.",
            "citado_tiene": "AT-2026",
        },
    )
    for nombre_, dice in {
        "no-lista-de-campos": "De: la norma salen tres preguntas.\nPara: mañana la primera.\nGracias",
        "no-el-director": "El director escribió:\nque no había presupuesto.",
        "no-una-marca": "El resultado:\n> 5 años se elimina\nEso dice la tabla",
        "no-guiones": "----- Anexos -----\nuno\ndos",
        "no-cambio": "Nombre: Ana\nCargo: Profesional\nCorreo: ana@x.example",
    }.items():
        yield nombre_, mensaje(dice, asunto="Re: Mesa"), {"nuevo": dice, "citado": ""}
    yield "hostil-tildes", mensaje("\u0301\n\u0301 \u0301\n> \u0301", asunto="\u0301"), {}
    yield "hostil-abre", mensaje("El 1 @ " * 20_000, asunto="Re: M"), {}
    yield "hostil-marcas", mensaje(">" * 190_000, asunto="Re: M"), {}
    yield "hostil-lineas", mensaje("De: x\n" * 30_000, asunto="Re: M"), {}
    yield "hostil-el", mensaje("El x 1\n" * 25_000, asunto="Re: M"), {}
    yield "hostil-guiones", mensaje("-" * 100_000 + "_" * 90_000, asunto="Re: M"), {}


_ANIDADO = (
    "De: Beto Díaz <beto@otra.example>\nEnviado el: lunes\nPara: Ana\nAsunto: ¿Quién sabe?\n\nNecesitamos apoyo."
)
_BETO = "Beto Díaz <beto@otra.example>"
_REENVIOS = {
    "gmail-es": "Por su competencia.\n\n---------- Mensaje reenviado ---------\n"
    f"De: {_BETO}\nDate: lun\nSubject: ¿Quién sabe?\nTo: Ana\n\nNecesitamos apoyo.",
    "gmail-en": "FYI\n\n---------- Forwarded message ---------\n"
    f"From: {_BETO}\nDate: Mon\nSubject: ¿Quién sabe?\nTo: Ana\n\nNecesitamos apoyo.",
    "apple-es": "Va.\n\nInicio del mensaje reenviado:\n\n"
    f"De: {_BETO}\nFecha: lunes\nPara: Ana\nAsunto: ¿Quién sabe?\n\nNecesitamos apoyo.",
    "apple-en": "Va.\n\nBegin forwarded message:\n\n"
    f"From: {_BETO}\nDate: Monday\nTo: Ana\nSubject: ¿Quién sabe?\n\nNecesitamos apoyo.",
}


@familia
def reenvio() -> Iterator[tuple[str, bytes, Espera]]:
    de_beto: Espera = {"citado": "", "reenviado": ("beto@otra.example", "Necesitamos apoyo.")}
    for nombre_, dice in _REENVIOS.items():
        yield nombre_, mensaje(dice, asunto="Consulta"), {**de_beto, "nuevo": dice}
    for asunto in ("RV: ¿Quién sabe?", "Fwd: ¿Quién sabe?", "FW: ¿Quién sabe?", "RV: RE: x", "REENV: x"):
        dice = f"Por su competencia.\n\n{_ANIDADO}"
        yield asunto[:6], mensaje(dice, asunto=asunto), {**de_beto, "nuevo": dice}
    cadena = f"{_ANIDADO}\n\nDe: Caro <caro@mas.example>\nEnviado: ayer\nPara: Beto\nAsunto: Ayuda\n\nEl primero."
    yield (
        "cadena",
        mensaje(cadena, asunto="RV: x"),
        {"reenviados": ["beto@otra.example", "caro@mas.example"], "citado": ""},
    )
    # What separates it from the rest is no signature: what is forwarded would be it.
    con_raya = f"Va.\n\n-- \nAna\n\n{'_' * 32}\n{_ANIDADO}"
    yield "con-raya", mensaje(con_raya, asunto="RV: x"), {**de_beto, "nuevo": con_raya, "firma": ""}
    yield "sin-decirlo", mensaje(_ANIDADO, asunto="Solicitud"), {**de_beto, "nuevo": _ANIDADO}
    yield "respuesta-sin-texto", mensaje(_ANIDADO, asunto="RE: Solicitud"), {"nuevo": "", "citado": _ANIDADO}
    de_un_reenvio = "\n".join(f"> {linea}" for linea in _REENVIOS["gmail-es"].split("\n"))
    yield (
        "respuesta-a-un-reenvio",
        mensaje(f"Sí.\n\nEl lun, 2 mar 2026, Ana escribió:\n{de_un_reenvio}", asunto="Re: RV: x"),
        {"nuevo": "Sí.", "reenviados": []},
    )
    yield "respuesta-no-es", mensaje(f"Sí.\n\n{_ANIDADO}", asunto="RE: x"), {"nuevo": "Sí.", "reenviados": []}


# --- Robots and people -------------------------------------------------------------------------------------------
@familia
def robot() -> Iterator[tuple[str, bytes, Espera]]:
    de = "From: {}\nDate: Tue, 03 Mar 2026 08:44:12 -0500\n"
    encabezados = {
        "auto-submitted": "Auto-Submitted: auto-replied\n",
        "auto-generated": "Auto-Submitted: auto-generated; owner-email=a@b\n",
        "auto-mayusculas": "AUTO-SUBMITTED: Auto-Replied\n",
        "x-autoreply": "X-Autoreply: yes\n",
        "x-autorespond": "X-Autorespond: Ausente\n",
        "bulk": "Precedence: bulk\n",
        "junk": "Precedence: junk\n",
        "list": "Precedence: list\n",
        "auto_reply": "Precedence: auto_reply\n",
        "list-id": "List-Id: <archivistas.lista.example>\n",
        "list-unsubscribe": "List-Unsubscribe: <mailto:baja@lista.example>\n",
        "sin-devolucion": "Return-Path: <>\n",
        "feedback-id": "Feedback-ID: 1:2:3\n",
        "x-loop": "X-Loop: portal\n",
    }
    for nombre_, mas in encabezados.items():
        yield nombre_, mensaje("Hola", mas=mas), {"robot": True}
    for local in (
        "no-reply", "noreply", "NoReply+12", "no-responder", "noresponder", "donotreply", "mailer-daemon",
        "MAILER-DAEMON",
        "postmaster", "bounce+1", "rebotes", "autorespuesta",
    ):  # fmt: skip
        cabeza = de.format(f"Sistema <{local}@entidad.example>")
        yield f"de-{local}", mensaje("Hola", cabeza=cabeza), {"robot": True}
    ausencias = {
        "respuesta-automatica": (
            "Respuesta automática: Mesa",
            "Estoy en vacaciones del 16 de marzo al 8 de abril de 2026.",
            "2026-04-08",
        ),
        "fuera-de-oficina": ("Fuera de oficina: Mesa", "Regreso el 9 de abril de 2026.", "2026-04-09"),
        "fuera-de-la-oficina": ("Fuera de la oficina", "Vuelvo el 09/04/2026", "2026-04-09"),
        "out-of-office": ("Automatic reply: Mesa", "I am out of the office until 2026-04-09.", "2026-04-09"),
        "fuera-guion": ("Fuera de la oficina - Ana Ruiz", "No estoy.", None),
        "vacaciones": ("Vacaciones", "Estaré de vacaciones hasta el 9 de abril", "2026-04-09"),
        "sin-fecha": ("Autorespuesta", "No me encuentro.", None),
    }
    for nombre_, (asunto, dice, hasta) in ausencias.items():
        yield nombre_, mensaje(dice, asunto=asunto), {"robot": True, "ausencia": True, "hasta": hasta}
    dicho = mensaje(
        "Estoy de licencia hasta el 5 de mayo de 2026", asunto="RE: Mesa", mas="Auto-Submitted: auto-replied\n"
    )
    yield "ausencia-por-el-texto", dicho, {"ausencia": True, "hasta": "2026-05-05"}
    otra = mensaje("No estoy.", asunto="RE: Respuesta automática: Mesa", mas="X-Autoreply: yes\n")
    yield "re-respuesta", otra, {"robot": True, "ausencia": True}
    leido = mensaje("Su mensaje se leyó", asunto="Leído: Mesa", mas="In-Reply-To: <a@b>\n")
    yield "leido", leido, {"robot": True, "acuse": True}
    suprime = mensaje("x", asunto="Respuesta automática: x", mas="X-Auto-Response-Suppress: All\n")
    yield "x-suppress", suprime, {"robot": True}
    yield "aceptada", mensaje("", asunto="Aceptada: Mesa de trabajo"), {"robot": True}


@familia
def persona() -> Iterator[tuple[str, bytes, Espera]]:
    casos = {
        "auto-no": ("Consulta", "Hola", "Auto-Submitted: no\n"),
        "exchange-suppress": ("Consulta", "Hola", "X-Auto-Response-Suppress: DR, OOF, AutoReply\n"),
        "prioridad": ("URGENTE", "Hola", "X-Priority: 1\n"),
        "pregunta-por-vacaciones": ("Concepto sobre vacaciones", "¿Las vacaciones se pagan en dinero?", ""),
        "licencias": (
            "Consulta",
            "Solicito concepto sobre la licencia de maternidad y las vacaciones del personal.",
            "",
        ),
        "automatizacion": ("Automatización de la respuesta", "Queremos automatizar las respuestas automáticas.", ""),
        "leido-de-persona": ("Leído el acuerdo, tengo dudas", "He leído el acuerdo.", ""),
        "responde": ("RE: Mesa", "Sí, nos vemos el jueves.", "In-Reply-To: <a@b>\nReferences: <c@d>\n"),
        "devolucion-suya": ("Consulta", "Hola", "Return-Path: <ana.ruiz@entidad.example>\n"),
        "auto-de-un-juez": ("Auto: 123 de 2026, tutela", "Remito el auto para su trámite.", ""),
        "ausencia-de-tabla": ("Ausencia de tabla de retención", "No tenemos tabla.", ""),
        "vacaciones-colectivas": ("Vacaciones colectivas", "¿Se pueden decretar?", ""),
        "vacaciones": ("Vacaciones", "¿Cuántos días son al año?", ""),
        "queja-de-la-respuesta": ("Respuesta automática de la ventanilla no sirve", "No llega.", ""),
        "contesta-a-un-robot": (
            "RE: Respuesta automática: Mesa",
            "Gracias, escribo a Mariela.",
            "In-Reply-To: <a@b>\n",
        ),
        "de-comision": ("RE: Mesa", "Estoy en comisión de servicios, pero sí voy.", "In-Reply-To: <a@b>\n"),
        "aceptada": ("Aceptada: la propuesta de fecha", "La aceptamos. ¿A qué hora es?", ""),
        "precedencia-normal": ("Consulta", "Hola", "Precedence: normal\n"),
    }
    for nombre_, (asunto, dice, mas) in casos.items():
        yield nombre_, mensaje(dice, asunto=asunto, mas=mas), {"robot": False, "ausencia": False, "acuse": False}
    for local in ("reynoso", "norberto.replay", "rootes", "bouncer.ana", "notificaciones"):
        yield f"de-{local}", mensaje("x", cabeza=f"From: {local}@entidad.example\n"), {"robot": False}


# --- HTML of strangers -------------------------------------------------------------------------------------------
MALOS = {
    "script": "<script>alert(1)</script>",
    "script-roto": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "img-error": "<img src=x onerror=alert(1)>",
    "img-remota": "<img src='https://malo.example/p.gif'>",
    "img-protocolo": "<img src=//malo.example/p.gif>",
    "img-datos-svg": "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "img-datos": "<img src='data:image/png;base64,AAAA'>",
    "srcset": "<img srcset='https://malo.example/p.gif 1x'>",
    "svg": "<svg onload=alert(1)><image href='https://malo.example/p'></svg>",
    "math": "<math><mi xlink:href='javascript:alert(1)'>",
    "iframe": "<iframe src='https://malo.example'></iframe>",
    "iframe-srcdoc": "<iframe srcdoc='<script>alert(1)</script>'>",
    "object": "<object data='https://malo.example/x.swf'></object>",
    "embed": "<embed src='https://malo.example/x.swf'>",
    "link": "<link rel=stylesheet href='https://malo.example/x.css'>",
    "base": "<base href='https://malo.example/'>",
    "meta": "<meta http-equiv=refresh content='0;url=https://malo.example'>",
    "style": "<style>@import 'https://malo.example/x.css'</style>",
    "style-url": "<p style='background:url(https://malo.example/p)'>x</p>",
    "style-color-url": "<p style='background-color:url(https://malo.example/p)'>x</p>",
    "style-escapado": "<p style='background:\\75rl(https://malo.example/p)'>x</p>",
    "style-expresion": "<p style='width:expression(alert(1))'>x</p>",
    "style-posicion": "<p style='position:fixed;top:0'>x</p>",
    "js": "<a href='javascript:alert(1)'>x</a>",
    "js-espacios": "<a href=' java\tscript:alert(1)'>x</a>",
    "js-entidades": "<a href='&#106;avascript:alert(1)'>x</a>",
    "datos-html": "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "vbscript": "<a href='vbscript:x'>x</a>",
    "relativo": "<a href='/salir/'>x</a>",
    "formulario": "<form action='https://malo.example'><input name=clave></form>",
    "boton": "<button formaction='https://malo.example'>x</button>",
    "video": "<video poster='https://malo.example/p'><source src='https://malo.example/v'></video>",
    "audio": "<audio src='https://malo.example/a' autoplay>",
    "tabla-fondo": "<table background='https://malo.example/p'><tr><td background='https://malo.example/q'>x</table>",
    "body-fondo": "<body background='https://malo.example/p' onload=alert(1)>x",
    "mutacion": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "mutacion-2": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "plantilla": "<template><script>alert(1)</script></template>",
    "comentario": "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "clase": "<p class='boton peligro' id='principal'>x</p>",
    "cid-falso": "<img src='cid:nada'>",
    "cid-doble": "<img src='cid:x' src='https://malo.example/p'>",
    "marquesina": "<marquee onstart=alert(1)>x</marquee>",
    "detalles": "<details open ontoggle=alert(1)>x</details>",
    "teclas": "<p accesskey=x onclick=alert(1) contenteditable>x</p>",
    "atributo-abierto": "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    "textarea": "<textarea><img src=x onerror=alert(1)></textarea>",
    "xmp": "<xmp><script>alert(1)</script></xmp>",
    "plaintext": "<plaintext><script>alert(1)</script>",
    "nulo": "<scr\0ipt>alert(1)</scr\0ipt>",
}
DE_MAS = {
    "divs": "<div>" * 60_000,
    "negrillas": "<b>" * 60_000,
    "tablas": "<table><tr><td>" * 20_000,
    "citas": "<blockquote>" * 25_000,
    "enlaces": "<a href=x>" * 50_000,
    "menores": "<" * 300_000,
    "comentarios": "<!--" * 60_000,
    "atributos": "<p " + "a=b " * 80_000 + ">",
    "entidades": "&amp;" * 100_000,
    "y": "&" * 300_000,
    "cierres": "</p>" * 70_000,
    "formato": "<i><b><u><p>" * 15_000,
    "enorme": "<p>hola</p>" * 80_000,
    "guiones": "<script " * 50_000,
    "abierta": "<p title='" + "x" * 300_000,
}


@familia
def html() -> Iterator[tuple[str, bytes, Espera]]:
    for nombre_, malo in MALOS.items():
        cuerpo = f"<p>Hola</p>{malo}"
        yield nombre_, mensaje(cuerpo, tipo="text/html; charset=utf-8"), {"texto_tiene": "Hola", "html_sano": True}
    for nombre_, malo in DE_MAS.items():
        cuerpo = f"<p>Hola</p>{malo}"
        yield (
            f"de-mas-{nombre_}",
            mensaje(cuerpo, tipo="text/html; charset=utf-8"),
            {"texto_tiene": "Hola", "html_sano": True},
        )
    imagen = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    grande = imagen + bytes(180_000)
    for nombre_, contenido, tipo, sale in (
        ("png", imagen, "image/png", True),
        ("png-que-dice-jpeg", imagen, "image/jpeg", True),
        ("grande", grande, "image/png", False),
        ("svg-que-dice-png", b"<svg onload=alert(1)>", "image/png", False),
        ("gif", b"GIF89a" + bytes(20), "image/gif", False),
        ("png-bomba", imagen[:16] + b"\0\1\0\0\0\1\0\0" + imagen[24:], "image/png", False),
    ):
        crudo = con(
            parte("<p>Hola<img src='cid:uno'></p>", "text/html"),
            parte(contenido, tipo, "Content-ID: <uno>\n"),
            tipo="related",
        )
        yield f"cid-{nombre_}", crudo, {"dato": sale, "html_sano": True, "incrustadas": 1}
    mil = con(
        parte("<img src='cid:u'>" * 5000, "text/html"),
        parte(imagen + bytes(50_000), "image/png", "Content-ID: <u>\n"),
        tipo="related",
    )
    yield "cid-mil-veces", mil, {"html_sano": True}


__all__ = ["CABEZA", "DE_MAS", "MALOS", "texto"]
