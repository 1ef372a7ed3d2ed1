"""Ways to send a `Call`: one file a library, and only that file imports it.

Each transport is a function that takes a `Call` and keeps the contract of `cognito_challenges.requests.Transport`: it
returns the service's answer or raises ServiceError, TransportError, PeerError or UsageError, and nothing else. All
that speak HTTP follow no redirect, try three times, and keep within `bounds.Bounds` in time and in size. What they
share: `bounds` (limits of a call), `json11` (the protocol), `failures` (errors), `quiet` (logs), `retrying` (the tries
over httpx) and `botocore` (what boto3 and aiobotocore have in common).
"""
