"""Signing in: flows, challenges, and what each of them checks."""
