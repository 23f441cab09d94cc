from datetime import UTC, date, datetime

from documentos.fechas import fecha_larga, instante_largo
from documentos.texto import Bloque, Texto


def test_parrafos_y_listas() -> None:
    texto = Texto("Primero\r\nsegunda línea\r\n\r\nAdjuntó:\n- uno;\n• dos.\n1. Ley\n2) Acta\n\n\n<b>fin</b>")
    assert texto.bloques == [
        Bloque("p", ("Primero", "segunda línea")),
        Bloque("p", ("Adjuntó:",)),
        Bloque("ul", ("uno;", "dos.")),
        Bloque("ol", ("Ley", "Acta")),
        Bloque("p", ("<b>fin</b>",)),
    ]


def test_un_texto_en_blanco_no_tiene_bloques() -> None:
    assert Texto(" \n \n").bloques == []


def test_fechas_en_hora_de_bogota() -> None:
    assert fecha_larga(date(2026, 11, 23)) == "23 de noviembre de 2026"
    assert fecha_larga(datetime(2026, 11, 24, 3, tzinfo=UTC)) == "23 de noviembre de 2026"
    tarde = instante_largo(datetime(2026, 11, 23, 17, 5, 9, tzinfo=UTC), segundos=True)
    assert tarde == "23 de noviembre de 2026, 12:05:09\xa0p.\xa0m."
    assert instante_largo(datetime(2026, 11, 23, 5, 0, tzinfo=UTC)).endswith("12:00\xa0a.\xa0m.")
