"""M05: SPF, DKIM and DMARC are read only from what the server of the border wrote; a forged header proves nothing."""

import pytest

from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Autenticacion

SERVIDOR = "correo.alcaldia.example"
DE_FUERA = (
    b"Received: from mx.sds.example (mx.sds.example [192.0.2.7])\r\n by correo.alcaldia.example with ESMTPS; x\r\n"
)
DE_ADENTRO = b"Received: from correo.alcaldia.example by imap.alcaldia.example with LMTP; x\r\n"
DEL_FILTRO = b"Received: from localhost (localhost [127.0.0.1]) by correo.alcaldia.example with ESMTP; x\r\n"
DE_ANTES = b"Received: from pc (pc [10.0.0.1]) by mx.sds.example with ESMTPSA; x\r\n"
CUERPO = b"From: Ana <ana@sds.example>\r\nSubject: x\r\n\r\nHola\r\n"
PASA = (
    b"Authentication-Results: correo.alcaldia.example;\r\n dkim=pass (2048-bit key; x) header.d=sds.example;\r\n"
    b" spf=pass smtp.mailfrom=sds.example;\r\n dmarc=pass (p=REJECT) header.from=sds.example\r\n"
)
FALLA = PASA.replace(b"pass", b"fail")


def leer(*trozos: bytes, servidor: str = SERVIDOR) -> Autenticacion:
    return desarmar(b"".join(trozos), servidor_autenticacion=servidor).autenticacion


@pytest.mark.parametrize(
    "trozos",
    [
        (PASA, DE_FUERA, DE_ANTES, CUERPO),
        (DE_ADENTRO, PASA, DE_FUERA, DE_ANTES, CUERPO),
        (DE_ADENTRO, PASA, DEL_FILTRO, DE_FUERA, DE_ANTES, CUERPO),
        (DEL_FILTRO, PASA, DE_FUERA, CUERPO),
        (PASA, CUERPO),
    ],
)
def test_lo_que_escribio_nuestro_servidor_se_cree(trozos: tuple[bytes, ...]):
    leido = leer(*trozos)
    assert (leido.veredicto, leido.spf, leido.dkim, leido.dmarc) == ("si", "pass", "pass", "pass")


# What a stranger may write stays below the line by which our server took the message in.
_FORJADOS = {
    "tras-la-entrada": (DE_FUERA, PASA, DE_ANTES, CUERPO),
    "tras-la-entrada-y-algo": (DE_FUERA, b"X-A: b\r\n", PASA, CUERPO),
    "al-final": (DE_FUERA, DE_ANTES, CUERPO[:-8], PASA, b"\r\nHola"),
    "con-entrada-falsa": (DE_FUERA, DE_FUERA, PASA, CUERPO),
    "con-filtro-falso": (DE_FUERA, DEL_FILTRO, PASA, CUERPO),
    "con-interno-falso": (DE_FUERA, DE_ADENTRO, PASA, CUERPO),
    "de-otro-servidor": (PASA.replace(b"correo.alcaldia", b"mx.sds"), DE_FUERA, CUERPO),
    "de-otro-parecido": (PASA.replace(b"correo.alcaldia.example", b"correo.alcaldia.example.malo"), DE_FUERA, CUERPO),
    "servidor-en-comentario": (
        PASA.replace(b"correo.alcaldia.example;", b"malo.example (correo.alcaldia.example);"),
        DE_FUERA,
        CUERPO,
    ),
    "bajo-otro-servidor": (b"Received: from x by otro.example; x\r\n", PASA, DE_FUERA, CUERPO),
    "en-el-cuerpo": (DE_FUERA, CUERPO, PASA),
    "plegado-en-otro": (b"X-A: b\r\n " + PASA.replace(b"\r\n ", b" "), DE_FUERA, CUERPO),
    "dominio-de-otro": (
        PASA.replace(b"header.from=sds", b"header.from=malo").replace(b"header.d=sds", b"header.d=malo"),
        DE_FUERA,
        CUERPO,
    ),
    "pasa-en-comentario": (
        FALLA.replace(b"dmarc=fail", b"(dmarc=pass) x=y").replace(b"(p=REJECT) header.from=sds.example", b""),
        DE_FUERA,
        CUERPO,
    ),
}


@pytest.mark.parametrize("trozos", _FORJADOS.values(), ids=_FORJADOS)
def test_lo_forjado_no_prueba_nada(trozos: tuple[bytes, ...]):
    assert leer(*trozos).veredicto == "sin_dato"


# What the border repeats of the sender is data: a local part, a reason, the identity of a signature (RFC 8601 §2.2).
_REPETIDOS = {
    "comillas": b'spf=pass smtp.mailfrom="x; %s "@malo.example',
    "comilla-escapada": b'spf=pass smtp.mailfrom="a\\"; %s; \\"b"@malo.example',
    "razon": b'dkim=fail reason="no; %s" header.d=malo.example',
    "comentario": b'spf=pass (domain of "a\\); %s; x=\\(b"@malo.example) smtp.mailfrom=malo.example',
}


