"""The names that the board links with: each one brings exactly its rows, and the count is the rows (R25)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from direcciones.models import Entidad, Membresia
from direcciones.services.catalogos import cambiar_fila, terminar_fila
from exportaciones.consulta import consultar
from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from solicitudes.forms.filtros import FiltrosRegistro
from solicitudes.models import Movimiento, Parte
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar, escribiendo, radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def tres(elenco):
    """An old one answered late, yesterday; one still waiting; and one taken before it, with a reason."""
    vieja = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=40))
    hacer(elenco.asesora, hacer(elenco.asesora, parte_de(vieja), "tomar"), "responder", texto="Tarde")
    ayer = timezone.now() - timedelta(days=1)
    with escribiendo():
        Parte.objects.filter(solicitud=vieja).update(prestada_en=ayer, cerrada_en=ayer)
    esperando = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas], recibida=hace(days=2))
    adelantada = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1))
    hacer(elenco.otra_asesora, parte_de(adelantada), "tomar", codigo="fecha_legal", motivo="Plazo judicial")
    return vieja, esperando, adelantada


def filas(cliente, consulta):
    respuesta = cliente.get(f"/registro/?{consulta}&contar=si")
    halladas = {fila.solicitud_id for fila in respuesta.context["pagina"]}
    assert respuesta.context["cuantas"] == len(halladas) and not respuesta.context["hay_mas"]
    return halladas


def test_cada_filtro_trae_sus_filas_y_su_cuenta(elenco, entrar, tres):
    vieja, esperando, adelantada = (s.pk for s in tres)
    ayer, maniana = hoy() - timedelta(days=1), hoy() + timedelta(days=1)
    vence = parte_de(tres[1]).vence
    cliente = entrar(elenco.directora)
    for consulta, esperadas in {
        f"atendida_desde={ayer}&atendida_hasta={ayer}": {vieja},
        f"atendida_desde={hoy()}": set(),
        f"cerrada_desde={ayer}&cerrada_hasta={ayer}": {vieja},
        f"cerrada_hasta={ayer - timedelta(days=1)}": set(),
        f"vence_desde={vence}&vence_hasta={vence}": {esperando}
        | ({adelantada} if parte_de(tres[2]).vence == vence else set()),
        f"vence_hasta={ayer}": {vieja},
        "cumplimiento=en_termino": {esperando, adelantada},
        "cumplimiento=tarde": {vieja},
        "primera_atencion=no": {esperando, adelantada},
        "primera_atencion=si": {vieja},
        "orden=con_motivo": {adelantada},
        f"orden=con_motivo&orden_desde={hoy()}": {adelantada},
        f"orden=con_motivo&orden_desde={maniana}": set(),
        "orden=sin_motivo": set(),
        "direccion=DDAB": {vieja, esperando, adelantada},
        f"desde={hoy() - timedelta(days=2)}&hasta={hoy() - timedelta(days=2)}": {esperando},
        f"asesor={elenco.otra_asesora.pk}": {adelantada},
        f"sector={elenco.instituto.sector_id}&estado=en_cola": {esperando},
        f"entidad={elenco.secretaria.pk}&tema={elenco.tema_tablas.pk}": {vieja, adelantada},
        "desde=2026-02-31&asesor=x&estado=no_existe&orden=otro": {vieja, esperando, adelantada},
    }.items():
        assert filas(cliente, consulta) == esperadas, consulta


def a_mano(elenco, solicitud):
    """What slips past the service leaves no exception: the database judges each line as it is written."""
    parte = parte_de(solicitud)
    lugar = {"de": [parte.dependencia_id, None], "a": [parte.dependencia_id, elenco.asesora.pk]}
    with escribiendo():
        Movimiento.objects.create(
            solicitud=solicitud, parte=parte, accion="tomar", de="en_cola", a="en_atencion", texto="A mano",
            persona=elenco.asesora, datos={"lugar": lugar},
        )  # fmt: skip


def test_lo_adelantado_sin_motivo_se_halla_aunque_el_servicio_no_lo_viera(elenco, entrar, tres):
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    a_mano(elenco, otra)
    cliente = entrar(elenco.directora)

    assert filas(cliente, "orden=sin_motivo") == {otra.pk}
    assert filas(cliente, f"orden=sin_motivo&orden_hasta={hoy() - timedelta(days=1)}") == set()
    assert filas(entrar(elenco.asesor_tecnica), "orden=sin_motivo") == set()


def exportadas(persona, consulta):
    """The same, and what is told of them, by what an export takes."""
    with actuar(persona) as alcance, transaction.atomic():
        pedida = consultar(alcance, consulta, ())
        return set(pedida.partes.values_list("solicitud_id", flat=True)), pedida.filtros.en_palabras()


def test_ningun_filtro_se_dice_sin_filtrar(elenco, entrar, tres):
    """Each filter alone brings what its rule says, some and not all, on the page and in what is exported, and it is
    told. «Adelantadas desde» was told on paper and in the file, and left the register whole."""
    with escribiendo():
        Parte.objects.filter(solicitud=tres[0]).update(medio="presencial")
    radicada(
        registrada_por=elenco.ventanilla, canal="correo", entidad=elenco.instituto, temas=[elenco.tema_integridad],
        reservada=True, motivo_reserva="Investigación", asunto="Sobre microfilmación",
    )  # fmt: skip
    sin_motivo = radicada(por=elenco.enlace, temas=[elenco.tema_visitas])
    a_mano(elenco, sin_motivo)
    adelantadas, ayer, dia = {tres[2].pk, sin_motivo.pk}, hoy() - timedelta(days=1), timezone.localdate
    pronto = parte_de(tres[1]).vence
    reglas = {
        "buscar": ("microfilmación", lambda p: "microfilmación" in p.solicitud.asunto),
        "dependencia": ("SSDA", lambda p: p.dependencia.codigo == "SSDA"),
        "direccion": ("DDDI", lambda p: p.dependencia.codigo == "STDI"),
        "entidad": (elenco.secretaria.pk, lambda p: p.entidad == elenco.secretaria),
        "sector": (elenco.instituto.sector_id, lambda p: p.entidad == elenco.instituto),
        "tema": (elenco.tema_visitas.pk, lambda p: p.tema_id == elenco.tema_visitas.pk),
        "modalidad": (elenco.visita.pk, lambda p: p.modalidad_id == elenco.visita.pk),
        "asesor": (elenco.otra_asesora.pk, lambda p: p.asesor_id == elenco.otra_asesora.pk),
        "estado": ("en_cola", lambda p: p.estado == "en_cola"),
        "cumplimiento": ("tarde", lambda p: p.estado == "atendida" and dia(p.atencion_en) > p.vence),
        "primera_atencion": ("si", lambda p: p.primera_atencion_en is not None),
        "reservada": ("si", lambda p: p.reservada),
        "canal": ("correo", lambda p: p.solicitud.canal == "correo"),
        "medio": ("presencial", lambda p: p.medio == "presencial"),
        "desde": (ayer, lambda p: dia(p.recibido_en) >= ayer),
        "hasta": (ayer, lambda p: dia(p.recibido_en) <= ayer),
        "atendida_desde": (ayer, lambda p: p.estado == "atendida" and dia(p.prestada_en) >= ayer),
        "atendida_hasta": (ayer, lambda p: p.estado == "atendida" and dia(p.prestada_en) <= ayer),
        "cerrada_desde": (ayer, lambda p: p.cerrada_en and dia(p.cerrada_en) >= ayer),
        "cerrada_hasta": (ayer, lambda p: p.cerrada_en and dia(p.cerrada_en) <= ayer),
        "vence_desde": (pronto, lambda p: p.vence >= pronto),
        "vence_hasta": (ayer, lambda p: p.vence <= ayer),
        "orden": ("con_motivo", lambda p: p.solicitud_id == tres[2].pk),
        "orden_desde": (hoy(), lambda p: p.solicitud_id in adelantadas),
        "orden_hasta": (hoy(), lambda p: p.solicitud_id in adelantadas),
    }
    assert reglas.keys() == FiltrosRegistro.base_fields.keys()
    with escribiendo():
        partes = list(Parte.objects.select_related("solicitud", "dependencia", "entidad").order_by("id"))
    todas, cliente = {p.solicitud_id for p in partes}, entrar(elenco.auditora)
    for campo, (valor, regla) in reglas.items():
        esperadas, consulta = {p.solicitud_id for p in partes if regla(p)}, f"{campo}={valor}"
        assert 0 < len(esperadas) < len(todas), campo
        assert filas(cliente, consulta) == esperadas, campo
        salieron, dichos = exportadas(elenco.auditora, consulta)
        assert (salieron, [nombre for nombre, _ in dichos]) == (esperadas, [FiltrosRegistro.base_fields[campo].label])
        assert exportadas(elenco.auditora, f"{campo}={'¿?' * 51}") == (todas, []), campo
    despues = f"orden_desde={hoy() + timedelta(days=1)}"
    assert filas(cliente, despues) == set() == exportadas(elenco.auditora, despues)[0]


def test_quien_se_fue_se_filtra_por_su_enlace(elenco, entrar, tres):
    """The board links to asesores of two years: one without membership today is not offered but is found."""
    antes = FabricaMembresia(
        persona=FabricaPersona(nombre="Quien Se Fue"), rol="asesor", dependencia=elenco.sistema_archivos
    )
    parte = parte_de(tres[0])
    with escribiendo():
        Parte.objects.filter(pk=parte.pk).update(asesor=antes.persona)
        Membresia.objects.filter(pk=antes.pk).update(hasta=hoy() - timedelta(days=1))
    cliente = entrar(elenco.directora)

    assert filas(cliente, f"asesor={antes.persona_id}") == {tres[0].pk}
    assert f'<option value="{antes.persona_id}" selected>Quien Se Fue' in (
        cliente.get(f"/registro/?asesor={antes.persona_id}").content.decode()
    )
    assert "Quien Se Fue" not in cliente.get("/registro/?estado=en_cola").content.decode()


@pytest.mark.parametrize("como", ["termina", "deja de atender"])
def test_lo_de_una_dependencia_que_termino_sigue_en_el_registro(elenco, entrar, tres, como):
    """R25: everything received. It went out of the page, the export and the API of whoever was there, and nobody
    could ask for it by its name."""
    suya, ayer = elenco.sistema_archivos, hoy() - timedelta(days=1)
    with actuar(elenco.administradora), transaction.atomic():
        if como == "termina":
            terminar_fila(fila=suya, hasta=ayer)
        else:
            cambiar_fila(fila=suya, datos={"atiende": False})
    nombre = f"{suya} (terminó el {fecha_corrida(ayer)})" if como == "termina" else f"{suya} (ya no atiende)"
    todas = {s.pk for s in tres}
    for persona in (elenco.asesora, elenco.subdirector, elenco.directora, elenco.subsecretaria, elenco.auditora):
        cliente = entrar(persona)
        for consulta in ("", "dependencia=SSDA", *([] if persona == elenco.asesora else ["direccion=DDAB"])):
            assert filas(cliente, consulta) == todas == exportadas(persona, consulta)[0], (persona, consulta)
        assert f'<option value="SSDA">{nombre}</option>' in cliente.get("/registro/?buscar=x").content.decode()
    assert "SSDA" not in entrar(elenco.asesor_tecnica).get("/registro/").content.decode()


def test_de_la_que_solo_tiene_otras_debajo_no_se_ofrece_pero_se_entiende(elenco, entrar, tres):
    """A dirección that attended before its subdirecciones did keeps its rows, also by its name."""
    propia = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with escribiendo():
        Parte.objects.filter(solicitud=propia).update(dependencia=elenco.archivo)
    cliente = entrar(elenco.directora)
    assert filas(cliente, "") == {propia.pk, *(s.pk for s in tres)} == filas(cliente, "direccion=DDAB")
    assert filas(cliente, "dependencia=DDAB") == {propia.pk}
    de_antes = '<option value="DDAB" selected>Dirección Distrital de Archivo de Bogotá</option>'
    assert de_antes in cliente.get("/registro/?dependencia=DDAB").content.decode()
    opciones = cliente.get("/registro/").context["filtros"].fields["dependencia"].choices
    assert [codigo for codigo, _ in opciones] == ["", "SSDA"]


def test_mas_de_mil_se_dice_y_se_cuenta_solo_si_se_pide(elenco, entrar, monkeypatch):
    monkeypatch.setattr("solicitudes.views.atencion.registro.SE_CUENTAN", 26)
    for n in range(28):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(hours=n))
    cliente = entrar(elenco.directora)

    respuesta = cliente.get("/registro/?estado=abierta")
    assert (respuesta.context["cuantas"], respuesta.context["hay_mas"]) == (26, True)
    assert "Más de 26 registros" in respuesta.content.decode()
    assert cliente.get("/registro/?contar=si").context["cuantas"] == 28


def test_lo_que_ya_se_dibujo_sigue_a_lo_que_cambia(elenco, entrar, tres):
    """Rows and forms are kept drawn: a name that changes elsewhere is read, and drawn, at once."""
    cliente = entrar(elenco.directora)
    antes, ahora = elenco.secretaria.nombre, "Secretaría con Otro Nombre"
    assert antes in cliente.get("/registro/").content.decode()
    with escribiendo():
        Entidad.objects.filter(pk=elenco.secretaria.pk).update(nombre=ahora)

    pagina = cliente.get("/registro/").content.decode()

    assert f">{ahora}<" in pagina.partition("<table")[0] and ahora in pagina.partition("<table")[2]
    assert antes not in pagina


def test_con_palabras_se_cuentan_menos(elenco, entrar, monkeypatch) -> None:
    """Each row that is counted must be read first: beyond `CON_PALABRAS` it says so, and counts them all if asked."""
    monkeypatch.setattr("solicitudes.views.atencion.registro.CON_PALABRAS", 26)
    for _ in range(28):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Consulta sobre microfilmación")
    cliente = entrar(elenco.directora)
    respuesta = cliente.get("/registro/?buscar=microfilmación")
    assert (respuesta.context["cuantas"], respuesta.context["hay_mas"]) == (26, True)
    assert "Más de 26 registros" in respuesta.content.decode()
    todas = cliente.get("/registro/?buscar=microfilmación&contar=si")
    assert (todas.context["cuantas"], todas.context["hay_mas"]) == (28, False)


def test_lo_que_no_se_entiende_se_dice(elenco, entrar, tres):
    """A day that does not exist was left out in silence, and the whole register looked filtered."""
    cliente = entrar(elenco.directora)
    html = cliente.get("/registro/?desde=2026-13-45&estado=inventado&hasta=2026-01-31").content.decode()
    assert "Estado, Recibidas desde. Lo que ve no está filtrado por ahí." in html
    assert "no se entienden" not in cliente.get("/registro/?desde=2026-01-01&estado=abierta").content.decode()


def test_un_periodo_al_reves_dice_por_que_no_hay_nada(elenco, entrar, tres):
    cliente, ayer = entrar(elenco.directora), hoy() - timedelta(days=1)
    html = cliente.get(f"/registro/?desde={hoy()}&hasta={ayer}&orden_desde={hoy()}&orden_hasta={ayer}")
    assert not html.context["pagina"].filas and (
        "«Recibidas desde» es posterior a «Recibidas hasta». «Adelantadas desde» es posterior a «Adelantadas hasta». "
        "Cambie uno de los dos días." in html.content.decode()
    )
    assert (
        "es posterior" not in cliente.get(f"/registro/?desde={ayer}&hasta={ayer}&vence_desde={hoy()}").content.decode()
    )


@pytest.mark.parametrize(("quien", "ruta"), [("asesora", "/asesor/cola/"), ("directora", "/direccion/solicitudes/")])
def test_en_la_cola_tambien_se_dice(elenco, entrar, tres, quien, ruta):
    """A theme that is no more and a thirteenth word were left out in silence: everything looked filtered."""
    cliente, doce = entrar(getattr(elenco, quien)), "tabla " * 12
    html = cliente.get(ruta, {"buscar": f"{doce}nadaparecido", "tema": "999999"}).content.decode()
    assert "Lo que ve no está filtrado por ahí. Busque con 12 palabras o menos." in html
    assert "Buscar, Tema" in html or "Tema, Buscar" in html
    assert "no está filtrado" not in cliente.get(ruta, {"buscar": doce}).content.decode()


def test_lo_que_no_cabe_en_la_busqueda_se_dice(elenco, entrar, tres):
    """From the thirteenth word on they were not looked for, and the filter told them all."""
    cliente, doce = entrar(elenco.directora), "aplicación de la tabla de retención documental " + "tabla " * 5
    assert filas(cliente, f"buscar={doce}") == {s.pk for s in tres} and len(doce.split()) == 12
    pagina = cliente.get(f"/registro/?buscar={doce} nadaparecido")
    assert not pagina.context["en_palabras"] and (
        "Buscar. Lo que ve no está filtrado por ahí. Busque con 12 palabras o menos." in pagina.content.decode()
    )
    assert exportadas(elenco.directora, f"buscar={doce} nadaparecido")[1] == []
    por_exportar = cliente.get(f"/exportaciones/nueva/?buscar={doce} nadaparecido&estado=nada").content.decode()
    assert "lo que exporte no está filtrado por ellos: Buscar, Estado." in por_exportar
