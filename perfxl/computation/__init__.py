"""What follows from the values of a record and nobody typed: rates, scores, totals, ratings."""
