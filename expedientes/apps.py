from django.apps import AppConfig


class ExpedientesConfig(AppConfig):
    name = "expedientes"

    def ready(self) -> None:
        from expedientes.botones import boton_del_expediente
        from solicitudes.botones import registrar_botones

        registrar_botones(boton_del_expediente)
