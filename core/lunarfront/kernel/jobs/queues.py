"""The queues in Valkey: a wake-up and nothing else. Only this module and ``rq_worker`` know rq (runtime.md §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.worker import Worker

from lunarfront.kernel.ids import uuid7
from lunarfront.kernel.jobs.rq_job import FUNCTION, OutboxJob, Serializer

#: Rows of one queue that may wait in Valkey at a time; without it each row was sent many times.
WINDOW = 300
EPOCH_KEY = "lf:jobs:epoch"
#: What rq keeps of a delivery that could not reach the database.
FAILURE_SECONDS = 3600
#: The dispatcher also seals: it must not hang on Valkey.
PATIENCE_SECONDS = 1

QueueError = RedisError


@dataclass(frozen=True)
class Delivery:
    """One outbox row on its way to a worker; ``timeout`` in seconds."""

    company_id: UUID
    job_id: UUID
    kind: str
    timeout: int


class JobQueues:
    """Puts deliveries on queues and tells how many fit."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )

    def epoch(self) -> str:
        """Return what changes when the server restarts or loses its memory: then all leases are void."""
        self._redis.set(EPOCH_KEY, uuid7().hex, nx=True)
        marker = self._redis.get(EPOCH_KEY)
        return f"{self._redis.info('server')['run_id']}.{marker!r}"

    def room(self, queue: str) -> int:
        """Return how many more deliveries a queue takes."""
        return max(0, WINDOW - int(self._queue(queue).count))

    def target(self, queue: str) -> str:
        """Return the queue to use: work of one that no worker listens to goes to ``default``."""
        return queue if queue == "default" or Worker.all(queue=self._queue(queue)) else "default"

    def push(self, queue: str, deliveries: Iterable[Delivery]) -> None:
        """Put deliveries on a queue in one round trip."""
        target = self._queue(queue)
        target.enqueue_many(
            [
                Queue.prepare_data(
                    FUNCTION,
                    args=(str(item.company_id), str(item.job_id)),
                    job_id=f"o-{item.job_id}",
                    timeout=item.timeout,
                    result_ttl=0,
                    failure_ttl=FAILURE_SECONDS,
                    description=item.kind,
                )
                for item in deliveries
            ]
        )

    def _queue(self, name: str) -> Queue:
        return Queue(name, connection=self._redis, job_class=OutboxJob, serializer=Serializer)
