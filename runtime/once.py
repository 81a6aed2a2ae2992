"""A writing request done once: its answer is kept beside what it did, audited, and given again to who sends the key again."""

from collections.abc import Callable
from typing import Any

from exchange.ports import Once
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage.answers import Answer, find_answer, keep_answer
from storage.audit import append_audit
from storage.transaction import Transaction


async def answer_once(
    rooms: Rooms,
    principal: Principal,
    once: Once,
    action: str,
    work: Callable[[Transaction], Answer],
    subject: Callable[[dict[str, Any]], str],
) -> Answer:
    """Do `work` and return its answer, or the one given before under this key; `subject` names what the audit is about."""
    asker = principal.actor.id

    def guarded(transaction: Transaction, /) -> Answer:
        connection = transaction.connection
        given = find_answer(connection, asker, once.key, once.fingerprint)
        if given is not None:
            return given
        answer = work(transaction)
        now = rooms.clock.now()
        keep_answer(connection, asker, once.key, once.fingerprint, answer, now)
        after = {"seq": answer.body["seq"]}
        entry = entry_of(principal, action, subject(answer.body), now, after=after)
        append_audit(connection, entry, rooms.audit_key)
        return answer

    return await rooms.journal.write(guarded)
