"""Ringing up the plan with several tills: in the order of the file, a return never before its sale."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from retail.api import Api, Refused
from retail.bodies import Bodies
from retail.plan import Adjustment, Return, Sale, Task
from retail.rows import Fault


@dataclass
class Tally:
    """What was done, from the answers of the API. ``refunds_total`` is what was given back, positive."""

    sales: int = 0
    refunds: int = 0
    adjustments: int = 0
    sales_total: Decimal = Decimal(0)
    refunds_total: Decimal = Decimal(0)
    faults: list[Fault] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


def ring_up(tasks: list[Task], bodies: Bodies, tally: Tally) -> None:
    """Ring up all documents, each till taking the next one; what is refused goes to the faults."""
    began = time.perf_counter()
    queue = iter(tasks)
    tills = [threading.Thread(target=_work, args=(queue, till, bodies, tally)) for till in bodies.shop.tills]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    tally.elapsed = time.perf_counter() - began


def _work(queue: Iterator[Task], till: Api, bodies: Bodies, tally: Tally) -> None:
    while True:
        with tally.lock:
            task = next(queue, None)
        if task is None:
            return
        try:
            _ring(task, till, bodies, tally)
        except Exception as error:  # noqa: BLE001 (one document must not end the run: it is told of below)
            reason = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
            with tally.lock:
                tally.faults += [Fault(row.line, row.invoice, reason, row.amount) for row in task.rows]
        finally:
            task.done.set()


def _ring(task: Task, till: Api, bodies: Bodies, tally: Tally) -> None:
    if isinstance(task, Return) and task.original is not None:
        # It stands before in the queue, so another till has it in hand.
        task.original.done.wait()
    began = time.perf_counter()
    answer = _send(task, till, bodies)
    with tally.lock:
        tally.seconds.append(time.perf_counter() - began)
        _count(task, answer, tally)


def _send(task: Task, till: Api, bodies: Bodies) -> Any:
    if isinstance(task, Sale):
        answer = till.post("/transactions", bodies.sale(task))
        lines = sorted(answer["lines"], key=lambda line: line["line_no"])
        task.transaction_id, task.line_ids = UUID(answer["id"]), [line["id"] for line in lines]
        return answer
    if isinstance(task, Return):
        return _send_return(task, till, bodies)
    if isinstance(task, Adjustment):
        return till.post("/stock/adjustments", bodies.adjustment(task))
    raise TypeError(type(task).__name__)


def _send_return(task: Return, till: Api, bodies: Bodies) -> Any:
    original = task.original
    if original is None or original.transaction_id is None:
        return till.post("/transactions/refunds", bodies.refund_without_receipt(task))
    return till.post(f"/transactions/{original.transaction_id}/refunds", bodies.refund(task, original))


def _count(task: Task, answer: Any, tally: Tally) -> None:
    if isinstance(task, Adjustment):
        tally.adjustments += 1
    elif isinstance(task, Sale):
        tally.sales += 1
        tally.sales_total += Decimal(answer["total"])
    else:
        tally.refunds += 1
        tally.refunds_total -= Decimal(answer["total"])
