"""Makes the vectors in src/test/resources/vectors: short runs of truncated backpropagation as PyTorch computes them.

Each file holds four consecutive steps of a small network: the state is carried from window to window and detached, the loss is
the mean cross-entropy, the gradient is clipped by its global L2 norm, then the optimizer takes a step. Tensors: initial.* and
final.* parameters; inputs and targets (steps, lanes, window); logits (window * lanes, vocabulary) of the first step before any
update; losses and gradient_norms (before clipping); state.h and state.c after the last step. The settings and the seed are in the metadata.

Everything is computed in double precision and stored as float32. A seed is taken only if single precision comes to the same within
CONDITION in every value: Adam divides a gradient by its own magnitude, so a weight whose gradient is as small as Adam's epsilon may take
any step at all, and a test on it would measure the processor and not the program.

  python golden_vectors.py src/test/resources/vectors

Needs torch (2.13 made the files that are checked in) and safetensors.
"""
import sys

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

STEPS, LANES, WINDOW, VOCABULARY = 4, 3, 5, 7
CONDITION = 1e-6
NEVER = -1e9  # the logit of <unk> where the hidden state is the logits


class Model(nn.Module):
    def __init__(self, cell, layers, hidden, embedding, output):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, embedding) if embedding else None
        kind = {"rnn_tanh": nn.RNN, "rnn_relu": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell]
        options = dict(nonlinearity=cell.split("_")[1]) if kind is nn.RNN else {}
        self.rnn = kind(embedding or VOCABULARY, hidden, layers, **options)
        self.linear = nn.Linear(hidden, VOCABULARY) if output == "linear" else None

    def forward(self, tokens, state):
        x = self.embedding(tokens) if self.embedding else F.one_hot(tokens, VOCABULARY).to(self.rnn.weight_ih_l0.dtype)
        hidden, state = self.rnn(x, state)
        hidden = hidden.flatten(0, 1)
        return self.linear(hidden) if self.linear else F.pad(hidden, (1, 0), value=NEVER), state


def run(seed, precision, cell, layers, hidden, embedding, output, optimizer, rate, clip):
    torch.manual_seed(seed)
    model = Model(cell, layers, hidden, embedding, output).to(precision)  # the weights are drawn as float32
    lowest = 0 if output == "linear" else 1
    text = torch.randint(lowest, VOCABULARY, (LANES, STEPS * WINDOW + 1))
    rule = dict(sgd=torch.optim.SGD, adam=torch.optim.Adam)[optimizer](model.parameters(), lr=rate)
    tensors = {f"initial.{name}": p.detach().clone() for name, p in model.named_parameters()}
    inputs = text[:, :-1].reshape(LANES, STEPS, WINDOW).transpose(0, 1).contiguous()
    targets = text[:, 1:].reshape(LANES, STEPS, WINDOW).transpose(0, 1).contiguous()
    state, losses, norms = None, [], []
    for x, y in zip(inputs, targets):
        if state is not None:
            state = tuple(s.detach() for s in state) if cell == "lstm" else state.detach()
        logits, state = model(x.T, state)
        tensors.setdefault("logits", logits.detach().clone())
        loss = F.cross_entropy(logits, y.T.flatten())
        rule.zero_grad()
        loss.backward()
        norms.append(torch.linalg.vector_norm(torch.cat([p.grad.flatten() for p in model.parameters()])))
        if clip:
            for p in model.parameters():
                p.grad *= min(1.0, clip / norms[-1].item())
        rule.step()
        losses.append(loss.detach())
    h, c = state if cell == "lstm" else (state, None)
    tensors |= {f"final.{name}": p.detach().clone() for name, p in model.named_parameters()}
    tensors |= {"inputs": inputs, "targets": targets, "losses": torch.stack(losses), "gradient_norms": torch.stack(norms),
                "state.h": h.detach().contiguous()}
    if c is not None:
        tensors["state.c"] = c.detach().contiguous()
    return tensors, dict(cell=cell, layers=layers, hidden=hidden, embedding=embedding, output=output, vocabulary=VOCABULARY,
                         batch=LANES, window=WINDOW, steps=STEPS, optimizer=optimizer, learning_rate=rate, clip_norm=clip, seed=seed)


def well_conditioned(seed, settings):
    """The first run, from this seed on, that is the same in single precision; in double precision, stored as float32."""
    while True:
        tensors, metadata = run(seed, torch.float64, *settings)
        single, _ = run(seed, torch.float32, *settings)
        numbers = [name for name, tensor in tensors.items() if tensor.is_floating_point()]
        if max((tensors[name] - single[name]).abs().max().item() for name in numbers) <= CONDITION:
            return tensors | {name: tensors[name].float() for name in numbers}, metadata
        seed += 100


RUNS = {  # cell, layers, hidden, embedding, output, optimizer, learning rate, clip (0: none)
    "rnn_tanh-1layer-sgd": ("rnn_tanh", 1, 5, 0, "linear", "sgd", 1.0, 0.3),
    "rnn_tanh-2layer-embedding-adam": ("rnn_tanh", 2, 5, 4, "linear", "adam", 0.02, 1.0),
    "rnn_tanh-hidden_output-adam": ("rnn_tanh", 1, VOCABULARY - 1, 0, "hidden", "adam", 0.1, 0.0),
    "rnn_relu-1layer-sgd": ("rnn_relu", 1, 5, 0, "linear", "sgd", 0.5, 0.0),
    "gru-1layer-sgd": ("gru", 1, 5, 0, "linear", "sgd", 1.0, 0.3),
    "gru-2layer-embedding-adam": ("gru", 2, 5, 4, "linear", "adam", 0.02, 1.0),
    "lstm-1layer-sgd": ("lstm", 1, 5, 0, "linear", "sgd", 1.0, 0.3),
    "lstm-2layer-embedding-adam": ("lstm", 2, 5, 4, "linear", "adam", 0.02, 1.0),
}

if __name__ == "__main__":
    for number, (name, settings) in enumerate(RUNS.items()):
        tensors, metadata = well_conditioned(number + 1, settings)
        save_file(tensors, f"{sys.argv[1]}/{name}.safetensors", metadata={key: str(value) for key, value in metadata.items()})
        print(name, "seed", metadata["seed"], [round(loss.item(), 4) for loss in tensors["losses"]])
