"""A testee that answers as ours does until the case it was told, and then misbehaves in the way it was told.

python misbehaving.py HOW [AT]: AT counts requests from 0 in each process.
"""

import json
import sys
import time

from cognito_challenges.conformance.testee import answer


def main(how: str, at: int) -> None:
    last = None
    for i, line in enumerate(sys.stdin):
        request = json.loads(line)
        made = json.dumps(answer(request)) + "\n"
        if i < at:
            sys.stdout.write(made)
        elif how == "die":
            sys.exit(3)
        elif how == "die after a part":
            sys.stdout.write(made[:20])
            sys.stdout.flush()
            sys.exit(4)
        elif how == "stall":
            time.sleep(600)
        elif how == "rubbish":
            sys.stdout.write("Traceback (most recent call last):\n")
        elif how == "not an object":
            sys.stdout.write("[]\n")
        elif how == "not text":
            sys.stdout.buffer.write(b"\xff\xfe\n")
        elif how == "endless line":
            sys.stdout.write("x" * (1 << 21))
        elif how == "out of order":
            sys.stdout.write(last or json.dumps({"id": "another", "ok": {}}) + "\n")
        elif how == "twice":
            sys.stdout.write(made + made)
        elif how == "neither":
            sys.stdout.write(json.dumps({"id": request["id"]}) + "\n")
        elif how == "both":
            both = {"id": request["id"], "ok": {}, "error": {"kind": "peer", "reason": ""}}
            sys.stdout.write(json.dumps(both) + "\n")
        elif how == "wrong":
            wrong = answer(request)
            for key, value in wrong.get("ok", {}).items():
                wrong["ok"][key] = "0" if key == "trace" else f"{value}x"
            sys.stdout.write(json.dumps(wrong) + "\n")
        elif how == "accepts":
            sys.stdout.write(json.dumps({"id": request["id"], "ok": {"accepted": True}}) + "\n")
        elif how == "refuses":
            sys.stdout.write(json.dumps({"id": request["id"], "error": {"kind": "peer", "reason": "no"}}) + "\n")
        elif how == "unsupported":
            error = {"kind": "unsupported", "reason": "has no such operation"}
            sys.stdout.write(json.dumps({"id": request["id"], "error": error}) + "\n")
        else:
            sys.stdout.write(made)
        sys.stdout.flush()
        last = made
    if how == "bad end":
        sys.exit(5)
    if how == "no end":
        time.sleep(600)
    if how == "last word":
        print("bye")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0)
