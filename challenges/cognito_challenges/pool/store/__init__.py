"""What the pool keeps: pools, users, devices, tokens, messages and the journal."""
