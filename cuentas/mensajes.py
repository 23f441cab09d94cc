"""What an action leaves said for the next page («Ahora usted la atiende»): in the session, no cookie of its own."""

from typing import Any

from django.contrib.messages.storage.session import SessionStorage

# Of those that no page has shown yet. Whoever acts by a script, or closes the window, opens none: without an end each
# action would read and write again all that was ever said.
LOS_ULTIMOS = 5


class EnLaSesion(SessionStorage):
    def _store(self, messages: list[Any], response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return super()._store(messages[-LOS_ULTIMOS:], response, *args, **kwargs)
