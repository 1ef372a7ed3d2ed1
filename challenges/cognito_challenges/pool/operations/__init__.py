"""The operations beside signing in, by subject."""
