"""The chain: append-only, gapless under concurrency, and every tampering is named (security.md A02–A04)."""

import json
import random
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction

from alcance import Alcance, como_sistema, con_alcance
from bitacora import cadena
from bitacora.cadena import GENESIS, hash_de, leer, sellar, verificar
from bitacora.models import Cabeza, Suceso
from bitacora.services import registrar
from direcciones.models import Persona


def rupturas(sello: dict | None = None) -> list[tuple[str, int]]:
    with como_sistema("prueba"), transaction.atomic():
        return [(ruptura.cadena, ruptura.posicion) for ruptura in verificar(sello)]


def escribir(cuantos: int, *, entidades: tuple[int | None, ...] = (1, 2, None)) -> None:
    for i in range(cuantos):
        with con_alcance(Alcance(persona_id=i % 5 + 1, rol="enlace")), transaction.atomic():
            registrar(
                accion=f"paso.{i}", entidad_id=entidades[i % len(entidades)], despues={"n": i}, motivo=f"porque {i}"
            )


def suprimida(*, persona: int) -> None:
    """What `suprimir_persona` leaves in the record."""
    with como_sistema("prueba"), transaction.atomic():
        registrar(accion="persona.suprimir", objeto=Persona(pk=persona), despues={"filas": 1}, motivo="Lo pidió")


def encadenar_de_nuevo(cursor, cadena: str) -> None:
    """What a superuser who can read our code does after changing a row: every hash, and the head."""
    with como_sistema("prueba"), transaction.atomic():
        filas, anterior = list(Suceso.objects.de_la_cadena(cadena)), GENESIS
    for fila in filas:
        fila.hash_anterior, anterior = anterior, hash_de(fila, anterior)
        cursor.execute(
            "update bitacora_suceso set hash_anterior = %s, hash = %s where id = %s",
            [fila.hash_anterior, anterior, fila.pk],
        )
    cursor.execute("update bitacora_cabeza set hash = %s where cadena = %s", [anterior, cadena])


def test_la_cadena_se_verifica_y_los_hashes_no_dependen_de_la_base(base_propia: str) -> None:
    """Python reads the columns and arrives at the hashes SQL wrote, with awkward texts among them."""
    escribir(9)
    with con_alcance(Alcance(persona_id=1, rol="asesor")), transaction.atomic():
        registrar(
            accion="ñ", texto="Ñandú 🐦 \U0001f9fe", despues={"á": "“€”", "n": None, "x": [1, 2]}, dependencias=[3, 1]
        )
        registrar(accion="segundo de la misma transacción")
    assert rupturas() == []
    with como_sistema("prueba"), transaction.atomic():
        assert {c.cadena: c.posicion for c in Cabeza.objects.all()} == {"entidad-1": 3, "entidad-2": 3, "sistema": 5}


def test_lo_que_se_deshace_no_deja_hueco(base_propia: str) -> None:
    escribir(1)
    with pytest.raises(ZeroDivisionError), con_alcance(Alcance(persona_id=1)), transaction.atomic():
        registrar(accion="no pasó", entidad_id=1)
        raise ZeroDivisionError
    with con_alcance(Alcance(persona_id=1)), transaction.atomic():
        registrar(accion="antes", entidad_id=1)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            registrar(accion="no pasó", entidad_id=1)
            raise ZeroDivisionError
    assert rupturas() == []


CAMBIOS = [
    "update bitacora_suceso set accion = 'otra'",
    "update bitacora_suceso set motivo = 'otro'",
    "delete from bitacora_suceso",
    "truncate bitacora_suceso",
    "update bitacora_cabeza set posicion = 0",
    "delete from bitacora_cabeza",
    "truncate bitacora_cabeza",
]


