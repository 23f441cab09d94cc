"""`python -m rendimiento.medir NOMBRE '{…}'`: one operation, measured, as JSON. The bench calls it for each."""

import json
import os
import sys

import django


def main(nombre: str, carga: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rendimiento.ajustes")
    django.setup()
    from rendimiento.escena import Escena  # noqa: PLC0415 (after setup)
    from rendimiento.operaciones import OPERACIONES  # noqa: PLC0415

    sys.stdout.write(json.dumps(OPERACIONES[nombre](Escena(**json.loads(carga)))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
