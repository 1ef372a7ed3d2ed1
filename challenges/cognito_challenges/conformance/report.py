"""What came of a run: counts, flags, and the two forms for machines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

from .judge import Outcome, Verdict
from .vectors import Vectors

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes of one testee."""

    command: tuple[str, ...]
    vectors: Vectors
    outcomes: tuple[Outcome, ...]

    def count(self, verdict: Verdict) -> int:
        """How many cases came to this."""
        return sum(outcome.verdict == verdict for outcome in self.outcomes)

    @property
    def conforms(self) -> bool:
        """No case failed, and at least one operation was judged."""
        judged = any(outcome.verdict == "passed" and outcome.case.op != "protocol" for outcome in self.outcomes)
        return judged and not self.count("failed")

    def flags(self) -> dict[str, Counter[Verdict]]:
        """Counts of each flag, those with failures first. A case counts for each of its flags."""
        counts: dict[str, Counter[Verdict]] = {}
        for outcome in self.outcomes:
            for flag in outcome.case.flags:
                counts.setdefault(flag, Counter())[outcome.verdict] += 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1]["failed"], item[0])))

    def to_json(self) -> dict[str, Any]:
        """The whole report, for json.dumps."""
        return {
            "command": list(self.command),
            "vectors": self.vectors.version,
            "conforms": self.conforms,
            "counts": {verdict: self.count(verdict) for verdict in ("passed", "failed", "unsupported")},
            "undriven": dict(self.vectors.undriven),
            "flags": {
                flag: {
                    **{verdict: counts[verdict] for verdict in ("passed", "failed", "unsupported")},
                    "frequency": self.vectors.flags[flag].frequency,
                    "description": self.vectors.flags[flag].description,
                }
                for flag, counts in self.flags().items()
            },
            "cases": [
                {
                    "id": outcome.case.id,
                    "op": outcome.case.op,
                    "flags": list(outcome.case.flags),
                    "verdict": outcome.verdict,
                    "reason": outcome.reason,
                }
                for outcome in self.outcomes
            ],
        }

    def to_junit(self) -> str:
        """The report as JUnit XML: a suite a file; unsupported cases are skipped ones."""
        root = ElementTree.Element("testsuites", name="cognito-srp conformance")
        suites: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            suites.setdefault(outcome.case.id.partition(":")[0], []).append(outcome)
        for name, outcomes in suites.items():
            verdicts = Counter(outcome.verdict for outcome in outcomes)
            suite = ElementTree.SubElement(
                root,
                "testsuite",
                name=name,
                tests=str(len(outcomes)),
                failures=str(verdicts["failed"]),
                skipped=str(verdicts["unsupported"]),
                errors="0",
            )
            for outcome in outcomes:
                title = f"{outcome.case.id} {outcome.case.comment}"
                case = ElementTree.SubElement(suite, "testcase", classname=name, name=_xml(title))
                if outcome.verdict == "failed":
                    ElementTree.SubElement(case, "failure", message=_xml(outcome.reason)).text = ", ".join(
                        outcome.case.flags
                    )
                elif outcome.verdict == "unsupported":
                    ElementTree.SubElement(case, "skipped", message=_xml(outcome.reason))
        ElementTree.indent(root)
        return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