@pytest.mark.parametrize("rol", ["sdfi_web", "sdfi_owner", "sdfi_sistema"])
def test_ningun_rol_la_cambia(base_propia: str, rol: str) -> None:
    """A02: web by its grants; the owner and the data role by triggers, even acting as *sistema*.

    The owner may write a head: the sealing function runs as the owner, and a false head does not verify (A04).
    """
    alias = "default" if rol == "sdfi_web" else "migrador"
    escribir(1)
    for orden in CAMBIOS:
        if rol == "sdfi_owner" and orden.startswith("update bitacora_cabeza"):
            continue
        with (
            como_sistema("prueba"),
            pytest.raises(DatabaseError, match=r"permission denied|no se modifica"),
            transaction.atomic(using=alias),
        ):
            cursor = connections[alias].cursor()
            cursor.execute(f"set local role {rol}")
            cursor.execute(orden)
    assert rupturas() == []


def test_quien_si_puede_la_cambia(superusuario) -> None:
    """Negative control of A02: the same orders, by who is above grants and triggers, do change it."""
    for orden in CAMBIOS:
        superusuario.execute("truncate bitacora_suceso, bitacora_cabeza")
        escribir(3)
        superusuario.execute(orden)
        assert rupturas() != [], orden


def test_suprimir_un_motivo_deja_la_cadena_entera(superusuario) -> None:
    """Ley 1581 de 2012: the words go, their digest stays, and the record says whose were suppressed; another text in
    their place, or the words of somebody else gone, is detected."""
    escribir(4, entidades=(1,))
    suprimida(persona=2)
    superusuario.execute("update bitacora_suceso set motivo = '', motivo_sal = '' where actor_id = 2")
    assert rupturas() == []
    superusuario.execute("update bitacora_suceso set motivo = 'otro' where posicion = 3 and cadena = 'entidad-1'")
    assert rupturas() == [("entidad-1", 3)]


def test_un_motivo_vaciado_sin_supresion(superusuario) -> None:
    """R20: the «why» does not go without anybody being told. Also of who was suppressed before writing it, and of the
    portal's own, which nobody suppresses."""
    escribir(4, entidades=(1,))
    for actor in ("2", "null"):
        superusuario.execute(f"update bitacora_suceso set actor_id = {actor} where posicion = 2")
        encadenar_de_nuevo(superusuario, "entidad-1")
        superusuario.execute("update bitacora_suceso set motivo = '', motivo_sal = '' where posicion = 2")
        assert rupturas() == [("entidad-1", 2)]
    superusuario.execute("update bitacora_suceso set actor_id = 2 where posicion = 2")
    encadenar_de_nuevo(superusuario, "entidad-1")
    suprimida(persona=1)
    assert rupturas() == [("entidad-1", 2)]
    suprimida(persona=2)
    assert rupturas() == []
    superusuario.execute("update bitacora_suceso set en = en - interval '1 hour' where objeto_id = '2'")
    encadenar_de_nuevo(superusuario, "sistema")
    assert rupturas() == [("entidad-1", 2)]


def test_cuantos_motivos_faltan_se_dice(superusuario) -> None:
    escribir(4, entidades=(1,))
    superusuario.execute("update bitacora_suceso set motivo = '', motivo_sal = ''")
    with como_sistema("prueba"), transaction.atomic():
        lectura = leer()
    assert lectura.motivos_suprimidos == 4
    assert [str(ruptura) for ruptura in lectura.rupturas] == [
        "entidad-1, lugar 1: su motivo se vació, y no consta que se suprimieran los datos de quien lo escribió."
    ]


# --- A04: tampering as superuser -------------------------------------------------------------------------------------
def _uno(cursor, azar: random.Random) -> tuple[int, str, int]:
    cursor.execute("select id, cadena, posicion from bitacora_suceso order by id")
    return azar.choice(cursor.fetchall())


def _editar(columna: str, valor: str) -> Callable:
    def hacer(cursor, azar: random.Random) -> tuple[str, int]:
        pk, cadena, posicion = _uno(cursor, azar)
        cursor.execute(f"update bitacora_suceso set {columna} = {valor} where id = %s", [pk])
        return cadena, posicion

    return hacer


