from django.apps import AppConfig


class DireccionesConfig(AppConfig):
    name = "direcciones"

    def ready(self) -> None:
        from alcance.middleware import registrar_resolutor
        from direcciones.acceso import alcance_de_la_peticion

        registrar_resolutor(alcance_de_la_peticion)
