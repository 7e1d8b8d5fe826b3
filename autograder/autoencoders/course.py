"""The course as the grader finds it."""

from functools import partial

from autograder.autoencoders.bundled import bundled
from autograder.autoencoders.exercises.decoder.misconceptions import DECODER
from autograder.autoencoders.exercises.encoder.misconceptions import ENCODER
from autograder.autoencoders.exercises.interpolate.misconceptions import INTERPOLATE
from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.train.misconceptions import TRAIN
from autograder.autoencoders.exercises.train_vae.misconceptions import TRAIN_VAE
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER
from autograder.course.course import Course

AUTOENCODERS = Course(
    key="autoencoders",
    title="Building Autoencoders with PyTorch",
    package="autograder.autoencoders",
    exercises=(ENCODER, DECODER, TRAIN, VARIATIONAL_ENCODER, KL, TRAIN_VAE, INTERPOLATE),
    files={
        "notebook": partial(bundled, "notebooks/autoencoders/autoencoders.ipynb"),
        "digits": partial(bundled, "data/mnist-10k"),
    },
)
