"""Every file and what makes it."""

from collections.abc import Callable

from . import accumulated, devices, encodings, formula, hostile, password_claim, server, texts, transcripts
from .document import Document

FILES: dict[str, Callable[[], Document]] = {
    "encoding": encodings.make,
    "formula": formula.make,
    "password_claim": password_claim.make,
    "device_claim": devices.claims,
    "device_verifier": devices.verifiers,
    "secret_hash": texts.secret_hashes,
    "timestamp": texts.timestamps,
    "server_challenge": server.challenges,
    "server_verify": server.proofs,
    "hostile": hostile.make,
    "transcript": transcripts.make,
    "rfc5054": formula.rfc5054,
    "accumulated": accumulated.make,
}