def _borrar(cursor, azar: random.Random) -> tuple[str, int]:
    pk, cadena, posicion = _uno(cursor, azar)
    cursor.execute("delete from bitacora_suceso where id = %s", [pk])
    return cadena, posicion


def _permutar(cursor, azar: random.Random) -> tuple[str, int]:
    """Two neighbours change places, hashes included."""
    cursor.execute("select id, cadena, posicion from bitacora_suceso where posicion > 1 order by id")
    pk, cadena, posicion = azar.choice(cursor.fetchall())
    cursor.execute("update bitacora_suceso set posicion = -1 where id = %s", [pk])
    cursor.execute(
        "update bitacora_suceso set posicion = %s where cadena = %s and posicion = %s",
        [posicion, cadena, posicion - 1],
    )
    cursor.execute("update bitacora_suceso set posicion = %s where id = %s", [posicion - 1, pk])
    return cadena, posicion - 1


def _insertar(cursor, azar: random.Random) -> tuple[str, int]:
    """A row slipped in, everything after it pushed one place."""
    pk, cadena, posicion = _uno(cursor, azar)
    cursor.execute(
        "update bitacora_suceso set posicion = posicion + 10000 where cadena = %s and posicion >= %s",
        [cadena, posicion],
    )
    cursor.execute(
        "update bitacora_suceso set posicion = posicion - 9999 where cadena = %s and posicion > 10000", [cadena]
    )
    cursor.execute(
        """select string_agg(column_name, ',') from information_schema.columns
           where table_name = 'bitacora_suceso' and column_name not in ('id', 'posicion')"""
    )
    [columnas] = cursor.fetchone()
    cursor.execute(
        f"insert into bitacora_suceso (posicion, {columnas}) select %s, {columnas} from bitacora_suceso where id = %s",
        [posicion, pk],
    )
    return cadena, posicion + 1  # the copy fits its place; what follows it does not


def _cortar_la_cola(cursor, azar: random.Random) -> tuple[str, int]:
    _, cadena, _ = _uno(cursor, azar)
    cursor.execute("select max(posicion) from bitacora_suceso where cadena = %s", [cadena])
    [ultima] = cursor.fetchone()
    desde = azar.randint(1, ultima)
    cursor.execute("delete from bitacora_suceso where cadena = %s and posicion >= %s", [cadena, desde])
    return cadena, desde


def _permutar_ids(cursor, azar: random.Random) -> tuple[str, int]:
    """By the id they are shown: two events of a chain, in each other's place on the page."""
    _, cadena, _ = _uno(cursor, azar)
    cursor.execute("select id, posicion from bitacora_suceso where cadena = %s", [cadena])
    (uno, primera), (otro, _) = sorted(azar.sample(cursor.fetchall(), 2), key=lambda fila: fila[1])
    cursor.execute("update bitacora_suceso set id = -1 where id = %s", [uno])
    cursor.execute("update bitacora_suceso set id = %s where id = %s", [uno, otro])
    cursor.execute("update bitacora_suceso set id = %s where id = -1", [otro])
    return cadena, primera


def _mover_la_cabeza(cursor, azar: random.Random) -> tuple[str, int]:
    _, cadena, _ = _uno(cursor, azar)
    cursor.execute("update bitacora_cabeza set hash = repeat('a', 64) where cadena = %s returning posicion", [cadena])
    return cadena, cursor.fetchone()[0] + 1


