"""The ledger's pages: what each person sees of the mail, and how its bytes leave the portal."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from archivos.antivirus import EstadoAntivirus
from buzones.estados import Autenticidad, Clase, EstadoAdjunto, EstadoCorreo, EstadoLlegada
from buzones.models import Adjunto, Correo, Decision, Llegada
from tests.buzones.apoyos import casilla
from tests.buzones.correos import correo, correo_de, mensaje
from tests.fabricas import escribiendo, radicada
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
TEXTO = "Año 2026: acta de la sesión.\n".encode()
EXE = b"MZ" + b"\0" * 200


def test_who_reads_the_ledger(elenco: Elenco, entrar: Any) -> None:
    """Ventanilla and oversight, all; who attends, what reached their mailboxes; a reserved one, only the heads."""
    comun = correo(elenco, asunto="comun")
    reservado = correo(elenco, asunto="reservado", reservado=True)
    del_archivo = correo(elenco, asunto="archivo", dependencias=[elenco.archivo.pk, elenco.sistema_archivos.pk])

    def ve(quien: Any) -> set[str]:
        cliente = entrar(quien)
        asuntos = {uno.asunto for uno in cliente.get(reverse("buzones:libro")).context["pagina"]}
        for uno in (comun, reservado, del_archivo):
            estado = cliente.get(reverse("buzones:detalle", args=[uno.pk])).status_code
            assert (estado == 200) == (uno.asunto in asuntos) and estado in {200, 404}
        return asuntos

    assert ve(elenco.ventanilla) == ve(elenco.auditora) == {"comun", "reservado", "archivo"}
    assert ve(elenco.administradora) == ve(elenco.subsecretaria) == {"comun", "archivo"}
    assert ve(elenco.asesor_tecnica) == {"comun"}
    assert ve(elenco.director_desarrollo) == {"comun", "reservado"}
    assert ve(elenco.asesora) == {"archivo"}
    for quien in (elenco.enlace, elenco.admin_entidad, elenco.revisora):
        assert entrar(quien).get(reverse("buzones:libro")).status_code == 403
        assert entrar(quien).get(reverse("buzones:detalle", args=[comun.pk])).status_code == 403


def test_the_list_is_narrowed(elenco: Elenco, entrar: Any) -> None:
    suya = casilla(elenco)
    ayer = timezone.now() - timedelta(days=1)
    correo(elenco, asunto="Duda", recibido_en=ayer)
    correo_de(elenco, mensaje(), casilla=suya, asunto="Por casilla")
    correo(elenco, asunto="Oferta", estado=EstadoCorreo.DESCARTADO, clase=Clase.SPAM, de_correo="gana@premio.example")
    cliente, url = entrar(elenco.ventanilla), reverse("buzones:libro")

    def hay(**filtros: str) -> list[str]:
        return [uno.asunto for uno in cliente.get(url, filtros).context["pagina"]]

    assert hay() == ["Oferta", "Por casilla", "Duda"]
    assert hay(clase="spam") == hay(estado="descartado") == hay(q="premio") == ["Oferta"]
    assert hay(casilla="mipg") == ["Por casilla"]
    dia = timezone.localtime(ayer).date().isoformat()
    assert hay(llego_hasta=dia) == ["Duda"]
    assert hay(llego_desde=dia, q="duda") == ["Duda"]
    assert hay(llego_desde="0001-01-01", llego_hasta="9999-12-31") == hay()
    numero = correo(elenco, asunto="Otro").numero
    assert hay(q=numero.lower()) == ["Otro"]
    # What is not understood narrows nothing, and the page says so.
    respuesta = cliente.get(url, {"llego_desde": "ayer", "clase": "carta"})
    assert respuesta.context["form"].errors.keys() == {"llego_desde", "clase"} and respuesta.context["pagina"]


def test_the_detail_tells_who_wrote_and_what_was_checked(elenco: Elenco, entrar: Any) -> None:
    """R58, M05: what the border server found, in words; the quoted text folded; the pieces with their state."""
    fila = correo(
        elenco,
        autentico=Autenticidad.NO,
        autenticacion={"veredicto": "no", "servidor": "mx.prueba.example", "dmarc": "fail", "spf": "pass"},
        advertencias=["Nadie comprobó la fecha."],
        senales={"urgente": True, "robot": ["Lleva Auto-Submitted."], "calendario": {"resumen": "Comité"}},
        citado="El martes usted escribió: hola",
        propuesta=Clase.SPAM,
        confianza=71,
        para=[["MIPG", "mipg@prueba.example"], ["", "otro@prueba.example"], "roto"],
        temas=[elenco.tema_integridad.pk],
        entidad=elenco.secretaria,
    )
    with escribiendo():
        Decision.objects.create(correo=fila, clase=Clase.POR_CLASIFICAR, motivo="Dominio que no es suyo")
    html = entrar(elenco.ventanilla).get(reverse("buzones:detalle", args=[fila.pk])).content.decode()
    for frase in (
        "Jimena Tovar &lt;jimena.tovar@entidad.example&gt;",
        "mx.prueba.example comprobó que no viene de quien dice. DMARC falla, SPF pasa. No le crea al remitente.",
        "Nadie comprobó la fecha.",
        "no cambia su turno",
        "Lleva Auto-Submitted.",
        "cita de calendario: Comité",
        "<summary>Ver el texto citado</summary>",
        "MIPG &lt;mipg@prueba.example&gt;<br>otro@prueba.example",
        "Parece <strong>correo no deseado</strong>, con una confianza de 71 sobre 100",
        "Nadie lo comprobó.",
        "Temas que propone: Integridad.",
        "Secretaría Distrital de Gobierno",
        "El portal: Dominio que no es suyo",
    ):
        assert frase in html, frase


def test_the_sender_nobody_checked_is_not_believed(elenco: Elenco, entrar: Any) -> None:
    """And one that a server vouches for says which."""
    cliente = entrar(elenco.ventanilla)

    def dice(**datos: Any) -> str:
        fila = correo(elenco, **datos)
        return str(cliente.get(reverse("buzones:detalle", args=[fila.pk])).context["comprobacion"])

    assert "la pudo escribir cualquiera" in dice()
    assert "comprobó que viene de entidad.example. DKIM pasa." in dice(
        autentico=Autenticidad.SI, autenticacion={"dkim": "pass"}
    )
    sin_nada = correo(elenco, de_correo="", de_nombre="", asunto="", texto="")
    html = cliente.get(reverse("buzones:detalle", args=[sin_nada.pk])).content.decode()
    assert "No se puede leer" in html and "Sin asunto" in html and "no trae texto" in html


def test_every_arrival_of_the_message_is_told(elenco: Elenco, entrar: Any) -> None:
    crudo = mensaje()
    fila = correo_de(elenco, crudo, casilla=casilla(elenco))
    with escribiendo():
        otra = Llegada.objects.get(correo=fila)
        otra.pk, otra.ruta, otra.casilla = None, "correo/otra", casilla(elenco, "archivo", dependencia=elenco.archivo)
        otra.dependencias = [elenco.archivo.pk]
        otra.save(force_insert=True)
    url = reverse("buzones:detalle", args=[fila.pk])
    assert len(entrar(elenco.ventanilla).get(url).context["llegadas"]) == 2
    # Who attends sees that it reached them; to which other mailbox it went is not theirs.
    assert len(entrar(elenco.asesor_tecnica).get(url).context["llegadas"]) == 1


def test_who_sent_an_arrival_is_for_who_sees_the_message(elenco: Elenco, entrar: Any) -> None:
    """The arrival of a reserved one is counted by all; the address of who wrote it, by its heads."""
    reservado = correo_de(elenco, mensaje(), casilla=casilla(elenco))
    with escribiendo():
        Correo.objects.filter(pk=reservado.pk).update(reservado=True)
        Llegada.objects.filter(correo=reservado).update(sobre_de="denuncia@entidad.example")
        suelta = Llegada.objects.get(correo=reservado)
        suelta.pk, suelta.ruta, suelta.correo, suelta.estado = None, "correo/otra", None, EstadoLlegada.GUARDADA
        suelta.sobre_de = "sin.leer@entidad.example"
        suelta.save(force_insert=True)

    def dice(quien: Any) -> tuple[bool, bool, int]:
        respuesta = entrar(quien).get(reverse("buzones:llegadas"))
        html = respuesta.content.decode()
        return "denuncia@" in html, "sin.leer@" in html, len(respuesta.context["pagina"])

    for quien in (elenco.ventanilla, elenco.auditora, elenco.director_desarrollo):
        assert dice(quien) == (True, True, 2)
    for quien in (elenco.asesor_tecnica, elenco.subsecretaria, elenco.administradora):
        assert dice(quien) == (False, True, 2)


def test_ventanilla_learns_with_which_number_what_came_was_filed(elenco: Elenco, entrar: Any) -> None:
    """It keeps the channels: of what it may not open, that it was filed, with which number and when."""
    una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Asunto reservado", reservada=True,
                   motivo_reserva="Motivo")  # fmt: skip
    fila = correo_de(elenco, mensaje(), casilla=casilla(elenco), asunto="Lo que dice")
    with escribiendo():
        cambios = {"solicitud": una, "estado": EstadoCorreo.ATENDIDO, "clase": Clase.NUEVA_SOLICITUD}
        Correo.objects.filter(pk=fila.pk).update(**cambios)
    url = reverse("buzones:llegadas")
    cliente = entrar(elenco.ventanilla)
    html = cliente.get(url).content.decode()
    assert f"{fila.numero}: se radicó con el número {una.radicado}" in html
    assert not any(ajeno in html for ajeno in ("Lo que dice", "Asunto reservado", una.entidad.nombre, fila.de_correo))
    assert cliente.get(reverse("buzones:detalle", args=[fila.pk])).status_code == 404
    for quien in (elenco.auditora, elenco.asesor_tecnica, elenco.subsecretaria):
        assert una.radicado not in entrar(quien).get(url).content.decode()
    with escribiendo():
        Correo.objects.filter(pk=fila.pk).update(clase=Clase.MENSAJE)
    assert f"se agregó a {una.radicado}" in cliente.get(url).content.decode()


def test_the_original_leaves_as_it_arrived_and_only_for_who_decides(elenco: Elenco, entrar: Any) -> None:
    crudo = mensaje()
    fila = correo_de(elenco, crudo, casilla=casilla(elenco))
    url = reverse("buzones:original", args=[fila.pk])
    respuesta = entrar(elenco.asesor_tecnica).get(url)
    assert b"".join(respuesta.streaming_content) == crudo
    assert respuesta["Content-Disposition"] == f'attachment; filename="{fila.numero}.eml"'
    assert "sandbox" in respuesta["Content-Security-Policy"]
    for quien, estado in ((elenco.asesora, 404), (elenco.auditora, 403), (elenco.enlace, 403)):
        assert entrar(quien).get(url).status_code == estado
    with escribiendo():
        Llegada.objects.filter(correo=fila).update(estado_antivirus=EstadoAntivirus.INFECTADO)
    respuesta = entrar(elenco.ventanilla).get(url)
    assert respuesta.status_code == 404
    assert entrar(elenco.ventanilla).get(reverse("buzones:original", args=[correo(elenco).pk])).status_code == 404


def test_a_piece_passes_the_same_gate_as_what_people_upload(elenco: Elenco, entrar: Any) -> None:
    """M08: an executable is never handed over, nor what is not what its name says."""
    fila = correo_de(
        elenco,
        mensaje(
            ("acta.txt", "text/plain", TEXTO),
            ("factura.pdf.exe", "application/octet-stream", EXE),
            ("disfraz.pdf", "application/pdf", b"hola"),
        ),
        casilla=casilla(elenco),
    )
    with escribiendo():
        piezas = {una.nombre: una for una in Adjunto.objects.filter(correo=fila)}
        # Even if somebody called it available.
        Adjunto.objects.filter(pk=piezas["factura.pdf.exe"].pk).update(estado=EstadoAdjunto.DISPONIBLE)
    cliente = entrar(elenco.asesor_tecnica)

    def pedir(nombre: str, quien: Any = None) -> Any:
        url = reverse("buzones:adjunto", args=[fila.pk, piezas[nombre].orden])
        return (entrar(quien) if quien else cliente).get(url)

    buena = pedir("acta.txt")
    assert buena.status_code == 200 and b"".join(buena.streaming_content) == TEXTO
    assert buena["Content-Type"].startswith("text/plain") and buena["Content-Disposition"].startswith("attachment")
    assert pedir("factura.pdf.exe").status_code == pedir("disfraz.pdf").status_code == 404
    assert pedir("acta.txt", elenco.asesora).status_code == 404
    assert pedir("acta.txt", elenco.auditora).status_code == 403
    with escribiendo():
        Llegada.objects.filter(correo=fila).update(estado_antivirus=EstadoAntivirus.EN_REVISION)
    assert pedir("acta.txt").status_code == 404


def test_a_quarantined_piece_is_told_and_has_no_link(elenco: Elenco, entrar: Any) -> None:
    fila = correo_de(elenco, mensaje(("virus.exe", "application/octet-stream", EXE)), casilla=casilla(elenco))
    pagina = entrar(elenco.ventanilla).get(reverse("buzones:detalle", args=[fila.pk]))
    (pieza,) = pagina.context["adjuntos"]
    assert pieza[1] is False and "En cuarentena" in pagina.content.decode()
    assert reverse("buzones:adjunto", args=[fila.pk, pieza[0].orden]) not in pagina.content.decode()


def test_the_html_is_alone_under_its_own_policy(elenco: Elenco, entrar: Any) -> None:
    """M10: no script, no form, nothing from outside; only the styles that it has, one by one."""
    cuerpo = '<p style="color: red">Rojo</p><img src="https://rastreo.example/p.gif"><script>alert(1)</script>'
    fila = correo_de(elenco, mensaje(html=cuerpo), casilla=casilla(elenco))
    cliente = entrar(elenco.ventanilla)
    respuesta = cliente.get(reverse("buzones:html", args=[fila.pk]))
    html, politica = respuesta.content.decode(), respuesta["Content-Security-Policy"]
    assert "Rojo" in html and "rastreo" not in html and "script" not in html and "link" not in html
    assert politica.startswith("sandbox; default-src 'none'; img-src data:;")
    assert "frame-ancestors 'self'" in politica and politica.count("sha256-") == 1
    assert "unsafe-inline" not in politica and respuesta["X-Frame-Options"] == "SAMEORIGIN"
    pagina = cliente.get(reverse("buzones:detalle", args=[fila.pk])).content.decode()
    assert '<iframe class="correo" sandbox ' in pagina and "Rojo</p>" not in pagina.split("<iframe")[1]
    assert entrar(elenco.asesora).get(reverse("buzones:html", args=[fila.pk])).status_code == 404
    assert cliente.get(reverse("buzones:html", args=[correo(elenco).pk])).status_code == 404


@override_settings(DEBUG=False)
def test_a_message_in_html_alone_runs_nothing_even_in_its_text(elenco: Elenco, entrar: Any) -> None:
    fila = correo(elenco, texto="<script>alert(1)</script>", asunto="<b>x</b>", de_nombre="<i>y</i>")
    html = entrar(elenco.ventanilla).get(reverse("buzones:detalle", args=[fila.pk])).content.decode()
    assert "<script>alert" not in html and "<b>x</b>" not in html and "<i>y</i>" not in html
