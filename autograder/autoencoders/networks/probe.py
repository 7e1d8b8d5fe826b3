"""What is seen of a network from images to latents or back: shared by the encoder and the decoder."""

from dataclasses import dataclass

from autograder.autoencoders.networks.line import LineScan, is_deep
from autograder.autoencoders.networks.mendable import demand_slips
from autograder.autoencoders.networks.moves import Moves
from autograder.autoencoders.probe_data import head_weights
from autograder.course.complete import demand, demand_answers, demand_gradient
from autograder.course.observation import NOTHING, CallResult, Failure, Parameter

LATENT_DIMS = (2, 7)
BATCHES = (1, 5, 24)
FEW = BATCHES[1]
# The probe's weights may drive a sigmoid at the end of many layers so far that it sends no gradient; these do not.
MILD = 1.0 / 16.0


@dataclass(frozen=True)
class NetworkRun:
    """One network, built for one latent size and loaded with the probe's weights.

    Attributes:
        latent_dims: the latent size L that the student's class was given.
        build_failure: why it could not be built, if so.
        parameters: what the module has registered, in its own order.
        outputs: the outputs for ``BATCHES``, in training mode.
        repeated: the batch of ``FEW`` once more.
        evaluated: that batch in evaluation mode.
        reevaluated: the same once more.
        rebuilt: the same of another module with all that this one has registered.
        reweighted: the same as before under other weights.
        quiet: whether the last four are without random draws, as that batch gives another output each time with them.
        lowest: then that batch with uniform draws at the lower end of their range, where they were in its middle.
        reshaped: that batch in the other usual layout (flat images for an encoder).
        mild: that batch in evaluation mode under weights ``MILD`` times as large, which squash nothing flat.
        far: that batch in evaluation mode with one weight that has a side of the latent size after the other larger.
        gradient: for each parameter the sum of its gradient's absolute values.
        input_gradient: the same for the input, where it is made to want one.
        overwrites: whether a call changes the tensor that it is given.
        unsettled: whether a call in training mode leaves something behind that changes what the next one gives.
        precise: that batch in double precision, under weights that keep numbers near 1 in however many layers; there
            where the parameters may be those of more layers than asked for.
        line: the network along a line, where its parameters are not those of the usual layers and it can be followed.
        moves: there, how a sum of the outputs with weights moves with each parameter, in training mode.
    """

    latent_dims: int
    build_failure: Failure | None = None
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[CallResult, ...] = ()
    repeated: CallResult = NOTHING
    evaluated: CallResult = NOTHING
    reevaluated: CallResult = NOTHING
    rebuilt: CallResult = NOTHING
    reweighted: CallResult = NOTHING
    reshaped: CallResult = NOTHING
    mild: CallResult = NOTHING
    far: tuple[CallResult, ...] = ()
    gradient: tuple[float, ...] = ()
    input_gradient: float = 0.0
    overwrites: bool = False
    unsettled: bool = False
    quiet: bool = False
    lowest: tuple[CallResult, ...] = ()
    precise: tuple[CallResult, ...] = ()
    line: LineScan | None = None
    moves: Moves | None = None


@dataclass(frozen=True)
class NetworkObservation:
    """A network's runs, one for each latent size.

    Attributes:
        runs: the runs.
        slips: what had stopped the class, where it was mended to see the rest.
    """

    runs: tuple[NetworkRun, ...]
    slips: tuple[Failure, ...] = ()

    @property
    def shows_nothing(self) -> bool:
        """Whether an exception, or a missing ``return``, has kept everything from being seen."""
        first = self.runs[0]
        return first.build_failure is not None or all(
            one.failure is not None or one.returned == "NoneType" for one in (*first.outputs, first.reshaped)
        )

    def check_complete(self) -> None:
        """Demand every call of the run for each latent size, or why that could not be built.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        demand(tuple(run.latent_dims for run in self.runs) == LATENT_DIMS, "one run for each latent size")
        demand_slips(self)
        for run in self.runs:
            if run.build_failure is None:
                demand_answers(run.outputs, len(BATCHES), "an output for each batch")
                others = (
                    *(run.repeated, run.evaluated, run.reevaluated),
                    *(run.rebuilt, run.reweighted, run.reshaped, run.mild),
                )
                demand_answers(others, len(others), "the outputs for the same batch in other ways")
                demand_answers(
                    run.far,
                    len(head_weights(run.parameters, run.latent_dims)),
                    "that batch with each of these weights larger",
                )
                demand_gradient(run.parameters, run.gradient)
                demand_answers(run.lowest, int(run.quiet), "that batch with the lowest draws")
                demand_answers(run.precise, int(is_deep(run.parameters)), "that batch in double precision")
            if run.line is not None:
                run.line.demand_complete()
            if run.moves is not None:
                run.moves.demand_complete(1)
