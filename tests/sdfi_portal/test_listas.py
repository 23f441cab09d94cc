"""Every list costs the same queries with 1, 3 and 25 rows (performance.md): all of them, grown together once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from avisos.models import Aviso, Envio
from bandeja.models import Entrega
from buzones.estados import Clase, EstadoCorreo, Origen
from buzones.services import guardar
from encuestas.models import Encuesta, huella
from solicitudes.models import Mensaje, Vista
from tests.buzones.correos import correo
from tests.fabricas import escribiendo, radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de

pytestmark = pytest.mark.django_db
# Who opens it → its addresses. The lists of conceptos, users and catalogues have this test beside them.
LISTAS = {
    "asesora": ("/asesor/cola/?vista=mias", "/asesor/cola/?vista=todas", "/asesor/cola/?vista=sin-asignar",
                "/asesor/cola/?vista=todas&buscar=inventario", "/notificaciones/", "/banco/", "/conceptos/",
                "/registrar/"),
    "subdirector": ("/registro/", "/registro/?buscar=inventario", "/registro/?buscar=inventario&estado=atendida",
                    "/registro/?contar=si&cumplimiento=a_tiempo", "/registro/?orden=con_motivo", "/registro/vistas/",
                    "/direccion/solicitudes/", "/direccion/equipo/", "/encuestas/", "/auditoria/", "/avisos/"),
    "auditora": ("/registro/", "/registro/?buscar=inventario", "/encuestas/", "/auditoria/", "/avisos/"),
    "administradora": ("/entregas/", "/auditoria/", "/usuarios/", "/correo/", "/correo/llegadas/"),
    "enlace": ("/mis-solicitudes/", "/mis-solicitudes/?buscar=inventario"),
}  # fmt: skip


def crecer(elenco, cuantas):
    """`cuantas` more rows of everything that a list shows."""
    for n in range(cuantas):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(minutes=n), asunto="Inventario general")
        atendida = radicada(por=elenco.enlace, temas=[elenco.tema_visitas], recibida=hace(days=1), asunto="Inventario")
        parte = hacer(elenco.asesora, parte_de(atendida), "tomar", codigo="fecha_legal")
        hacer(elenco.asesora, parte, "responder", texto="Listo")
        en_curso = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1), asunto="Inventario")
        hacer(elenco.asesora, parte_de(en_curso), "tomar", codigo="fecha_legal")
        de_lo_demas(elenco, atendida)


def de_lo_demas(elenco, solicitud):
    clave = uuid4().hex
    with escribiendo():
        encuesta = Encuesta(
            solicitud=solicitud, entidad=solicitud.entidad, nonce=Encuesta.nuevo_nonce(),
            recordar_el=timezone.localdate(), vence=timezone.localdate() + timedelta(days=5), mejoraria="Nada",
        )  # fmt: skip
        encuesta.token_sha256 = huella(encuesta.token())
        encuesta.save()
        Aviso.objects.create(persona=elenco.asesora, clave=clave, titulo="Aviso", texto="Texto")
        Envio.objects.create(persona=elenco.asesora, clave=clave, solicitud_id=solicitud.pk)
        Entrega.objects.create(clave_idempotencia=clave, tipo="prueba", destinatario="x@x.example", estado="muerta")
        Vista.objects.create(persona=elenco.subdirector, nombre=clave, dependencia=elenco.sistema_archivos)
        Mensaje.objects.create(solicitud=solicitud, clave=uuid4(), texto="Mensaje", autor=elenco.asesora)
        guardar(b"Subject: Inventario\r\n\r\n", origen=Origen.COMANDO)
        correo(elenco, solicitud=solicitud, clase=Clase.NUEVA_SOLICITUD, estado=EstadoCorreo.ATENDIDO)
        correo(elenco)


def contar(cliente, url):
    with CaptureQueriesContext(connection) as capturadas:
        respuesta = cliente.get(url)
    assert respuesta.status_code == 200, (url, respuesta.status_code)
    # The session is marked as active once a minute, whatever the page.
    return [q["sql"] for q in capturadas if "set_config" not in q["sql"] and "cuentas_sesion" not in q["sql"]]


def test_las_listas_cuestan_lo_mismo_con_una_tres_o_veinticinco(elenco, entrar):
    clientes = {papel: entrar(getattr(elenco, papel)) for papel in LISTAS}
    medidas = {(papel, url): [] for papel, urls in LISTAS.items() for url in urls}
    for cuantas in (1, 2, 22):
        crecer(elenco, cuantas)
        for (papel, url), suyas in medidas.items():
            if len(suyas) == 0:
                contar(clientes[papel], url)  # what a process or a session reads only once
            suyas.append(contar(clientes[papel], url))

    crecen = {clave: [len(m) for m in suyas] for clave, suyas in medidas.items() if len({*map(len, suyas)}) > 1}
    assert crecen == {}
    # performance.md, `buscar`: the register with full text and filters.
    busqueda = medidas["subdirector", "/registro/?buscar=inventario&estado=atendida"][-1]
    propias = [sql for sql in busqueda if "FROM" in sql and "session" not in sql]
    assert len(propias) <= 9, "\n".join(propias)
