"""What all commands share."""

import signal

import pytest

from autograder.cli.terminal import terminated_like_interrupted


def test_sigterm_ends_the_block_alone_like_ctrl_c() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), terminated_like_interrupted():
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
