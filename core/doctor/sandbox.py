"""Whether code that a model wrote can be run here: the sandbox proves itself against hostile programs."""

from espalier.core.doctor.finding import Finding, missing, ok
from espalier.core.evaluation.sandbox.tier import probed


def sandbox() -> Finding:
    capability = probed()
    if capability.tier == "none":
        return missing("sandbox", capability.reason, capability.remedy)
    return ok("sandbox", f"bubblewrap {capability.version}, {len(capability.self_test)} hostile probes stopped")
