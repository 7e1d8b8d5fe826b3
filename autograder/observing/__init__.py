"""Tools of the worker's side: calling student code, giving it weights, steering its noise. Torch, but no judging."""
