"""What a person can do on the findings page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("scan findings", str(QT_TRANSLATE_NOOP("actions", "Scan")), "", "play", str(QT_TRANSLATE_NOOP("actions", "Look for secrets in every object of the newest corpus")), writes=True),
    Entry("scan archives", str(QT_TRANSLATE_NOOP("actions", "Scan archives too")), "", "play", str(QT_TRANSLATE_NOOP("actions", "Open zip, tar, gzip, bzip2 and xz in memory, and look for secrets in them")), writes=True),
    Entry("scan unreachable", str(QT_TRANSLATE_NOOP("actions", "Scan unreachable objects too")), "", "play", str(QT_TRANSLATE_NOOP("actions", "Look for secrets in what is stored and no ref leads to")), writes=True),
    Entry("mute rule", str(QT_TRANSLATE_NOOP("actions", "Mute this rule…")), "", "shut", str(QT_TRANSLATE_NOOP("actions", "Take what the rule of this finding is unsure of for false alarms; signed, with a reason")), writes=True),
    Entry("muted rules", str(QT_TRANSLATE_NOOP("actions", "Unmute…")), "", "open", str(QT_TRANSLATE_NOOP("actions", "The muted rules, by whom and why; open again what a mute decided")), writes=True),
    Entry("draft rule", str(QT_TRANSLATE_NOOP("actions", "Draft a rule…")), "", "edit", str(QT_TRANSLATE_NOOP("actions", "A rule that would find a secret like this one; nothing of the value is in it"))),
    Entry("own rules", str(QT_TRANSLATE_NOOP("actions", "Rules of your own…")), "", "shield", str(QT_TRANSLATE_NOOP("actions", "The company's own rule files that are used: add one, or remove one"))),
    Entry("trace finding", str(QT_TRANSLATE_NOOP("actions", "Trace this secret…")), "", "search", str(QT_TRANSLATE_NOOP("actions", "Everything that it could have reached: examples, snapshots, runs, adapters, bundles"))),
    Entry("import report", str(QT_TRANSLATE_NOOP("actions", "Import a report…")), "", "download", str(QT_TRANSLATE_NOOP("actions", "Make findings of what another scanner saw, once it is seen in git")), writes=True),
    Entry("export findings", str(QT_TRANSLATE_NOOP("actions", "Export findings…")), "", "table", str(QT_TRANSLATE_NOOP("actions", "SARIF, CSV, or a report for an auditor in HTML or PDF; no secret is in it")), writes=True),
    Entry("pack findings", str(QT_TRANSLATE_NOOP("actions", "Make a review pack…")), "", "copy", str(QT_TRANSLATE_NOOP("actions", "What is open and the filters let through, masked and signed, for a reviewer on another machine")), writes=True),
    Entry("accept decisions", str(QT_TRANSLATE_NOOP("actions", "Accept decisions…")), "", "check", str(QT_TRANSLATE_NOOP("actions", "Take what a reviewer decided in a pack, once")), writes=True),
    Entry("scrub finding", str(QT_TRANSLATE_NOOP("actions", "Scrub")), "S", "", str(QT_TRANSLATE_NOOP("actions", "Replace this secret by a placeholder, in all its places")), writes=True),
    Entry("false alarm", str(QT_TRANSLATE_NOOP("actions", "False alarm")), "F", "", str(QT_TRANSLATE_NOOP("actions", "It is no secret and may be learnt; this takes a reason")), writes=True),
    Entry("block finding", str(QT_TRANSLATE_NOOP("actions", "Block file")), "B", "", str(QT_TRANSLATE_NOOP("actions", "Keep every text that holds it out of training")), writes=True),
    Entry("skip finding", str(QT_TRANSLATE_NOOP("actions", "Skip")), "Space", "", str(QT_TRANSLATE_NOOP("actions", "Go on without deciding"))),
    Entry("previous finding", str(QT_TRANSLATE_NOOP("actions", "Previous")), "K", "", str(QT_TRANSLATE_NOOP("actions", "The finding before"))),
    Entry("next finding", str(QT_TRANSLATE_NOOP("actions", "Next")), "J", "", str(QT_TRANSLATE_NOOP("actions", "The finding after"))),
    Entry("reason 1", str(QT_TRANSLATE_NOOP("actions", "First reason")), "1", "", str(QT_TRANSLATE_NOOP("actions", "Give the first reason with the decision"))),
    Entry("reason 2", str(QT_TRANSLATE_NOOP("actions", "Second reason")), "2", "", str(QT_TRANSLATE_NOOP("actions", "Give the second reason with the decision"))),
    Entry("reason 3", str(QT_TRANSLATE_NOOP("actions", "Third reason")), "3", "", str(QT_TRANSLATE_NOOP("actions", "Give the third reason with the decision"))),
    Entry("search findings", str(QT_TRANSLATE_NOOP("actions", "Search findings")), "/", "search", str(QT_TRANSLATE_NOOP("actions", "By path, rule or the beginning of a fingerprint"))),
    Entry("next place of finding", str(QT_TRANSLATE_NOOP("actions", "Next place")), ".", "", str(QT_TRANSLATE_NOOP("actions", "Show the same secret where it stands elsewhere"))),
    Entry("findings to decide", str(QT_TRANSLATE_NOOP("actions", "Findings to decide")), "Alt+1", "", str(QT_TRANSLATE_NOOP("actions", "What the scan found, one at a time"))),
    Entry("sampled review", str(QT_TRANSLATE_NOOP("actions", "Sampled review")), "Alt+2", "", str(QT_TRANSLATE_NOOP("actions", "Read what no rule flagged, to bound what was missed"))),
    Entry("clean file", str(QT_TRANSLATE_NOOP("actions", "Clean")), "C", "", str(QT_TRANSLATE_NOOP("actions", "The whole file was read; what was not marked is clean")), writes=True),
    Entry("mark secret", str(QT_TRANSLATE_NOOP("actions", "Mark as secret")), "M", "", str(QT_TRANSLATE_NOOP("actions", "The selected characters are a secret that no rule found")), writes=True),
    Entry("second reading", str(QT_TRANSLATE_NOOP("actions", "Second reading")), "", "person", str(QT_TRANSLATE_NOOP("actions", "Read again, blind, what somebody else read in the sampled review; see how far both agree"))),
    Entry("draw sample", str(QT_TRANSLATE_NOOP("actions", "Draw files to read")), "", "", str(QT_TRANSLATE_NOOP("actions", "At random among those in which nothing was found")), writes=True),
    Entry("sign approval", str(QT_TRANSLATE_NOOP("actions", "Sign and approve")), "Ctrl+Return", "", str(QT_TRANSLATE_NOOP("actions", "With your key, for this corpus as it is decided now")), writes=True),
    Entry("reveal finding", str(QT_TRANSLATE_NOOP("actions", "Reveal for ten seconds")), "R", "", str(QT_TRANSLATE_NOOP("actions", "Show the secret in clear; who did so is kept in the audit")), writes=True),
    Entry("approve findings", str(QT_TRANSLATE_NOOP("actions", "Approve")), "Alt+3", "", str(QT_TRANSLATE_NOOP("actions", "Sign for this corpus, its decisions and the rules"))),
)
# fmt: on
