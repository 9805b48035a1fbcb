#!/usr/bin/env python3
"""Adds up what piepowder says, again: prior + weights = score, for every offense of every line.

usage: readd.py [FILE...]      files that `piepowder score` wrote with --evidence full or brief; standard input without a file

Exit status: 0 every line adds up, 1 a line does not, 2 a line cannot be read.
"""
import json
import sys

KINDS = {"rule", "signal", "condition", "excuse", "rest"}


def problems(line):
    """What is wrong with one line, in words."""
    found = []
    scores, priors = line["scores"], line.get("prior")
    if priors is None or "evidence" not in line:
        return ["no prior or no evidence: written with --evidence none?"]
    if set(scores) != set(priors):
        found.append("scores and priors are not of the same offenses")
    sums = {offense: priors.get(offense, 0) for offense in scores}
    for evidence in line["evidence"]:
        if evidence["kind"] not in KINDS:
            found.append(f"evidence of an unknown kind: {evidence['kind']}")
        # What a shadow rule would weigh stands under "shadow"; its weights are empty, for it counts for nothing.
        for offense, weight in evidence["weights"].items():
            if type(weight) is not int:
                found.append(f"a weight that is no whole number: {weight}")
            elif offense not in sums:
                found.append(f"a weight for an offense without a score: {offense}")
            else:
                sums[offense] += weight
    for offense, score in scores.items():
        if sums[offense] != score:
            found.append(f"{offense}: the lines add up to {sums[offense]}, the score says {score}")
    for offense in line["tiers"]:
        if offense not in scores:
            found.append(f"a tier for an offense without a score: {offense}")
    return found


def main(names):
    lines = errors = offenses = evidence = wrong = 0
    for name in names or ["-"]:
        stream = sys.stdin.buffer if name == "-" else open(name, "rb")
        with stream:
            for number, raw in enumerate(stream, 1):
                try:
                    line = json.loads(raw)
                    if line["v"] != 1:
                        raise ValueError(f"version {line['v']}")
                    if "error" in line:
                        errors += 1
                        continue
                    found = problems(line)
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    print(f"{name}:{number}: cannot be read: {error!r}")
                    return 2
                lines += 1
                offenses += len(line["scores"])
                evidence += len(line.get("evidence", []))
                wrong += bool(found)
                for problem in found:
                    print(f"{name}:{number}: {json.dumps(line.get('id'))}: {problem}")
    print(f"{lines} lines, {offenses} sums, {evidence} pieces of evidence, {errors} rejected rows: {wrong} lines do not add up")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
