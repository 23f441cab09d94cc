"""Who may do what, and when (R57; security.md G01–G03, G09)."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from alcance import Alcance, como_sistema
from bandeja.models import Entrega
from conceptos import services
from conceptos.estados import EstadoConcepto
from conceptos.models import Concepto, Firma, Revision, Version
from conceptos.services.comun import NoSePuede, version_congelada
from direcciones.models import Encargo, Membresia
from plazos.reloj import ahora, hoy
from tests.conceptos.conftest import Mesa
from tests.fabricas import actuar, alcance_de
from tests.soporte.elenco import crear_elenco

E = EstadoConcepto
bd = pytest.mark.django_db


@bd
def test_solo_firma_quien_dirige_la_dependencia(mesa) -> None:
    """R57: an asesor cannot sign, nor the head of another dirección."""
    concepto = mesa.para_firma()
    for quien in ("enlace", "asesora", "revisora", "director_desarrollo", "subsecretaria", "auditora", "ventanilla"):
        with pytest.raises((NoSePuede, Concepto.DoesNotExist)):
            mesa.firmar(concepto, quien=getattr(mesa.elenco, quien), sha256_visto="0" * 64)
    assert mesa.fresco(concepto).estado == E.PARA_FIRMA


@bd
@pytest.mark.parametrize("quien", ["directora", "subdirector"])
def test_firma_la_directora_o_el_subdirector(mesa, quien) -> None:
    """R57."""
    firma = mesa.firmar(mesa.para_firma(), quien=getattr(mesa.elenco, quien))
    assert firma.nombre == getattr(mesa.elenco, quien).nombre


@bd
def test_con_encargo_solo_entre_sus_fechas(mesa) -> None:
    """R57: in encargo, and only within its dates."""
    e = mesa.elenco
    with transaction.atomic():
        encargo = Encargo.objects.create(
            dependencia=e.archivo, persona=e.otra_asesora, cargo="Directora", acto="Resolución 12 de 2026",
            desde=hoy(), hasta=hoy() + timedelta(days=3),
        )  # fmt: skip
    concepto = mesa.para_firma()
    with time_machine.travel(ahora() + timedelta(days=5)), pytest.raises(NoSePuede, match="encargo vigente"):
        mesa.firmar(concepto, quien=e.otra_asesora)
    firma = mesa.firmar(concepto, quien=e.otra_asesora)
    assert (firma.cargo, firma.encargo) == ("Directora (E)", encargo)


@bd
def test_quien_perdio_la_autoridad_un_instante_antes_no_firma(mesa) -> None:
    """G03: the page was open with a good membership; it ended, or the account was disabled, before the click."""
    concepto, directora = mesa.para_firma(), mesa.elenco.directora
    viejo = alcance_de(directora)
    with transaction.atomic(), como_sistema("prueba"):
        Membresia.objects.filter(persona=directora).update(desde="2024-01-01", hasta=hoy() - timedelta(days=1))
    with pytest.raises(NoSePuede, match="quien dirige"):
        _firmar_con(viejo, concepto)
    with transaction.atomic(), como_sistema("prueba"):
        Membresia.objects.filter(persona=directora).update(hasta=None)
        directora.is_active = False
        directora.save(update_fields=["is_active"])
    with pytest.raises(NoSePuede, match="cuenta"):
        _firmar_con(viejo, concepto)
    assert not _firmas()


def _firmar_con(alcance: Alcance, concepto: Concepto, **datos) -> Firma:
    from alcance import con_alcance  # noqa: PLC0415

    with con_alcance(alcance), transaction.atomic():
        return services.firmar(
            concepto=concepto,
            sha256_visto=version_congelada(concepto).sha256,
            audiencia="publico",
            segundo_factor_en=ahora(),
            **datos,
        )


def _firmas() -> list[Firma]:
    with transaction.atomic(), como_sistema("prueba"):
        return list(Firma.objects.order_by("pk"))


@bd
def test_lo_que_cambio_desde_que_se_abrio_no_se_firma(mesa) -> None:
    """G02: the digest signed is the digest displayed."""
    concepto = mesa.para_firma()
    with actuar(mesa.elenco.directora):
        visto = version_congelada(concepto).sha256
    mesa.devolver(concepto, quien=mesa.elenco.subdirector)
    mesa.escribir(concepto, conclusiones="1. Ahora sí es viable.")
    with actuar(mesa.elenco.asesora), transaction.atomic():
        services.enviar(concepto=concepto)
    mesa.aprobar(concepto)
    with pytest.raises(NoSePuede, match="cambió"):
        mesa.firmar(concepto, sha256_visto=visto)
    assert not _firmas()


@bd
def test_bytes_tocados_en_el_almacen_no_se_firman(mesa) -> None:
    """G02: what is on disk is compared with its digest before signing."""
    from django.core.files.storage import default_storage  # noqa: PLC0415

    from conceptos.services.documento import TextoCambiado  # noqa: PLC0415

    concepto = mesa.para_firma()
    with actuar(mesa.elenco.directora):
        ruta = version_congelada(concepto).ruta
    with open(default_storage.path(ruta), "ab") as archivo:
        archivo.write(b"%")
    with pytest.raises(TextoCambiado):
        mesa.firmar(concepto)
    assert not _firmas()


@bd
def test_el_segundo_factor_dura_cinco_minutos(mesa) -> None:
    """security.md N09."""
    concepto = mesa.para_firma()
    for hace in (timedelta(minutes=6), timedelta(minutes=-1)):
        with pytest.raises(NoSePuede, match="código"):
            mesa.firmar(concepto, segundo_factor_en=ahora() - hace)
    mesa.firmar(concepto, segundo_factor_en=ahora() - timedelta(minutes=4))


@bd
def test_reservado_pide_motivo_y_una_solicitud_reservada_no_se_publica(mesa) -> None:
    concepto = mesa.en_revision(reservada=True)
    with pytest.raises((NoSePuede, Concepto.DoesNotExist)):
        mesa.aprobar(concepto)  # a reserved one is not for every revisor: only the heads see it
    mesa.aprobar(concepto, quien=mesa.elenco.subdirector)
    with pytest.raises(NoSePuede, match="reservada"):
        mesa.firmar(concepto, audiencia="publico")
    with pytest.raises(NoSePuede, match="por qué"):
        mesa.firmar(concepto, audiencia="reservado")
    mesa.firmar(concepto, audiencia="reservado", motivo_audiencia="Tiene datos personales.")


@bd
def test_quien_escribio_no_revisa_aunque_sea_jefe(mesa) -> None:
    """G09: author of any version of it, not only of the last."""
    concepto = mesa.empezado()
    mesa.escribir(concepto, quien=mesa.elenco.subdirector)
    with actuar(mesa.elenco.subdirector), transaction.atomic():
        services.enviar(concepto=concepto)
    with pytest.raises(NoSePuede, match="Quien escribió"):
        mesa.aprobar(concepto, quien=mesa.elenco.subdirector)
    with pytest.raises(NoSePuede, match="Su rol"):
        mesa.aprobar(concepto, quien=mesa.elenco.asesora)
    assert mesa.aprobar(concepto).estado == E.PARA_FIRMA


@bd
def test_la_base_de_datos_tampoco_deja_que_el_autor_revise(mesa) -> None:
    """G09, third net: a constraint, not only the service."""
    concepto = mesa.en_revision()
    with (
        actuar(mesa.elenco.asesora),
        pytest.raises(IntegrityError, match="conceptos_revisor_no_es_autor"),
        transaction.atomic(),
    ):
        version = version_congelada(concepto)
        Revision.objects.create(
            concepto=concepto,
            version=version,
            autor=version.autor,
            revisor=version.autor,
            aprueba=True,
            sha256="0" * 64,
        )


@bd
def test_una_firma_no_se_borra_ni_dos_por_version(mesa) -> None:
    """G01 in the database."""
    firma = mesa.firmar(mesa.para_firma())
    otra = {campo: getattr(firma, campo) for campo in ("concepto", "version", "firmante", "nombre", "cargo")}
    with actuar(mesa.elenco.directora), pytest.raises(IntegrityError), transaction.atomic():
        Firma.objects.create(**otra, segundo_factor_en=ahora(), sha256_revisado="0" * 64)
    with actuar(mesa.elenco.directora), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        firma.delete()


@bd
def test_nadie_de_otra_dependencia_escribe(mesa) -> None:
    concepto = mesa.empezado()
    for quien in ("otra_asesora", "asesor_tecnica", "enlace", "revisora", "subsecretaria"):
        with pytest.raises((NoSePuede, Concepto.DoesNotExist, IndexError)):
            mesa.escribir(concepto, quien=getattr(mesa.elenco, quien))


def _a_la_vez(veces: int, hacer) -> list[str]:
    """Results of doing it from many threads that start together: "bien" or the name of the refusal."""
    barrera, resultados = threading.Barrier(veces), []

    def correr(turno: int) -> None:
        barrera.wait()
        try:
            hacer(turno)
            resultados.append("bien")
        except Exception as falla:
            resultados.append(type(falla).__name__)
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=correr, args=(turno,)) for turno in range(veces)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    return resultados


def test_veinte_firmas_a_la_vez_son_una(base_propia) -> None:
    """G01: two heads, twenty clicks: one signature, one public fact, one order to seal."""
    mesa = Mesa(crear_elenco())
    concepto = mesa.para_firma()
    jefes = [mesa.elenco.directora, mesa.elenco.subdirector]
    resultados = _a_la_vez(20, lambda turno: mesa.firmar(concepto, quien=jefes[turno % 2]))
    assert sorted(set(resultados)) == ["NoSePuede", "bien"]
    assert resultados.count("bien") == 1
    assert len(_firmas()) == 1
    with transaction.atomic(), como_sistema("prueba"):
        assert Entrega.objects.filter(tipo="conceptos.firmado").count() == 1


def test_sin_candado_habria_varias(base_propia, monkeypatch) -> None:
    """Negative control of G01: without the row lock more than one passes the checks, and only the constraint holds."""
    mesa = Mesa(crear_elenco())
    concepto = mesa.para_firma()
    parejas = threading.Barrier(4)

    def sin_candado(cual):
        leido = Concepto.objects.select_related("solicitud", "parte", "dependencia").get(pk=cual.pk)
        parejas.wait(timeout=20)
        return leido

    monkeypatch.setattr("conceptos.services.firma.bloquear", sin_candado)
    resultados = _a_la_vez(4, lambda turno: mesa.firmar(concepto))
    assert "IntegrityError" in resultados
    assert len(_firmas()) == 1


def test_dos_borradores_a_la_vez_son_uno(base_propia) -> None:
    mesa = Mesa(crear_elenco())
    parte = mesa.parte()

    def empezar(_turno):
        with actuar(mesa.elenco.asesora), transaction.atomic():
            services.empezar(parte=parte)

    assert _a_la_vez(4, empezar) == ["bien"] * 4
    with transaction.atomic(), como_sistema("prueba"):
        assert Concepto.objects.filter(parte=parte).count() == 1
        assert Version.objects.count() == 1


class Paseo(RuleBasedStateMachine):
    """G09: whoever does whatever in any order, nothing reaches a signature without somebody else's review."""

    mesa: Mesa

    @initialize()
    def abrir(self) -> None:
        self.punto = transaction.atomic()
        self.punto.__enter__()
        self.concepto = self.mesa.empezado()
        self.mesa.escribir(self.concepto)

    def teardown(self) -> None:
        if hasattr(self, "punto"):
            transaction.set_rollback(True)
            self.punto.__exit__(None, None, None)

    def _intentar(self, hacer) -> None:
        try:
            with transaction.atomic():
                hacer()
        except (NoSePuede, Concepto.DoesNotExist, IndexError):  # the last: there is nothing they can see
            pass
        self.revisar()

    gente = st.sampled_from(["asesora", "otra_asesora", "revisora", "subdirector", "directora", "asesor_tecnica"])

    @rule(quien=gente, texto=st.sampled_from(["uno", "dos"]))
    def escribir(self, quien, texto) -> None:
        self._intentar(lambda: self.mesa.escribir(self.concepto, quien=self._quien(quien), analisis=texto))

    @rule(quien=gente)
    def enviar(self, quien) -> None:
        self._como(quien, lambda: services.enviar(concepto=self.concepto))

    @rule(quien=gente)
    def aprobar(self, quien) -> None:
        self._intentar(lambda: self.mesa.aprobar(self.concepto, quien=self._quien(quien)))

    @rule(quien=gente)
    def devolver(self, quien) -> None:
        self._intentar(lambda: self.mesa.devolver(self.concepto, quien=self._quien(quien)))

    @rule(quien=gente)
    def retomar(self, quien) -> None:
        self._como(quien, lambda: services.retomar(concepto=self.concepto))

    @precondition(lambda self: self.mesa.fresco(self.concepto).estado != E.FIRMADO)
    @rule(quien=gente)
    def firmar(self, quien) -> None:
        self._intentar(lambda: self.mesa.firmar(self.concepto, quien=self._quien(quien)))

    def _quien(self, nombre):
        return getattr(self.mesa.elenco, nombre)

    def _como(self, quien, hacer) -> None:
        def con_su_alcance() -> None:
            with actuar(self._quien(quien)):
                hacer()

        self._intentar(con_su_alcance)

    def revisar(self) -> None:
        """The invariants, read from the database."""
        actual = self.mesa.fresco(self.concepto)
        with transaction.atomic(), como_sistema("prueba"):
            firma = Firma.objects.filter(concepto=actual).select_related("version").first()
            autores = set(Version.objects.filter(concepto=actual).order_by().values_list("autor", flat=True))
            revisiones = list(Revision.objects.filter(concepto=actual, aprueba=True).order_by("pk"))
        assert (firma is not None) == (actual.estado == E.FIRMADO)
        for revision in revisiones:
            assert revision.revisor_id != revision.autor_id
        if firma:
            suya = [r for r in revisiones if r.version_id == firma.version_id]
            assert suya and suya[0].sha256 == firma.sha256_revisado == firma.version.sha256
            assert suya[0].revisor_id not in autores


def _pasear(mesa: Mesa, caminos: int, pasos: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415

    Paseo.mesa = mesa
    ajustes = settings(
        max_examples=caminos, stateful_step_count=pasos, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Paseo, settings=ajustes)


@bd
def test_ningun_camino_firma_sin_revision_ajena(mesa) -> None:
    """G09."""
    _pasear(mesa, 5, 12)


@bd
@pytest.mark.larga
def test_ningun_camino_largo_firma_sin_revision_ajena(mesa) -> None:
    """G09: many more walks."""
    _pasear(mesa, 150, 30)
