"""The chart of the README: plain SVG, readable on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from textwrap import wrap

WIDTH, LABELS, ROW, BAR = 900, 330, 30, 18
OURS, OTHERS = "#2f81f7", "#8b949e"


def draw(sign_ins: Mapping[str, float], cold: Mapping[str, float], machine: str) -> str:
    """Bars of the seconds that a sign-in's maths and a cold process take, best first.

    sign_ins: by engine, both steps; cold: of "ours", "pycognito" and "bare"; machine: what it was measured on.
    """
    groups = [
        ("One sign-in's SRP maths, both steps", sign_ins),
        (
            "A whole process, from its start to the signature",
            {"cognito-srp": cold["ours"], "pycognito": cold["pycognito"], "(Python that does nothing)": cold["bare"]},
        ),
    ]
    parts: list[str] = []
    y = 10
    for title, seconds in groups:
        y += 22
        parts.append(f'<text x="10" y="{y}" class="title">{escape(title)}, milliseconds</text>')
        y += 12
        slowest = max(seconds.values())
        for name, value in sorted(seconds.items(), key=lambda item: item[1]):
            width = max(1.5, value / slowest * (WIDTH - LABELS - 90))
            color = OURS if name.startswith("cognito-srp") else OTHERS
            middle = y + BAR / 2 + 4.5
            parts.append(f'<text x="{LABELS - 8}" y="{middle}" text-anchor="end">{escape(name)}</text>')
            parts.append(f'<rect x="{LABELS}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{color}"/>')
            parts.append(f'<text x="{LABELS + width + 7:.1f}" y="{middle}">{value * 1000:.3g}</text>')
            y += ROW
        y += 8
    for line in wrap(machine, 130):
        y += 16
        parts.append(f'<text x="10" y="{y}" class="note">{escape(line)}</text>')
    height = y + 14
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" \
aria-label="cognito-srp beside other SRP clients">
<style>
text {{ font: 14px system-ui, sans-serif; fill: #1f2328; }}
.title {{ font-weight: 600; font-size: 15px; }}
.note {{ font-size: 11.5px; fill: #656d76; }}
@media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3; }} .note {{ fill: #9198a1; }} }}
</style>
{chr(10).join(parts)}
</svg>
"""
