"""Nothing is given to who is away, and no case is ever without an active responsible (R19, R41, R42, K13)."""

from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from alcance import exigir
from avisos.models import Aviso
from bandeja.models import Entrega
from bandeja.services.manejadores import manejador_de
from cuentas.services.personas import activar_persona, desactivar_persona
from direcciones import relevos
from direcciones.models import AsignacionSector, Ausencia, Membresia, Persona
from direcciones.services.ausencias import registrar_ausencia, terminar_ausencia
from direcciones.services.membresias import agregar_membresia, terminar_membresia
from plazos.reloj import hoy
from solicitudes.estados import EN_TRABAJO, EstadoParte
from solicitudes.models import Movimiento, Parte
from solicitudes.services import NoSePuede, atender_siguiente
from solicitudes.services.asignacion import asesores_de, quienes_atienden
from solicitudes.services.relevo import lo_que_cubre, relevar_a_quienes_terminaron, sin_responsable
from solicitudes.services.reparto import carga_por_asesor, cobertura_de_sectores, repartir
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar, radicada
from tests.solicitudes.apoyos import hace, hacer, historia, parte_de, sistema

pytestmark = pytest.mark.django_db
E = EstadoParte


def dia(mas: int = 0) -> date:
    return timezone.localdate() + timedelta(days=mas)


def ausentar(persona: Persona, suplente: Persona | None = None, desde: int = 0, hasta: int = 5) -> Ausencia:
    """As the system: here it matters what follows."""
    with sistema():
        return registrar_ausencia(persona=persona, desde=dia(desde), hasta=dia(hasta), suplente=suplente)


def terminar(elenco: Any, persona: Persona) -> None:
    with actuar(elenco.administradora), transaction.atomic():
        terminar_membresia(membresia=Membresia.objects.activas().get(persona=persona))


@pytest.fixture
def una(elenco):
    return radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1))


# --- Nothing to who is away ---
def test_a_quien_esta_ausente_no_se_le_asigna_por_ninguna_puerta(elenco, una) -> None:
    parte = parte_de(una)
    ausentar(elenco.asesora, elenco.otra_asesora)

    with pytest.raises(NoSePuede, match=r"Ana Ruiz no está hasta el .* Elija a Rosa Mejía"):
        hacer(elenco.subdirector, parte, "asignar", asesor=elenco.asesora)
    with actuar(elenco.subdirector), pytest.raises(NoSePuede, match="no está hasta"):
        repartir(partes=[parte], asesor=elenco.asesora, motivo="Reparto")
    for pedir in (
        lambda: atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora),
        lambda: hacer(elenco.asesora, parte, "tomar"),
    ):
        with actuar(elenco.asesora), pytest.raises(NoSePuede, match="figura como ausente"):
            pedir()
    parte = hacer(elenco.subdirector, parte, "asignar", asesor=elenco.otra_asesora)
    with pytest.raises(NoSePuede, match="no está hasta"):
        hacer(elenco.subdirector, parte, "reasignar", asesor=elenco.asesora)
    assert parte_de(una).asesor == elenco.otra_asesora
    assert elenco.asesora not in asesores_de(elenco.sistema_archivos)
    assert elenco.asesora in quienes_atienden(elenco.sistema_archivos)


def test_la_base_tampoco_deja(elenco, una) -> None:
    """Whoever writes it, in whatever way; the control: once back, it does."""
    ausencia, parte = ausentar(elenco.asesora), parte_de(una)

    def escribir(asesor: Persona) -> None:
        with sistema():
            Parte.objects.filter(pk=parte.pk).update(asesor=asesor, estado=E.ASIGNADA)

    for quien in (elenco.asesora, elenco.asesor_tecnica):
        with pytest.raises(IntegrityError, match="ausente o ya no atiende"):
            escribir(quien)
    with sistema():
        terminar_ausencia(ausencia=ausencia)
    escribir(elenco.asesora)


def test_reabrir_lo_de_un_ausente_lo_deja_en_quien_reabre(elenco, una) -> None:
    parte = hacer(elenco.asesora, parte_de(una), "tomar")
    parte = hacer(elenco.asesora, parte, "responder", texto="Esta es la respuesta.")
    ausentar(elenco.asesora)
    assert hacer(elenco.subdirector, parte, "reabrir").asesor == elenco.subdirector


