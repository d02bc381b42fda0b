"""The head of the evaluation page, its banner, and the sentences beside its figures."""

from espalier.core.evaluation.rubric_result import Progress, RubricResult
from espalier.core.evaluation.statistics import Rate
from espalier.core.evaluation.thresholds import RUBRIC, Threshold
from espalier.gui.evaluation.reading import Detail, Figures, Read
from espalier.gui.evaluation.words import asked_of, check_word, found_of, share, threshold_word, tr
from espalier.gui.figures import count, duration, loss

SURE, DOUBTFUL = 0.05, 0.2


def sentence(read: Read) -> str:
    """What the chosen evaluation found, in numbers; before there is one, what stands in its way."""
    chosen = read.chosen
    if chosen is None:
        return tr("No run has been evaluated yet.") if read.runs else tr("No run has an adapter to evaluate yet.")
    if chosen.figures is None:
        return _under_way(chosen)
    line = next((one for one in chosen.figures.lines if one.check == chosen.figures.check), None)
    if line is None or not line.adapter.ran:
        return tr("Evaluation {number} of run {run} asked {tasks} tasks; no check could be run.").format(
            number=chosen.evaluation.id, run=chosen.evaluation.run, tasks=count(chosen.asked)
        )
    said = tr("Run {run} passes {adapter} of {what}, the base model {base}.").format(
        run=chosen.evaluation.run,
        adapter=_whole(line.adapter),
        base=_whole(line.base),
        what=_what(chosen.figures.check),
    )
    return f"{said} {_thresholds(chosen.figures)}"


def gate(read: Read) -> tuple[str, str]:
    """What shuts the evaluation gate of the chosen run, where something does; in a demonstration that it stops nothing."""
    chosen = read.chosen
    if chosen is None or chosen.figures is None or not chosen.figures.failing:
        return "", ""
    why = " ".join(_shut_by(one, chosen) for one in chosen.figures.failing)
    run, number = chosen.evaluation.run, chosen.evaluation.id
    if not read.policy.evaluation.enforced:
        what = tr(
            "The evaluation gate of run {run} would be shut (evaluation {number}); the policy {policy} does not enforce it."
        )
        return what.format(run=run, number=number, policy=read.policy.name), why
    return tr("The evaluation gate is shut for run {run} (evaluation {number}).").format(run=run, number=number), why


def _shut_by(one: Threshold, chosen: Detail) -> str:
    far = chosen.rubric
    if one.name == RUBRIC and one.found is None and far is not None:
        words = tr("Rubric: {done} of {asked} raters done, {tasks} tasks each.")
        return words.format(done=len(far.complete), asked=far.asked, tasks=count(far.tasks))
    if one.found is None:
        return tr("{name}: not measured.").format(name=threshold_word(one))
    words = tr("{name}: {found}, {asked} asked.")
    return words.format(name=threshold_word(one), found=found_of(one), asked=asked_of(one))


def trouble(chosen: Detail) -> tuple[str, str]:
    """What happened to an evaluation that is neither done nor at work, and what to do."""
    number = chosen.evaluation.id
    if chosen.standing == "failed":
        failure = None if chosen.known is None else chosen.known.job.failure
        if failure is None:
            return tr("Evaluation {number} failed.").format(number=number), tr("See the log of its job.")
        return f"{tr('Evaluation')} {number}: {failure.sentence}", failure.remedy
    if chosen.standing in ("dead", "interrupted"):
        what = tr("Evaluation {number} was interrupted: its worker ended without a word.").format(number=number)
        return what, tr("Every answer and verdict that was stored is kept; resume it and it goes on at the next task.")
    if chosen.standing == "silent":
        what = tr("The worker of evaluation {number} is not responding.").format(number=number)
        return what, tr("A machine that slept goes on by itself. If it does not, stop the job and resume it.")
    return "", ""


def p_words(figures: Figures) -> str:
    """McNemar's exact test over the tasks that only one arm passes, in words."""
    changed = len(figures.changed("fixed")) + len(figures.changed("broken"))
    if not changed:
        return tr("No task differs by {check}: there is nothing to test.").format(check=check_word(figures.check))
    if figures.p < SURE:
        said = tr("Rare by chance")
    elif figures.p < DOUBTFUL:
        said = tr("May be chance")
    else:
        said = tr("What chance gives")
    return tr("{said}: {changed} tasks differ by {check}, McNemar p = {p}.").format(
        said=said, p=_p(figures.p), changed=changed, check=check_word(figures.check)
    )


