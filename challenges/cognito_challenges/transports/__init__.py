"""Ways to send a `Call`: one file a library, and only that file imports it.

Each transport is a function that takes a `Call`, returns the service's answer and raises `ServiceError` when the
service refuses. Time-outs, and what is tried again, are the library's own, configured where its client is made.
"""
