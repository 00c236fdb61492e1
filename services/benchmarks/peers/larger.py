"""Tokens per second of a larger model in plain PyTorch: words, an embedding, two layers of gru.

What `services/benchmarks/run larger` compares with. Random words of a vocabulary of 5,000, minibatches of 32 lanes and 35 time
steps, SGD with clipping.

  python larger.py [--threads N] [--steps N]

Prints one JSON line. Needs: pip install torch numpy
"""
import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional as F

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
for name, default in dict(vocabulary=5000, embedding=128, hidden=1024, layers=2, batch=32, window=35, steps=20, threads=2).items():
    parser.add_argument("--" + name, type=int, default=default)
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(1)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(args.vocabulary, args.embedding)
        self.rnn = nn.GRU(args.embedding, args.hidden, args.layers)
        self.linear = nn.Linear(args.hidden, args.vocabulary)

    def forward(self, tokens, state):
        outputs, state = self.rnn(self.embedding(tokens), state)
        return self.linear(outputs.reshape(-1, args.hidden)), state


model = Words()
optimizer = torch.optim.SGD(model.parameters(), 1.0)
text = torch.randint(1, args.vocabulary, (args.window + 1, args.batch))
state, warm_up = torch.zeros(args.layers, args.batch, args.hidden), 2
for step in range(warm_up + args.steps):
    if step == warm_up:
        began = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    logits, state = model(text[:-1], state.detach())
    F.cross_entropy(logits, text[1:].reshape(-1)).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
seconds = time.perf_counter() - began
print(json.dumps(dict(peer="torch " + torch.__version__, **vars(args),
                      tokens_per_second=round(args.steps * args.batch * args.window / seconds))))
