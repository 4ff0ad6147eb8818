"""Dockerfile, compose file and systemd unit, read line by line: what they name is there."""

import fnmatch
import re
import shlex
import subprocess
from pathlib import Path

import click
import yaml

from bot.cli.main import cli
from bot.settings import Settings
from bot.web.health import Health

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
UNIT = (ROOT / "deploy" / "driftless.service").read_text(encoding="utf-8")
SETTINGS = {name.upper() for name in Settings.model_fields}
NOT_OURS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "MPLCONFIGDIR"}


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_everything_that_is_copied_is_in_the_repository_and_not_ignored() -> None:
    tracked = _tracked()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in shlex.split(line)[:-1]
    ]
    assert {"requirements.lock", "pyproject.toml", "bot", "handlers", "storage"} <= set(copied)
    for source in copied:
        assert any(name == source or name.startswith(f"{source}/") for name in tracked), source
        assert not any(fnmatch.fnmatch(source, pattern) for pattern in ignored), source
    assert {".env", ".git", "*.sqlite*"} <= set(ignored)


def test_everything_that_is_installed_comes_with_its_hash_as_it_was_locked() -> None:
    installs = re.findall(r"pip install ([^&\n]+)", DOCKERFILE)
    assert len(installs) == 2
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_every_command_exists() -> None:
    services = COMPOSE["services"].values()
    said = [
        *re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE),
        *(" ".join(service["command"]) for service in services if "command" in service),
        *re.findall(r"^Exec\w+=(.+)$", UNIT, re.MULTILINE),
    ]
    named = {name for line in said for name in re.findall(r"\bdriftless ([a-z-]+)", line)}
    assert named == {"migrate", "run"}
    assert all(cli.get_command(click.Context(cli), name) is not None for name in named)


def test_every_name_in_the_environment_is_a_setting() -> None:
    given = re.findall(r"^ENV (.+)$", DOCKERFILE, re.MULTILINE)
    names = {one.split("=")[0] for line in given for one in shlex.split(line)}
    names |= set(re.findall(r"^Environment=(\w+)=", UNIT, re.MULTILINE))
    for name, service in COMPOSE["services"].items():
        if name != "database":
            names |= set(service["environment"])
            assert service["env_file"] == ".env"
    assert names <= SETTINGS | NOT_OURS
    assert names & SETTINGS >= {"DATABASE_URL", "WEB_HOST", "WEB_PORT"}


def test_the_health_check_asks_where_the_bot_answers() -> None:
    (check,) = re.findall(r"^HEALTHCHECK .+?(\[.+\])\s*$", DOCKERFILE, re.MULTILINE)
    program, flag, code = yaml.safe_load(check)
    assert (program, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    (path,) = re.findall(r"\}(/\w+)", code)
    assert path in {route.path for route in Health.routes(Health.__new__(Health))}
    (port,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    bots = [service for name, service in COMPOSE["services"].items() if name in ("one", "two")]
    assert {service["environment"]["WEB_PORT"] for service in bots} == {port}


def test_nothing_runs_as_root_and_what_is_written_has_a_place() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert last_stage.index("USER driftless") < last_stage.index('CMD ["sh"')
    for name in ("migrate", "one", "two"):
        service = COMPOSE["services"][name]
        assert service["tmpfs"] == ["/tmp", "/data"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "UMask=0077"):
        assert line in UNIT.splitlines()
    state = re.findall(r"^StateDirectory=(\w+)$", UNIT, re.MULTILINE)
    assert f"sqlite:////var/lib/{state[0]}/" in UNIT
