"""The chart is well-formed SVG that names everything it was given."""

from xml.etree import ElementTree

import chart

SVG = "{http://www.w3.org/2000/svg}"


def test_the_chart_shows_what_it_is_given() -> None:
    engines = {"cognito-srp": 0.0018, "pycognito": 0.045, "<&>": 0.2}
    cold = {"ours": 0.034, "pycognito": 0.26, "bare": 0.01}
    root = ElementTree.fromstring(chart.draw(engines, cold, "2 cores & Python 3.13"))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {"cognito-srp", "pycognito", "<&>", "1.8", "45", "200", "34", "260", "2 cores & Python 3.13"} <= set(texts)
    widths = [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")][:3]
    assert widths == sorted(widths)
    assert abs(widths[2] / widths[1] - 0.2 / 0.045) < 0.01
