"""`cognito-srp testee`."""

from cognito_challenges.conformance.testee import main


def testee() -> None:
    """Answer the testee protocol on standard input and output, one JSON object a line."""
    main()
