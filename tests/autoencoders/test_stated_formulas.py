"""The formulas that the notebook states, against integrals and minima."""

import numpy as np
import pytest
import torch

from autograder.autoencoders.teaching import digit_names

GRID = [(0.0, 1.0), (1.5, 0.3), (-2.0, 2.5), (0.2, 0.7)]
EXACT = r"\tfrac{1}{2}\left(\sigma^2 + \mu^2 - 1\right) - \log\sigma"
BLOG = r"\sigma^2 + \mu^2 - \log\sigma - \tfrac{1}{2}"


def exact(mu, sigma):
    return 0.5 * (sigma**2 + mu**2 - 1) - np.log(sigma)


def blog(mu, sigma):
    return sigma**2 + mu**2 - np.log(sigma) - 0.5


def said(notebook, cell_id):
    return next(cell["source"] for cell in notebook["cells"] if cell["id"] == cell_id)


def log_density(z, mu, variance):
    return -((z - mu) ** 2) / (2 * variance) - 0.5 * np.log(2 * np.pi * variance)


def integral(mu, sigma, prior_variance):
    z = np.linspace(mu - 12 * sigma, mu + 12 * sigma, 40_001)
    q = log_density(z, mu, sigma**2)
    return np.trapezoid(np.exp(q) * (q - log_density(z, 0, prior_variance)), z)


def test_the_notebook_states_both_forms(release):
    text = said(release, "exercise-5-kl")
    assert EXACT in text
    assert BLOG in text


@pytest.mark.parametrize(("mu", "sigma"), GRID)
def test_exact_form_is_the_integral_of_the_definition(mu, sigma):
    assert exact(mu, sigma) == pytest.approx(integral(mu, sigma, 1.0), abs=1e-8)


@pytest.mark.parametrize(("mu", "sigma"), GRID)
def test_blog_form_is_the_divergence_to_variance_one_half_plus_half_log_two(mu, sigma):
    assert blog(mu, sigma) == pytest.approx(integral(mu, sigma, 0.5) + 0.5 * np.log(2), abs=1e-8)


@pytest.mark.parametrize(("mu", "sigma"), GRID)
def test_exact_form_is_what_torch_computes(mu, sigma):
    normal = torch.distributions.Normal
    theirs = torch.distributions.kl_divergence(normal(mu, sigma), normal(0.0, 1.0))
    assert exact(mu, sigma) == pytest.approx(theirs.item(), abs=1e-6)


def minimum(form):
    mu = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    log_sigma = torch.tensor(0.4, dtype=torch.float64, requires_grad=True)
    opt = torch.optim.LBFGS([mu, log_sigma], max_iter=100, line_search_fn="strong_wolfe", tolerance_change=1e-14)

    def closure():
        opt.zero_grad()
        sigma = log_sigma.exp()
        if form is exact:
            value = 0.5 * (sigma**2 + mu**2 - 1) - log_sigma
        else:
            value = sigma**2 + mu**2 - log_sigma - 0.5
        value.backward()
        return value

    opt.step(closure)
    return mu.item(), log_sigma.exp().item(), closure().item()


def test_exact_form_is_least_at_the_standard_normal_distribution():
    assert minimum(exact) == pytest.approx((0, 1, 0), abs=1e-6)


def test_blog_form_is_least_where_the_notebook_says(release):
    text = said(release, "exercise-5-kl")
    mu, sigma, value = minimum(blog)
    assert (mu, sigma) == pytest.approx((0, 1 / np.sqrt(2)), abs=1e-6)
    assert rf"least at $\sigma = 1/\sqrt{{2}}$, where it is {value:.3f}" in text
    assert "at $\\mathcal{N}(0, 1)$ it is ½" in text
    assert blog(0, 1) == 0.5


def test_a_mean_is_smaller_by_the_factor_that_the_notebook_says(release):
    assert f"{128 * 784:,} times smaller (128 images × 784 pixels)" in said(release, "exercise-6")


def test_the_notebook_and_its_comparisons_use_the_same_colours(release_cells):
    assert all(f"'{color}'" in release_cells["plots"]["source"] for color in digit_names.COLORS)
