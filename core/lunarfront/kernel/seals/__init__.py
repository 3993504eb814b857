"""Gapless numbers and a hash chain for audit rows and journal entries, given after commit (AUD-04, ACC-23, SEC-14)."""

from lunarfront.kernel.seals.chain import Head
from lunarfront.kernel.seals.sealable import Sealable, sealables
from lunarfront.kernel.seals.sealer import SealOutcome, seal_company, seal_once
from lunarfront.kernel.seals.verify import Verification, head, overdue, verify_company

__all__ = [
    "Head",
    "SealOutcome",
    "Sealable",
    "Verification",
    "head",
    "overdue",
    "seal_company",
    "seal_once",
    "sealables",
    "verify_company",
]