def loss_words(figures: Figures) -> str:
    base, adapter = figures.loss["base"], figures.loss["adapter"]
    if base is None or adapter is None:
        return tr("Held-out loss was not measured.")
    change = 100 * (adapter / base - 1)
    return tr("Held-out loss {base} → {adapter} nats per token ({change} %)").format(
        base=loss(base), adapter=loss(adapter), change=f"{change:+.1f}".replace("-", "−")
    )


def rubric_words(far: Progress | None, found: RubricResult | None) -> str:
    """How far the raters are; the arms are told apart only when all who were asked for have rated everything."""
    if far is None or not far.tasks:
        return ""
    if found is None:
        done = tr("{done} of {asked} raters done, {tasks} tasks each")
        said = done.format(done=len(far.complete), asked=far.asked, tasks=count(far.tasks))
        under_way = [f"{name} {rated}/{far.tasks}" for name, rated in far.rated.items() if name not in far.complete]
        return tr("Rubric: {said}{more}.").format(said=said, more=f" ({', '.join(under_way)})" if under_way else "")
    words = tr("Rubric: base {base}, adapter {adapter} of 5 ({interval}), {raters} raters, {tasks} tasks. {agreement}")
    change = found.difference
    interval = (
        f"{change.mean:+.2f}"
        if change.low is None or change.high is None
        else tr("{change}, {low} to {high}").format(
            change=f"{change.mean:+.2f}", low=f"{change.low:+.2f}", high=f"{change.high:+.2f}"
        )
    )
    return words.format(
        base=f"{found.base.mean:.2f}",
        adapter=f"{found.adapter.mean:.2f}",
        interval=interval.replace("-", "−"),
        raters=found.raters,
        tasks=count(found.tasks),
        agreement=_agreement(found),
    ).strip()


def _agreement(found: RubricResult) -> str:
    names = {"readability": tr("readability"), "api_use": tr("API use")}
    told = [f"{names[scale]} {alpha:.2f}" for scale, alpha in found.agreement.items() if alpha is not None]
    return (
        tr("Agreement (Krippendorff’s alpha): {told}.").format(told=", ".join(told).replace("-", "−")) if told else ""
    )


def _under_way(chosen: Detail) -> str:
    about = {"number": chosen.evaluation.id, "run": chosen.evaluation.run}
    match chosen.standing:
        case "queued":
            return tr("Evaluation {number} of run {run} waits for its turn.").format(**about)
        case "running" | "elsewhere" | "silent" | "pausing" | "stopping" | "cancelling":
            said = tr("Evaluation {number} of run {run} is at work").format(**about)
            left = None if chosen.known is None else chosen.known.job.seconds_left
            return (
                f"{said}."
                if left is None
                else f"{said}, {tr('about {time} left for this step').format(time=duration(left))}."
            )
        case "failed":
            return tr("Evaluation {number} of run {run} failed.").format(**about)
        case "dead" | "interrupted":
            return tr("Evaluation {number} of run {run} was interrupted.").format(**about)
        case _:
            return tr("Evaluation {number} of run {run} was stopped; what it has is kept.").format(**about)


def _thresholds(figures: Figures) -> str:
    failing, whole = len(figures.failing), len(figures.thresholds)
    if not failing:
        return tr("The one threshold holds.") if whole == 1 else tr("All {whole} thresholds hold.").format(whole=whole)
    return (
        tr("{failing} of {whole} thresholds fails.").format(failing=failing, whole=whole)
        if failing == 1
        else tr("{failing} of {whole} thresholds fail.").format(failing=failing, whole=whole)
    )


def _what(check: str) -> str:
    return tr("the held-out tests") if check == "tests" else tr("the check “{check}”").format(check=check_word(check))


def _whole(rate: Rate) -> str:
    return share(rate)


def _p(value: float) -> str:
    return tr("under 0.001") if value < 0.001 else f"{value:.3f}"
