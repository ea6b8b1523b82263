"""Confidence intervals from an estimate, its standard error and the degrees of freedom of the design."""

import math
from functools import lru_cache
from statistics import NormalDist


@lru_cache(maxsize=4096)
def t_quantile(share: float, freedom: int) -> float:
    """The value below which a Student t variable of so many degrees of freedom lies with that probability.

    Newton's method on the distribution function, which is the incomplete beta function by its continued
    fraction; for more than 400 degrees of freedom the expansion about the normal quantile. Both are exact
    to 12 digits. Abramowitz and Stegun (1964), 26.5.8, 26.7.1 and 26.7.5.

    >>> round(t_quantile(0.975, 10), 9)
    2.228138852
    >>> round(t_quantile(0.975, 2940), 9)
    1.960771206
    """
    if not 0 < share < 1 or freedom < 1:
        raise ValueError(f"no quantile for {share!r} and {freedom!r} degrees of freedom")
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    if freedom == 1:
        return math.tan(math.pi * (share - 0.5))
    if freedom == 2:
        return (2 * share - 1) / math.sqrt(2 * share * (1 - share))
    value = _expanded(share, freedom)
    if freedom > 400:
        return value
    scale = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    for _ in range(20):
        density = math.exp(scale - (freedom + 1) / 2 * math.log1p(value * value / freedom))
        step = (_distribution(value, freedom) - share) / density
        value -= step
        if abs(step) <= 1e-12 * value:
            break
    return value


def symmetric(value: float, error: float, freedom: int, confidence: float) -> tuple[float, float] | None:
    """value -/+ t x standard error; None without degrees of freedom."""
    if freedom < 1:
        return None
    half = t_quantile((1 + confidence) / 2, freedom) * error
    return value - half, value + half


def logit(share: float, error: float, freedom: int, confidence: float) -> tuple[float, float] | None:
    """The interval of a proportion that never leaves 0 to 1: symmetric on the scale of log(p / (1 - p)).

    None without degrees of freedom, and where the share is 0 or 1: then its standard error of 0 says nothing.
    """
    if freedom < 1 or not 1e-12 < share < 1 - 1e-12:
        return None
    middle = math.log(share / (1 - share))
    half = t_quantile((1 + confidence) / 2, freedom) * error / (share * (1 - share))
    return 1 / (1 + math.exp(-(middle - half))), 1 / (1 + math.exp(-(middle + half)))


def _expanded(share: float, freedom: int) -> float:
    x = NormalDist().inv_cdf(share)
    n = freedom
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / n ** (power + 1) for power, term in enumerate(terms))


def _distribution(value: float, freedom: int) -> float:
    """P(T <= value) for value >= 0."""
    return 1 - 0.5 * _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + value * value))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function by Lentz's evaluation of its continued fraction."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    fraction = d
    for m in range(1, 500):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + term * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + term / c
            c = c if abs(c) > tiny else tiny
            fraction *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * fraction / a
