"""The SRP maths and bytes of Amazon Cognito user pools, without I/O."""
