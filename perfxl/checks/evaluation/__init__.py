"""Rules on self-evaluations: funding, scores, the report, the approved plan."""
