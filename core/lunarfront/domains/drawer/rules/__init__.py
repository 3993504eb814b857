"""Rules of the cash drawer. Pure: amounts in, amounts out."""