ADULTERACIONES = {
    "acción": _editar("accion", "accion || 'x'"),
    "actor": _editar("actor_id", "coalesce(actor_id, 0) + 1"),
    "rol": _editar("rol", "'director'"),
    "instante": _editar("en", "en + interval '1 microsecond'"),
    "entidad": _editar("entidad_id", "coalesce(entidad_id, 0) + 100"),
    "antes y después": _editar("despues", "replace(despues, ':', ': ')"),
    "motivo": _editar("motivo", "motivo || '.'"),
    "motivo vaciado": _editar("(motivo, motivo_sal)", "('', '')"),
    "huella del motivo": _editar("motivo_huella", "repeat('b', 64)"),
    "un campo corrido a otro": _editar("ip", "'1' || ip"),
    "dependencias": _editar("dependencias", "array_append(dependencias, 1)"),
    "hash": _editar("hash", "repeat('c', 64)"),
    "hash anterior": _editar("hash_anterior", "repeat('d', 64)"),
    "sacado de la cadena": _editar("cadena", "'entidad-999'"),
    "borrado": _borrar,
    "permutado": _permutar,
    "ids permutados": _permutar_ids,
    "insertado": _insertar,
    "cola cortada": _cortar_la_cola,
    "cabeza movida": _mover_la_cabeza,
}


@pytest.fixture
def adulterar(superusuario):
    """Do it to a fresh copy, look, and put everything back."""
    escribir(30)
    superusuario.execute(
        "create table copia_s as table bitacora_suceso; create table copia_c as table bitacora_cabeza"
    )

    def hacer(nombre: str, azar: random.Random) -> tuple[tuple[str, int], list[tuple[str, int]]]:
        superusuario.execute(
            "truncate bitacora_suceso, bitacora_cabeza;"
            " insert into bitacora_suceso overriding system value table copia_s;"
            " insert into bitacora_cabeza table copia_c"
        )
        assert rupturas() == []
        return ADULTERACIONES[nombre](superusuario, azar), rupturas()

    return hacer


def _detecta(adulterar, nombres: list[str], semilla: int) -> None:
    azar = random.Random(semilla)
    for nombre in nombres:
        lugar, halladas = adulterar(nombre, azar)
        assert lugar in halladas, (nombre, lugar, halladas)


def test_cada_adulteracion_se_nombra(adulterar) -> None:
    """A04, one of each kind: the first wrong place is among the breaks, exactly."""
    _detecta(adulterar, list(ADULTERACIONES), 1)


def test_sin_recalcular_la_huella_no_se_ve(adulterar, monkeypatch) -> None:
    """Negative control of A04: a check that believes the hash written in the row sees none of the edits."""
    monkeypatch.setattr(cadena, "hash_de", lambda suceso, anterior: suceso.hash)
    for nombre in ("acción", "actor", "rol", "instante", "entidad", "antes y después"):
        assert adulterar(nombre, random.Random(4))[1] == [], nombre


@pytest.mark.larga
def test_doscientas_adulteraciones(adulterar) -> None:
    """A04: 200 of 200."""
    azar = random.Random(2)
    _detecta(adulterar, [azar.choice(list(ADULTERACIONES)) for _ in range(200)], 3)


def test_una_cola_cortada_con_su_cabeza_la_descubre_el_sello(superusuario) -> None:
    """A04: rewinding the head too leaves a chain that verifies by itself; the seal kept outside disagrees."""
    escribir(12)
    with como_sistema("prueba"), transaction.atomic():
        sello = sellar()
    superusuario.execute("delete from bitacora_suceso where cadena = 'entidad-1' and posicion > 2")
    superusuario.execute(
        """update bitacora_cabeza set posicion = 2, hash = (select hash from bitacora_suceso
           where cadena = 'entidad-1' and posicion = 2) where cadena = 'entidad-1'"""
    )
    assert rupturas() == []
    assert rupturas(sello) == [("entidad-1", 3)]


def test_una_cadena_vaciada_o_un_suceso_suelto(superusuario) -> None:
    escribir(6)
    superusuario.execute("delete from bitacora_suceso where cadena = 'entidad-2'")
    superusuario.execute("update bitacora_suceso set posicion = null where cadena = 'sistema' and posicion = 1")
    assert rupturas() == [("sistema", 0), ("entidad-2", 1), ("sistema", 1)]