# --- New work to the substitute ---
def test_lo_nuevo_de_su_sector_lo_recibe_quien_cubre(elenco) -> None:
    cubre, tercera = FabricaPersona(nombre="Quien Cubre"), FabricaPersona(nombre="Tercera")
    for persona in (cubre, tercera):
        FabricaMembresia(persona=persona, rol="asesor", entidad=None, dependencia=elenco.tecnica)
    ausentar(elenco.asesor_tecnica, cubre)

    def nueva() -> Persona | None:
        return parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])).asesor

    assert nueva() == cubre
    [cobertura] = [
        c for c in cobertura_de_sectores([elenco.tecnica]) if c.asignacion and c.sector == elenco.instituto.sector
    ]
    assert (cobertura.atiende, cobertura.por_suplente) == (cubre, True)
    segunda = ausentar(cubre, tercera)
    assert nueva() == tercera
    with sistema():
        terminar_ausencia(ausencia=segunda)
        AsignacionSector.objects.update(suplente=tercera)
        Ausencia.objects.filter(persona=elenco.asesor_tecnica).update(suplente=None)
    assert nueva() == tercera


def test_sin_quien_cubra_lo_nuevo_queda_en_la_cola(elenco) -> None:
    ausentar(elenco.asesor_tecnica)
    assert parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])).estado == E.EN_COLA
    assert sin_responsable() == []


def test_un_traslado_y_un_apoyo_tambien_van_a_quien_cubre(elenco, una) -> None:
    cubre = FabricaPersona(nombre="Quien Cubre")
    FabricaMembresia(persona=cubre, rol="asesor", entidad=None, dependencia=elenco.tecnica)
    ausentar(elenco.asesor_tecnica, cubre)
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    hacer(elenco.asesora, parte_de(una), "agregar_dependencia", tema=elenco.tema_integridad)
    hacer(elenco.asesora, parte_de(otra), "trasladar", dependencia=elenco.tecnica)

    assert parte_de(una, elenco.tecnica).asesor == cubre
    assert parte_de(otra).asesor == cubre


def test_quien_cubre_actua_en_lo_del_ausente_y_nadie_mas(elenco, una) -> None:
    parte = hacer(elenco.asesora, parte_de(una), "tomar")
    tercera = FabricaPersona(nombre="Tercera")
    FabricaMembresia(persona=tercera, rol="asesor", entidad=None, dependencia=elenco.sistema_archivos)
    with pytest.raises(NoSePuede, match="persona responsable"):
        hacer(elenco.otra_asesora, parte, "pedir_complemento", texto="Falta el acta", hasta=None)
    ausentar(elenco.asesora, elenco.otra_asesora)

    with actuar(elenco.otra_asesora):
        assert lo_que_cubre(exigir()) == [parte]
    with actuar(tercera):
        assert lo_que_cubre(exigir()) == []
    with pytest.raises(NoSePuede, match="persona responsable"):
        hacer(tercera, parte, "pedir_complemento", texto="Falta el acta", hasta=None)
    parte = hacer(elenco.otra_asesora, parte, "pedir_complemento", texto="Falta el acta", hasta=None)

    assert (parte.estado, parte.asesor) == (E.EN_COMPLEMENTO, elenco.asesora)
    with sistema():
        assert Movimiento.objects.filter(accion="pedir_complemento").get().persona == elenco.otra_asesora


def test_lo_reservado_de_un_ausente_lo_responde_la_jefatura(elenco) -> None:
    reservada = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True, motivo_reserva="Menores")
    parte = hacer(elenco.subdirector, parte_de(reservada), "asignar", asesor=elenco.asesora)
    ausentar(elenco.asesora, elenco.otra_asesora)
    with pytest.raises(NoSePuede):
        hacer(elenco.otra_asesora, parte, "empezar")
    assert hacer(elenco.subdirector, parte, "empezar").estado == E.EN_ATENCION


# --- Handing over ---
def en_mano(elenco) -> list[Parte]:
    """One of each state in which somebody has it, of Ana's."""
    hechas = [radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=n)) for n in (3, 2, 1)]
    hacer(elenco.asesora, parte_de(hechas[0]), "tomar")
    parte = hacer(elenco.asesora, parte_de(hechas[1]), "tomar")
    hacer(elenco.asesora, parte, "pedir_complemento", texto="Falta el acta", hasta=None)
    hacer(elenco.subdirector, parte_de(hechas[2]), "asignar", asesor=elenco.asesora)
    return [parte_de(s) for s in hechas]


