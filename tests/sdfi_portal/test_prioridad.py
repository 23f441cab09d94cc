"""The workers go after whoever waits for a page (performance.md, `mezcla`)."""

import os
import subprocess
import sys

from sdfi_portal.celery import CEDE

DECIR = """
import os
from sdfi_portal import celery
celery.{hacer}()
print(os.nice(0))
"""


def _decir(hacer: str) -> int:
    orden = [sys.executable, "-c", DECIR.format(hacer=hacer)]
    hecho = subprocess.run(orden, capture_output=True, text=True, check=True)
    return int(hecho.stdout)


def test_a_worker_goes_after_whoever_waits_for_a_page() -> None:
    assert _decir("ceder_el_paso") == min(19, os.nice(0) + CEDE)


def test_in_the_tests_it_does_not() -> None:
    assert _decir("al_empezar") == os.nice(0)
