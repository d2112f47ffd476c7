"""Flows: verbs set in motion. Observe both sides, plan (pure), apply, record; and again when due."""
