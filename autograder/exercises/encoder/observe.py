"""Run the student's encoder on the probe."""

from autograder.exercises.encoder.probe import AMPLITUDES, KEY, Observation, inputs
from autograder.exercises.networks.observe import NetworkProbe, run_networks
from autograder.observing.calling import Workspace


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``Encoder`` does with the probe of this seed."""
    probe = NetworkProbe(
        seed=seed,
        amplitudes=AMPLITUDES,
        inputs=lambda _latent_dims, count: inputs(seed, count),
        reshape=lambda images: images.flatten(1),
        source=lambda images: images,
    )
    return Observation(run_networks(workspace, workspace.find("Encoder", KEY), probe))
