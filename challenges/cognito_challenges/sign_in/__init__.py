"""One sign-in, without I/O: `machine` is what callers hold, `state` what it remembers, `steps` how it goes on."""