@pytest.mark.parametrize("como", ["terminar", "desactivar"])
def test_lo_de_quien_se_va_pasa_en_la_misma_transaccion(elenco, como) -> None:
    partes = en_mano(elenco)
    if como == "terminar":
        terminar(elenco, elenco.asesora)
    else:
        with actuar(elenco.administradora), transaction.atomic():
            desactivar_persona(persona=elenco.asesora, motivo="Se retiró")

    quedan = [parte_de(p.solicitud) for p in partes]
    assert [p.asesor for p in quedan] == [elenco.subdirector] * 3
    assert [p.estado for p in quedan] == [E.ASIGNADA, E.EN_COMPLEMENTO, E.ASIGNADA]
    assert historia(partes[1].solicitud)[-1] == "reasignar_en_espera"
    with sistema():
        linea = Movimiento.objects.filter(parte=partes[0], accion="reasignar").get()
    assert linea.motivo and linea.persona is None and linea.datos["por"] == "relevo"
    assert sin_responsable() == []


def test_lo_de_un_sector_pasa_a_su_suplente(elenco) -> None:
    suplente = FabricaPersona(nombre="Suplente del Sector")
    FabricaMembresia(persona=suplente, rol="asesor", entidad=None, dependencia=elenco.tecnica)
    with sistema():
        AsignacionSector.objects.filter(dependencia=elenco.tecnica).update(suplente=suplente)
    solicitud = radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
    terminar(elenco, elenco.asesor_tecnica)
    assert parte_de(solicitud).asesor == suplente


def test_el_ultimo_no_se_va_mientras_tenga_algo_abierto(elenco) -> None:
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_cooperacion])
    with pytest.raises(ValidationError, match="no queda nadie que responda"):
        terminar(elenco, elenco.asesor_internacional)
    with actuar(elenco.administradora), pytest.raises(ValidationError, match="no queda nadie"), transaction.atomic():
        desactivar_persona(persona=elenco.asesor_internacional, motivo="Se retiró")
    assert parte_de(solicitud).asesor == elenco.asesor_internacional
    with actuar(elenco.administradora), transaction.atomic():
        agregar_membresia(persona=elenco.ajena, rol="asesor", dependencia=elenco.internacionales)
    terminar(elenco, elenco.asesor_internacional)
    assert parte_de(solicitud).asesor == elenco.ajena


def test_tampoco_cuando_los_que_quedan_estaran_ausentes(elenco) -> None:
    """The day that matters may be still to come."""
    with actuar(elenco.administradora), transaction.atomic():
        agregar_membresia(persona=elenco.ajena, rol="asesor", dependencia=elenco.internacionales)
    radicada(por=elenco.enlace, temas=[elenco.tema_cooperacion])
    ausencia = ausentar(elenco.ajena, desde=20, hasta=25)
    with pytest.raises(ValidationError, match="no quedaría nadie que responda"):
        terminar(elenco, elenco.asesor_internacional)
    with sistema():
        terminar_ausencia(ausencia=ausencia)
    terminar(elenco, elenco.asesor_internacional)


def test_un_rol_que_termina_por_su_fecha_lo_releva_el_barrido(elenco) -> None:
    partes = en_mano(elenco)
    with sistema():
        Membresia.objects.filter(persona=elenco.asesora).update(hasta=dia(-1))
    assert sin_responsable() == []  # meanwhile the head answers
    assert relevar_a_quienes_terminaron() == 3
    assert relevar_a_quienes_terminaron() == 0
    assert {parte_de(p.solicitud).asesor for p in partes} == {elenco.subdirector}


def test_la_vista_dice_lo_que_nadie_responde(elenco, una) -> None:
    """Negative control of the check: behind the back of the services."""
    salida = StringIO()
    call_command("comprobar_responsables", stdout=salida)
    assert "tiene hoy quien responda" in salida.getvalue()
    parte = hacer(elenco.asesora, parte_de(una), "tomar")
    solicitud = radicada(por=elenco.otra_enlace, temas=[elenco.tema_cooperacion])
    with sistema():
        Membresia.objects.filter(persona__in=[elenco.asesora, elenco.asesor_internacional]).update(hasta=dia(-1))
    assert [s.parte for s in sin_responsable()] == [parte_de(solicitud).pk]
    with sistema():
        Persona.objects.filter(pk__in=[elenco.subdirector.pk, elenco.directora.pk, elenco.otra_asesora.pk]).update(
            is_active=False
        )
        with connection.cursor() as cursor:
            cursor.execute("select parte_id from solicitudes_sin_responsable order by 1")
            assert [pk for (pk,) in cursor.fetchall()] == sorted([parte.pk, parte_de(solicitud).pk])
    with pytest.raises(CommandError, match="2 sin responsable"):
        call_command("comprobar_responsables", stdout=salida)
    assert solicitud.radicado in salida.getvalue() and "la tenía Ana Ruiz" in salida.getvalue()


