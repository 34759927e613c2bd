"""Every interval against values from tables and from its own definition, summed term by term."""

from __future__ import annotations

from math import comb, exp, factorial, hypot, inf

import pytest
from scipy.stats import binomtest

from insights.intervals import (
    excess_p_value,
    poisson_count,
    rate,
    rate_difference,
    rate_ratio,
    share,
    sum_of_costs,
)


def poisson_at_most(count: int, mean: float) -> float:
    return sum(exp(-mean) * mean**k / factorial(k) for k in range(count + 1))


def binomial_at_least(count: int, of: int, chance: float) -> float:
    return sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(count, of + 1))


# Ulm, "A simple method to calculate the confidence interval of a standardized mortality ratio",
# American Journal of Epidemiology 131 (1990), and any printed table of Garwood's limits.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (10, 4.7954, 18.3904), (100, 81.3640, 121.6272)],
)
def test_a_counts_interval_is_the_one_in_the_tables(count, low, high):
    assert poisson_count(count) == pytest.approx((low, high), abs=2e-3)


@pytest.mark.parametrize("count", [1, 7, 40])
def test_a_counts_interval_leaves_a_fortieth_in_each_tail(count):
    low, high = poisson_count(count)
    assert 1 - poisson_at_most(count - 1, low) == pytest.approx(0.025)
    assert poisson_at_most(count, high) == pytest.approx(0.025)


def test_a_rate_is_per_thousand_with_its_denominator():
    found = rate(10, 4000)
    assert (found.count, found.denominator, found.per, found.value) == (10, 4000, 1000, 2.5)
    assert (found.low, found.high) == pytest.approx((4.7954 / 4, 18.3904 / 4), abs=1e-4)


def test_more_contacts_than_documents_are_no_error():
    assert rate(30, 10).value == 3000


@pytest.mark.parametrize(("count", "denominator"), [(4, 10_000), (0, 10_000), (4, 4), (0, 0)])
def test_too_few_contacts_or_documents_withhold_the_value_but_not_the_counts(count, denominator):
    for found in (rate(count, denominator), share(count, denominator)):
        assert found.too_few
        assert (found.value, found.low, found.high) == (None, None, None)
        assert (found.count, found.denominator) == (count, denominator)


@pytest.mark.parametrize(("count", "of"), [(10, 100), (5, 5), (81, 263)])
def test_a_shares_interval_is_wilsons(count, of):
    by_scipy = binomtest(count, of).proportion_ci(0.95, method="wilson")
    found = share(count, of)
    assert (found.low, found.high) == pytest.approx((100 * by_scipy.low, 100 * by_scipy.high))


def test_a_difference_recovers_its_variance_from_both_intervals():
    difference, low, high = rate_difference(5, 1000, 10, 1000)
    assert difference == pytest.approx(5)
    assert low == pytest.approx(5 - hypot(10 - 4.7954, 11.6683 - 5), abs=1e-3)
    assert high == pytest.approx(5 + hypot(18.3904 - 10, 5 - 1.6235), abs=1e-3)


def test_a_difference_is_told_when_only_one_side_is_rare():
    assert rate_difference(0, 1000, 60, 1000)[1] > 0
    assert rate_difference(2, 1000, 2, 1000) is None
    assert rate_difference(60, 4, 60, 1000) is None


@pytest.mark.parametrize(("first", "second"), [(12, 30), (30, 12), (5, 5)])
def test_a_ratios_interval_is_clopper_and_pearsons(first, second):
    ratio, low, high = rate_ratio(first, 1000, second, 2000)
    chance_low, chance_high = (bound * 2000 / (1000 + bound * 2000) for bound in (low, high))
    assert ratio == pytest.approx(second / 2000 / (first / 1000))
    assert binomial_at_least(second, first + second, chance_low) == pytest.approx(0.025)
    assert 1 - binomial_at_least(second + 1, first + second, chance_high) == pytest.approx(0.025)


def test_a_ratio_to_nothing_is_infinite_and_a_ratio_of_nothing_is_zero():
    assert rate_ratio(0, 1000, 20, 1000)[0] == inf
    assert rate_ratio(0, 1000, 20, 1000)[2] == inf
    assert rate_ratio(20, 1000, 0, 1000)[:2] == (0, 0)


def test_an_excess_is_as_likely_as_so_many_heads():
    assert excess_p_value(3, 100, 0, 100) == pytest.approx(1 / 8)
    assert excess_p_value(9, 50, 4, 950) == pytest.approx(binomial_at_least(9, 13, 0.05))


def test_a_sum_of_costs_varies_with_the_squares():
    assert sum_of_costs(1000, 10_000) == pytest.approx((804.0036, 1195.9964))
    assert sum_of_costs(100, 10_000)[0] == 0
