"""Intervals for counts, shares, rates and money. All are 95 % unless a ``confidence`` is given."""

from __future__ import annotations

from math import hypot, inf, sqrt

from scipy.special import (  # scipy.stats is slow to import and to call
    betainc,
    betainccinv,
    betaincinv,
    gammainccinv,
    gammaincinv,
    ndtri,
)

from models.figures import TOO_FEW, Ratio

CONFIDENCE = 0.95
Z = float(ndtri((1 + CONFIDENCE) / 2))


def poisson_count(count: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Exact interval of the mean that a Poisson ``count`` came from, by the gamma (half chi-square) distribution.

    Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936), https://doi.org/10.2307/2333958.
    """
    tail = (1 - confidence) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammainccinv(count + 1, tail))


def rate(count: int, denominator: int, per: int = 1000) -> Ratio:
    """Events per ``per`` of ``denominator`` with Garwood's interval.

    One document can bring several contacts, so contacts are counted events and not a share.
    """
    if count < TOO_FEW or denominator < TOO_FEW:
        return _withheld(count, denominator, per)
    low, high = (bound / denominator * per for bound in poisson_count(count))
    return _ratio(count, denominator, per, low, high)


def share(count: int, denominator: int, per: int = 100) -> Ratio:
    """``count`` of ``denominator`` as a share, by default in per cent, with Wilson's score interval."""
    if count < TOO_FEW or denominator < TOO_FEW:
        return _withheld(count, denominator, per)
    return _ratio(count, denominator, per, *wilson(count, denominator, per))


def wilson(count: int, denominator: int, per: int = 1) -> tuple[float, float]:
    """Wilson's score interval of a share, in ``per``; the denominator is not 0.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927),
    https://doi.org/10.1080/01621459.1927.10502953.
    """
    p, weight = count / denominator, Z * Z / denominator
    reach = sqrt(p * (1 - p) * weight + weight * weight / 4)
    low, high = ((p + weight / 2 + side * reach) / (1 + weight) * per for side in (-1, 1))
    return max(low, 0.0), high


def rate_difference(
    first: int, first_denominator: int, second: int, second_denominator: int, per: int = 1000
) -> tuple[float, float, float] | None:
    """The second rate less the first with its interval; none where both together are too few.

    Recovers the variance from the two exact intervals (MOVER): Zou & Donner, "Construction of confidence limits about
    effect measures", Statistics in Medicine 27 (2008), https://doi.org/10.1002/sim.3095.
    """
    if first + second < TOO_FEW or min(first_denominator, second_denominator) < TOO_FEW:
        return None
    a, b = first / first_denominator, second / second_denominator
    a_low, a_high = (bound / first_denominator for bound in poisson_count(first))
    b_low, b_high = (bound / second_denominator for bound in poisson_count(second))
    low, high = b - a - hypot(b - b_low, a_high - a), b - a + hypot(b_high - b, a - a_low)
    return (b - a) * per, low * per, high * per


def rate_ratio(
    first: int, first_denominator: int, second: int, second_denominator: int, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """The second rate over the first with its exact conditional interval; infinite where the first count is 0.

    Given the sum, the second count is binomial, and Clopper and Pearson's interval of its share becomes the ratio's:
    Przyborowski & Wilenski, Biometrika 31 (1940), https://doi.org/10.1093/biomet/31.3-4.313.
    """
    tail, weight = (1 - confidence) / 2, first_denominator / second_denominator
    low = float(betaincinv(second, first + 1, tail)) if second else 0.0
    high = float(betainccinv(second + 1, first, tail)) if first else 1.0
    low, high = (share / (1 - share) * weight if share < 1 else inf for share in (low, high))
    return second / first * weight if first else inf, low, high


def excess_p_value(count: int, denominator: int, other: int, other_denominator: int) -> float:
    """How likely at least ``count`` (1 or more) were if its documents were like the others; one-sided, exact.

    The same conditional binomial as in :func:`rate_ratio`: it knows how little a short past tells. Its upper tail is
    the incomplete beta function, https://dlmf.nist.gov/8.17.E5.
    """
    return float(betainc(count, other + 1, denominator / (denominator + other_denominator)))


def sum_of_costs(total: float, sum_of_squares: float) -> tuple[float, float]:
    """Interval of a sum of costs, each of a contact that came by chance (compound Poisson: its variance is Σ cost²).

    https://en.wikipedia.org/wiki/Compound_Poisson_distribution
    """
    reach = Z * sqrt(sum_of_squares)
    return max(0.0, total - reach), total + reach


def _withheld(count: int, denominator: int, per: int) -> Ratio:
    return Ratio(count=count, denominator=denominator, per=per, value=None, low=None, high=None, too_few=True)


def _ratio(count: int, denominator: int, per: int, low: float, high: float) -> Ratio:
    value = count / denominator * per
    return Ratio(count=count, denominator=denominator, per=per, value=value, low=low, high=high, too_few=False)