# --- Pages ---
def test_la_jefatura_registra_y_termina_una_ausencia(elenco, entrar, una) -> None:
    hacer(elenco.asesora, parte_de(una), "tomar")
    navegador = entrar(elenco.subdirector)
    datos = {
        "persona": elenco.asesora.pk,
        "desde": dia(),
        "hasta": dia(5),
        "suplente": elenco.otra_asesora.pk,
        "acto": "",
    }
    url = reverse("atencion:registrar_ausencia")
    assert navegador.post(url, datos | {"hasta": dia(-1)}).status_code == 422
    assert navegador.post(url, datos).status_code == 302
    lista = navegador.get(reverse("atencion:ausencias")).content.decode()
    assert "Ana Ruiz" in lista and "Rosa Mejía" in lista
    assert ">Terminar<" in lista and ">Cancelar<" not in lista
    por_venir = ausentar(elenco.asesora, desde=10, hasta=12)
    assert ">Cancelar<" in navegador.get(reverse("atencion:ausencias")).content.decode()
    cancelar = reverse("atencion:terminar_ausencia", args=[por_venir.pk])
    assert "Queda sin efecto" in navegador.get(cancelar).content.decode()
    assert "Canceló la ausencia de Ana Ruiz" in navegador.post(cancelar, {"si": "1"}, follow=True).content.decode()
    equipo = navegador.get(reverse("atencion:equipo")).content.decode()
    assert "Ausente" in equipo and "la cubre Rosa Mejía" in equipo
    propia = entrar(elenco.otra_asesora).get(reverse("atencion:ausencia")).content.decode()
    assert una.radicado in propia and "responde por 1 solicitud" in propia
    siguiente = entrar(elenco.asesora).post(reverse("atencion:siguiente"), follow=True).content.decode()
    assert "figura como ausente" in siguiente
    with sistema():
        fin = reverse("atencion:terminar_ausencia", args=[Ausencia.objects.exclude(pk=por_venir.pk).get().pk])
    assert entrar(elenco.otra_asesora).post(fin).status_code == 403
    assert entrar(elenco.asesora).get(fin).status_code == 200
    assert entrar(elenco.asesora).post(fin, {"si": "1"}).url == reverse("atencion:ausencia")
    assert sin_ausencias()


def test_quien_cubre_ve_que_responde_y_puede_redactar(elenco, entrar, una) -> None:
    hacer(elenco.asesora, parte_de(una), "tomar")
    caso = reverse("atencion:caso", args=[una.radicado])
    colega = entrar(elenco.otra_asesora)
    assert "la está atendiendo" in colega.get(caso).content.decode()
    ausentar(elenco.asesora, elenco.otra_asesora)
    pagina = colega.get(caso)
    assert "Hoy usted responde por esta solicitud." in pagina.content.decode()
    assert [b.texto for b in pagina.context["botones"] if b.clase == ""] == ["Redactar concepto"]
    assert "Mi ausencia y lo que cubro" in pagina.content.decode()


def sin_ausencias() -> bool:
    with sistema():
        return not Ausencia.objects.en_curso(hoy()).exists()


def test_cada_quien_registra_la_suya(elenco, entrar) -> None:
    navegador, url = entrar(elenco.asesora), reverse("atencion:ausencia")
    assert navegador.post(url, {"desde": dia(1), "hasta": dia(3), "suplente": ""}).status_code == 302
    assert "Su ausencia quedó registrada" in navegador.get(url).content.decode()
    assert entrar(elenco.enlace).get(url).status_code == 403


