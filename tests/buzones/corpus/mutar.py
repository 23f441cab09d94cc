"""What the network, disks and bad programs do to a message, told by a seed: the same one always does the same."""

from random import Random


def mutar(crudo: bytes, semilla: int, otro: bytes = b"") -> bytes:
    """`crudo` after one to four accidents."""
    azar = Random(semilla)
    for _ in range(azar.randint(1, 4)):
        crudo = azar.choice(_ACCIDENTES)(crudo, azar, otro)
    return crudo


def _voltear(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    lista = bytearray(crudo)
    for _ in range(azar.randint(1, 20)):
        if lista:
            lista[azar.randrange(len(lista))] = azar.randrange(256)
    return bytes(lista)


def _cortar(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    return crudo[: azar.randint(0, len(crudo))]


def _sin_un_trozo(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    donde = azar.randint(0, len(crudo))
    return crudo[:donde] + crudo[donde + azar.randint(1, 200) :]


def _repetir(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    donde = azar.randint(0, len(crudo))
    return crudo[:donde] + crudo[donde : donde + azar.randint(1, 300)] * azar.randint(2, 20) + crudo[donde:]


def _cambiar_lineas(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    lineas = crudo.split(b"\n")
    for _ in range(azar.randint(1, 5)):
        uno, dos = azar.randrange(len(lineas)), azar.randrange(len(lineas))
        lineas[uno], lineas[dos] = lineas[dos], lineas[uno]
    return b"\n".join(lineas)


def _repetir_encabezados(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    cabeza, salto, cuerpo = crudo.partition(b"\n\n")
    lineas = cabeza.split(b"\n")
    azar.shuffle(lineas)
    return cabeza + b"\n" + b"\n".join(lineas[: azar.randint(1, 5)]) + salto + cuerpo


def _danar_fronteras(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    return crudo.replace(
        b"--front", azar.choice([b"-front", b"--fron", b"--", b"\n--front", b"--front\0"]), azar.randint(1, 3)
    )


def _saltos(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    return crudo.replace(b"\n", azar.choice([b"\r", b"\r\n", b"\n\n", b"\r\r\n", b" "]))


def _basura(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    donde = azar.randint(0, len(crudo))
    que = azar.choice(
        [b"\0", b"\xff\xfe", b"\r", b"=?utf-8?B?", b"=?", b'"', b"<", b"(", b";", b"*0*=", b"%", b"--", b"&#x", b"]]>"]
    )
    return crudo[:donde] + que * azar.randint(1, 500) + crudo[donde:]


def _pegar_otro(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    return crudo[: azar.randint(0, len(crudo))] + otro[azar.randint(0, len(otro)) :]


def _mentir(crudo: bytes, azar: Random, otro: bytes) -> bytes:
    de, a = azar.choice(
        [
            (b"utf-8", b"utf-16"), (b"utf-8", b"iso-2022-jp"), (b"utf-8", b"utf-7"), (b"base64", b"quoted-printable"),
            (b"quoted-printable", b"base64"), (b"base64", b"x-uuencode"), (b"text/plain", b"text/html"),
            (b"text/plain", b"multipart/mixed"), (b"text/plain", b"message/rfc822"), (b"text/html", b"text/calendar"),
            (b"application/pdf", b"application/ms-tnef"), (b"multipart/mixed", b"multipart/related"),
            (b"multipart/mixed", b"multipart/digest"), (b"multipart/", b"message/"), (b"attachment", b"inline"),
        ]
    )  # fmt: skip
    return crudo.replace(de, a)


_ACCIDENTES = [
    _voltear, _cortar, _sin_un_trozo, _repetir, _cambiar_lineas, _repetir_encabezados, _danar_fronteras, _saltos,
    _basura, _pegar_otro, _mentir,
]  # fmt: skip
