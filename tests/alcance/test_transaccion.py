"""With real transactions: the setting is local to each one and an autocommit query sees nothing (security.md §0.2)."""

from django.db import connection, transaction

from alcance import Alcance, con_alcance


def _ajuste() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('app.persona', true), '')")
        return cursor.fetchone()[0]


def test_the_outermost_transaction_starts_with_the_open_alcance(base_propia: str) -> None:
    with con_alcance(Alcance(persona_id=3)):
        with transaction.atomic():
            assert _ajuste() == "3"
        assert _ajuste() == ""


def test_two_transactions_of_one_connection_never_mix(base_propia: str) -> None:
    for persona in (1, 2, 3):
        with con_alcance(Alcance(persona_id=persona)), transaction.atomic():
            assert _ajuste() == str(persona)
    with transaction.atomic():
        assert _ajuste() == ""