def test_avisa_a_quien_cubre_y_a_la_jefatura(elenco) -> None:
    with actuar(elenco.asesora), transaction.atomic():
        registrar_ausencia(persona=elenco.asesora, desde=dia(), hasta=dia(5), suplente=elenco.otra_asesora)
    with sistema():
        for entrega in Entrega.objects.filter(tipo="direcciones.ausencia"):
            manejador_de(entrega.tipo)(entrega)
        avisadas = dict(Aviso.objects.values_list("persona", "titulo"))
        de_quien_cubre = Aviso.objects.get(persona=elenco.otra_asesora)
    assert avisadas == dict.fromkeys([elenco.otra_asesora.pk, elenco.subdirector.pk], "Ana Ruiz estará ausente")
    # In the portal too it says what to do, not only what happened.
    assert "\nUsted la cubre: recibe lo nuevo" in de_quien_cubre.texto


def test_a_quien_se_ausenta_se_le_habla_de_usted(elenco) -> None:
    with actuar(elenco.subdirector), transaction.atomic():
        registrar_ausencia(persona=elenco.asesora, desde=dia(), hasta=dia(5), suplente=elenco.otra_asesora)
    with sistema():
        for entrega in Entrega.objects.filter(tipo="direcciones.ausencia"):
            manejador_de(entrega.tipo)(entrega)
        suyo = Aviso.objects.get(persona=elenco.asesora)
    assert suyo.titulo == "Registraron su ausencia" and suyo.texto.startswith("Usted figura como ausente del ")


def test_que_nadie_la_cubre_lo_sabe_una_jefatura_que_este(elenco) -> None:
    ausentar(elenco.subdirector)
    ausentar(elenco.asesora)
    with sistema():
        entrega = Entrega.objects.filter(tipo="direcciones.ausencia").latest("id")
        manejador_de(entrega.tipo)(entrega)
        avisadas = set(Aviso.objects.values_list("persona", flat=True))
    assert avisadas == {elenco.directora.pk, elenco.asesora.pk}


def test_el_equipo_dice_quien_esta_ausente(elenco, una) -> None:
    hacer(elenco.asesora, parte_de(una), "tomar")
    ausencia = ausentar(elenco.asesora)
    with actuar(elenco.subdirector):
        cargas = {c.persona: c for c in carga_por_asesor([elenco.sistema_archivos.pk], por_vencer_hasta=dia(2))}
    assert cargas[elenco.asesora].ausencia == ausencia
    assert cargas[elenco.asesora].activa and cargas[elenco.otra_asesora].ausencia is None


