"""The three Lambda triggers of a custom sign-in: the password by SRP first, then a question; or the question alone.

The same file serves as a pool's Python callable and, zipped, as the code of a Lambda function.
"""

QUESTION = {"question": "What is the capital of Assyria?"}
ANSWER = "Nineveh"


def handler(event: dict, context: object = None) -> dict:
    """Answer the event of whichever trigger fired."""
    request, response = event["request"], event["response"]
    trigger = event["triggerSource"].partition("_")[0]
    if trigger == "DefineAuthChallenge":
        response.update(define(request["session"]))
    elif trigger == "CreateAuthChallenge":
        response["publicChallengeParameters"] = QUESTION
        response["privateChallengeParameters"] = {"answer": ANSWER}
    elif trigger == "VerifyAuthChallengeResponse":
        response["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
    return event


def define(session: list) -> dict:
    """What comes after the steps taken so far."""
    last = session[-1] if session else {"challengeName": None, "challengeResult": True}
    follows = {None: "CUSTOM_CHALLENGE", "SRP_A": "PASSWORD_VERIFIER", "PASSWORD_VERIFIER": "CUSTOM_CHALLENGE"}
    if not last["challengeResult"]:
        return {"issueTokens": False, "failAuthentication": True}
    if last["challengeName"] == "CUSTOM_CHALLENGE":
        return {"issueTokens": True, "failAuthentication": False}
    return {
        "issueTokens": False,
        "failAuthentication": False,
        "challengeName": follows[last["challengeName"]],
    }
