"""Run the student's encoder on the probe."""

from autograder.autoencoders.exercises.encoder.probe import AMPLITUDES, KEY, inputs
from autograder.autoencoders.networks.observe import NetworkProbe, run_networks
from autograder.autoencoders.networks.observe_line import End, LineProbe
from autograder.autoencoders.networks.probe import FEW, LATENT_DIMS, NetworkObservation
from autograder.autoencoders.networks.retrying import Trying
from autograder.autoencoders.probe_data import PIXELS
from autograder.instruments.calling import Workspace


def observe(workspace: Workspace, seed: int) -> NetworkObservation:
    """What the student's ``Encoder`` does with the probe of this seed."""
    probe = NetworkProbe(
        seed=seed,
        amplitudes=AMPLITUDES,
        inputs=lambda _latent_dims, count: inputs(seed, count),
        reshape=lambda images: images.flatten(1),
        source=lambda images: images,
        sizes=lambda latent_dims: (PIXELS, [latent_dims]),
        line=lambda latent_dims: LineProbe(seed, (1, 28, 28), _ends(latent_dims)),
    )
    given = workspace.tensor(probe.inputs(LATENT_DIMS[0], FEW))

    def seen() -> NetworkObservation:
        return NetworkObservation(run_networks(workspace, workspace.find("Encoder", KEY), probe))

    return Trying(workspace, "Encoder", KEY, given, LATENT_DIMS[0]).observe(seen)


def _ends(latent_dims: int) -> tuple[End, ...]:
    return (
        End("identity", latent_dims, lambda module, images: module.eval()(images)),
        End("identity", latent_dims, lambda module, images: module.eval()(images.flatten(1))),
    )
