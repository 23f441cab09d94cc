"""From a text to the words that count: without accents, without courtesies, each word by its root."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

MAXIMO = 20_000  # letters that are read: what a request asks is said long before
_FICHAS = re.compile(r"[^\W_]+")
_SENAS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}|\bhttps?://\S+")  # addresses say who, not what

# What every request says, whatever it asks.
_VACIAS = """
a al algo algun alguna algunas alguno algunos ambos ante antes aqui asi aun aunque bajo bien cada casi como con
contra cual cuales cuando cuanto cuyo cuya cuyos de del desde donde dos durante e el ella ellas ellos en entre era
eran es esa esas ese eso esos esta estas este esto estos estan estamos fue fueron ha haber habia han hace hacer
hacia hasta hay he hemos hoy igual incluso junto la las le les lo los luego mas me mediante menos mi mientras misma
mismo mismos mucho muy nada ni ningun ninguna no nos nosotros nuestra nuestras nuestro nuestros o os otra otras
otro otros para pero poder poco por porque pues que quien quienes se segun sea sean ser si sido siempre sin sino
sobre solo son su sus tal tales tambien tan tanto te tener tenia tiene tienen tenemos toda todas todo todos tras
tres u un una unas uno unos usted ustedes va van vamos varias varios vez y ya yo cuenta puede pueden podemos debe
deben debemos cuatro cinco seis buen buena buenas bueno buenos dia dias tarde tardes noche noches cordial
cordialmente saludo saludos respetado respetada respetados senor senora senores senoras atento atenta atentamente
atentos quedamos gracias agradecemos agradezco agradecer apoyo favor manera presente medio solicitud solicitudes
solicito solicita solicitan solicitamos solicitar pedimos pedir pide requiere requerimos requiero necesita
necesitamos necesito queremos quiere queda quedo informo informamos remito remitimos enviamos envio adjunto
adjuntamos adjuntos adjunta anexo anexamos anexos entidad entidades bogota distrito distrital distritales alcaldia
mayor secretaria general subsecretaria direccion subdireccion oficina dependencia dependencias senoria doctor
doctora dr dra ing asunto urgente fecha enero febrero marzo abril mayo junio julio agosto septiembre octubre
noviembre diciembre lunes martes miercoles jueves viernes sabado domingo rv re fwd fw http https www com gov co
"""
VACIAS = frozenset(_VACIAS.split())

# Longest first: the first that leaves a root of four letters is taken away.
_DE_FINALES = """
aciones iciones uciones amientos imientos acion icion ucion amiento imiento adoras adores ador adora idores idor
idades idad mente encias encia ancias ancia antes ante entes ente ables able ibles ible ando iendo aremos eremos aron
ieron aban aba amos emos imos adas ados ada ado idas idos ida ido ivas ivos iva ivo icas icos ica ico iones ion sion
ar er ir an en es as os a e o s
"""
_FINALES = tuple(sorted(_DE_FINALES.split(), key=lambda final: (-len(final), final)))
_RAIZ = 4


@lru_cache(maxsize=20_000)
def llano(texto: str) -> str:
    """Only letters and digits, in lower case and without accents: how two writings of a name are compared."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", sin_tildes(texto)).split())


def sin_tildes(texto: str) -> str:
    partes = unicodedata.normalize("NFKD", texto.lower())
    return "".join(letra for letra in partes if not unicodedata.combining(letra))


@lru_cache(maxsize=50_000)
def raiz(palabra: str) -> str:
    """«eliminación», «eliminar» and «eliminamos» are one word. Of a folded word."""
    for final in _FINALES:
        if palabra.endswith(final) and len(palabra) - len(final) >= _RAIZ:
            return palabra[: -len(final)]
    return palabra.removesuffix("s") if len(palabra) == _RAIZ else palabra  # «TRDs»


class Nombres:
    """Names found in a text, whole and by the longest: «Subred Sur Occidente» is not «Subred Sur».

    The word of a name says who asks, not what: «Ambiente» in the name of a secretaría is no theme.
    """

    def __init__(self, por_clave: Mapping[str, Iterable[str]]) -> None:
        self._por_primera: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        de_quien: dict[tuple[str, ...], set[str]] = {}
        for clave, nombres in por_clave.items():
            for nombre in nombres:
                if palabras := tuple(llano(nombre).split()):
                    de_quien.setdefault(palabras, set()).add(clave)
        for palabras, claves in sorted(de_quien.items(), key=lambda par: (-len(par[0]), par[0])):
            if len(claves) == 1 and (len(palabras) > 1 or len(palabras[0]) > 2):  # what two share names neither
                self._por_primera.setdefault(palabras[0], []).append((palabras, min(claves)))

    def separar(self, fichas: list[str]) -> tuple[list[str], list[str]]:
        """The words that are no name, and the keys of the names, as they appear."""
        resto: list[str] = []
        halladas: list[str] = []
        n = 0
        while n < len(fichas):
            for palabras, clave in self._por_primera.get(fichas[n], ()):
                if tuple(fichas[n : n + len(palabras)]) == palabras:
                    if clave not in halladas:
                        halladas.append(clave)
                    n += len(palabras)
                    resto.append("")  # no bigram jumps over a name
                    break
            else:
                resto.append(fichas[n])
                n += 1
        return resto, halladas


SIN_NOMBRES = Nombres({})


def rasgos(texto: str, nombres: Nombres = SIN_NOMBRES) -> tuple[dict[str, str], list[tuple[str, float]], list[str]]:
    """What is weighed: roots and pairs of neighbours. The first line (the subject) counts twice.

    Returns the word as it was first written of each root, the roots with their weight in order, and the names found.
    """
    como: dict[str, str] = {}
    pesos: dict[str, float] = {}
    halladas: list[str] = []
    primera, _, resto = _SENAS.sub(" ", texto[:MAXIMO]).partition("\n")
    for parte, peso in ((primera, 2.0), (resto, 1.0)) if resto.strip() else ((primera, 1.0),):
        originales = _FICHAS.findall(parte)
        planas = [sin_tildes(una) for una in originales]
        escritas = dict(zip(reversed(planas), reversed(originales), strict=True))
        sueltas, claves = nombres.separar(planas)
        halladas += [clave for clave in claves if clave not in halladas]
        for rasgo, palabras in _unos_y_pares(sueltas):
            pesos[rasgo] = pesos.get(rasgo, 0.0) + peso
            como.setdefault(rasgo, " ".join(escritas[una] for una in palabras).lower())
    return como, list(pesos.items()), halladas


def _unos_y_pares(sueltas: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    antes: tuple[str, str] | None = None
    for palabra in sueltas:
        if not palabra:
            antes = None
        elif palabra in VACIAS or len(palabra) < 2 or (palabra.isdecimal() and len(palabra) != 4):
            continue
        else:
            esta = raiz(palabra)
            yield esta, (palabra,)
            if antes:
                yield f"{antes[0]} {esta}", (antes[1], palabra)
            antes = (esta, palabra)