def test_ordenes_de_verificar_y_sellar(superusuario, tmp_path: Path) -> None:
    """`verificar_bitacora --json` and `sellar_bitacora`: keys, words and exit code."""
    escribir(6)
    sello = tmp_path / "sello.json"
    call_command("sellar_bitacora", salida=sello)
    salida = StringIO()
    call_command("verificar_bitacora", "--json", sello=sello, stdout=salida)
    assert json.loads(salida.getvalue()) == {
        "cadenas": 3, "sucesos": 6, "sellos": 1, "motivos_suprimidos": 0, "rupturas": []
    }  # fmt: skip
    superusuario.execute("update bitacora_suceso set accion = 'x' where cadena = 'entidad-1' and posicion = 2")
    salida, errores = StringIO(), StringIO()
    with pytest.raises(CommandError, match="rota en 1 cadenas"):
        call_command("verificar_bitacora", "--json", stdout=salida)
    assert json.loads(salida.getvalue())["rupturas"][0]["posicion"] == 2
    with pytest.raises(CommandError):
        call_command("verificar_bitacora", stdout=salida, stderr=errores)
    assert errores.getvalue() == "entidad-1, lugar 2: su contenido cambió.\n"


# --- A03: concurrency ------------------------------------------------------------------------------------------------
def _escribir_a_la_vez(hilos: int, por_hilo: int) -> None:
    """Each writes in two chains, in either order, one row in ten rolled back."""
    fallas: list[BaseException] = []
    salida = threading.Barrier(hilos)

    def uno(numero: int) -> None:
        azar = random.Random(numero)
        salida.wait()
        try:
            for i in range(por_hilo):
                cadenas: list[int | None] = [1, None]
                azar.shuffle(cadenas)
                with con_alcance(Alcance(persona_id=numero + 1)):
                    try:
                        with transaction.atomic():
                            for entidad in cadenas:
                                registrar(accion="a la vez", entidad_id=entidad, despues={"hilo": numero, "n": i})
                            if i % 10 == 9:
                                raise ZeroDivisionError
                    except ZeroDivisionError:
                        pass
        except BaseException as falla:
            fallas.append(falla)
        finally:
            connections.close_all()

    trabajos = [threading.Thread(target=uno, args=(n,)) for n in range(hilos)]
    for trabajo in trabajos:
        trabajo.start()
    for trabajo in trabajos:
        trabajo.join()
    assert fallas == []


def _comprobar(hilos: int, por_hilo: int) -> None:
    _escribir_a_la_vez(hilos, por_hilo)
    confirmados = hilos * (por_hilo - por_hilo // 10)
    assert rupturas() == []
    with como_sistema("prueba"), transaction.atomic():
        assert {c.cadena: c.posicion for c in Cabeza.objects.all()} == {
            "entidad-1": confirmados,
            "sistema": confirmados,
        }
        assert Suceso.objects.count() == 2 * confirmados


def test_muchos_a_la_vez(base_propia: str) -> None:
    """A03, small: 16 writers, both chains in either order: no gap, no break, no deadlock."""
    _comprobar(16, 10)


@pytest.mark.larga
def test_veinte_mil_a_la_vez(base_propia: str) -> None:
    """A03: 16 writers, more than 20,000 rows."""
    _comprobar(16, 700)


def test_sin_el_cerrojo_se_rompe(base_propia: str, fabrica) -> None:
    """Negative control of A03: the same writers with the lock on the head taken away break the chain."""
    with psycopg2.connect(fabrica.postgres.dsn(base=base_propia)) as conexion, conexion.cursor() as cursor:
        cursor.execute("select pg_get_functiondef('bitacora_sellar'::regproc)")
        [definicion] = cursor.fetchone()
        sin_cerrojo = definicion.replace("fila.cadena for update;", "fila.cadena; perform pg_sleep(0.01);")
        assert sin_cerrojo != definicion
        cursor.execute(sin_cerrojo)
    conexion.close()
    with pytest.raises(AssertionError):
        _comprobar(8, 5)
