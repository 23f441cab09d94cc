"""Enlaces and asesores of a file: a person is known by their mail. They are written with their role and no password.

They can't come in until they use the invitation, which is sent apart and only when somebody says so.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from bitacora.services import registrar
from cuentas.services.invitaciones import exigir_dominio_propio
from cuentas.services.personas import corregir_persona
from direcciones.models import Membresia, Persona
from direcciones.roles import Rol
from direcciones.services.membresias import agregar_membresia
from importaciones.estados import Resultado, Tipo
from importaciones.services.juicio import Celdas, Falta, Faltas, Hecho, Juicio, Lugares, limpiar_campos
from importaciones.valores import elegir

_TITULOS = {"correo": "Correo", "nombre": "Nombre", "cargo": "Cargo", "telefono": "Teléfono"}
ROLES: dict[str, dict[str, set[str]]] = {
    Tipo.ENLACES: {
        Rol.ENLACE: {"", "enlace", "enlace de entidad", "usuario"},
        Rol.ADMIN_ENTIDAD: {"administrador", "administradora", "administrador de entidad", "admin_entidad"},
    },
    Tipo.ASESORES: {
        Rol.ASESOR: {"", "asesor", "asesora", "profesional"},
        Rol.REVISOR: {"revisor", "revisora"},
        Rol.SUBDIRECTOR: {"subdirector", "subdirectora"},
        Rol.DIRECTOR: {"director", "directora"},
    },
}


@dataclass(frozen=True, slots=True)
class _Datos:
    persona: Persona | None
    valores: dict[str, str]
    rol: str
    lugar: dict[str, Any]
    falta_el_rol: bool
    distintos: dict[str, str] = field(default_factory=dict)


class JuezPersonas:
    def __init__(self, filas: list[Celdas], tipo: str) -> None:
        self.tipo = tipo
        self.lugares = Lugares.entidades() if tipo == Tipo.ENLACES else Lugares.dependencias()
        correos = {_correo(celdas) for celdas in filas}
        self.personas = {p.correo.lower(): p for p in Persona.objects.filter(correo__in=correos)}
        vigentes = Membresia.objects.vigentes().filter(persona__in=self.personas.values())
        self.membresias = {(m.persona_id, m.rol, m.entidad_id or m.dependencia_id): m for m in vigentes}

    def juzgar(self, celdas: Celdas, origen: str) -> Juicio:
        faltas, rol, lugar = Faltas(), "", None
        valores = {campo: " ".join(celdas.get(campo, "").split()) for campo in _TITULOS}
        valores["correo"] = _correo(celdas)
        for campo in ("correo", "nombre"):
            if not valores[campo]:
                faltas.agregar(f"{_TITULOS[campo]}: está vacío. Complételo.")
        limpiar_campos(faltas, Persona(**valores), {c: t for c, t in _TITULOS.items() if valores[c]})
        with faltas.anotando():
            rol = self._rol(celdas.get("rol", ""))
        with faltas.anotando():
            lugar = self._lugar(celdas, valores["correo"])
        persona = self.personas.get(valores["correo"])
        if persona is not None and not persona.is_active:
            faltas.agregar("Esa persona está desactivada. Actívela en Usuarios o quítela del archivo.")
        if faltas.frases or lugar is None:
            return faltas.juicio()
        return self._comparar(persona, valores, rol, lugar)

    def _rol(self, texto: str) -> str:
        rol = elegir(texto, ROLES[self.tipo])
        if rol is None:
            nombres = ", ".join(f"«{Rol(rol).label.lower()}»" for rol in ROLES[self.tipo])
            raise Falta(f"Rol: escriba uno de estos: {nombres}.")
        return str(rol)

    def _lugar(self, celdas: Celdas, correo: str) -> Any:
        if self.tipo == Tipo.ASESORES:
            return self.lugares.uno(celdas.get("dependencia", ""), "Dependencia")
        entidad = self.lugares.uno(celdas.get("entidad", ""), "Entidad")
        try:
            exigir_dominio_propio(correo, entidad)
        except ValidationError as error:
            raise Falta(" ".join(error.messages)) from None
        return entidad

    def _comparar(self, persona: Persona | None, valores: dict[str, str], rol: str, lugar: Any) -> Juicio:
        clave = f"{valores['correo']}:{rol}:{lugar.pk}"
        donde = {"entidad" if self.tipo == Tipo.ENLACES else "dependencia": lugar}
        if persona is None:
            datos = _Datos(None, valores, rol, donde, falta_el_rol=True)
            return Juicio(Resultado.CREAR, f"Persona nueva: {Rol(rol).label} de {lugar}.", clave, datos=datos)
        suya = self.membresias.get((persona.pk, rol, lugar.pk))
        distintos = {
            campo: valor
            for campo, valor in valores.items()
            if campo != "correo" and valor and valor != getattr(persona, campo)
        }
        cambios = {_TITULOS[campo]: (getattr(persona, campo) or "—", valor) for campo, valor in distintos.items()}
        if suya is None:
            cambios["Rol"] = ("—", f"{Rol(rol).label} de {lugar}")
        hecho = _hecho(suya, persona) if suya else None
        if not cambios:
            return Juicio(Resultado.IGUAL, "Ya está, con ese rol.", clave, hecho=hecho)
        datos = _Datos(persona, valores, rol, donde, suya is None, distintos)
        return Juicio(Resultado.CAMBIAR, "Cambia lo que está en Usuarios.", clave, "", cambios, datos, hecho)

    def aplicar(self, juicio: Juicio, con_acuse: bool) -> Hecho:
        datos: _Datos = juicio.datos
        persona = datos.persona
        if persona is None:
            persona = Persona.objects.crear(**datos.valores)
            registrar(accion="persona.crear", objeto=persona)
        elif datos.distintos:
            corregir_persona(persona=persona, **datos.distintos)
            persona.refresh_from_db(fields=list(datos.distintos))
        if datos.falta_el_rol:
            suya = agregar_membresia(persona=persona, rol=datos.rol, cargo=datos.valores["cargo"], **datos.lugar)
            return _hecho(suya, persona)
        assert juicio.hecho is not None
        return replace(juicio.hecho, texto=str(persona)[:200])


def _correo(celdas: Celdas) -> str:
    return celdas.get("correo", "").removeprefix("mailto:").strip().lower()


def _hecho(membresia: Membresia, persona: Persona) -> Hecho:
    return Hecho(membresia.pk, str(persona)[:200], reverse("cuentas:usuario", args=[persona.pk]))
