"""Work done out of the request: the signed PDF, and the sweep that finds what was left (security.md §5.6)."""

import logging

from celery import shared_task
from django.db import transaction

from alcance import como_sistema
from conceptos import services
from conceptos.models import Concepto, Firma

registro = logging.getLogger("portal.conceptos")


@shared_task(name="conceptos.sellar")
def sellar(firma_id: int) -> None:
    services.sellar(firma_id=firma_id)


@shared_task(name="conceptos.barrer")
def barrer() -> None:
    """Seal what was signed and not sealed: a worker died, Pango or the certificate were missing."""
    for firma_id in pendientes():
        try:
            services.sellar(firma_id=firma_id)
        except Exception:  # one that fails must not stop the others; it stays for the next sweep
            registro.exception("no se pudo sellar un concepto", extra={"firma": firma_id})


def pendientes(maximo: int = 20) -> list[int]:
    with transaction.atomic(), como_sistema("buscar conceptos firmados sin sellar"):
        sin_sellar = Concepto.objects.sin_sellar().values("pk")
        firmas = Firma.objects.filter(concepto__in=sin_sellar, sha256_firmado="").order_by("en", "id")
        return list(firmas.values_list("pk", flat=True)[:maximo])