# --- Whatever happens ---
class Vaiven(RuleBasedStateMachine):
    """People come, leave, are away and come back, cases are filed, claimed, reassigned and answered; after each step
    every open one has somebody who answers, today and on every day that is already known."""

    elenco: Any
    GENTE = ("asesora", "otra_asesora", "subdirector", "directora", "asesor_tecnica", "director_desarrollo")
    quienes = st.sampled_from(GENTE)

    @initialize()
    def abrir(self) -> None:
        self.punto = transaction.atomic()
        self.punto.__enter__()
        for tema in (self.elenco.tema_tablas, self.elenco.tema_integridad):
            radicada(por=self.elenco.enlace, temas=[tema], recibida=hace(days=9))  # these are never answered

    def teardown(self) -> None:
        if hasattr(self, "punto"):
            transaction.set_rollback(True)
            self.punto.__exit__(None, None, None)

    def _quien(self, nombre: str) -> Persona:
        return Persona.objects.get(pk=getattr(self.elenco, nombre).pk)

    def _intentar(self, hacer_algo: Any) -> None:
        try:
            with actuar(self.elenco.administradora), transaction.atomic():
                hacer_algo()
        except (ValidationError, Membresia.DoesNotExist, Parte.DoesNotExist):
            pass
        self.revisar()

    @rule(quien=quienes, suplente=st.sampled_from([*GENTE, None]), desde=st.integers(0, 6), dura=st.integers(0, 6))
    def ausentar(self, quien: str, suplente: str | None, desde: int, dura: int) -> None:
        cubre = self._quien(suplente) if suplente else None
        self._intentar(
            lambda: registrar_ausencia(
                persona=self._quien(quien), desde=dia(desde), hasta=dia(desde + dura), suplente=cubre
            )
        )

    @rule(cual=st.integers(0, 9))
    def volver(self, cual: int) -> None:
        with sistema():
            vivas = list(Ausencia.objects.filter(anulada_en__isnull=True).order_by("pk"))
        if vivas:
            self._intentar(lambda: terminar_ausencia(ausencia=vivas[cual % len(vivas)]))

    @rule(quien=quienes, cuando=st.sampled_from([None, 0, 2]))
    def terminar(self, quien: str, cuando: int | None) -> None:
        hasta = None if cuando is None else dia(cuando)
        self._intentar(
            lambda: terminar_membresia(
                membresia=Membresia.objects.activas().filter(persona=self._quien(quien)).earliest("pk"), hasta=hasta
            )
        )

    @rule(quien=quienes, donde=st.sampled_from(["sistema_archivos", "tecnica"]))
    def nombrar(self, quien: str, donde: str) -> None:
        self._intentar(
            lambda: agregar_membresia(
                persona=self._quien(quien), rol="asesor", dependencia=getattr(self.elenco, donde)
            )
        )

    @rule(quien=quienes)
    def desactivar(self, quien: str) -> None:
        self._intentar(lambda: desactivar_persona(persona=self._quien(quien), motivo="Se retiró"))

    @rule(quien=quienes)
    def activar(self, quien: str) -> None:
        self._intentar(lambda: activar_persona(persona=self._quien(quien)))

    @rule(tema=st.sampled_from(["tema_tablas", "tema_integridad"]))
    def radicar(self, tema: str) -> None:
        radicada(por=self.elenco.enlace, temas=[getattr(self.elenco, tema)])
        self.revisar()

    @rule(quien=quienes)
    def tomar(self, quien: str) -> None:
        persona = self._quien(quien)

        def pedir() -> None:
            with actuar(Membresia.objects.activas().filter(persona=persona).order_by("pk")[0]):
                atender_siguiente(dependencia=exigir().dependencias[-1], persona=persona)

        with suppress(IndexError):  # no role, or none that attends
            self._intentar(pedir)

    @rule(quien=quienes, a_quien=quienes, cual=st.integers(0, 9))
    def reasignar(self, quien: str, a_quien: str, cual: int) -> None:
        self._en_una(quien, cual, "reasignar", asesor=self._quien(a_quien))

    @rule(quien=quienes, cual=st.integers(0, 9))
    def responder(self, quien: str, cual: int) -> None:
        self._en_una(quien, cual, "responder", texto="Esta es la respuesta.")

    def _en_una(self, quien: str, cual: int, accion: str, **datos: Any) -> None:
        with sistema():
            primeras = Parte.objects.order_by("pk").values_list("pk", flat=True)[:2]
            de_que = Parte.objects.filter(estado__in=EN_TRABAJO)
            if accion == "responder":
                de_que = de_que.exclude(pk__in=list(primeras))
            partes = list(de_que.select_related("dependencia", "entidad", "solicitud").order_by("pk"))
        if partes:
            self._intentar(lambda: hacer(self._quien(quien), partes[cual % len(partes)], accion, **datos))

    def revisar(self) -> None:
        for n in range(15):
            assert sin_responsable(dia(n)) == [], f"dentro de {n} días"


def _vaiven(elenco: Any, caminos: int, pasos: int) -> None:
    Vaiven.elenco = elenco
    ajustes = settings(
        max_examples=caminos, stateful_step_count=pasos, deadline=None, suppress_health_check=list(HealthCheck),
        database=None, phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(Vaiven, settings=ajustes)


def test_ningun_vaiven_deja_algo_sin_responsable(elenco) -> None:
    _vaiven(elenco, 6, 15)


@pytest.mark.larga
def test_ningun_vaiven_largo_deja_algo_sin_responsable(elenco) -> None:
    _vaiven(elenco, 60, 40)


def test_sin_el_relevo_la_comprobacion_lo_descubre(elenco, monkeypatch) -> None:
    """Negative control: with the registry unhooked, what somebody leaves behind is seen."""
    monkeypatch.setattr(relevos, "_relevos", [])
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_cooperacion])
    terminar(elenco, elenco.asesor_internacional)
    assert [s.solicitud for s in sin_responsable()] == [solicitud.pk]


@pytest.mark.larga
def test_sin_el_relevo_el_vaiven_lo_descubre(elenco, monkeypatch) -> None:
    """The same control for the walk: it does reach such a case."""
    monkeypatch.setattr(relevos, "_relevos", [])
    with pytest.raises(AssertionError, match="dentro de"):
        _vaiven(elenco, 100, 40)
