"""What the history in a sealed copy says of mails and of the place in line, and that no cell of it runs."""

import csv
import io

from expedientes.services.paquete import _csv


def test_no_cell_runs_whatever_hides_it() -> None:
    textos = ["=1+1", ' "=1+1', "＝cmd|' /C calc'!A0", "\n@SUM(A1)", "\u200b-2+3"]
    crudo = _csv(("motivo",), ([texto] for texto in textos)).decode("utf-8-sig")
    celdas = [fila[0] for fila in csv.reader(io.StringIO(crudo, newline=""), delimiter=";")]
    assert celdas == ["motivo", *(f"'{texto}" for texto in textos)]