@pytest.mark.parametrize("repetido", _REPETIDOS.values(), ids=_REPETIDOS)
@pytest.mark.parametrize("dicho", [b"dmarc=pass header.from=sds.example", b"dkim=pass header.d=sds.example"])
def test_lo_que_la_frontera_repite_del_remitente_no_es_un_resultado(repetido: bytes, dicho: bytes):
    campo = b"Authentication-Results: correo.alcaldia.example; %s; dmarc=fail header.from=sds.example\r\n"
    assert leer(campo % (repetido % dicho), DE_FUERA, CUERPO).veredicto == "no"
    campo = b"Authentication-Results: correo.alcaldia.example; %s\r\n"
    assert leer(campo % (repetido % dicho), DE_FUERA, CUERPO).veredicto == "sin_dato"


def test_dos_resultados_que_no_dicen_lo_mismo_no_se_creen():
    campo = b"Authentication-Results: correo.alcaldia.example; dmarc=%s header.from=sds.example; dmarc=%s\r\n"
    assert leer(campo % (b"pass", b"fail"), DE_FUERA, CUERPO).veredicto == "no"
    assert leer(campo % (b"fail", b"pass"), DE_FUERA, CUERPO).veredicto == "no"


def test_lo_citado_que_es_una_sola_palabra_se_lee():
    citado = PASA.replace(b"header.from=sds.example", b'header.from="sds.example"')
    assert leer(citado, DE_FUERA, CUERPO).veredicto == "si"


def test_un_sufijo_de_todos_no_es_la_casa_de_nadie():
    pasa = PASA.replace(b"correo.alcaldia.example", b"alcaldia.gov.co")
    ajena = b"Received: from x by mx.otra.gov.co with ESMTPS; x\r\n"
    assert leer(ajena, pasa, CUERPO, servidor="alcaldia.gov.co").veredicto == "sin_dato"
    propia = ajena.replace(b"mx.otra", b"imap.alcaldia")
    assert leer(propia, pasa, ajena, CUERPO, servidor="alcaldia.gov.co").veredicto == "si"


@pytest.mark.parametrize("posicion", range(9))
def test_forjado_en_cualquier_sitio_manda_el_nuestro(posicion: int):
    campos = [FALLA, DE_FUERA, DE_ANTES, b"From: Ana <ana@sds.example>\r\n", b"To: x@y.example\r\n"]
    campos += [b"Subject: x\r\n", b"Date: x\r\n", b"X-A: b\r\n"]
    # Above our server's own nobody writes: from the second place on.
    campos.insert(max(1, posicion), PASA)
    leido = leer(*campos, b"\r\nHola")
    assert (leido.veredicto, leido.dmarc) == ("no", "fail")


def test_una_falla_escrita_bajo_la_entrada_se_cree_y_un_acierto_no():
    assert leer(DE_FUERA, FALLA, CUERPO).veredicto == "no"
    assert leer(DE_FUERA, PASA, CUERPO).veredicto == "sin_dato"
    assert leer(DE_FUERA, b"X-A: b\r\n", FALLA, CUERPO).veredicto == "sin_dato"


def test_varios_manda_el_de_arriba():
    assert leer(FALLA, PASA, DE_FUERA, CUERPO).veredicto == "no"
    assert leer(PASA, FALLA, DE_FUERA, CUERPO).veredicto == "si"


def test_sin_servidor_o_sin_encabezado_no_hay_dato():
    assert leer(PASA, DE_FUERA, CUERPO, servidor="") == Autenticacion()
    assert leer(DE_FUERA, CUERPO).veredicto == "sin_dato"
    ninguno = b"Authentication-Results: correo.alcaldia.example; none\r\n"
    assert leer(ninguno, DE_FUERA, CUERPO).veredicto == "sin_dato"


def test_dkim_solo_cuenta_si_es_del_dominio_que_se_ve():
    sin_dmarc = b"Authentication-Results: correo.alcaldia.example; dkim=pass header.d=%s\r\n"
    assert leer(sin_dmarc % b"sds.example", DE_FUERA, CUERPO).veredicto == "si"
    assert leer(sin_dmarc % b"envios.malo.example", DE_FUERA, CUERPO).veredicto == "sin_dato"
    assert leer(sin_dmarc % b"example", DE_FUERA, CUERPO).veredicto == "sin_dato"


def test_sin_remitente_legible_nada_lo_autentica():
    assert leer(PASA, DE_FUERA, b"Subject: x\r\n\r\nHola").veredicto == "sin_dato"


def test_no_deseado_solo_si_lo_dice_nuestro_servidor():
    marca = b"X-Spam-Flag: YES\r\n"
    assert leer(marca, DE_FUERA, CUERPO).no_deseado
    assert not leer(DE_FUERA, DE_ANTES, marca, CUERPO).no_deseado
    assert not leer(marca, DE_FUERA, CUERPO, servidor="").no_deseado
