# SPDX-License-Identifier: Apache-2.0
"""Sealing and opening by size and by cores, drawn as scaling.svg."""
import math
import pathlib

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 760, 420, 70, 40, 60, 170
COLOURS = ("#1f5fa8", "#7fb0e0", "#1d7a4c", "#86cfa9", "#a04a1c", "#777777")


def size_text(size: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{size // unit} {name}"
    return f"{size} B"


def draw(path: pathlib.Path, title: str, curves: dict) -> None:
    """`curves`: name -> {bytes: MiB/s}. Both axes logarithmic, so that 4 KiB and 4 GiB are both to be seen."""
    sizes = sorted({size for curve in curves.values() for size in curve})
    rates = [rate for curve in curves.values() for rate in curve.values()]
    low, high = math.floor(math.log10(min(rates))), math.ceil(math.log10(max(rates)))

    def across(size: int) -> float:
        whole = math.log2(sizes[-1]) - math.log2(sizes[0]) or 1
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log2(size) - math.log2(sizes[0])) / whole

    def up(rate: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(rate) - low) / ((high - low) or 1)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
           'font-size="12">', '<!-- SPDX-License-Identifier: Apache-2.0 -->', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="20" font-size="13">{title}</text>']
    for power in range(low, high + 1):
        y = up(10 ** power)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
                   f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0 ** power:,g}</text>')
    out.append(f'<text x="16" y="{(HEIGHT - BOTTOM + TOP) / 2}" transform="rotate(-90 16 '
               f'{(HEIGHT - BOTTOM + TOP) / 2})" text-anchor="middle">MiB/s, one process a file</text>')
    for size in sizes:
        x = across(size)
        out.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eeeeee"/>'
                   f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{size_text(size)}</text>')
    for number, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{across(size):.1f},{up(rate):.1f}" for size, rate in sorted(curve.items()))
        last = max(curve)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{across(size):.1f}" cy="{up(rate):.1f}" r="3" fill="{colour}"/>'
                for size, rate in curve.items()]
        y = TOP + 12 + 20 * number
        out.append(f'<path d="M{WIDTH - RIGHT + 12} {y - 4}h18" stroke="{colour}" stroke-width="3"/>'
                   f'<text x="{WIDTH - RIGHT + 36}" y="{y}">{name} {curve[last]:,.0f}</text>')
    out.append("</svg>")
    path.write_text("\n".join(out) + "\n", encoding="utf-8")
