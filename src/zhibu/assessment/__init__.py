"""Quarterly runs: facts, verdicts, scores, ranks and appeals."""
