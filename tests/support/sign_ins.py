"""Sign-ins between our own two roles, each drawn from its seed: a failure is repeated with `sign_in(Random(seed))`.

They live beside the tests, not in one, because worker processes have to import them.
"""

import base64
import random
from functools import cache

from cognito_srp import Device, DeviceSession, PasswordSession, ServerSession, SrpError, Verifier, warm
from cognito_srp.arithmetic import Arithmetic

PLANES = (range(0x20, 0x7F), range(0xA0, 0x530), range(0x3040, 0xD7A4), range(0x1F300, 0x1FAFF), range(0x300, 0x370))


def text(draw: random.Random, longest: int) -> str:
    return "".join(chr(draw.choice(draw.choice(PLANES))) for _ in range(draw.randint(1, longest)))


@cache
def blinded() -> Arithmetic:
    return warm().blinded()


def sign_in(draw: random.Random) -> None:
    """One sign-in with random exponents, salt, names, password, block and clock. Raises when it is refused.

    Each role walks the default paths or, every second time, the blinded table.
    """
    mine, theirs = draw.choice((None, blinded())), draw.choice((None, blinded()))
    now, block = draw.uniform(0, 4e9), base64.b64encode(draw.randbytes(draw.randint(1, 1500))).decode()
    session: PasswordSession | DeviceSession
    if draw.random() < 0.9:
        pool_id, user_id, password = f"eu-west-1_{draw.randbytes(5).hex()}", text(draw, 40), text(draw, 99)
        session = PasswordSession(
            pool_id,
            username="login",
            password=password,
            entropy=draw.randbytes,
            clock=lambda: now,
            arithmetic=mine,
        )
        salt = draw.getrandbits(draw.choice((8, 120, 128, 128))) * draw.choice((1, 1, 1, -1))
        verifier = Verifier.for_user(pool_id, user_id=user_id, password=password, salt=salt, arithmetic=theirs)
        challenge = ServerSession.for_user(
            pool_id, user_id=user_id, verifier=verifier, srp_a=session.srp_a, entropy=draw.randbytes, arithmetic=theirs
        )
    else:
        device, registration = Device.register(
            key=text(draw, 40), group_key=text(draw, 20), entropy=draw.randbytes, arithmetic=mine
        )
        user_id = "unused"
        session = DeviceSession(device, entropy=draw.randbytes, clock=lambda: now, arithmetic=mine)
        config = registration.config()
        challenge = ServerSession.for_device(
            group_key=device.group_key,
            key=device.key,
            verifier=Verifier.for_device(salt=config["Salt"], password_verifier=config["PasswordVerifier"]),
            srp_a=session.srp_a,
            entropy=draw.randbytes,
            arithmetic=theirs,
        )
    claim = session.prove(
        {"SALT": challenge.salt, "SRP_B": challenge.srp_b, "SECRET_BLOCK": block, "USER_ID_FOR_SRP": user_id}
    )
    challenge.verify(secret_block=claim.secret_block, timestamp=claim.timestamp, signature=claim.signature)


def failures(seeds: range) -> list[str]:
    """The seeds of the sign-ins that fail, each with its error."""
    failed = []
    for seed in seeds:
        try:
            sign_in(random.Random(seed))
        except SrpError as error:
            failed.append(f"sign_in(random.Random({seed})): {error}")
        except Exception as error:
            error.add_note(f"in sign_in(random.Random({seed}))")
            raise
    return failed
