"""The pool over HTTP: AWS JSON 1.1 and the inspector page."""
