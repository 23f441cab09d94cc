from django.apps import AppConfig


class DireccionesConfig(AppConfig):
    name = "direcciones"

    def ready(self) -> None:
        from alcance.middleware import registrar_resolutor  # noqa: PLC0415
        from direcciones.acceso import alcance_de_la_peticion  # noqa: PLC0415

        registrar_resolutor(alcance_de_la_peticion)
