from collections.abc import Collection

from django.apps import AppConfig


class DireccionesConfig(AppConfig):
    name = "direcciones"

    def ready(self) -> None:
        from alcance.middleware import registrar_resolutor
        from direcciones.acceso import alcance_de_la_peticion
        from plazos.nombres import registrar_nombres

        registrar_resolutor(alcance_de_la_peticion)
        registrar_nombres(self.nombres_de_dependencias)

    def nombres_de_dependencias(self, codigos: Collection[str]) -> dict[str, str]:
        """By code, also of those that ended: office hours of another time keep their name."""
        filas = self.get_model("Dependencia").objects.filter(codigo__in=codigos)
        return dict(filas.values_list("codigo", "nombre"))
