"""Tenancy: who is acting and what they may see. Knows no model of the domain (docs/decisiones/0001)."""

from alcance.contexto import Alcance, SinAlcance, actual, como_sistema, con_alcance, exigir

__all__ = ["Alcance", "SinAlcance", "actual", "como_sistema", "con_alcance", "exigir"]
