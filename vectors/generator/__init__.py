"""The generator of the test vectors: one module a family of cases, made with the engine `cognito_srp`."""
