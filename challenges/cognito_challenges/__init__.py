"""Every challenge of an Amazon Cognito user pool, answered without I/O."""
