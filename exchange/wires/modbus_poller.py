"""Asks Modbus devices over TCP for their registers in their own time; one that does not answer holds up nobody else."""

import asyncio
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, Final

import structlog
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from exchange.wires.digits import instant_ms
from exchange.wires.door import Door
from exchange.wires.modbus import WIRE, Register, Request, readings, requests
from exchange.wires.unreadable import Unreadable
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable

log = structlog.get_logger()

TIMEOUT_S: Final = 3.0
LONGEST_WAIT_S: Final = 60.0
_ASK: Final = {
    "holding": "read_holding_registers",
    "input": "read_input_registers",
    "coil": "read_coils",
    "discrete": "read_discrete_inputs",
}


class ModbusPoller:
    """One task a host: its registers are asked for by period; a host away is tried again after longer and longer waits."""

    def __init__(self, registers: Iterable[Register], door: Door, clock: Clock) -> None:
        self._door, self._clock = door, clock

        def host(one: Register) -> tuple[str, int]:
            return one.host, one.port

        self.hosts = {
            place: list(rows) for place, rows in groupby(sorted(registers, key=host), host)
        }

    async def run(self) -> None:
        """Ask for ever."""
        async with asyncio.TaskGroup() as tasks:
            for (host, port), rows in self.hosts.items():
                tasks.create_task(self._host(host, port, rows), name=f"modbus {host}:{port}")

    async def _host(self, host: str, port: int, rows: list[Register]) -> None:
        source, wait_s = f"{host}:{port}", 1.0
        while True:
            client = AsyncModbusTcpClient(
                host, port=port, timeout=TIMEOUT_S, retries=1, reconnect_delay=0
            )
            try:
                if await client.connect():
                    wait_s = 1.0
                    await self._ask_by_period(client, source, rows)
            except (ModbusException, OSError, Unavailable) as problem:
                log.warning("modbus_away", host=source, problem=str(problem))
            except Exception:  # the guard around one host
                log.exception("modbus_failed", host=source)
            finally:
                client.close()
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    async def _ask_by_period(self, client: Any, source: str, rows: list[Register]) -> None:
        def period(one: Register) -> float:
            return one.period_s

        loop = asyncio.get_running_loop()
        plan = [
            (period_s, requests(same))
            for period_s, same in groupby(sorted(rows, key=period), period)
        ]
        due = dict.fromkeys((period_s for period_s, _ in plan), loop.time())
        while client.connected:
            for period_s, asked in plan:
                if due[period_s] <= loop.time():
                    due[period_s] = max(due[period_s] + period_s, loop.time())
                    for request in asked:
                        await self._ask(client, source, request)
            await asyncio.sleep(max(0.02, min(due.values()) - loop.time()))

    async def _ask(self, client: Any, source: str, request: Request) -> None:
        ask: Callable[..., Any] = getattr(client, _ASK[request.table])
        answer = await ask(request.address, count=request.count, device_id=request.unit)
        if answer.isError():
            reason = Unreadable(
                "wires.modbus_exception",
                wire=WIRE,
                element=f"{request.table} {request.address}+{request.count}, unit {request.unit}",
                value=getattr(answer, "exception_code", "?"),
            )
            self._door.book.refuse(WIRE, source, reason, str(answer).encode())
            return
        words = answer.bits if request.table in ("coil", "discrete") else answer.registers
        at_ms = instant_ms(self._clock.now())
        await self._door.take(WIRE, source, readings(request, words, at_ms))
