"""A WebAuthn authenticator in software."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Authenticator:
    """One credential: registers with attestation "none", signs assertions, counts them."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identifier: bytes = b"credential-1"
    origin: str = "https://example.org"
    relying_party: str = "example.org"
    flags: int = 0x05
    count: int = 0

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, attested: bytes = b"") -> bytes:
        self.count += 1
        flags = self.flags | (0x40 if attested else 0)
        return sha256(self.relying_party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + attested

    def create(self, options: dict[str, object]) -> dict[str, object]:
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.identifier).to_bytes(2, "big") + self.identifier + cose
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(attested)})
        return {
            "id": text(self.identifier),
            "rawId": text(self.identifier),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": text(self._client_data("create", options["challenge"])),
                "attestationObject": text(attestation),
                "transports": ["internal"],
            },
        }

    def get(self, options: str) -> str:
        challenge = json.loads(options)["challenge"]
        data, client = self._data(), self._client_data("get", challenge)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return json.dumps(
            {
                "id": text(self.identifier),
                "rawId": text(self.identifier),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": text(client),
                    "authenticatorData": text(data),
                    "signature": text(signature),
                },
            }
        )
