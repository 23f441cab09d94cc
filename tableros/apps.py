from django.apps import AppConfig


class TablerosConfig(AppConfig):
    name = "tableros"

    def ready(self) -> None:
        from solicitudes.services import abiertas, inversiones
        from tableros.services import abiertas_de, de_la_jefatura, inversiones_por_bandeja, inversiones_sin_motivo

        inversiones.registrar_contador(inversiones_por_bandeja, inversiones_sin_motivo)
        abiertas.registrar_contador(abiertas_de, de_la_jefatura)
