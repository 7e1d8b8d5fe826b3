"""Run the student's decoder on the probe."""

from autograder.exercises.decoder.probe import AMPLITUDES, KEY, Observation, inputs
from autograder.exercises.networks.observe import NetworkProbe, run_networks
from autograder.observing.calling import Workspace


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``Decoder`` does with the probe of this seed."""
    probe = NetworkProbe(
        seed=seed,
        amplitudes=AMPLITUDES,
        inputs=lambda latent_dims, count: inputs(seed, latent_dims, count),
        reshape=lambda latents: latents.unsqueeze(1),
        source=lambda latents: latents.clone().requires_grad_(),
    )
    return Observation(run_networks(workspace, workspace.find("Decoder", KEY), probe))
