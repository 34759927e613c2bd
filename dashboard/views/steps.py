"""How many get stuck at each step on the way to a paid invoice."""

from __future__ import annotations

from dashboard import client
from dashboard.filter_line import filter_line
from dashboard.paint import highest
from dashboard.render import show as render
from dashboard.visit import Visit
from models.figures import PaymentSteps, Ratio
from models.taxonomy import Step
from models.values import PaymentMethod


def show(visit: Visit) -> None:
    filter_line(visit)
    figures = client.steps(visit.query)
    known = {str(method): visit.t.name(method) for method in PaymentMethod}
    stuck = [step for step in figures.steps if step.rate.value is not None]
    render(
        "steps.html",
        visit,
        figures=figures,
        worst=max(stuck, key=lambda step: step.contacts, default=None),
        highest={step: highest(rates_beside(figures, step)) for step in Step},
        methods=known,
    )


def rates_beside(figures: PaymentSteps, step: Step) -> list[Ratio]:
    """The rates that a step is tinted among: those of reminders and collection are of another size than the rest."""
    late = (Step.REMIND, Step.COLLECT)
    found = [one for part in figures.slices for one in part.steps]
    return [one.rate for one in found if (one.step in late) == (step in late)]
