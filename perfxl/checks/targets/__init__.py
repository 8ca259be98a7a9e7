"""What a target says: sign, number, unit, date, and the rows that hold them."""
