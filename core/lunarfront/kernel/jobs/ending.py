"""Ending a transaction whose handler was interrupted, perhaps in the middle of a statement (SEC-72)."""

from contextlib import suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy.exc import SQLAlchemyError

from lunarfront.kernel.uow import UnitOfWork

CANCEL_SECONDS = 2.0


def drop(uow: UnitOfWork) -> None:
    """Roll back. A statement that still runs is cancelled, so that its locks go, and its connection is thrown away."""
    driver = _driver_of(uow)
    if driver is not None and driver.info.transaction_status is TransactionStatus.ACTIVE:
        with suppress(psycopg.Error):
            driver.cancel_safe(timeout=CANCEL_SECONDS)
        uow.session.invalidate()
    else:
        uow.rollback()


def _driver_of(uow: UnitOfWork) -> Any:
    if not uow.session.in_transaction():
        return None
    try:
        return uow.connection.connection.driver_connection
    except SQLAlchemyError:
        return None
