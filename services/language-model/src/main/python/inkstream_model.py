"""Inkstream's models in PyTorch: load what `inkstream export` wrote, save what `inkstream import` takes.

    from inkstream_model import load, save, perplexity, complete
    model, vocabulary, metadata = load("model.safetensors")
    print(complete(model, vocabulary, "the planet mars", 50))

As a program it evaluates an exported model and prints one line of JSON:

    python inkstream_model.py model.safetensors [--prefix TEXT] [--ids IDS.json --lanes 32 --window 35]

Needs torch and safetensors.
"""
import argparse
import json
import math

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

UNKNOWN = "<unk>"  # id 0
NEVER = -1e9  # its logit where the hidden state is the logits


class RecurrentLanguageModel(nn.Module):
    """Embedding or one-hot input, recurrent layers, and a linear layer unless the hidden state is the logits."""

    def __init__(self, cell, vocabulary, hidden, layers=1, embedding=0, output="linear"):
        super().__init__()
        self.vocabulary = vocabulary
        if embedding:
            self.embedding = nn.Embedding(vocabulary, embedding)
        size = embedding or vocabulary
        if cell.startswith("rnn"):
            self.rnn = nn.RNN(size, hidden, layers, nonlinearity=cell.removeprefix("rnn_") or "tanh")
        else:
            self.rnn = {"gru": nn.GRU, "lstm": nn.LSTM}[cell](size, hidden, layers)
        if output == "linear":
            self.linear = nn.Linear(hidden, vocabulary)

    def forward(self, tokens, state=None):
        """Token ids (T, B) to logits (T * B, V), and the state after the last of them."""
        x = self.embedding(tokens) if hasattr(self, "embedding") else F.one_hot(tokens, self.vocabulary).float()
        hidden, state = self.rnn(x, state)
        hidden = hidden.flatten(0, 1)
        return self.linear(hidden) if hasattr(self, "linear") else F.pad(hidden, (1, 0), value=NEVER), state


def load(path):
    """The module, the tokens by id, and the metadata of a file that `inkstream export` wrote."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        parameters = {name: file.get_tensor(name) for name in file.keys()}
    vocabulary = [UNKNOWN, *json.loads(metadata["vocabulary"])]
    model = RecurrentLanguageModel(metadata["cell"], len(vocabulary), int(metadata["hidden"]), int(metadata["layers"]),
                                   int(metadata["embedding"]), metadata["output"])
    model.load_state_dict(parameters, strict=True)
    return model.eval(), vocabulary, metadata


def save(path, model, vocabulary, cell, tokenizer="characters", normalizer="verbatim", **more):
    """Writes a file for `inkstream import`; the vocabulary begins with <unk>."""
    metadata = dict(cell=cell, vocabulary=json.dumps(vocabulary[1:]), tokenizer=tokenizer, normalizer=normalizer, **more)
    save_file({name: p.detach().contiguous() for name, p in model.state_dict().items()}, path, metadata=metadata)


@torch.no_grad()
def perplexity(model, ids, lanes, window):
    """As Inkstream measures held-out text: contiguous lanes of at least 8 windows, each from a zero state to its end."""
    predicted = len(ids) - 1
    lanes = max(1, min(lanes, predicted // (8 * window)))
    length = predicted // lanes
    text = torch.tensor(ids)
    inputs = text[:lanes * length].reshape(lanes, length).T
    targets = text[1:lanes * length + 1].reshape(lanes, length).T
    state, total = None, 0.0
    for start in range(0, length, window):
        logits, state = model(inputs[start:start + window], state)
        total += F.cross_entropy(logits, targets[start:start + window].flatten(), reduction="sum").item()
    return math.exp(total / (lanes * length))


@torch.no_grad()
def complete(model, vocabulary, prefix, tokens):
    """The most probable token, again and again; <unk> is never chosen."""
    ids = {token: i for i, token in enumerate(vocabulary)}
    logits, state = model(torch.tensor([[ids.get(c, 0)] for c in prefix] or [[0]]))
    text = []
    for _ in range(tokens):
        chosen = int(logits[-1, 1:].argmax()) + 1
        text.append(vocabulary[chosen])
        logits, state = model(torch.tensor([[chosen]]), state)
    return "".join(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--prefix", default="")
    parser.add_argument("--tokens", type=int, default=50)
    parser.add_argument("--ids", help="a JSON list of token ids")
    parser.add_argument("--lanes", type=int, default=32)
    parser.add_argument("--window", type=int, default=35)
    args = parser.parse_args()
    model, vocabulary, metadata = load(args.file)
    result = dict(parameters=sum(p.numel() for p in model.parameters()),
                  completion=complete(model, vocabulary, args.prefix, args.tokens))
    if args.ids:
        with open(args.ids) as file:
            result["perplexity"] = perplexity(model, json.load(file), args.lanes, args.window)
    print(json.dumps(result))
