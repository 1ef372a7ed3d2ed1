"""The part of gmpy2 that the engine uses; gmpy2 ships no types of its own."""

class mpz(int): ...  # noqa: N801

class context:  # noqa: N801
    allow_release_gil: bool

def get_context() -> context: ...
def powmod(base: int, exponent: int, modulus: int, /) -> mpz: ...
def powmod_sec(base: int, exponent: int, modulus: int, /) -> mpz: ...
