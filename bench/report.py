"""The results as a page: bench/RESULTS.md."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

MOST_STATEMENTS = 12
PEER = {"list_pages": 26.0, "changes": 177.0, "weight": 1340.0, "memory": 243.0}
HEAD = """# What it costs

Written by `make bench` on {day}. How it is measured, and how to read it: [README.md](README.md).

{facts}
"""
LOAD = "load when it began"
BUSY = """\
**The machine was busy (load {load:g} on {cores:g} cores): the milliseconds, the requests a second
and *ahead* say more about that than about Callout. Read the statements, and the ratios.**
"""
NOTE = """\
Milliseconds over HTTP, one request at a time, {requests} requests after 10 warm-ups each; *a
second*: requests that 16 clients at once are given. *Floor*: the same rows by bare psycopg from a
bare ASGI handler, taking turns with the page; *ratio* is the median of page over floor, pair by
pair. *Other*: Odoo 19 with the OCA field-service module, 100,000 orders, measured on one quiet
2-core machine (data only, its browser still has to render it); *ahead* is its median over ours, and
in brackets how far ahead we want to be.
"""


PLANNING = """
## Planning on {day}

The board by the API, over HTTP and by turns with the floor, as what stands on it grows (300
technicians, a month of days that are done). Below: in one process, on a board of 200 technicians
with 4,000 open visits in two weeks, each question about another site and length.
"""


def report(results: list[dict[str, Any]], grown: list[dict[str, Any]]) -> str:
    """The page without Planning. `grown`: see by_turns.py."""
    facts = "\n".join(f"- {name}: {value}" for name, value in results[0]["facts"])
    parts = [HEAD.format(day=today(), facts=facts)]
    load, cores = (float(dict(results[0]["facts"])[name]) for name in (LOAD, "cores"))
    if load > cores / 2:
        parts.append(BUSY.format(load=load, cores=int(cores)))
    parts += [section(result) for result in results]
    if grown:
        parts.append(growth_section(results[0], results[-1], grown))
    return "\n".join(parts)


def section(result: dict[str, Any]) -> str:
    """One size."""
    lines = result["lines"]
    size = f"{result['bytes'] / 1e9:.1f} GB"
    fewest = min(line["requests"] for line in lines)
    requests = "100" if fewest == 100 else f"{fewest} to 100"
    table = [
        f"\n## {result['orders']:,} orders ({size})\n",
        NOTE.format(requests=requests),
        "| what | p10 | median | p95 | a second | statements | floor | ratio | other | ahead |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(row(line) for line in lines),
    ]
    return "\n".join([*table, "", *beyond(lines), "", *crowd_rows(result), "", *weights(result)])


def growth_section(
    small: dict[str, Any], large: dict[str, Any], grown: list[dict[str, Any]]
) -> str:
    """How each line grows from the fewest orders to the most."""
    fewest = min(line["pairs"] for line in grown)
    table = [
        f"\n## From {small['orders']:,} to {large['orders']:,} orders\n",
        "How many times as long: both are served at once and asked by turns, "
        f"{fewest} to {max(line['pairs'] for line in grown)} pairs of requests each. *Median* is"
        " that of the pairs, *p95* the one of the large over the one of the small; *at most* is"
        " asked of the p95.",
        "",
        "| what | median | p95 | at most |",
        "|---|--:|--:|--:|",
    ]
    for line in grown:
        cells = (
            line["words"],
            f"{line['median']:.2f}",
            f"{line['p95']:.2f}",
            f"{line['growth']:g}",
        )
        table.append(f"| {' | '.join(cells)} |")
    beyond = [f"{one['words']} ({one['p95']:.2f})" for one in grown if one["p95"] > one["growth"]]
    return "\n".join([*table, "", f"Grown more than asked: {'; '.join(beyond) or 'nothing'}.", ""])


def today() -> str:
    """For a heading."""
    return date.today().isoformat()  # noqa: DTZ011


def planning_of(results: Path) -> str:
    """What was measured of Planning on another day."""
    _before, heading, section = results.read_text().partition("\n## Planning")
    return heading + section


def planning_section(found: dict[str, Any]) -> str:
    """The board's growth, and what a dispatcher asks of a full one."""
    table = [
        PLANNING.format(day=today()),
        "| board | p10 | median | p95 | floor | ratio |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for line in found["lines"]:
        times = " | ".join(f"{line[name]:.0f}" for name in ("p10", "median", "p95", "floor"))
        table.append(f"| {line['words']} | {times} | {line['ratio']:.1f} |")
    table += ["", "| question | median | p95 |", "|---|--:|--:|"]
    for line in found["questions"]:
        table.append(f"| {line['words']} | {line['median']:.0f} | {line['p95']:.0f} |")
    table += ["", "| auto-plan, 200 orders on 20 technicians | best | worst |", "|---|--:|--:|"]
    for line in found["auto_plan"]:
        table.append(f"| {line['words']} | {line['best']:.0f} | {line['worst']:.0f} |")
    table += ["", "| routes of 20 technicians, 160 orders | |", "|---|--:|"]
    for line in found["optimise"]:
        table.append(f"| {line['words']} | {line['value']:.0f} {line['unit']} |")
    return "\n".join([*table, ""])


def row(line: dict[str, Any]) -> str:
    """One line of the table."""
    floor = f"{line['floor']:.1f}" if "floor" in line else ""
    ratio = f"{line['ratio']:.1f}" if "ratio" in line else ""
    other = ahead = ""
    if line["peer"]:
        other = f"{line['peer'][0]:g}"
        ahead = f"{line['peer'][0] / line['median']:.1f} ({line['wanted']:g})"
    cells = [
        *(
            line["words"],
            f"{line['p10']:.1f}",
            f"{line['median']:.1f}",
            f"{line['p95']:.1f}",
            f"{line['crowd']:.0f}" if line.get("crowd") else "",
            str(line["statements"]),
        ),
        *(floor, ratio, other, ahead),
    ]
    return f"| {' | '.join(cells)} |"


def beyond(lines: list[dict[str, Any]]) -> Iterator[str]:
    """What is not as wanted, said outright."""
    many = [one["words"] for one in lines if one["statements"] > MOST_STATEMENTS]
    slow = [
        one["words"]
        for one in lines
        if one["peer"] and one["peer"][0] / one["median"] < one["wanted"]
    ]
    yield f"Over {MOST_STATEMENTS} statements: {'; '.join(many) or 'none'}."
    yield f"Not as far ahead as wanted: {'; '.join(slow) or 'none'}."


def crowd_rows(result: dict[str, Any]) -> list[str]:
    """16 clients at once."""
    found = result["crowds"]
    return [
        "| 16 clients at once, for 10 s | a second | floor | other | ahead |",
        "|---|--:|--:|--:|--:|",
        f"| list pages | {found['list_pages']:.0f} | {found['list_pages_floor']:.0f}"
        f" | {PEER['list_pages']:g}"
        f" | {found['list_pages'] / PEER['list_pages']:.1f} (5) |",
        f"| changes of status ({found['changing']} technicians) | {found['changes']:.0f}"
        f" | {found['changes_floor']:.0f} | {PEER['changes']:g}"
        f" | {found['changes'] / PEER['changes']:.1f} (2) |",
        "",
        "*Floor*: the same rows by bare psycopg, a thread and a connection for each client; the"
        " clients take their share of the same cores there too.",
        "",
        f"300 open screens hear of a change {result['screens']['median']:.0f} ms (median) and"
        f" {result['screens']['p95']:.0f} ms (p95) after it was sent, its own time included"
        " (wanted: p95 under 100 from the commit).",
    ]


def weights(result: dict[str, Any]) -> list[str]:
    """Memory, and what a first visit loads."""
    rest, after, weight = result["memory_at_rest"], result["memory"], result["weight"]
    loaded = weight.get("js", 0.0) + weight.get("css", 0.0)
    icons = weight.get("svg", 0.0)
    return [
        "| memory, shared pages counted once | MB at rest | MB after all this |",
        "|---|--:|--:|",
        f"| Callout: parent, two web processes, worker | {rest['callout']:.0f}"
        f" | {after['callout']:.0f} |",
        "| the largest of these by itself, with all that it shares (wanted: under 200)"
        f" | {rest['largest']:.0f} | {after['largest']:.0f} |",
        f"| PostgreSQL | {rest['postgresql']:.0f} | {after['postgresql']:.0f} |",
        f"| together (other: {PEER['memory']:g} at rest) | {both(rest):.0f} | {both(after):.0f} |",
        "",
        f"First office page: scripts {weight.get('js', 0.0):.0f} kB and styles"
        f" {weight.get('css', 0.0):.0f} kB compressed, together {loaded:.0f} kB"
        f" (other: {PEER['weight']:g} kB; wanted: under 150); icons {icons:.0f} kB; the page itself"
        f" {weight['page']:.0f} kB (list), {weight['kanban_page']:.0f} kB (Kanban), uncompressed.",
        "",
    ]


def both(memory: dict[str, float]) -> float:
    """Callout's and PostgreSQL's."""
    return memory["callout"] + memory["postgresql"]
