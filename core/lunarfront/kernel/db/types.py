"""Column types of money, quantities and rates (MON-01). All are exact decimals."""

from sqlalchemy import Numeric

Money = Numeric(12, 2)
#: Pool values and period totals.
Pool = Numeric(14, 2)
Wide = Pool
Quantity = Numeric(12, 3)
#: Rates are fractions: 8.875 % is 0.088750.
Rate = Numeric(9, 6)
UnitCost = Numeric(12, 4)
