"""What formulas give, so that a form shows its results where nobody computes: in a preview, in Protected View."""
